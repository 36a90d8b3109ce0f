import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An evaluation without its facts was never written; from now on it cannot be."""

    dependencies = [("rulebooks", "0001_tables")]

    operations = [
        migrations.RemoveConstraint(model_name="evaluation", name="evaluation_pinned_whole"),
        migrations.AlterField(
            model_name="evaluation",
            name="facts",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rulebooks.factset"
            ),
        ),
        migrations.AlterField(model_name="evaluation", name="result", field=models.TextField()),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("result", ""), _negated=True), models.Q(("verdict", ""), _negated=True)),
                name="evaluation_pinned_whole",
            ),
        ),
    ]
