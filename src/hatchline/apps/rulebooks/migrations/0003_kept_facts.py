from django.db import migrations, models


class Migration(migrations.Migration):
    """Facts of everybody on a day, kept as columns."""

    dependencies = [("rulebooks", "0002_pinned_alone")]

    operations = [
        migrations.CreateModel(
            name="KeptFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=12)),
                ("as_of", models.DateField()),
                ("names", models.JSONField(default=list)),
                ("words", models.CharField(max_length=64)),
                ("head", models.BigIntegerField()),
                ("known_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject", "as_of"), name="facts_kept_once")],
            },
        ),
    ]
