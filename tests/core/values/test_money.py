"""Money as people write it. Unknown is never zero; nothing is converted between currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchline.core.values.money import Amounts, Money, parse, scale_of
from hatchline.core.values.unreadable import Unreadable

D = Decimal


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("300万元", 3_000_000, "CNY"), ("1.2亿", 120_000_000, "CNY"), ("¥3,000", 3000, "CNY"), ("￥3，000", 3000,
        "CNY"), ("3,000千元", 3_000_000, "CNY"),
        ("300", 300, "CNY"), ("1亿2000万元", 120_000_000, "CNY"), ("三百万元", 3_000_000, "CNY"), ("叁佰万元整",
        3_000_000, "CNY"), ("(3,000)", -3000, "CNY"),
        ("-300万", -3_000_000, "CNY"), ("RMB 300万", 3_000_000, "CNY"), ("300万美元", 3_000_000, "USD"), ("USD 1.2m",
        1_200_000, "USD"),
        ("€1.5 million", 1_500_000, "EUR"), ("HK$3,000", 3000, "HKD"), ("£10k", 10_000, "GBP"), ("1.200.000,50",
        D("1200000.5"), "CNY"), ("0", 0, "CNY"),
        ("$3,000,000", 3_000_000, "USD"), (1200000, 1_200_000, "CNY"), (3.5, D("3.5"), "CNY"),
    ],
)  # fmt: skip
def test_one_amount(text, amount, currency):
    found = parse(text)
    assert isinstance(found, Amounts), found
    assert found.single == Money(D(amount), currency)
    assert found.is_complete


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("3,000", "千元", 3_000_000),
        (12.5, "万元", 125_000),
        ("300万元", "千元", 3_000_000),
        ("3000元", "万元", 3000),
        ("1.5", "亿元", 150_000_000),
    ],
)
def test_the_columns_unit_counts_unless_the_cell_names_one(cell, unit, amount):
    assert parse(cell, unit=unit).single == Money(D(amount))


def test_several_amounts_and_undisclosed_ones():
    found = parse("$2800000, $2100000")
    assert [part.low for part in found.parts] == [2_800_000, 2_100_000]
    assert found.known("USD") == Money(D(4_900_000), "USD")
    mixed = parse("$1200000, undisclosed amount")
    assert [part.kind for part in mixed.parts] == ["exact", "unknown"]
    assert not mixed.is_complete and not mixed.is_unknown
    assert mixed.known("USD") == Money(D(1_200_000), "USD")
    assert mixed.known("CNY") is None


@pytest.mark.parametrize(
    "text", ["undisclosed", "undisclosed amount", "未披露", "-", "—", "", None, "N/A", "不详", "保密"]
)
def test_unknown_is_not_zero(text):
    found = parse(text)
    assert found.is_unknown
    assert found.single is None
    assert found.known() is None


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("100-200万元", "range", 1_000_000, 2_000_000),
        ("$1M to $2M", "range", 1_000_000, 2_000_000),
        ("300万元以上", "at_least", 3_000_000, None),
        ("3000余万元", "at_least", 30_000_000, None),
        ("up to £5m", "at_most", None, 5_000_000),
    ],
)
def test_ranges_are_flagged(text, kind, low, high):
    (part,) = parse(text).parts
    assert (part.kind, part.low, part.high) == (kind, low, high)
    assert part.money is None


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("3,00", "元", "money.separators"), ("1,5", "元", "money.separators"), ("1, 200", "元", "money.separators"),
        ("5%", "元", "money.not_money"),
        ("abc", "元", "money.not_money"), ("¥3,000", "千元", "money.unit_unclear"), ("200-100万元", "元",
        "money.range_backwards"),
        ("$300万元人民币", "元", "money.two_currencies"), ("300", "亩", "money.unit_unknown"), (float("nan"), "元",
        "money.not_money"),
        (True, "元", "money.not_money"),
    ],
)  # fmt: skip
def test_refuses(text, unit, code):
    found = parse(text, unit=unit)
    assert isinstance(found, Unreadable), found
    assert found.code == code


def test_currencies_are_not_added():
    with pytest.raises(ValueError):
        Money(D(1)) + Money(D(1), "USD")
    assert Money(D(3)) - Money(D(1)) == Money(D(2))


def test_units_with_their_currency():
    assert (scale_of("千元(人民币)"), scale_of("万美元"), scale_of("亩")) == (1000, 10_000, None)


MONEYLIKE = st.text(alphabet="0123456789.,$¥€£万亿千元美 -~至(),undisclosed/+KMB未披露", max_size=24)


@given(st.one_of(st.text(max_size=60), MONEYLIKE, st.floats(), st.integers()), st.sampled_from(["元", "千元", "万元"]))
def test_never_raises_and_round_trips(cell, unit):
    found = parse(cell, unit=unit)
    if isinstance(found, Amounts):
        assert Amounts.load(found.dump()) == found
    else:
        assert found.code.startswith("money.")


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_a_unit_in_the_cell_equals_a_unit_of_the_column(number, unit):
    assert parse(f"{number}{unit}").single == parse(f"{number:,}", unit=unit).single == parse(number, unit=unit).single


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("20,00,00,000", [(200_000_000, "USD")]),
        ("₹ 2.5 crore", [(25_000_000, "INR")]),
        ("Rs. 5,00,000", [(500_000, "INR")]),
        ("INR 20 Lakhs", [(2_000_000, "INR")]),
        ("$20M Series B", [(20_000_000, "USD")]),
        ("Seed: $500k", [(500_000, "USD")]),
        ("$1.2 million (2012); £5M (in 2014)", [(1_200_000, "USD"), (5_000_000, "GBP")]),
        ("天使轮 300万元人民币；A轮1000万美元；B轮未披露", [(3_000_000, "CNY"), (10_000_000, "USD"), (None, "USD")]),
    ],
)
def test_amounts_as_lists_of_start_ups_write_them(text, amounts):
    found = parse(text, currency="USD")
    assert isinstance(found, Amounts), found
    assert [(part.low, part.currency) for part in found.parts] == amounts


@pytest.mark.parametrize("text", ["数百万元", "千万级", "上亿元", "2,00,000,00", "Series B", "several million"])
def test_vague_sums_are_no_amounts(text):
    assert isinstance(parse(text), Unreadable)
