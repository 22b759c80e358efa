"""Mail, through the mail backend that the settings name."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation

from linsheng.messaging.adapters.base import PermanentError, TemporaryError
from linsheng.messaging.models import Delivery
from linsheng.messaging.registry import Letterhead, letterhead_of


def mail_domain() -> str:
    """The domain of our own address: the right side of our Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def one_line(text: str) -> str:
    """Text for a header: a line break in it would begin a header of the writer's choice."""
    return " ".join(text.split())


def absolute(url: str) -> str:
    """A link for outside: only ever to our own site, as the settings name it."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") and not url.startswith("//") else ""


def _headers(delivery: Delivery, head: Letterhead) -> dict[str, str]:
    headers = {
        "Message-ID": delivery.message_id,
        # Out-of-office programmes do not answer what says this.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **head.headers,
    }
    if head.in_reply_to:
        headers["In-Reply-To"] = one_line(head.in_reply_to)
    if head.references:
        headers["References"] = one_line(" ".join(head.references))
    return headers


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of a delivery, in the recipient's language: plain text, and the same as HTML."""
    notice = delivery.notice
    language = notice.user.language if notice.user else settings.LANGUAGE_CODE
    with translation.override(language):
        head = letterhead_of(delivery)
        preferences = absolute("/me/notices/") if notice.user else ""
        context = {"notice": notice, "link": absolute(notice.url), "preferences": preferences, "hint": head.hint}
        text = render_to_string("messaging/mail.txt", context)
        html = render_to_string("messaging/mail.html", context)
    mail = EmailMultiAlternatives(
        one_line(head.subject or notice.title),
        text,
        head.sender or settings.DEFAULT_FROM_EMAIL,
        [delivery.address],
        headers=_headers(delivery, head),
        reply_to=[head.reply_to] if head.reply_to else None,
        connection=head.connect() if head.connect else None,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _provider_words(error: smtplib.SMTPException) -> tuple[int, str]:
    """The SMTP code (0 when there is none) and what was said with it."""
    words: str | bytes
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)
    return code, f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def _judged(error: smtplib.SMTPException) -> TemporaryError | PermanentError:
    """5xx about this mail is final; anything about the connection or our own sign-in may be mended."""
    code, words = _provider_words(error)
    ours = isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError)
    return PermanentError(words) if 500 <= code < 600 and not ours else TemporaryError(words)


class EmailAdapter:
    """One mail a delivery."""

    def send(self, delivery: Delivery) -> None:
        try:
            validate_email(delivery.address)
        except ValidationError as error:
            raise PermanentError(f"not an e-mail address: {delivery.address}") from error
        try:
            compose(delivery).send()
        except smtplib.SMTPException as error:
            raise _judged(error) from error
        except BadHeaderError as error:
            raise PermanentError(str(error)) from error
        except OSError as error:
            raise TemporaryError(str(error)) from error
