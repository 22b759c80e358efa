"""The search index: FTS5 in SQLite, a tsvector with GIN in PostgreSQL; the same tokens in both."""

from django.db import migrations

TABLE = "feedback_case_search"

SQLITE = [f"CREATE VIRTUAL TABLE {TABLE} USING fts5(tokens, detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')"]
POSTGRES = [
    f"CREATE TABLE {TABLE} (case_id bigint PRIMARY KEY REFERENCES feedback_case (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, tokens tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)",
]


def make(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRES:
        editor.execute(statement)


def drop(apps, editor):
    editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
