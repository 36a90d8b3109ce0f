"""The tree of territories, functional areas, the tile map."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hatchline.apps.bodies import actions, queries
from hatchline.apps.bodies.models import Territory
from hatchline.apps.ledger.models import Entry
from hatchline.core.values.refusal import Refused
from tests.apps.bodies.conftest import DIVISIONS, NOW


def names(rows):
    return [row.name for row in rows]


def test_a_subtree_is_found_by_its_prefix_filler_levels_too(divisions):
    assert names(queries.subtree("110000")) == [
        "北京市", "市辖区", "朝阳区", "望京街道", "来广营地区", "海淀区", "中关村街道",
    ]  # fmt: skip
    assert names(queries.subtree("1101")) == ["市辖区", "朝阳区", "望京街道", "来广营地区", "海淀区", "中关村街道"]
    assert names(queries.subtree("110105")) == ["朝阳区", "望京街道", "来广营地区"]
    assert names(queries.subtree(queries.territory("110105026"))) == ["望京街道"]


def test_codes_are_taken_with_and_without_empty_levels(divisions):
    assert queries.territory("11") == queries.territory("110000")
    assert queries.territory("110105").path_name == "北京市朝阳区"
    assert queries.territory("999999") is None


def test_the_path_leads_from_the_province_down(divisions):
    assert names(queries.path(queries.territory("110105026"))) == ["北京市", "市辖区", "朝阳区", "望京街道"]
    assert queries.territory("110105026").path_name == "北京市朝阳区望京街道"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("北京", "朝阳区"), ["朝阳区"]),
        (("北京市", "", "朝阳", "望京"), ["望京街道"]),
        (("辽宁", "朝阳"), ["朝阳市"]),
        (("朝阳",), ["朝阳市"]),
        (("朝阳区",), ["朝阳区"]),
        (("北京", "双塔"), []),
        (("上海",), []),
        ((), []),
    ],
)
def test_names_lead_to_a_place(divisions, words, found):
    assert names(queries.place_of(*words)) == found


def test_territories_are_found_by_name_within_a_district(divisions):
    assert names(queries.territories_named("朝阳")) == ["朝阳市", "朝阳区", "双塔区", "望京街道", "来广营地区"]
    assert names(queries.territories_named("望", inside="110105")) == ["望京街道"]


def test_loading_again_changes_nothing_and_leaves_no_trace(divisions):
    before = Entry.objects.count()
    done = actions.load_territories(DIVISIONS, source="又一次", now=NOW)
    assert (done.created, done.updated, done.unchanged) == (0, 0, len(DIVISIONS))
    assert Entry.objects.count() == before


def test_a_renamed_division_keeps_its_row(divisions):
    done = actions.load_territories([("110105032", "来广营街道")], source="新", now=NOW)
    assert (done.created, done.updated) == (0, 1)
    assert Territory.objects.get(code="110105032").pk == divisions["110105032"]


def test_a_division_without_a_parent_or_with_a_strange_code_is_refused(db):
    with pytest.raises(ValueError, match="no division above"):
        actions.load_territories([("110105026", "望京街道")], source="", now=NOW)
    with pytest.raises(ValueError, match="not the code of a division"):
        actions.load_territories([("1101050", "七位")], source="", now=NOW)


def test_all_published_divisions_stand_in_one_tree(everything):
    assert Territory.objects.count() == 3513 + 349
    assert queries.subtree("110105").filter(level=4).count() == 43
    assert not Territory.objects.filter(parent=None).exclude(level=1).exists()
    assert names(queries.place_of("北京", "朝阳")) == ["朝阳区"]
    assert names(queries.place_of("新疆维吾尔自治区", "石河子")) == ["石河子市"]
    assert names(queries.place_of("新疆", "石河子")) == ["石河子市"]
    assert names(queries.place_of("香港")) == ["香港特别行政区"]
    assert names(queries.place_of("吉林", "延边")) == ["延边朝鲜族自治州"]
    for province in Territory.objects.filter(level=1):
        short = province.name[: 3 if province.name[:2] in {"内蒙", "黑龙"} else 2]
        assert names(queries.place_of(short)) == [province.name]
    tiles = queries.tiles()
    assert {tile.code for tile in tiles} == set(
        queries.subtree("110105").filter(level=4).values_list("code", flat=True)
    )
    assert len({(tile.column, tile.row) for tile in tiles}) == 43


def test_tiles_of_another_district_come_from_its_own_file_or_are_none(settings, tmp_path):
    settings.DISTRICT = "310104"
    assert queries.tiles() == []
    path = tmp_path / "tiles.csv"
    path.write_text("code,name,short,column,row\n310104003,湖南路街道,湖南路,0,0\n", encoding="utf-8")
    settings.TILES = str(path)
    assert [tile.short for tile in queries.tiles()] == ["湖南路"]


@pytest.mark.parametrize("text", ["code,name\n1,甲\n", "code,name,short,column,row\n1,甲,甲,x,0\n", "\0\n\0"])
def test_a_map_that_cannot_be_read_is_no_map(settings, tmp_path, text):
    path = tmp_path / "tiles.csv"
    path.write_text(text, encoding="utf-8")
    settings.TILES = str(path)
    assert queries.tiles() == []
    settings.TILES = str(tmp_path / "absent.csv")
    assert queries.tiles() == []


def test_a_functional_area_covers_what_it_covers_that_day(divisions):
    area = actions.record_area("dzc", name="电子城", by=None, now=NOW)
    wangjing = queries.territory("110105026")
    held = actions.cover(area, territory=wangjing, starts_on=date(2012, 1, 1), by=None, now=NOW)
    actions.cover(area, territory=queries.territory("110108"), starts_on=date(2015, 1, 1), by=None, now=NOW)
    assert names(queries.area_divisions(area, date(2014, 1, 1))) == ["望京街道"]
    actions.uncover(held, ends_before=date(2016, 1, 1), by=None, now=NOW)
    assert names(queries.area_divisions(area, date(2016, 1, 1))) == ["海淀区", "中关村街道"]
    assert names(queries.area_divisions(area, date(2011, 1, 1))) == []


def test_an_area_cannot_cover_a_division_twice_on_one_day(divisions):
    area = actions.record_area("dzc", name="电子城", by=None, now=NOW)
    wangjing = queries.territory("110105026")
    actions.cover(area, territory=wangjing, starts_on=date(2012, 1, 1), by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.cover(area, territory=wangjing, starts_on=date(2013, 1, 1), by=None, now=NOW)


def test_coverage_cannot_end_before_it_began(divisions):
    area = actions.record_area("dzc", name="电子城", by=None, now=NOW)
    held = actions.cover(area, territory=queries.territory("110105026"), starts_on=date(2012, 1, 1), by=None, now=NOW)
    with pytest.raises(Refused) as caught:
        actions.uncover(held, ends_before=date(2011, 1, 1), by=None, now=NOW)
    assert caught.value.refusal.code == "ends_before_it_begins"


@pytest.mark.parametrize("length", [301, 60_000])
def test_no_place_is_called_by_an_endless_name(divisions, length):
    """A whole document pasted into the field of a place is an unknown place, not a fault of the database."""
    assert queries.place_of("望" * length) == []
    assert not queries.territories_named("望" * length).exists()
