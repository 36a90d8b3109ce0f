from django.db import migrations, models

SAID = ("已退出（被收购或上市）", "Exited (acquired or listed)")  # how lists were kept before there was a column


def from_summaries(apps, schema_editor):
    ventures = apps.get_model("ventures", "Venture").objects.using(schema_editor.connection.alias)
    for said in SAID:
        ventures.filter(exit="", summary__contains=said).update(exit="unsaid")


class Migration(migrations.Migration):
    dependencies = [("ventures", "0003_answer_lists_by_index")]

    operations = [
        migrations.AddField(
            model_name="venture",
            name="exit",
            field=models.CharField(
                blank=True,
                choices=[("acquired", "已被收购"), ("listed", "已上市"), ("unsaid", "已退出（被收购或上市）")],
                max_length=10,
                verbose_name="投资退出",
            ),
        ),
        migrations.RunPython(from_summaries, migrations.RunPython.noop),
    ]
