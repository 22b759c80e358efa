"""Foreign keys without an index of their own, where another index begins with the same column."""

from typing import Any

from django.db import migrations, models


def own_indexes(connection: Any, model: type[models.Model], column: str) -> list[str]:
    """Names of the plain indexes on just this column that no ``Meta.indexes`` asks for."""
    named = {index.name for index in model._meta.indexes}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    plain = {name for name, one in found.items() if one["index"] and not one["unique"] and one["columns"] == [column]}
    return sorted(plain - named)


class DropOwnIndex(migrations.AlterField):
    """``AlterField`` to ``db_index=False`` that only drops the index.

    On SQLite ``AlterField`` copies the whole table, which takes its triggers away: those that keep the history as it was.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for name in own_indexes(schema_editor.connection, model, model._meta.get_field(self.name).column):
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(schema_editor._create_index_sql(model, fields=[model._meta.get_field(self.name)]))

    def describe(self) -> str:
        return f"Drop the index of {self.name} on {self.model_name}: another one begins with it"
