from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("priorities", "0013_following"),
    ]

    operations = [
        migrations.AddField(
            model_name="followchoice",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="asked to confirm at"),
        ),
    ]
