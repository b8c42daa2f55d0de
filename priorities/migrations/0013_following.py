import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0012_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailing",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Reminder"),
                    ("returned", "Returned update"),
                    ("question", "Question"),
                    ("answer", "Answer"),
                    ("following", "News of what is followed"),
                    ("confirming", "Confirmation"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="FollowChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pace",
                    models.CharField(
                        choices=[("daily", "Once a day"), ("weekly", "Once a week")],
                        default="daily",
                        max_length=10,
                        verbose_name="How often",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed at"),
                ),
                ("told", models.BigIntegerField(default=0, verbose_name="told up to")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="told on")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_choice",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of following",
                "verbose_name_plural": "choices of following",
            },
        ),
        migrations.CreateModel(
            name="Following",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item_type", models.CharField(max_length=40, verbose_name="item type")),
                ("item_code", models.CharField(max_length=200, verbose_name="item code")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "following",
                "verbose_name_plural": "followings",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("person"),
                        models.F("item_type"),
                        models.F("item_code"),
                        name="following_once",
                        violation_error_message="You follow that already.",
                    )
                ],
            },
        ),
    ]
