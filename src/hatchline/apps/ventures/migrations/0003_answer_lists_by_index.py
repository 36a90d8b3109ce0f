from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ventures", "0002_tell_those_asked")]

    operations = [
        migrations.RemoveIndex(model_name="stay", name="stay_by_days"),
        migrations.RemoveIndex(model_name="stay", name="stay_by_outcome"),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["stage", "status", "counts", "held_from", "held_until", "venture", "institution"],
                name="stay_by_days",
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["outcome", "stage", "status", "counts", "ended_before", "venture"], name="stay_by_outcome"
            ),
        ),
        migrations.AddIndex(
            model_name="venture", index=models.Index(fields=["founded_on", "id"], name="venture_by_founding")
        ),
        migrations.AddIndex(
            model_name="venture",
            index=models.Index(fields=["status", "field", "ceased_on", "ceased_before"], name="venture_by_status"),
        ),
    ]
