"""A whole mail read: the parts of this package put together."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final

from linsheng.intake.mail import subjects
from linsheng.intake.mail.addresses import addresses, plain_addresses, sender
from linsheng.intake.mail.authentication import authenticate
from linsheng.intake.mail.bodies import Bodies, read_bodies
from linsheng.intake.mail.bounces import read_bounce
from linsheng.intake.mail.charsets import decode
from linsheng.intake.mail.dates import read_date
from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.headers import Headers, note_repeated
from linsheng.intake.mail.kinds import OWN_HEADER, auto_signs, is_list, is_own, suppresses_answers
from linsheng.intake.mail.letters import Letter, read_letter
from linsheng.intake.mail.model import AutoSign, Bounce, Fault, Kind, ReadMail, fingerprint
from linsheng.intake.mail.parts import read_part

__all__ = ["OWN_HEADER", "read_mail"]

MOST_SUBJECT: Final = 300
MOST_REFERENCES: Final = 100
MESSAGE_ID: Final = re.compile(r"<[^<>]{1,998}>")
DELIVERED: Final = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "apparently-to",
    "x-qq-orgrecv",
)


def read_mail(
    raw: bytes, *, trusted_servers: Collection[str] = (), own_addresses: Collection[str] = (), now: datetime | None = None
) -> ReadMail:
    """Everything that a mail says. Never raises: what cannot be read is a fault in the answer.

    ``trusted_servers``: names of our own servers (the first word of their ``Authentication-Results``).
    ``own_addresses``: addresses that we send from. ``now``: to know dates that lie ahead.
    """
    notes = Notes()
    try:
        return _read(raw, notes, trusted_servers, own_addresses, now)
    except Exception:  # noqa: BLE001 - a mail that trips our reader must not be lost: it is shown as it is, with the fault
        notes.add(Fault.UNREADABLE)
        return ReadMail(
            size=len(raw), sha256=fingerprint(raw), text=decode(raw[:20_000], "", Notes()).replace("\0", ""), faults=notes.all()
        )


def _read(
    raw: bytes, notes: Notes, trusted_servers: Collection[str], own_addresses: Collection[str], now: datetime | None
) -> ReadMail:
    # Not by ``strip``: of a large mail that is a second copy.
    if not raw or raw.isspace():
        notes.add(Fault.EMPTY)
    root = read_part(raw, 0, len(raw), notes)
    headers = root.headers
    note_repeated(headers, notes)
    subject = headers.text("subject")[:MOST_SUBJECT]
    if len(headers.raw("subject")) > 4 * MOST_SUBJECT:
        notes.add(Fault.HEADER_TOO_LONG)
    author = sender(headers, notes)
    bodies = read_bodies(raw, root, notes)
    letter = read_letter(bodies, notes, subject=subject, answers="in-reply-to" in headers or "references" in headers)
    return_path = _return_path(headers, notes)
    bounce = read_bounce(raw, root, headers, author.address, subject, letter.whole, notes)
    signs = auto_signs(headers, author.address, subject, letter.text, return_path)
    return ReadMail(
        size=len(raw),
        sha256=fingerprint(raw),
        message_id=_message_id(headers, notes),
        in_reply_to=next(iter(_ids(headers, "in-reply-to")), ""),
        references=_ids(headers, "references")[-MOST_REFERENCES:],
        date=read_date(headers, notes, now),
        from_name=author.name,
        from_address=author.address,
        sender_address=next(iter(plain_addresses(headers, "sender", notes=notes)), ""),
        return_path=return_path,
        reply_to=next(iter(plain_addresses(headers, "reply-to", notes=notes)), ""),
        to=plain_addresses(headers, "to", notes=notes),
        cc=plain_addresses(headers, "cc", notes=notes),
        delivered_to=plain_addresses(headers, *DELIVERED, notes=notes),
        subject=subject,
        subject_core=subjects.core(subject),
        text=letter.text,
        quoted=letter.quoted,
        html=letter.html,
        attachments=tuple(bodies.attachments),
        kind=_kind(headers, author.address, own_addresses, bounce, signs),
        auto_signs=signs,
        bounce=bounce,
        authentication=authenticate(headers, author.address, trusted_servers, several=_several(headers, notes)),
        suppresses_answers=suppresses_answers(headers),
        signed=bodies.signed,
        forwarded=subjects.is_forward(subject),
        faults=_final_faults(notes, letter, bodies),
    )


def _kind(
    headers: Headers, from_address: str, own_addresses: Collection[str], bounce: Bounce | None, signs: tuple[AutoSign, ...]
) -> Kind:
    if bounce is not None:
        return "bounce"
    if is_own(headers, from_address, own_addresses):
        return "own"
    # A no-reply address alone may carry a person's words (a form, a shop); it is not answered, but it is read.
    if any(sign not in {AutoSign.SENDER, AutoSign.PRECEDENCE} for sign in signs):
        return "auto_reply"
    if is_list(headers, own_addresses):
        return "list"
    return "auto_reply" if AutoSign.PRECEDENCE in signs else "person"


def _several(headers: Headers, notes: Notes) -> bool:
    return Fault.FROM_SEVERAL in notes or len({one.address for one in addresses(headers, "from", Notes()) if one.address}) > 1


def _return_path(headers: Headers, notes: Notes) -> str | None:
    if "return-path" not in headers:
        return None
    return next(iter(plain_addresses(headers, "return-path", notes=notes)), "")


def _message_id(headers: Headers, notes: Notes) -> str:
    found = _ids(headers, "message-id")
    if found:
        return found[0]
    bare = headers.text("message-id")
    if not bare:
        notes.add(Fault.MESSAGE_ID_MISSING)
        return ""
    return _normal_id(bare.strip("<> "))


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    found = MESSAGE_ID.findall(headers.text(name)) if name in headers else []
    return tuple(dict.fromkeys(_normal_id(one[1:-1]) for one in found))


def _normal_id(inner: str) -> str:
    """The identity without stray spaces; one too long to store by its hash."""
    inner = re.sub(r"\s+", "", inner)
    return f"<{inner}>" if len(inner) <= 250 else f"<{fingerprint(inner.encode())}@long.invalid>"


def _final_faults(notes: Notes, letter: Letter, bodies: Bodies) -> tuple[Fault, ...]:
    if not letter.text.strip():
        notes.add(Fault.NO_TEXT)
    return notes.all()
