"""A frozen brief never changes: neither its words nor its paper, whoever asks the database."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLE = "priorities_frozenbrief"
MESSAGE = f"{TABLE}: append-only, a frozen brief never changes and none is deleted"


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers on the table; PostgreSQL has their function since 0002."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for act in ("update", "delete"):
        head = f"CREATE TRIGGER {TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE}"
        body = (
            "FOR EACH ROW EXECUTE FUNCTION priorities_append_only()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        schema_editor.execute(f"{head} {body}")


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away again."""
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for act in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0010_questions_asked_on"),
    ]

    operations = [
        migrations.AlterField(
            model_name="changeevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("revised", "Revised"),
                    ("drafted", "Drafted"),
                    ("submitted", "Submitted"),
                    ("returned", "Returned"),
                    ("published", "Published"),
                    ("recorded", "Recorded"),
                    ("corrected", "Corrected"),
                    ("offered", "Offered"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("ended", "Ended"),
                    ("asked", "Asked"),
                    ("answered", "Answered"),
                    ("closed", "Closed"),
                    ("rated", "Rated"),
                    ("frozen", "Frozen"),
                    ("granted", "Granted"),
                    ("revoked", "Revoked"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="FrozenBrief",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField(editable=False, verbose_name="recorded at")),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded by the agency"),
                            ("published", "Published"),
                            ("inferred", "Inferred"),
                            ("low_confidence", "Low confidence"),
                            ("illustrative", "Illustrative"),
                        ],
                        default="recorded",
                        help_text="How far this can be trusted; shown to the public unless recorded.",
                        max_length=20,
                        verbose_name="provenance",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="published at"
                    ),
                ),
                (
                    "recorded_by",
                    models.CharField(editable=False, max_length=200, verbose_name="recorded by"),
                ),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="to")),
                (
                    "visibility",
                    models.CharField(
                        choices=[("internal", "Internal"), ("public", "Public")],
                        default="internal",
                        max_length=10,
                        verbose_name="visibility",
                    ),
                ),
                (
                    "left_out",
                    models.JSONField(blank=True, default=list, verbose_name="sections left out"),
                ),
                ("note", models.TextField(blank=True, verbose_name="cover note")),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the content")),
                ("pdf", models.BinaryField(verbose_name="PDF")),
                ("pdf_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the PDF")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefs",
                        to="priorities.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen brief",
                "verbose_name_plural": "frozen briefs",
                "ordering": ("-recorded_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("plan"),
                        models.F("code"),
                        name="frozen_brief_code_once_in_plan",
                        violation_error_message="This brief is frozen already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("until"))),
                        name="frozen_brief_dates_in_order",
                        violation_error_message="The first date is after the second.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), _negated=True),
                        name="frozen_brief_has_content",
                        violation_error_message="There is nothing to keep.",
                    ),
                ],
            },
        ),
        migrations.RunPython(protect, release),
    ]
