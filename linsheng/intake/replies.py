"""Signed reply addresses: ``service+r12-k3…@example.com`` says which case an answer belongs to, and that we wrote it ourselves.

The mark is an HMAC over the case and the person who got the address: it cannot be made up, and one for another person fits not.
Addresses are compared without case, so the mark has only small letters and digits.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from linsheng.intake.models import Mailbox

MARK_LENGTH = 20  # times 5 bits
# The local part of an address holds 64 characters; the mark with its case needs at most this.
LONGEST_LOCAL = 28
_MARK = re.compile(rf"(?:^|\+)r(?P<case>[0-9]{{1,18}})-(?P<mark>[a-z2-7]{{{MARK_LENGTH}}})$")


@dataclass(frozen=True)
class Claim:
    """What an address says: the case, and the mark that has to prove it."""

    case_id: int
    mark: str


def mark_of(case_id: int, address: str) -> str:
    digest = salted_hmac("linsheng.intake.reply", f"{case_id}\n{address.strip().lower()}", algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:MARK_LENGTH]


def reply_address(mailbox: Mailbox, case_id: int, address: str) -> str:
    """Where the person at ``address`` answers to about this case."""
    mark = f"r{case_id}-{mark_of(case_id, address)}"
    local, _at, domain = mailbox.address.rpartition("@")
    if mailbox.reply_style == Mailbox.ReplyStyle.PLUS and len(local) <= LONGEST_LOCAL:
        return f"{local}+{mark}@{domain}"
    return f"{mark}@{domain}" if mailbox.reply_style == Mailbox.ReplyStyle.CATCH_ALL else mailbox.address


def claims(addresses: Iterable[str]) -> list[Claim]:
    """Every case that one of these addresses names, not yet proved."""
    found = (_MARK.search(address.rpartition("@")[0].lower()) for address in addresses)
    return [Claim(int(match["case"]), match["mark"]) for match in found if match]


def proves(claim: Claim, addresses: Iterable[str]) -> bool:
    """Whether the mark was made for one of these people."""
    return any(constant_time_compare(claim.mark, mark_of(claim.case_id, address)) for address in addresses)


def plain_address(address: str) -> str:
    """The address of the box: without what stands behind the plus."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.split('+', 1)[0]}{at}{domain}"
