from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ventures", "0004_exit")]

    operations = [
        migrations.AddField(
            model_name="venture",
            name="exited_on",
            field=models.DateField(blank=True, null=True, verbose_name="投资退出时间"),
        ),
        migrations.AddField(
            model_name="venture",
            name="exited_before",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="venture",
            name="exited_text",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="venture",
            constraint=models.CheckConstraint(
                condition=models.Q(exited_on=None) | ~models.Q(exit=""), name="venture_exit_has_a_way"
            ),
        ),
    ]
