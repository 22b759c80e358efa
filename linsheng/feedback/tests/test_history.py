"""The history is append-only: no code changes it, the database refuses it, and every entry has its audit entry."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from linsheng.feedback import actions
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter
from linsheng.feedback.tests.test_photos import jpeg

KEPT_FOR_EVER = {"CaseEvent", "AuditEntry", "events", "audit_entries"}
CHANGES = {"update", "delete", "bulk_update", "update_or_create", "save"}
# Removing a demonstration company as a whole is the one exception.
EXEMPT = ("simulate/removal.py",)


def names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)
    }


def changes_of_history():
    """Calls like ``CaseEvent.objects.filter(…).update(…)`` anywhere in the product's code."""
    found = []
    for path in sorted((Path(settings.BASE_DIR) / "linsheng").rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts) or str(path).endswith(EXEMPT):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in CHANGES and names_in(called.value) & KEPT_FOR_EVER:
                found.append(f"{path.name}:{node.lineno}")
    return found


def test_no_code_changes_or_deletes_it():
    assert changes_of_history() == []


def test_the_database_refuses_to_change_it(cast, now):
    event = CaseEvent.objects.get(case=make.received(cast, now))
    for change in (
        lambda: CaseEvent.objects.filter(pk=event.pk).update(text="从没说过"),
        lambda: CaseEvent.objects.filter(pk=event.pk).update(at=now),
        event.save,
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    assert CaseEvent.objects.get(pk=event.pk).text == "三号电梯按钮失灵"


@pytest.mark.parametrize("name", ["feedback_history_is_never_changed", "feedback_search_follows_cases"])
def test_a_migration_that_rebuilt_the_table_did_not_lose_the_trigger(db, name):
    sqlite = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s"
    postgres = "SELECT count(*) FROM pg_trigger WHERE tgname = %s"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else postgres, [name])
        assert cursor.fetchone()[0] == 1


def test_everything_that_happens_to_a_case_stands_in_both(cast, now):
    from linsheng.audit.models import AuditEntry

    case = make.received(cast, now)
    child = make.merged(cast, now, case=make.received(cast, now, who="neighbour"), into=case)
    upload = jpeg()
    actions.add_photo(case=case, upload=upload, size=1000, by=reporter(case, cast), now=now)
    actions.join_case(case=case, by=cast.neighbour, now=now)
    actions.escalate_case(case=case, now=now + make.MINUTE * 60 * 24 * 9)
    make.resolved(cast, now, case=case)
    for one in (case, child):
        events = CaseEvent.objects.filter(case=one).order_by("id").values_list("id", flat=True)
        entries = AuditEntry.objects.filter(subject_type="feedback.case", subject_id=one.pk).order_by("data__event")
        assert [entry.data["event"] for entry in entries] == list(events)
    assert {"receive", "absorb", "photo", "me_too", "escalate", "resolve"} <= set(
        CaseEvent.objects.values_list("action", flat=True)
    )


def test_who_reads_an_older_state_writes_nothing_over_a_newer_one(cast, now):
    case = make.in_progress(cast, now)
    stale = Case.objects.get(pk=case.pk)
    actions.reclassify_case(case=case, urgency="urgent", by=STAFF(cast.supervisor), now=now)
    actions.add_note(case=stale, text="旧的", by=STAFF(cast.handler), now=now)
    assert Case.objects.get(pk=case.pk).urgency == "urgent"
