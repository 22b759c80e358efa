"""The history is append-only in the database itself: whatever goes past the actions is refused, on both engines.

Deleting stays possible, for it only happens when a demonstration company is removed as a whole; a missing entry shows in the audit
chain. A later migration that rebuilds the table on SQLite has to make the trigger again.
"""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER feedback_history_is_never_changed BEFORE UPDATE ON feedback_caseevent "
    "BEGIN SELECT RAISE(ABORT, 'the history of a case is never changed'); END"
]
POSTGRES = [
    "CREATE FUNCTION feedback_history_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the history of a case is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER feedback_history_is_never_changed BEFORE UPDATE ON feedback_caseevent "
    "FOR EACH ROW EXECUTE FUNCTION feedback_history_is_never_changed()",
]
UNDO_SQLITE = ["DROP TRIGGER feedback_history_is_never_changed"]
UNDO_POSTGRES = [
    "DROP TRIGGER feedback_history_is_never_changed ON feedback_caseevent",
    "DROP FUNCTION feedback_history_is_never_changed()",
]


def make(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        # Without parameters: a statement may hold percent signs and semicolons as it likes.
        editor.execute(statement, params=None)


def drop(apps, editor):
    for statement in UNDO_SQLITE if editor.connection.vendor == "sqlite" else UNDO_POSTGRES:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_waiting_and_telling")]
    operations = [migrations.RunPython(make, drop)]
