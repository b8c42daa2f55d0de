"""A question that follows another is called its follow-up; no column changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0014_following_asked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="priorities.question",
                verbose_name="follow-up to",
            ),
        ),
    ]
