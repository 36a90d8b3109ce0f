"""Lists of funding rounds: a sum a row, nothing lost, what is unknown stays unknown, the same list changes nothing."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal

import pytest

from hatchline.apps.imports import queries as imports
from hatchline.apps.ventures import actions
from hatchline.apps.ventures.drafts import VentureDraft
from hatchline.apps.ventures.models import Funding
from hatchline.journeys.imports import flow
from tests.journeys.imports.test_flow import NOW, bring, take
from tests.realdata import real

pytestmark = pytest.mark.django_db
HEAD = "企业名称,轮次,融资时间,融资额,币种,投资方\n"


@pytest.fixture
def ventures(db):
    return actions.register_many([VentureDraft(name) for name in ("听雨公司", "听风团队", "Dropbox")], now=NOW)


def rounds(text: str):
    run = take(bring(text, target="fundings"))
    assert run.counts == run.preview["counts"], "a preview says what will be"
    return run


def kept(venture: int) -> list[tuple]:
    return [
        (row.round, row.received.code, row.amount, row.currency, row.investors, row.text)
        for row in Funding.objects.filter(venture=venture).order_by("pk")
    ]


def test_every_round_is_kept_and_the_same_list_changes_nothing(ventures):
    text = (
        HEAD + "听雨公司,天使轮,2014-05-01,300万元,,金柳创投\n听雨公司,A轮,2015年,1200000,USD,金柳创投；青石资本\n"
        "听风团队,种子轮,2016-03,未披露,,\n听风团队,,,,,东郊基金\n不在册的公司,A轮,2015,100万元,,\n"
    )
    run = rounds(text)
    assert run.counts == {"created": 4, "rejected": 1}
    assert imports.rows(run, "rejected")[0].problems[0]["code"] == "no_such_venture"
    one, two = kept(ventures[0])
    assert one == ("angel", "2014-05-01", Decimal(3_000_000), "CNY", "金柳创投", "300万元")
    assert two[:4] == ("a", "2015", Decimal(1_200_000), "USD") and "青石资本" in two[4]
    undisclosed, bare = kept(ventures[1])
    assert undisclosed[:3] == ("seed", "2016-03", None) and undisclosed[5] == "未披露"
    assert bare[2] is None and bare[4] == "东郊基金"
    assert rounds(text).counts == {"unchanged": 4, "rejected": 1}
    assert Funding.objects.count() == 4


def test_a_cell_filled_in_later_updates_its_round(ventures):
    rounds(HEAD + "听雨公司,A轮,2015-06,未披露,,\n")
    assert rounds(HEAD + "听雨公司,A轮,2015-06,2000万元,,青石资本\n").counts == {"updated": 1}
    ((_round, _day, amount, currency, investors, text),) = kept(ventures[0])
    assert (amount, currency, investors, text) == (Decimal(20_000_000), "CNY", "青石资本", "2000万元")


def test_a_range_or_words_are_no_amount_and_are_kept(ventures):
    run = rounds(HEAD + "听雨公司,A轮,2015,1000万-2000万元,,\n听风团队,A轮,2015,数千万元,,\n")
    assert run.counts == {"created": 2}
    for venture, text in zip(ventures, ("1000万-2000万元", "数千万元"), strict=False):
        ((_round, _day, amount, _currency, _investors, words),) = kept(venture)
        assert amount is None and words == text
    assert Funding.objects.filter(amount=0).count() == 0


def test_the_same_sum_from_another_list_is_that_sum_or_a_question(ventures):
    rounds(HEAD + "听雨公司,天使轮,2014-05-01,300万元,,\n")
    assert rounds("公司,融资轮次,融资日期,融资金额\n听雨公司,天使轮,2014-05-01,300万元\n").counts == {"unchanged": 1}
    run = rounds("公司名称,融资金额\n听雨公司,300万元\n")
    assert run.counts == {"question": 1}
    (row,) = imports.rows(run, "question")
    flow.answer(row, str(row.candidates[0]["id"]), by=None, now=NOW)
    assert [each[:3] for each in kept(ventures[0])] == [("angel", "2014-05-01", Decimal(3_000_000))]
    assert rounds("公司名称,轮次,融资金额\n听雨公司,B轮,300万元\n").counts == {"created": 1}, (
        "another round is another sum"
    )


def test_columns_of_others_are_known(ventures):
    text = (
        "Company Name,Funding Type,Announced On,Money Raised,Money Raised Currency,Investor Names\n"
        'Dropbox,Series A,2007-09-01,"1,200,000",USD,Sequoia Capital\n'
        'Dropbox,Series B,Oct 2008,$6M,USD,"Accel, Sequoia"\n'
        "Dropbox,Debt Financing,2009,Undisclosed,,\n"
    )
    assert rounds(text).counts == {"created": 3}
    first, second, third = kept(ventures[2])
    assert first[:4] == ("a", "2007-09-01", Decimal(1_200_000), "USD")
    assert second[:4] == ("b", "2008-10", Decimal(6_000_000), "USD") and "Accel" in second[4] and "Sequoia" in second[4]
    assert third[:3] == ("loan", "2009", None)


def test_a_record_is_known_by_its_number_too_and_a_wrong_number_is_told(ventures):
    again = actions.register_many([VentureDraft("听雨公司")], now=NOW)
    assert rounds(HEAD + "听雨公司,A轮,2015,100万元,,\n").counts == {"rejected": 1}
    head = "企业名称,登记号,轮次,融资额\n"
    assert rounds(head + f"听雨公司,{again[0]},A轮,100万元\n").counts == {"created": 1}
    assert len(kept(again[0])) == 1
    run = rounds(head + f"听风团队,{again[0]},B轮,100万元\n")
    assert imports.rows(run, "rejected")[0].problems[0]["code"] == "other_venture"


def test_money_of_the_future_is_refused(ventures):
    run = rounds(HEAD + "听雨公司,A轮,2031-01-01,100万元,,\n")
    assert run.counts == {"rejected": 1}


def test_a_sum_of_one_venture_never_becomes_that_of_another_of_the_same_name(ventures):
    """Neither by the name two ventures share, nor by a list's number that is given to another."""
    twins = actions.register_many([VentureDraft("同名公司"), VentureDraft("同名公司")], now=NOW)
    head = "编号,企业名称,登记号,轮次,融资时间,融资额\n"
    row = "{},同名公司,{},{},2014-05,{}\n"
    assert rounds(head + row.format("", twins[0], "天使轮", "300万元")).counts == {"created": 1}
    assert rounds(head + row.format("", twins[1], "天使轮", "500万元")).counts == {"created": 1}
    assert rounds(head + row.format("R1", twins[0], "A轮", "700万元")).counts == {"created": 1}
    run = rounds(head + row.format("R1", twins[1], "A轮", "900万元"))
    assert run.counts == {"unchanged": 1} and "另一个创业主体" in imports.rows(run).get().problems[0]["zh"]
    assert [amount for _r, _d, amount, *_more in kept(twins[0])] == [Decimal(3_000_000), Decimal(7_000_000)]
    assert [amount for _r, _d, amount, *_more in kept(twins[1])] == [Decimal(5_000_000)]


def test_two_sums_of_one_round_and_day_are_two_in_whatever_order_they_come(ventures):
    rows = [
        "听雨公司,A轮,2015-06-01,300万元,,\n",
        "听雨公司,A轮,2015-06-01,500万元,,\n",
        "听雨公司,A轮,2015-06-01,未披露,,\n",
    ]
    assert rounds(HEAD + "".join(rows)).counts == {"created": 3}
    there = kept(ventures[0])
    assert rounds(HEAD + "".join(reversed(rows))).counts == {"unchanged": 3}
    assert rounds(HEAD + "听雨公司,A轮,2015-06-01,800万元,,\n" + "".join(rows)).counts == {"created": 1, "unchanged": 3}
    assert rounds("公司,融资轮次,融资日期,融资金额\n" + "".join(row.replace(",,", "") for row in rows)).counts == {
        "unchanged": 3
    }
    assert kept(ventures[0])[:3] == there and len(kept(ventures[0])) == 4


def test_a_corrected_sum_is_asked_about_and_a_known_one_is_not_unsaid(ventures):
    rounds(HEAD + "听雨公司,A轮,2015-06-01,300万元,,\n")
    run = rounds(HEAD + "听雨公司,A轮,2015-06-01,350万元,,\n")
    assert run.counts == {"question": 1}
    (row,) = imports.rows(run, "question")
    flow.answer(row, str(row.candidates[0]["id"]), by=None, now=NOW)
    assert [each[2] for each in kept(ventures[0])] == [Decimal(3_500_000)]
    run = rounds(HEAD + "听雨公司,A轮,2015-06-01,未披露,,\n")
    flow.answer(imports.rows(run, "question").get(), str(Funding.objects.get().pk), by=None, now=NOW)
    assert [each[2] for each in kept(ventures[0])] == [Decimal(3_500_000)], "unknown now does not unsay what was known"


def test_rows_with_numbers_of_their_own_are_two_sums_and_shares_of_two_investors_are_asked_about(ventures):
    head = "编号," + HEAD
    rows = "R1,听雨公司,A轮,2015-06-01,300万元,,金柳创投\nR2,听雨公司,A轮,2015-06-01,300万元,,青石资本\n"
    assert rounds(head + rows).counts == {"created": 2}
    assert rounds(head + rows).counts == {"unchanged": 2}
    run = rounds(HEAD + "听风团队,A轮,2015,100万元,,金柳创投\n听风团队,A轮,2015,100万元,,青石资本\n")
    assert run.counts == {"created": 1, "question": 1} and len(kept(ventures[1])) == 1


def test_the_sums_of_a_real_list_are_all_kept_whatever_is_unknown_of_them():
    """Of the rows of ventures that name several sums a list of sums is made: no round, no day, many alike."""
    rows = list(csv.DictReader(io.StringIO(real("yc_2005_2014_startups.csv").read_text(encoding="utf-8-sig"))))[:120]
    sums = Counter()
    for row in rows:
        stated = re.split(r", (?=\$|undisclosed)", row["Amounts raised in different funding rounds"])
        sums.update((row["Company"].strip(), each) for each in stated if each.strip())
    names = dict.fromkeys(name for name, _sum in sums)
    actions.register_many([VentureDraft(name) for name in names], now=NOW)
    out = io.StringIO()
    csv.writer(out).writerows([("company", "money raised"), *sums.elements()])
    run = rounds(out.getvalue())
    twice = sum(sums.values()) - len(sums)
    assert run.counts == {"created": len(sums), "unchanged": twice} and twice > 5
    assert all(row.problems[0]["code"] == "same_row" for row in imports.rows(run, "unchanged"))
    assert rounds(out.getvalue()).counts == {"unchanged": sum(sums.values())}
    assert Funding.objects.count() == len(sums) and not Funding.objects.filter(amount=0).exists()


def test_a_sum_added_to_the_cell_of_a_venture_is_one_sum_more():
    text = "企业名称,融资额\n听雨团队,{}\n"
    take(bring(text.format('"$1200000, undisclosed amount"'), target="ventures"))
    run = take(bring(text.format('"$1200000, undisclosed amount, $1200000"'), target="ventures"))
    assert run.counts == {"updated": 1}
    assert list(Funding.objects.order_by("pk").values_list("amount", flat=True)) == [1_200_000, None, 1_200_000]
