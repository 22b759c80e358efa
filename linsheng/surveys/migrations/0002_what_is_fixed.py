"""What may not change any more is kept by the database itself, on both engines, whatever goes past the actions.

A wave's mode, version and frame from its opening; a version once it was used; whose a ballot is, and that it was used; an answer.
Deleting stays possible, for it only happens when a demonstration company is removed as a whole. A later migration that rebuilds one
of these tables on SQLite has to make its triggers again.
"""

from django.db import migrations

FROZEN = "EXISTS (SELECT 1 FROM surveys_questionnaireversion v WHERE v.id = {row}.version_id AND v.frozen_at IS NOT NULL)"
WAVE = "EXISTS (SELECT 1 FROM surveys_wave w WHERE w.id = NEW.wave_id AND {condition})"
DIFFERS = {"sqlite": "{0} IS NOT {1}", "postgresql": "{0} IS DISTINCT FROM {1}"}


def changed(vendor, *columns):
    return " OR ".join(DIFFERS[vendor].format(f"OLD.{column}", f"NEW.{column}") for column in columns)


def rules(vendor):
    """(table, event, name, when it is refused, the sentence)."""
    fixed = changed(vendor, "mode", "version_id", "method", "frame", "organisation_id", "opened_at")
    return [
        (
            "surveys_wave",
            "UPDATE",
            "wave_is_fixed",
            f"OLD.state <> 'draft' AND ({fixed} OR NEW.state = 'draft' OR (OLD.state = 'closed' AND NEW.state <> 'closed'))",
            "an opened wave keeps its mode, version and frame",
        ),
        (
            "surveys_questionnaireversion",
            "UPDATE",
            "version_is_fixed",
            f"OLD.frozen_at IS NOT NULL AND ({changed(vendor, 'frozen_at', 'number', 'intro', 'intro_en', 'questionnaire_id')})",
            "a used version is frozen",
        ),
        ("surveys_question", "UPDATE", "question_is_fixed", FROZEN.format(row="OLD"), "a used version is frozen"),
        ("surveys_question", "INSERT", "question_is_complete", FROZEN.format(row="NEW"), "a used version is frozen"),
        ("surveys_block", "UPDATE", "block_is_fixed", FROZEN.format(row="OLD"), "a used version is frozen"),
        ("surveys_block", "INSERT", "block_is_complete", FROZEN.format(row="NEW"), "a used version is frozen"),
        (
            "surveys_wavestratum",
            "UPDATE",
            "stratum_is_fixed",
            changed(vendor, "wave_id", "homes", "drawn", "building_id"),
            "the frame is frozen",
        ),
        ("surveys_ballot", "INSERT", "frame_is_complete", WAVE.format(condition="w.state <> 'draft'"), "the frame is frozen"),
        (
            "surveys_ballot",
            "UPDATE",
            "ballot_is_fixed",
            f"{changed(vendor, 'wave_id', 'home_id', 'stratum_id')} OR (OLD.state = 'answered' AND NEW.state <> 'answered')",
            "a ballot stays with its home and counts once",
        ),
        ("surveys_answer", "UPDATE", "answer_is_fixed", "", "an answer is never changed"),
        (
            "surveys_answer",
            "INSERT",
            "answer_comes_at_closing",
            WAVE.format(condition="w.state <> 'open' OR (w.mode = 'anonymous' AND NEW.home_id IS NOT NULL)"),
            "answers are opened once, at closing, and those of an anonymous wave have no home",
        ),
    ]


def make(apps, editor):
    vendor = editor.connection.vendor
    for table, event, name, condition, sentence in rules(vendor):
        if vendor == "sqlite":
            when = f"WHEN {condition} " if condition else ""
            editor.execute(
                f"CREATE TRIGGER surveys_{name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
                params=None,
            )
            continue
        test = f"IF {condition} THEN {{refuse}} END IF; RETURN NEW;" if condition else "{refuse}"
        refuse = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';"
        body = test.format(refuse=refuse)
        editor.execute(f"CREATE FUNCTION surveys_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$", params=None)
        editor.execute(
            f"CREATE TRIGGER surveys_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION surveys_{name}()", params=None
        )


def drop(apps, editor):
    vendor = editor.connection.vendor
    for table, _event, name, _condition, _sentence in rules(vendor):
        if vendor == "sqlite":
            editor.execute(f"DROP TRIGGER surveys_{name}", params=None)
        else:
            editor.execute(f"DROP TRIGGER surveys_{name} ON {table}", params=None)
            editor.execute(f"DROP FUNCTION surveys_{name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
