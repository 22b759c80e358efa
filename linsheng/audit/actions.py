"""Writing the audit chain."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.core.counters import count_up, put
from linsheng.core.inserting import insert

SYSTEM_CHAIN = "system"
READ_IDS_KEPT = 200


def chain_key(organisation_id: int | None) -> str:
    """One chain a company, so that companies never wait for each other's writes."""
    return SYSTEM_CHAIN if organisation_id is None else f"organisation-{organisation_id}"


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and the entry's content in canonical JSON."""
    content = [
        entry.previous,
        entry.sequence,
        int(entry.at.timestamp() * 1_000_000),
        entry.actor_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.community_id,
        entry.data,
    ]
    plain = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def community_of(subject: models.Model | None) -> int | None:
    """The community that a subject belongs to, if it says so."""
    if subject is None:
        return None
    found = subject.pk if subject._meta.label_lower == "communities.community" else getattr(subject, "community_id", None)
    return int(found) if found is not None else None


def _lock_chain(key: str) -> AuditChain:
    """Take the next place: the UPDATE holds the chain's row until this transaction ends, on both databases."""
    found = count_up(AuditChain, "length", where={"key": key}, returning=("id", "length", "head"))
    if found is None:
        AuditChain.objects.get_or_create(key=key)
        return _lock_chain(key)
    pk, length, head = found
    return AuditChain(pk=pk, key=key, length=length, head=head)


def record(
    action: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    subject: models.Model | None = None,
    organisation_id: int | None = None,
    community_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry in the caller's transaction; call it last, for the chain stays locked until the commit.

    The community is the subject's own unless it is given.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record needs a transaction: the entry and what it tells of stand or fall together")
    chain = _lock_chain(chain_key(organisation_id))
    entry = AuditEntry(
        chain=chain,
        sequence=chain.length,
        at=now,
        actor_id=by.pk if by else None,
        action=action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        community_id=community_of(subject) if community_id is None else community_id,
        data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
        previous=chain.head,
    )
    entry.hash = entry_hash(entry)
    insert(entry)
    put(AuditChain, "head", entry.hash, pk=chain.pk)
    return entry


@transaction.atomic
def record_reading(
    what: str,
    *,
    by: AbstractBaseUser,
    now: datetime,
    organisation_id: int | None,
    community_id: int | None = None,
    ids: Iterable[int] = (),
    exported: bool = False,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """That somebody saw (or took away) personal data: one entry a page, with the ``ids`` that stood on it.

    ``what`` names the rows, e.g. ``residents``.
    """
    shown = sorted(set(ids))
    content = {"what": what, "ids": shown[:READ_IDS_KEPT], "count": len(shown), **(data or {})}
    action = "personal_data.export" if exported else "personal_data.read"
    return record(action, by=by, now=now, organisation_id=organisation_id, community_id=community_id, data=content)
