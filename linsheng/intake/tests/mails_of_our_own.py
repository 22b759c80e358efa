"""Mails as residents write them, in one line each."""

from email.message import EmailMessage
from email.utils import make_msgid

from linsheng.intake.actions.mail import process_mail, store_mail
from linsheng.intake.models import Mailbox

DESK = "service@cuihu.example"


def box(cast, **changes):
    plain = {"organisation": cast.organisation, "community": cast.community, "address": DESK, "name": "翠湖苑客服"}
    return Mailbox.objects.create(**(plain | changes))


def eml(
    text="三号楼电梯又停了。", *, sender="王女士 <wang@example.org>", subject="电梯", to=DESK, html="", files=(), **headers
) -> bytes:
    """The bytes of a mail; ``files`` are (name, type, bytes)."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = headers.pop("message_id", None) or make_msgid(domain="example.org")
    message["Date"] = "Mon, 23 Nov 2026 09:58:00 +0800"
    for name, value in headers.items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, kind, content in files:
        main, _slash, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def arrives(raw: bytes, now, mailbox=None, **where):
    """The mail after it was stored and processed."""
    return process_mail(mail=store_mail(source=raw, mailbox=mailbox, now=now, **where).mail, now=now)
