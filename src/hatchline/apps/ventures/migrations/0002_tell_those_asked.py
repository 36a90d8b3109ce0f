from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ventures", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="asked",
            name="told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="asked",
            index=models.Index(condition=models.Q(("told_at", None)), fields=["id"], name="asked_untold"),
        ),
    ]
