"""A case that goes takes its search entry along, by trigger on both engines.

The foreign key that PostgreSQL had for it kept ``flush`` from emptying the tables, and SQLite's full text table cannot have one. A later
migration that rebuilds the table of cases on SQLite has to make the trigger again (a test says so).
"""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER feedback_search_follows_cases AFTER DELETE ON feedback_case "
    "BEGIN DELETE FROM feedback_case_search WHERE rowid = old.id; END"
]
POSTGRES = [
    "ALTER TABLE feedback_case_search DROP CONSTRAINT feedback_case_search_case_id_fkey",
    "CREATE FUNCTION feedback_search_follows_cases() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN DELETE FROM feedback_case_search WHERE case_id = OLD.id; RETURN NULL; END $$",
    "CREATE TRIGGER feedback_search_follows_cases AFTER DELETE ON feedback_case "
    "FOR EACH ROW EXECUTE FUNCTION feedback_search_follows_cases()",
]
UNDO_SQLITE = ["DROP TRIGGER feedback_search_follows_cases"]
UNDO_POSTGRES = [
    "DROP TRIGGER feedback_search_follows_cases ON feedback_case",
    "DROP FUNCTION feedback_search_follows_cases()",
    "ALTER TABLE feedback_case_search ADD CONSTRAINT feedback_case_search_case_id_fkey "
    "FOREIGN KEY (case_id) REFERENCES feedback_case (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
]


def make(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        editor.execute(statement, params=None)


def drop(apps, editor):
    for statement in UNDO_SQLITE if editor.connection.vendor == "sqlite" else UNDO_POSTGRES:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_history_is_never_changed")]
    operations = [migrations.RunPython(make, drop)]
