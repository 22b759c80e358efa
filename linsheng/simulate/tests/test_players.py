"""Bulk loading writes the rows that the actions would write."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from linsheng.audit.actions import entry_hash
from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Organisation
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseNumber, Escalation, Rating, Resolution, ResultNotice, Urge
from linsheng.messaging.models import Delivery, Notice
from linsheng.simulate.bulk import bulk_player
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.places import Builder, World
from linsheng.simulate.play import ActionPlayer, play
from linsheng.simulate.script import CaseScript, Playwright
from linsheng.simulate.writing import write_all

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BEGUN = NOW - timedelta(days=70)
COMPARED = (Case, CaseEvent, Resolution, ResultNotice, Rating, Callback, Urge, Escalation, Notice, Delivery)
# Ids, what is drawn at random for secrecy, and how often a case was locked (also by what then changed nothing).
OWN = {"id", "version", "track_token", "case", "notice", "key", "message_id", "url", "subject_id", "worker", "lease_until"}


@pytest.fixture
def world(db) -> World:
    organisation = Organisation.objects.create(code="demo", name="示例物业", is_demo=True)
    return Builder(random.Random(7), organisation, begun=BEGUN, prefix="", first_phone=0).build(1, 120)


def scripts(world: World, count: int) -> list[CaseScript]:
    return list(Playwright(random.Random(11), world, world.sites[0], begun=BEGUN).cases(BEGUN, NOW, count))


def case_number(row) -> str:
    case = row if isinstance(row, Case) else getattr(row, "case", None) or (row.notice if isinstance(row, Delivery) else None)
    if isinstance(row, Notice) or isinstance(case, Notice):
        notice = row if isinstance(row, Notice) else case
        return Case.objects.get(pk=notice.subject_id).number
    return case.number


def content(model) -> list[tuple]:
    names = [f.attname for f in model._meta.concrete_fields if f.name not in OWN]
    rows = [
        (
            case_number(row),
            *(repr(getattr(row, name)) if name != "data" else repr(sorted(getattr(row, name).items())) for name in names),
        )
        for row in model.objects.all()
    ]
    return sorted(rows)


def everything() -> dict[str, list[tuple]]:
    found = {model.__name__: content(model) for model in COMPARED}
    found["counters"] = sorted(CaseNumber.objects.values_list("month", "last"))
    lines = AuditEntry.objects.filter(subject_type="feedback.case").values_list("at", "actor_id", "action", "community_id", "data")
    found["audit"] = sorted(
        repr((at, actor, action, place, sorted((name, data[name]) for name in data if name != "event")))
        for at, actor, action, place, data in lines
    )
    return found


def forget(world: World) -> None:
    for model in (Delivery, Notice, *COMPARED[1:8], CaseNumber):
        model.objects.all().delete()
    Case.objects.all().delete()
    AuditEntry.objects.all().delete()


def load(world: World, plays: list[CaseScript]) -> None:
    ledger = Ledger.of(world.organisation)
    new = bulk_player(ledger)
    for script in plays:
        player = new()
        play(script, player, NOW)
        player.finish()
    write_all(ledger)


def test_bulk_loading_writes_what_the_actions_write(world):
    plays = scripts(world, 120)
    for script in plays:
        play(script, ActionPlayer(), NOW)
    by_actions = everything()
    assert len(by_actions["CaseEvent"]) > 500 and len(by_actions["Escalation"]) > 5 and len(by_actions["Rating"]) > 5
    forget(world)
    load(world, plays)
    in_bulk = everything()
    for name, rows in by_actions.items():
        assert in_bulk[name] == rows, name


def test_what_was_loaded_holds_its_audit_chain(world):
    load(world, scripts(world, 60))
    call_command("verify_audit")
    entry = AuditEntry.objects.filter(subject_type="feedback.case").last()
    assert entry.hash == entry_hash(entry)


def test_what_was_loaded_is_found_by_search(world):
    from linsheng.feedback.queries import BoardFilter, board

    load(world, scripts(world, 40))
    desk = world.sites[0].staff["frontdesk"][0]
    case = Case.objects.filter(confidential=False).first()
    assert case in board(desk, BoardFilter(q=case.number), NOW)


def test_the_next_case_goes_on_where_the_load_ended(world):
    from linsheng.feedback import actions
    from linsheng.feedback.actor import Actor

    load(world, scripts(world, 30))
    site = world.sites[0]
    report = actions.Report(community=site.community, item=world.items["facility.lift"], text="电梯异响")
    case = actions.receive_case(report=report, by=Actor.staff(site.staff["frontdesk"][0]), now=NOW)
    assert Case.objects.filter(number=case.number).count() == 1
    call_command("verify_audit")


def test_the_same_seed_makes_the_same_company(db):
    def drawn() -> list[tuple]:
        with transaction.atomic():
            organisation = Organisation.objects.create(code="demo", name="示例物业", is_demo=True)
            world = Builder(random.Random(3), organisation, begun=BEGUN, prefix="", first_phone=0).build(1, 80)
            found = [(s.at, s.report.text, s.report.channel, [(p.at, p.action) for p in s.steps]) for s in scripts(world, 50)]
            transaction.set_rollback(True)
        return found

    assert drawn() == drawn()
