"""Which records meet under a key, and that those told apart are not asked about again."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.search import actions, queries
from hatchline.apps.search.models import Apart, Key
from hatchline.core.values.refusal import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2017, 7, 18, 1, tzinfo=UTC)
KIND = "ventures.venture"


def put(*rows: actions.Row) -> None:
    actions.index_many(KIND, rows, compared=True)


def met() -> list[tuple[int, int]]:
    return [(pair.one, pair.other) for pair in queries.pairs(KIND)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京听雨科技有限公司", "听雨科技"),
        ("听雨科技（北京）有限公司", "北京听雨科技有限责任公司"),
        ("听雨科技(北京)有限公司", "听雨科技（北京）有限公司"),
        ("ＴＩＮＧＹＵ Technology Co., Ltd.", "tingyu technology"),
        ("听雨科技创业团队", "北京市听雨科技股份有限公司"),
    ],
)
def test_variants_of_a_name_meet(one, other):
    put(actions.Row(1, [one]), actions.Row(2, [other]), actions.Row(3, ["望京启元"]))
    assert met() == [(1, 2)]


def test_names_that_share_only_a_place_or_an_ending_do_not_meet():
    put(actions.Row(1, ["北京科技有限公司"]), actions.Row(2, ["上海科技有限公司"]), actions.Row(3, ["北京有限公司"]))
    assert met() == []


def test_a_website_is_a_sign_unless_it_is_a_platforms():
    put(*(actions.Row(pk, [f"第{pk}家公司"], website="https://www.platform.cn/x") for pk in range(1, 6)))
    assert met() == []
    put(actions.Row(8, ["听雨"], website="http://tingyu.cn"), actions.Row(9, ["观云"], website="www.tingyu.cn/about"))
    [pair] = queries.pairs(KIND)
    assert (pair.one, pair.other, pair.sorts, pair.keys) == (8, 9, ("site",), ("tingyu.cn",))


def test_a_row_that_is_renamed_or_forgotten_meets_no_more():
    put(actions.Row(1, ["听雨科技"]), actions.Row(2, ["听雨科技"]))
    assert met() == [(1, 2)]
    put(actions.Row(2, ["观云科技"]))
    assert met() == []
    put(actions.Row(2, ["观云科技", "听雨科技"]))
    assert met() == [(1, 2)]
    actions.forget(KIND, 2)
    assert met() == [] and not Key.objects.filter(subject=2).exists()


def test_kinds_are_kept_apart():
    put(actions.Row(1, ["听雨科技"]))
    actions.index_many("bodies.organisation", [actions.Row(2, ["听雨科技"])], compared=True)
    actions.index_many(KIND, [actions.Row(3, ["听雨科技"])])
    assert met() == []


def test_those_told_apart_are_not_asked_about_until_it_is_taken_back():
    put(actions.Row(1, ["听雨科技"]), actions.Row(2, ["听雨科技"]))
    with pytest.raises(Refused) as refused:
        actions.tell_apart(KIND, 2, 1, note=" ", by=None, now=NOW)
    assert refused.value.refusal.code == "no_reason" and met() == [(1, 2)]
    made = actions.tell_apart(KIND, 2, 1, note="两家的法定代表人不同", by=None, now=NOW)
    assert (made.one, made.other) == (1, 2)
    assert met() == [] and queries.alike(KIND, 1) == []
    assert actions.tell_apart(KIND, 1, 2, note="再说一次", by=None, now=NOW).pk == made.pk
    actions.take_back(made, by=None, now=NOW)
    assert met() == [(1, 2)] and len(queries.alike(KIND, 2)) == 1
    actions.tell_apart(KIND, 1, 2, note="查过执照", by=None, now=NOW)
    assert Apart.objects.get().note == "查过执照" and met() == []
    events = [entry.event for entry in ledger.history("search.apart", made.pk)]
    assert events == ["search.apart.told", "search.apart.taken_back", "search.apart.told"]


@pytest.mark.parametrize(("verb", "code"), [("tell", "not_your_role"), ("same", "same_record")])
def test_who_may_not_and_what_may_not_be_told_apart(verb, code):
    role, other = ("auditor", 2) if verb == "tell" else ("official", 1)
    with pytest.raises(Refused) as refused:
        actions.tell_apart(KIND, 1, other, note="依据", by=None, now=NOW, role_kind=role)
    assert refused.value.refusal.code == code and not Apart.objects.exists()


def test_as_many_questions_for_many_pairs_as_for_one():
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.pairs(KIND)
        return len(asked)

    put(actions.Row(1, ["听雨科技"], website="a.cn"), actions.Row(2, ["听雨科技"], website="a.cn"))
    before = cost()
    put(*(actions.Row(pk, [f"第{pk // 2}家公司"], website=f"w{pk // 2}.cn") for pk in range(10, 200)))
    assert cost() == before and len(met()) == 96
