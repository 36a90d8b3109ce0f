from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Cast

KIND = "ventures.stay"
OFFICE = ("administrator", "official")


def from_what_is_known(apps, schema_editor):
    """How each was confirmed, where its source or the ledger tells; else it stays empty, which is told as such."""
    alias = schema_editor.connection.alias
    stays = apps.get_model("ventures", "Stay").objects.using(alias)
    entries = apps.get_model("ledger", "Entry").objects.using(alias).filter(subject_kind=KIND)
    rows = apps.get_model("ledger", "ImportedRow").objects.using(alias).filter(subject_kind=KIND)

    def told(found):
        return stays.filter(pk__in=found.annotate(stay=Cast("subject_id", models.BigIntegerField())).values("stay"))

    stood = ~Q(status="claimed")
    told(rows.filter(outcome="created")).filter(stood).update(basis="list")
    stays.filter(Q(source__startswith="application:") | Q(source__startswith="handover:")).update(basis="both")
    confirmed = entries.filter(event="ventures.stay.confirmed")
    told(confirmed.exclude(role_kind__in=OFFICE)).filter(stood).update(basis="both")
    told(confirmed.filter(role_kind__in=OFFICE)).filter(stood).update(basis="ruled")
    told(entries.filter(event="ventures.stay.claimed", to_status="confirmed")).filter(stood, basis="").update(
        basis="both"
    )
    told(entries.filter(event="ventures.stay.upheld")).filter(stood).update(basis="ruled")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_find_rows_by_subject"), ("ventures", "0006_ask_again")]

    operations = [
        migrations.AddField(
            model_name="stay",
            name="basis",
            field=models.CharField(
                blank=True,
                choices=[("both", "双方确认"), ("list", "按区里的名单"), ("ruled", "区里认定")],
                max_length=5,
                verbose_name="凭什么确认",
            ),
        ),
        migrations.AlterField(
            model_name="stay",
            name="status",
            field=models.CharField(
                choices=[
                    ("claimed", "单方登记"),
                    ("confirmed", "已确认"),
                    ("disputed", "有争议"),
                    ("withdrawn", "已撤回"),
                ],
                default="claimed",
                max_length=10,
            ),
        ),
        migrations.RunPython(from_what_is_known, migrations.RunPython.noop),
    ]
