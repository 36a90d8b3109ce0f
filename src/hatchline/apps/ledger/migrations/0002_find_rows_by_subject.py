from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.AddIndex(
            model_name="importedrow",
            index=models.Index(fields=["subject_kind", "subject_id"], name="ledger_row_by_subject"),
        ),
    ]
