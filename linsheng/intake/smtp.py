"""Sending by a mailbox's own SMTP server: the connection, trying it, and its errors in words."""

import smtplib
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from linsheng.intake.imap import MailboxFault, network_words
from linsheng.intake.mail import OWN_HEADER
from linsheng.intake.models import Mailbox
from linsheng.intake.sealing import opened

SECONDS: Final = 20
LOGIN_WANTED: Final = 530


class OwnServer(EmailBackend):
    """Django's, which leaves the line open when the server refuses the login."""

    def open(self) -> bool | None:
        try:
            return super().open()
        except (smtplib.SMTPException, OSError):
            self.close()
            raise


def connection_of(mailbox: Mailbox) -> OwnServer:
    """A connection to the mailbox's own server, not yet open. Without a login of its own it signs in as for fetching."""
    own = bool(mailbox.smtp_username)
    return OwnServer(
        host=mailbox.smtp_host,
        port=mailbox.smtp_port,
        username=mailbox.smtp_username if own else mailbox.username,
        password=opened(mailbox.smtp_secret if own else mailbox.secret),
        use_ssl=mailbox.smtp_security == Mailbox.Security.SSL,
        use_tls=mailbox.smtp_security == Mailbox.Security.STARTTLS,
        timeout=SECONDS,
    )


def try_smtp(mailbox: Mailbox) -> None:
    """Send one mail from the mailbox to itself. Raises ``MailboxFault`` with the server's words."""
    text = _("这是一封测试邮件：%(address)s 可以发信了。") % {"address": mailbox.sender_address}
    try:
        with connection_of(mailbox) as connection:
            # Known by its mark when it is fetched, and made no case of.
            headers = {OWN_HEADER: "test", "Auto-Submitted": "auto-generated"}
            EmailMessage(
                _("发信测试"), text, mailbox.sender_address, [mailbox.address], headers=headers, connection=connection
            ).send()
    except (smtplib.SMTPException, OSError) as error:
        raise MailboxFault(words_of(error, mailbox)) from error


def words_of(error: smtplib.SMTPException | OSError, mailbox: Mailbox) -> str:
    """What went wrong, with the server's own words where it had some."""
    said = {"said": _said(error), "address": mailbox.sender_address}
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("服务器拒绝登录，请核对登录名和密码（QQ、163 等需用授权码）：%(said)s") % said
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code == LOGIN_WANTED:
        return _("服务器要求登录，请填写发信登录名和密码：%(said)s") % said
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _("服务器不接受发件地址 %(address)s，它一般要与登录名一致：%(said)s") % said
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("服务器不肯把邮件送到 %(address)s：%(said)s") % {**said, "address": mailbox.address}
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("服务器不支持这种加密或登录方式，请核对加密方式和端口：%(said)s") % said
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _("服务器中断了连接，请核对加密方式和端口：%(said)s") % said
    if isinstance(error, smtplib.SMTPException):
        return _("服务器没有接受邮件：%(said)s") % said
    return network_words(error, mailbox.smtp_host, mailbox.smtp_port)


def _said(error: Exception) -> str:
    words: str | bytes
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return str(error)[:300]
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:300]
