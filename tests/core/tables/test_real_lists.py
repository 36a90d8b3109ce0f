"""Real lists through the mappings of the repository: what became of every row is printed (pytest -s)."""

from collections import Counter
from pathlib import Path

from hatchline.core.tables.extract import extract
from hatchline.core.tables.guess import propose
from hatchline.core.tables.mapping import from_yaml
from hatchline.core.tables.reading import open_table
from tests.core.tables.targets import INSTITUTIONS, ORGANISATIONS, VENTURES
from tests.realdata import real

SAMPLES = Path(__file__).parents[2] / "data" / "tables"
MAPPINGS = Path(__file__).parents[3] / "mappings"


def outcome(path, name, fields):
    """Records by status; a line for every row is printed."""
    mapping = from_yaml((MAPPINGS / name).read_text(encoding="utf-8"), fields)
    with open_table(path) as table:
        found = extract(table.rows(), mapping, fields, excel_epoch=table.excel_epoch)
        records = list(found)
    for record in records:
        said = record.skipped or "; ".join(problem.full("zh") for problem in record.problems)
        print(f"{path.name}:{record.number} {record.status} {record.values.get('name', '')} {said}".rstrip())
    print(path.name, name, dict(found.counts))
    return records, found.counts


def test_chinese_institutions():
    records, counts = outcome(SAMPLES / "cn_institutions_named.csv", "cn_institutions_named.yaml", INSTITUTIONS)
    assert counts == Counter(ready=37)
    assert Counter(kind for record in records for kind in record.values["kinds"]) == Counter(
        university_park=18, incubator=12, makerspace=5, returnee_park=2
    )
    assert sum("朝阳区" in record.values["territory"] for record in records) == 6
    assert all(record.values["seen_open"].precision == "year" and "opened" not in record.values for record in records)


def test_uk_organisations():
    records, counts = outcome(SAMPLES / "uk_waifinder_orgs.csv", "uk_waifinder_orgs.yaml", ORGANISATIONS)
    assert sum(counts.values()) == 3280 and counts["skipped"] == 0
    types = Counter(one for record in records for one in record.values.get("types", ()))
    assert types["incubator"] == 74 and types["university"] == 152
    assert counts["ready"] >= 3250
    assert all(record.problems for record in records if record.status == "rejected")


def test_uk_institutions():
    records, counts = outcome(SAMPLES / "uk_waifinder_orgs.csv", "uk_waifinder_institutions.yaml", INSTITUTIONS)
    assert counts["ready"] + counts["rejected"] == 74 and counts["skipped"] == 3206
    assert {record.skipped for record in records if record.status == "skipped"} == {"when"}
    assert all(record.values["kinds"] == ("incubator",) for record in records if record.values)


def test_american_ventures():
    records, counts = outcome(real("yc_2005_2014_startups.csv"), "yc_2005_2014_startups.yaml", VENTURES)
    assert sum(counts.values()) == 688
    assert sum(record.values.get("founded") is None for record in records) == 537
    first = next(record for record in records if record.values["name"] == "Curebit").values
    assert [part.kind for part in first["raised"][0].parts] == ["exact", "unknown"]
    assert first["raised"][0].parts[0].currency == "USD"
    assert first["batch"].code == "2011-winter" and first["batch"].text == "Winter 2011"
    assert counts["ready"] >= 680


def test_the_real_lists_are_guessed_well():
    with open_table(SAMPLES / "uk_waifinder_orgs.csv") as table:
        found = propose(table.rows(), "organisations", ORGANISATIONS)
    got = {one.header: one.field for one in found.columns if one.field}
    assert got["name"] == "name" and got["types"] == "types" and got["lat"] == "latitude" and got["url"] == "website"
    with open_table(SAMPLES / "cn_institutions_named.csv") as table:
        found = propose(table.rows(), "institutions", INSTITUTIONS)
    got = {one.header: one.field for one in found.columns if one.field}
    assert got["name"] == "name" and got["kind"] == "kinds"
