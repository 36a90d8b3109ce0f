from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ventures", "0005_exited")]

    operations = [
        migrations.RemoveConstraint(model_name="question", name="question_asked_once"),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("other_stay__isnull", False), ("status", "open")),
                fields=("kind", "stay", "other_stay"),
                name="question_asked_once",
            ),
        ),
    ]
