"""A year's figures at the desk: the unit beside the field, a wrong one asked about, nothing half written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hatchline.apps.observations import actions as measures
from hatchline.apps.observations import queries
from tests.sites.desk.people import DONE, founder, place, stay, venture

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared():
    its = {"subject_kind": "ventures.venture", "time_kind": "flow", **DONE}
    measures.declare(code="revenue", name="营业收入", name_en="Revenue", value_type="money", unit="元", **its)
    measures.declare(code="staff", name="从业人员", name_en="Employees", value_type="integer", unit="人",
                     **{**its, "time_kind": "stock"})  # fmt: skip


@pytest.fixture
def mine(declared):
    who = founder()
    return who, venture("听雨科技", who)


def kept(its) -> dict[tuple[str, int], object]:
    return {(each.measure, each.starts_on.year): each.value for each in queries.values_of("ventures.venture", its.pk)}


def test_sums_are_kept_in_yuan_whatever_they_were_given_in(mine):
    who, its = mine
    address = f"/desk/ventures/{its.pk}/figures/"
    assert who.post(f"{address}?year=2016", unit="1000", revenue="1200", staff="8").status_code == 302
    assert kept(its) == {("revenue", 2016): Decimal(1_200_000), ("staff", 2016): 8}
    page = who.get(f"{address}?year=2016").content.decode()
    assert 'value="1200"' in page
    assert "营业收入" in who.get(f"/desk/ventures/{its.pk}/").content.decode()


def test_a_wrong_unit_is_asked_about_and_nothing_is_half_written(mine):
    who, its = mine
    address = f"/desk/ventures/{its.pk}/figures/"
    who.post(f"{address}?year=2015", unit="1000", revenue="1000")
    sent = {"unit": "1", "revenue": "1100", "staff": "9"}
    answer = who.post(f"{address}?year=2016", **sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "千元" in page
    assert 'value="1100"' in page
    assert ("staff", 2016) not in kept(its)
    assert who.post(f"{address}?year=2016", **sent, reason="去年停业，核对无误").status_code == 302
    assert kept(its)["revenue", 2016] == Decimal(1100)


def test_another_value_needs_a_reason_and_the_first_stays_readable(mine):
    who, its = mine
    address = f"/desk/ventures/{its.pk}/figures/?year=2016"
    who.post(address, unit="10000", revenue="120")
    doubted = who.post(address, unit="10000", revenue="130")
    assert doubted.status_code == 422
    page = doubted.content.decode()
    assert "已登记为 1,200,000 元，这里是 1,300,000 元" in page and "“说明”里写明原因" in page
    assert "更正观测值" not in page
    assert who.post(address, unit="10000", revenue="130", reason="审计调整").status_code == 302
    history = queries.history("revenue", its.pk, date(2016, 1, 1), date(2017, 1, 1))
    assert [each.value for each in history] == [Decimal(1_200_000), Decimal(1_300_000)]


def test_a_correction_in_another_unit_is_kept_only_once_it_is_checked(mine):
    who, its = mine
    address = f"/desk/ventures/{its.pk}/figures/?year="
    for year, value in ((2015, "1000"), (2016, "1100")):
        assert who.post(f"{address}{year}", unit="1000", revenue=value).status_code == 302
    sent = {"unit": "1", "revenue": "1150", "reason": "审计调整"}
    answer = who.post(f"{address}2016", **sent)
    assert answer.status_code == 422 and "千元" in answer.content.decode()
    assert kept(its)["revenue", 2016] == Decimal(1_100_000)
    assert who.post(f"{address}2016", **sent, checked="on").status_code == 302
    assert kept(its)["revenue", 2016] == Decimal(1150)


def test_only_where_it_is_may_an_institution_report(mine):
    who, its = mine
    home, other = place("酒仙桥孵化器", "incubation"), place("东坝孵化器", "incubation")
    stay(its, home, "2015-01-01")
    address = f"/desk/ventures/{its.pk}/figures/?year=2016"
    assert home.manager.post(address, unit="1", staff="5").status_code == 302
    assert other.manager.post(address, unit="1", staff="6").status_code == 404
    assert kept(its) == {("staff", 2016): 5}
    assert who.post(address, unit="1").status_code == 422


def test_last_year_is_told_beside_the_field_in_words(mine):
    who, its = mine
    address = f"/desk/ventures/{its.pk}/figures/"
    who.post(f"{address}?year=2015", unit="10000", revenue="120", staff="1200")
    page = who.get(f"{address}?year=2016").content.decode()
    assert "上年 120 万元" in page and "上年 1,200" in page and "&lt;" not in page
    assert page.index("营业收入") < page.index("从业人员")  # what everybody is asked for stands first
