import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0003_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="That assignment ends when this one is accepted.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handed_to",
                to="priorities.assignment",
                verbose_name="takes over from",
            ),
        ),
    ]
