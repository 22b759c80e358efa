"""Reading mails: bytes in, a frozen ``ReadMail`` out. Pure: no models, no database, no clock, no network.

``read_mail(raw, trusted_servers=…, own_addresses=…, now=…)`` never raises, whatever the bytes. It decides nothing: what becomes
of a mail (case, quarantine, parking) is for who calls it. A mail is data of
strangers: no name, subject or header proves who wrote it.

- ``text`` holds the new words, ``quoted`` what was folded away; when in doubt everything is in ``text``.
- ``html`` is sanitised; its pictures are ``cid:{index}`` of an attachment: ``html_with_images`` puts addresses in or leaves
  them out.
- ``kind`` says who wrote: a person, an auto-reply, a bounce, a list, or we ourselves (one of ``own_addresses``, or
  ``OWN_HEADER``, which whatever sends our mails writes on them).
- ``authentication`` is ``none`` unless a server named in ``trusted_servers`` says otherwise (or there are two senders: ``fail``).
- ``faults`` names what was broken; ``fault_words`` and ``sign_words`` (in ``explaining``) have the words to show.
- No Message-ID: ``sha256`` tells one mail from another.
"""

from linsheng.intake.mail.model import Attachment, Authentication, AutoSign, Bounce, FailedRecipient, Fault, ReadMail
from linsheng.intake.mail.pictures import html_with_images
from linsheng.intake.mail.reading import OWN_HEADER, read_mail

__all__ = [
    "OWN_HEADER",
    "Attachment",
    "Authentication",
    "AutoSign",
    "Bounce",
    "FailedRecipient",
    "Fault",
    "ReadMail",
    "html_with_images",
    "read_mail",
]
