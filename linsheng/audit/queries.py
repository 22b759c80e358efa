"""Reading the trail, and checking that nobody changed it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import F, Max, Q, QuerySet

from linsheng.audit.actions import SYSTEM_CHAIN, chain_key, entry_hash
from linsheng.audit.models import AuditChain, AuditEntry

READ_AT_ONCE: Final = 2000


@dataclass(frozen=True)
class Filters:
    """What part of the trail is asked for; empty means everything. ``until`` is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    action: str = ""


def entries_within(*, organisations: Iterable[int], communities: Iterable[int], people: QuerySet[Any]) -> QuerySet[AuditEntry]:
    """Entries of whole companies, of single communities, and about accounts (which belong to no company) of ``people``.

    ``people`` are the ids of users: sign-ins and passwords stand in the chain of the system.
    """
    keys = [chain_key(organisation) for organisation in organisations]
    chains = dict(AuditChain.objects.filter(key__in=[*keys, SYSTEM_CHAIN]).values_list("key", "pk"))
    # "+ 0" keeps the databases from gathering a whole chain and sorting it: they walk the index of moments and stop after a page.
    rows = AuditEntry.objects.alias(stands_in=F("chain_id") + 0)
    whole = Q(stands_in__in=[chains[key] for key in keys if key in chains])
    accounts = Q(stands_in=chains.get(SYSTEM_CHAIN, 0), actor__in=list(people))
    return rows.filter(whole | Q(community_id__in=list(communities)) | accounts).select_related("actor", "chain")


def filtered(entries: QuerySet[AuditEntry], filters: Filters) -> QuerySet[AuditEntry]:
    """Narrow by time, by part of the actor's name or user name, and by the beginning of the action."""
    if filters.since:
        entries = entries.filter(at__gte=filters.since)
    if filters.until:
        entries = entries.filter(at__lt=filters.until)
    if filters.actor:
        entries = entries.filter(Q(actor__name__icontains=filters.actor) | Q(actor__username__icontains=filters.actor))
    if filters.action:
        entries = entries.filter(action__startswith=filters.action)
    return entries


@dataclass(frozen=True)
class Break:
    """The first place at which a chain does not hold."""

    chain: str
    sequence: int
    reason: str


@dataclass(frozen=True)
class Verified:
    """What the check of one chain found."""

    chain: str
    entries: int
    broken: Break | None = None


def verify(chain: AuditChain) -> Verified:
    """Recompute every hash of a chain, from the first entry to the head as it was when the check began.

    Finds changed, missing, inserted and re-ordered entries, and a tail that was cut off. Entries are streamed.
    """
    # Read the head first: what is appended meanwhile is beyond it. The last place before the head: no entry may run ahead of it.
    last = AuditEntry.objects.filter(chain=chain).aggregate(last=Max("sequence"))["last"] or 0
    chain.refresh_from_db()
    if last > chain.length:
        return Verified(chain.key, last, Break(chain.key, chain.length + 1, "it stands beyond the head of the chain"))
    previous, expected = "", 0
    for entry in _stream(chain):
        expected += 1
        reason = _fault(entry, expected, previous)
        if reason:
            return Verified(chain.key, expected, Break(chain.key, min(entry.sequence, expected), reason))
        previous = entry.hash
    if expected != chain.length:
        return Verified(
            chain.key, expected, Break(chain.key, expected + 1, f"the chain says {chain.length} entries, there are {expected}")
        )
    if previous != chain.head:
        return Verified(chain.key, expected, Break(chain.key, expected, "the head of the chain is not the hash of its last entry"))
    return Verified(chain.key, expected)


def _stream(chain: AuditChain) -> Iterator[AuditEntry]:
    rows = AuditEntry.objects.filter(chain=chain, sequence__lte=chain.length).order_by("sequence")
    return rows.iterator(chunk_size=READ_AT_ONCE)


def _fault(entry: AuditEntry, expected: int, previous: str) -> str:
    if entry.sequence != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "it does not continue the entry before it"
    if entry.hash != entry_hash(entry):
        return "its content is not what was recorded"
    return ""


def trail_is_gone() -> bool:
    """Whether there are accounts and no chain at all: making an account is recorded, so somebody removed the whole trail."""
    return get_user_model().objects.exists() and not AuditChain.objects.exists()


def verify_all() -> Iterator[Verified]:
    """Check every chain."""
    return (verify(chain) for chain in AuditChain.objects.order_by("pk"))
