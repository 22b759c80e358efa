"""The chain holds, and shows whatever was done to it."""

import pytest
from django.core.management import call_command
from django.db import transaction

from linsheng.audit.actions import record, record_reading
from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.audit.queries import verify, verify_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(now):
    """Five entries of one company."""
    with transaction.atomic():
        for n in range(5):
            record("test.act", by=None, now=now, organisation_id=7, data={"n": n, "名": "翠湖苑", "share": 0.1})
    return AuditChain.objects.get(key="organisation-7")


def broken(chain):
    found = verify(chain).broken
    return (found.sequence, found.reason) if found else None


def test_an_untouched_chain_holds(chain):
    assert verify(chain).broken is None
    assert verify(chain).entries == 5


def test_each_company_has_a_chain_of_its_own(chain, now):
    with transaction.atomic():
        record("test.other", by=None, now=now, organisation_id=8)
        record("test.system", by=None, now=now)
    assert {found.chain: found.entries for found in verify_all()} == {"organisation-7": 5, "organisation-8": 1, "system": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"n": 99}},
        {"action": "test.other"},
        {"subject_id": 1},
        {"community_id": 3},
        {"subject_type": "x"},
    ],
)
def test_a_changed_entry_is_named(chain, change):
    AuditEntry.objects.filter(sequence=3).update(**change)
    assert broken(chain) == (3, "its content is not what was recorded")


def test_a_changed_time_or_actor_is_named(cast, chain):
    AuditEntry.objects.filter(chain=chain, sequence=2).update(actor=cast.manager)
    assert broken(chain)[0] == 2


def test_a_removed_entry_is_named(chain):
    AuditEntry.objects.filter(sequence=3).delete()
    assert broken(chain) == (3, "entry 3 is missing")


def test_a_cut_tail_is_seen(chain):
    AuditEntry.objects.filter(sequence__gte=4).delete()
    assert broken(chain) == (4, "the chain says 5 entries, there are 3")


def test_a_cut_tail_with_a_shortened_head_is_seen_by_the_hash(chain):
    AuditEntry.objects.filter(sequence=5).delete()
    AuditChain.objects.update(length=4)
    assert broken(chain)[1] == "the head of the chain is not the hash of its last entry"


def test_an_entry_beyond_the_head_is_seen(chain):
    AuditChain.objects.update(length=4)
    assert broken(chain) == (5, "it stands beyond the head of the chain")


def test_swapped_entries_are_seen(chain):
    AuditEntry.objects.filter(sequence=2).update(sequence=90)
    AuditEntry.objects.filter(sequence=3).update(sequence=2)
    AuditEntry.objects.filter(sequence=90).update(sequence=3)
    assert broken(chain)[0] == 2


def test_a_rehashed_entry_breaks_the_next_one(chain):
    from linsheng.audit.actions import entry_hash

    entry = AuditEntry.objects.get(sequence=3)
    entry.data = {"n": 99}
    entry.hash = entry_hash(entry)
    entry.save()
    assert broken(chain) == (4, "it does not continue the entry before it")


def test_the_command_is_content_with_whole_chains(chain, capsys):
    call_command("verify_audit")
    assert "5 entries in 1 chains" in capsys.readouterr().out


def test_the_command_names_the_first_broken_entry_and_fails(chain, capsys):
    AuditEntry.objects.filter(sequence__in=[2, 4]).update(action="x")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    assert "chain organisation-7, entry 2" in capsys.readouterr().err


def test_a_trail_that_was_removed_as_a_whole_is_missed(cast, chain, capsys):
    AuditEntry.objects.all().delete()
    AuditChain.objects.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "the whole trail was removed" in said.err and "holds" not in said.out


def test_an_installation_without_accounts_has_no_trail_to_miss(capsys):
    call_command("verify_audit")
    assert "0 entries in 0 chains" in capsys.readouterr().out


def test_the_check_streams(now, django_assert_max_num_queries):
    with transaction.atomic():
        for n in range(30):
            record("test.act", by=None, now=now, data={"n": n})
    with django_assert_max_num_queries(4):
        assert [found.broken for found in verify_all()] == [None]


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_mistake(now):
    with pytest.raises(RuntimeError, match="transaction"):
        record("test.act", by=None, now=now)


def test_an_entry_knows_the_community_of_what_it_is_about(cast, now):
    with transaction.atomic():
        home = record("home.x", by=None, now=now, subject=cast.home)
        community = record("community.x", by=None, now=now, subject=cast.community)
        company = record("company.x", by=None, now=now, subject=cast.organisation)
    assert (home.community_id, community.community_id, company.community_id) == (cast.community.pk, cast.community.pk, None)


def test_reading_is_one_entry_with_what_was_shown(cast, now):
    entry = record_reading("residents", by=cast.frontdesk, now=now, organisation_id=1, ids=[3, 1, 3])
    assert (entry.action, entry.data) == ("personal_data.read", {"what": "residents", "ids": [1, 3], "count": 2})
    exported = record_reading("residents", by=cast.frontdesk, now=now, organisation_id=1, ids=range(1000), exported=True)
    assert (exported.action, len(exported.data["ids"]), exported.data["count"]) == ("personal_data.export", 200, 1000)
