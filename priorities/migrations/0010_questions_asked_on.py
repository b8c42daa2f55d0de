"""A question may ask on after another; mail tells of questions and answers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0009_meetings"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="priorities.question",
                verbose_name="asks on after",
            ),
        ),
        migrations.AlterField(
            model_name="mailing",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Reminder"),
                    ("returned", "Returned update"),
                    ("question", "Question"),
                    ("answer", "Answer"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
