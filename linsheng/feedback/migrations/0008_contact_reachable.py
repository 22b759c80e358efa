"""A contact whose mails come back is not written to again."""

from importlib import import_module

from django.db import migrations, models

follows = import_module("linsheng.feedback.migrations.0007_search_follows_cases")


def make_trigger_again(apps, editor):
    """SQLite rebuilds the table for the new column, and forgets the trigger with it."""
    if editor.connection.vendor == "sqlite":
        for statement in follows.SQLITE:
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_search_follows_cases")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="contact_reachable",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunPython(make_trigger_again, migrations.RunPython.noop),
    ]
