"""Dates as people write them: what is read, what is refused, and that nothing is guessed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.values.dates import PartialDate, parse
from hatchline.core.values.unreadable import Unreadable

READ = [
    ("2014-6", "2014-06"), ("2014年6月", "2014-06"), ("2014/06/05", "2014-06-05"), ("2014.6.5", "2014-06-05"),
    ("20140605", "2014-06-05"),
    ("201406", "2014-06"), ("2014", "2014"), ("2014年", "2014"), ("2014年度", "2014"), ("41821", "2014-07-01"),
    (41821, "2014-07-01"),
    (41821.5, "2014-07-01"), (2014, "2014"), (2014.0, "2014"), (2014.6, "2014-06"), ("Summer 2014", "2014-summer"),
    ("S14", "2014-summer"),
    ("W2011", "2011-winter"), ("2014年夏", "2014-summer"), ("2014年夏季", "2014-summer"), ("Fall '13", "2013-autumn"),
    ("2014Q2", "2014-Q2"),
    ("2014-Q2", "2014-Q2"), ("Q2 2014", "2014-Q2"), ("2014年第二季度", "2014-Q2"), ("second quarter of 2014",
    "2014-Q2"),
    ("2014年上半年", "2014-H1"), ("2014H2", "2014-H2"), ("June 2014", "2014-06"), ("Jun 5, 2014", "2014-06-05"),
    ("5 June 2014", "2014-06-05"),
    ("5th of June, 2014", "2014-06-05"), ("5-Jun-2014", "2014-06-05"), ("5 de junio de 2014", "2014-06-05"),
    ("5. Juni 2014", "2014-06-05"),
    ("2014-06-05T12:30:00Z", "2014-06-05"), ("2014-06-05 00:00:00", "2014-06-05"), ("Thu, 05 Jun 2014 12:30:00 GMT",
    "2014-06-05"),
    ("２０１４年６月", "2014-06"), ("二〇一四年六月", "2014-06"), ("二零一四", "2014"), ("二○一四年十二月二十五日",
    "2014-12-25"),
    ("2014 年 6 月 5 日", "2014-06-05"), ("2014年6月5日 星期四", "2014-06-05"), ("2014년 6월 5일", "2014-06-05"),
    ("06/2014", "2014-06"),
    ("2014年6月上旬", "2014-06-T1"), ("2014-W23", "2014-W23"), ("1990s", "199X"), ("20世纪90年代", "199X"),
    ("约2014年", "2014~"),
    ("2014-2016", "2014/2016"), ("2014年1月至6月", "2014-01/2014-06"), ("Winter 2013/14", "2013-2014-winter"),
    ("13/04/2014", "2014-04-13"),
    ("04/13/2014", "2014-04-13"), ("03/03/2014", "2014-03-03"), ("至今", ".."), ("不详", ""), ("", ""), ("-", ""),
    (None, ""),
    ("FY2013", "2013"), ("FY 2013", "2013"), ("FY13", "2013"), ("2013财年", "2013"), ("2013 会计年度", "2013"),
    ("Fiscal Year 2014", "2014"), ("FY2012/13", "2012/2013"), ("FY2012-2013", "2012/2013"),
    (datetime(2014, 6, 5, 3, 4, tzinfo=UTC), "2014-06-05"), (date(2014, 6, 5), "2014-06-05"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), READ)
def test_reads(cell, code):
    found = parse(cell)
    assert isinstance(found, PartialDate), found
    assert found.code == code
    if isinstance(cell, str):
        assert found.text == cell


REFUSED = [
    ("3013", "date.year_out_of_range"), ("3013-06-05", "date.year_out_of_range"), (date(3013, 1, 1),
    "date.year_out_of_range"),
    ("0000-01-01", "date.year_out_of_range"), ("2014-13", "date.no_such_month"), ("2014年2月30日", "date.no_such_day"),
    ("20140230", "date.no_such_day"), ("2014年2月29日", "date.no_such_day"), ("2014-06-00", "date.no_such_day"),
    ("03/04/2014", "date.order_unclear"), ("03/04/14", "date.two_digit_year"), ("14-06-05", "date.two_digit_year"),
    ("14年6月", "date.two_digit_year"), ("Jun-14", "date.two_digit_year"), ("6月5日", "date.no_year"), ("上半年",
    "date.no_year"),
    ("5 June", "date.no_year"), ("140605", "date.compact_unclear"), ("99999", "date.serial_out_of_range"), (2014.1,
    "date.month_cut"),
    ("2014年五季度", "date.no_such_quarter"), ("农历二〇一四年正月", "date.lunar"), ("民国103年", "date.lunar"),
    ("2016-2014", "date.range_backwards"),
    ("soon", "date.not_a_date"), ("1e5", "date.not_a_date"), (True, "date.not_a_date"), (float("nan"),
    "date.not_a_date"),
    (float("inf"), "date.not_a_date"), ("2014-06-05T99:99", "date.not_a_date"), ("x" * 5000, "date.not_a_date"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), REFUSED)
def test_refuses_with_a_reason_and_a_hint(cell, code):
    found = parse(cell)
    assert isinstance(found, Unreadable), found
    assert found.code == code
    assert found.hint


def test_the_mappings_order_decides_and_is_not_bent():
    assert parse("03/04/2014", order="dmy").code == "2014-04-03"
    assert parse("03/04/2014", order="mdy").code == "2014-03-04"
    assert parse("04/13/2014", order="dmy").code == "date.no_such_month"
    assert parse("2014/04/03", order="dmy").code == "2014-04-03"


def test_what_is_missing_can_be_given():
    assert parse("上半年", year=2014).code == "2014-H1"
    assert parse("6月5日", year=2014).code == "2014-06-05"
    assert parse("June 5", year=2014).code == "2014-06-05"
    assert parse("05/06/14", order="dmy", pivot=2029).code == "2014-06-05"
    assert parse("Jun-98", pivot=2029).code == "1998-06"


def test_workbooks_of_1904():
    assert parse(40359, excel_epoch=1904).code == "2014-07-01"


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "before"),
    [
        ("2014", "year", date(2014, 1, 1), date(2015, 1, 1)),
        ("2014-12", "month", date(2014, 12, 1), date(2015, 1, 1)),
        ("2014-06-05", "day", date(2014, 6, 5), date(2014, 6, 6)),
        ("2014Q4", "quarter", date(2014, 10, 1), date(2015, 1, 1)),
        ("2014年下半年", "half", date(2014, 7, 1), date(2015, 1, 1)),
        ("Summer 2014", "season", date(2014, 6, 1), date(2014, 9, 1)),
        ("Winter 2014", "season", date(2014, 1, 1), date(2015, 1, 1)),
        ("Winter 2013/14", "season", date(2013, 12, 1), date(2014, 3, 1)),
        ("2014年2月下旬", "ten_days", date(2014, 2, 21), date(2014, 3, 1)),
        ("2014-2016", "range", date(2014, 1, 1), date(2017, 1, 1)),
        ("1990s", "decade", date(1990, 1, 1), date(2000, 1, 1)),
    ],
)
def test_spans_are_half_open(text, precision, earliest, before):
    found = parse(text)
    assert (found.precision, found.earliest, found.before) == (precision, earliest, before)


def test_order_of_uncertain_dates_is_claimed_only_when_sure():
    assert parse("2013").is_surely_before(parse("2014-01-01"))
    assert not parse("2014").is_surely_before(parse("2014-06-05"))
    assert not parse("不详").is_surely_before(parse("2014"))
    assert parse("2014-06-05").exact == date(2014, 6, 5)
    assert parse("2014-06").exact is None


@pytest.mark.parametrize("cell", [cell for cell, _ in READ])
def test_stored_form_round_trips(cell):
    found = parse(cell)
    assert PartialDate.load(found.dump()) == found


def test_a_wrong_code_is_not_a_date():
    for code in ("2014-13", "2014-Q5", "hello", "2014-02-30"):
        with pytest.raises(ValueError):
            PartialDate.of(code)


DATELIKE = st.text(alphabet="0123456789-/. 年月日季度上下半春夏QqHWSsummerJn~至约二〇一四十'", max_size=20)


@given(st.one_of(st.text(max_size=60), DATELIKE, st.integers(), st.floats(), st.datetimes(), st.dates(), st.booleans()),
       st.sampled_from(["ymd", "dmy", "mdy"]))  # fmt: skip
def test_never_raises(cell, order):
    found = parse(cell, order=order, pivot=2029, year=2014)
    if isinstance(found, PartialDate):
        assert PartialDate.load(found.dump()) == found
        if found.earliest:
            assert date(1000, 1, 1) <= found.earliest < found.before
    else:
        assert isinstance(found, Unreadable)
        assert found.code.startswith("date.")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_spelling_of_a_day_means_that_day(day):
    months = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
    spellings = [
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}", f"{day.day} {months[day.month - 1]} {day.year}",
        f"{months[day.month - 1][:3]} {day.day}, {day.year}",
    ]  # fmt: skip
    assert {parse(text).exact for text in spellings} == {day}
    assert parse(f"{day.day}/{day.month}/{day.year}", order="dmy").exact == day
    assert parse(f"{day.month}/{day.day}/{day.year}", order="mdy").exact == day
    if day >= date(1930, 1, 2):
        assert parse((day - date(1899, 12, 30)).days).exact == day


@pytest.mark.parametrize("cell", [1356998400, "1356998400", 1356998400.0, "1356998400000", 1356969600, "1357027200.5"])
def test_moments_of_databases_are_days(cell):
    """Midnight in London, Beijing and San Francisco on the first of January 2013."""
    found = parse(cell)
    assert isinstance(found, PartialDate) and found.code == "2013-01-01"


@pytest.mark.parametrize("cell", ["2014060512", "13912345678", "999999999", 99999999999999])
def test_other_long_numbers_are_no_dates(cell):
    assert isinstance(parse(cell), Unreadable)
