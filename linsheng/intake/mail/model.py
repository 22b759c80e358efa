"""What a mail says, once read: plain frozen values, no database, no Django model."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from linsheng.intake.mail.transfer import decoded_chunks

Kind = Literal["person", "auto_reply", "bounce", "list", "own"]
Verdict = Literal["pass", "fail", "none"]


class Fault(StrEnum):
    """What was broken or strange about a mail; ``mail.explaining`` has the words for people."""

    EMPTY = "empty"  # no bytes at all
    UNREADABLE = "unreadable"  # our reader failed: a bug of ours, and the mail is kept
    NO_TEXT = "no_text"
    HEADERS_BROKEN = "headers_broken"
    HEADERS_TOO_MANY = "headers_too_many"
    HEADER_REPEATED = "header_repeated"
    HEADER_TOO_LONG = "header_too_long"
    CONTROL_CHARACTERS = "control_characters"
    HIDDEN_CHARACTERS = "hidden_characters"  # zero width, right-to-left overrides
    MESSAGE_ID_MISSING = "message_id_missing"
    DATE_MISSING = "date_missing"
    DATE_WRONG = "date_wrong"
    FROM_MISSING = "from_missing"
    FROM_SEVERAL = "from_several"
    FROM_NAME_IS_ADDRESS = "from_name_is_address"
    CHARSET_MISSING = "charset_missing"
    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_WRONG = "charset_wrong"
    CHARACTERS_LOST = "characters_lost"
    ENCODING_UNKNOWN = "encoding_unknown"
    ENCODING_DAMAGED = "encoding_damaged"
    BOUNDARY_MISSING = "boundary_missing"
    PARTS_TOO_DEEP = "parts_too_deep"
    PARTS_TOO_MANY = "parts_too_many"
    TEXT_CUT = "text_cut"
    TEXTS_DIFFER = "texts_differ"  # the plain text and the HTML of one mail say different things
    HTML_TOO_COMPLEX = "html_too_complex"
    REMOTE_IMAGES = "remote_images"
    TYPE_DISGUISED = "type_disguised"  # an attachment is not what it says it is
    DANGEROUS_ATTACHMENT = "dangerous_attachment"
    ENCRYPTED = "encrypted"
    TNEF = "tnef"
    REPORT_BROKEN = "report_broken"


class AutoSign(StrEnum):
    """What shows that a programme wrote the mail."""

    AUTO_SUBMITTED = "auto_submitted"
    PRECEDENCE = "precedence"
    HEADER = "header"  # X-Autoreply and its like
    NULL_RETURN_PATH = "null_return_path"
    SUBJECT = "subject"
    TEXT = "text"  # the standing words of QQ's and 163's holiday mails
    SENDER = "sender"  # mailer-daemon, no-reply
    READ_RECEIPT = "read_receipt"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the mail. Nothing is unpacked; the bytes are decoded when asked for.

    ``index`` is its place in ``ReadMail.attachments`` and its name in the HTML: ``<img src="cid:{index}">``.
    """

    index: int
    name: str  # safe to show and to store: no path, no controls, at most 120 characters
    declared_type: str
    content_type: str  # by its first bytes; "application/octet-stream" when they say nothing
    size: int
    cid: str = ""
    inline: bool = False  # shown within the HTML
    is_image: bool = False  # of a kind that we can re-encode
    dangerous: bool = False  # programmes, scripts, pages: never shown, never opened
    raw: memoryview = field(default=memoryview(b""), repr=False, compare=False)
    encoding: str = field(default="", repr=False, compare=False)

    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece: what a large file is written with."""
        return decoded_chunks(self.raw, self.encoding)

    def content(self) -> bytes:
        return b"".join(self.chunks())


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """Whom a bounce is about."""

    address: str
    action: Literal["failed", "delayed", "delivered", "relayed", "expanded"] = "failed"
    status: str = ""  # 5.1.1
    words: str = ""  # the other server's
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail of ours did not arrive (or is late)."""

    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str = ""

    @property
    def permanent(self) -> bool:
        """No use trying again: somebody's address failed for good."""
        return any(one.action == "failed" and one.permanent for one in self.recipients)


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the named server of ours found out about the sender's domain."""

    verdict: Verdict = "none"
    method: str = ""  # dmarc, spf, dkim, from
    domain: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """One mail, read. Addresses are lower case; Message-IDs keep their angle brackets; texts use ``\\n``."""

    size: int
    sha256: str
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    date: datetime | None = None
    from_name: str = ""
    from_address: str = ""
    sender_address: str = ""
    return_path: str | None = None  # None: not told; "": the null path of bounces
    reply_to: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    subject_core: str = ""  # without 回复: Re: 转发: Fwd: [External] …
    text: str = ""  # the new words only
    quoted: str = ""  # what was folded away: quotation and signature
    html: str = ""  # sanitised; the quotation stands in <details class="mail-quoted">
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = "person"
    auto_signs: tuple[AutoSign, ...] = ()
    bounce: Bounce | None = None
    authentication: Authentication = Authentication()
    suppresses_answers: bool = False  # asks not to be answered by programmes (Exchange writes it on people's mails too)
    signed: bool = False
    forwarded: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address that this mail came by: where a signed reply address is looked for."""
        return tuple(dict.fromkeys((*self.delivered_to, *self.to, *self.cc)))

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """What this mail answers, nearest first."""
        return tuple(dict.fromkeys(one for one in (self.in_reply_to, *reversed(self.references)) if one))

    @property
    def answerable(self) -> bool:
        """A person wrote it and can be answered: the only mails that a programme may ever answer."""
        return (
            self.kind == "person"
            and bool(self.from_address)
            and AutoSign.SENDER not in self.auto_signs
            and not self.suppresses_answers
        )


def fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
