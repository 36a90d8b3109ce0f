"""A draft is offered for publication, and sent back with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rulebooks", "0003_kept_facts")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="sent_back",
            field=models.CharField(blank=True, max_length=300, verbose_name="退回理由"),
        ),
        migrations.AlterField(
            model_name="draft",
            name="status",
            field=models.CharField(
                choices=[
                    ("drafted", "起草中"),
                    ("offered", "待发布"),
                    ("published", "已发布"),
                    ("abandoned", "已放弃"),
                ],
                default="drafted",
                max_length=10,
            ),
        ),
    ]
