"""A value that was published by mistake can be withdrawn, and is then as if never reported."""

from typing import Any

from django.db import migrations, models

TABLE = "priorities_observation"


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of 0002 back on the table.

    SQLite makes a table anew to change a constraint, and its triggers go with the old one.
    """
    if schema_editor.connection.vendor != "sqlite":
        return
    for act, when, refused in (
        ("update", "WHEN OLD.published_at IS NOT NULL", "a published row never changes"),
        ("delete", "", "a row is never deleted"),
    ):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{act}")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE}: append-only, {refused}'); END"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0015_question_follow_up"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, protect),
        migrations.AlterField(
            model_name="observation",
            name="missing_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_yet_available", "Not yet available"),
                    ("not_collected", "Not collected"),
                    ("not_published", "Not published"),
                    ("not_applicable", "Does not apply"),
                    ("suppressed", "Withheld"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
                verbose_name="why there is no value",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", False),
                    models.Q(("missing_reason", "withdrawn"), _negated=True),
                    _connector="OR",
                ),
                name="observation_withdrawn_was_published",
                violation_error_message="Only what was published can be withdrawn.",
            ),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
