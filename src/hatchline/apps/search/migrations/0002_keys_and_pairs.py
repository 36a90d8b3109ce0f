"""Keys under which records that may be one meet. Those of the records that are there already are made here."""

from django.db import migrations, models

from hatchline.core.values import names

NAMED = (
    ("bodies", "Organisation", "OrganisationName", "organisation_id"),
    ("institutions", "Institution", "InstitutionName", "institution_id"),
    ("ventures", "Venture", "VentureName", "venture_id"),
)


def fill(apps, schema_editor):
    key_table = apps.get_model("search", "Key")
    for app, model, other_names, owner in NAMED:
        kind, pairs = f"{app}.{model.lower()}", set()
        rows = apps.get_model(app, model).objects.all()
        for pk, name, website in rows.values_list("pk", "name", "website").iterator():
            pairs.add((pk, "name", names.loose(name)))
            pairs.add((pk, "site", names.host(website)))
        for pk, name in apps.get_model(app, other_names).objects.values_list(owner, "name").iterator():
            pairs.add((pk, "name", names.loose(name)))
        made = [key_table(kind=kind, subject=pk, sort=sort, key=key) for pk, sort, key in sorted(pairs) if key]
        key_table.objects.bulk_create(made, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_tables"),
        ("bodies", "0001_tables"),
        ("institutions", "0001_tables"),
        ("ventures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("one", models.BigIntegerField()),
                ("other", models.BigIntegerField()),
                ("note", models.CharField(max_length=300, verbose_name="判断的依据")),
                (
                    "status",
                    models.CharField(
                        choices=[("told", "不是同一主体"), ("taken_back", "重新存疑")], default="told", max_length=10
                    ),
                ),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "不同主体",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "one", "other"), name="search_apart_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="search_apart_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.BigIntegerField()),
                ("sort", models.CharField(choices=[("name", "名称相近"), ("site", "网站相同")], max_length=4)),
                ("key", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "sort", "key", "subject"], name="search_key_meets"),
                    models.Index(fields=["kind", "subject"], name="search_key_of_a_subject"),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
