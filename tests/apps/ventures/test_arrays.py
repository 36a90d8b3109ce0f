"""The chain kept in a process: after moves it must be what reading everything anew gives."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from hatchline.apps.bodies.models import ClassCode, Classification
from hatchline.apps.ventures import actions, queries
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.apps.ventures.queries import arrays, flows
from hatchline.core.chain.presence import OPEN, OUTSIDE, flow
from hatchline.core.chain.survival import curve
from hatchline.core.values.refusal import Refused
from tests.apps.ventures.conftest import DONE, TODAY, TOLD, on, place, stay, team

STAGES, ANSWERS = ["nursery", "incubation", "park"], ["keep_first", "both"]


def rows(chain: queries.Chain) -> list[tuple[int, ...]]:
    """A chain as comparable rows."""
    stays = chain.stays
    columns = (
        stays.venture, stays.stage, stays.starts, stays.ends, stays.known_end, stays.graduated,
        *chain.columns,
    )  # fmt: skip
    return sorted(tuple(int(each) for each in row) for row in zip(*columns, strict=True))


def moves(dice: random.Random, places: list, known: list[Venture]):
    """One verb of the chain, at random; some are refused."""
    one, other = dice.choice(known), dice.choice(known)
    starts = date(2012, 1, 1) + timedelta(days=dice.randrange(1200))
    going_on = Stay.objects.filter(venture=one, end_state="open").first()
    last = Stay.objects.filter(venture=one).last()
    question = Question.objects.filter(status="open").exclude(kind="duplicate").first()
    offer = last and last.handovers.last()
    verbs = [
        lambda: known.append(team(f"团队{len(known)}", founded="2011")),
        lambda: stay(one, dice.choice(places), starts.isoformat(), stage=dice.choice(STAGES)),
        lambda: stay(one, dice.choice(places), starts.isoformat(), (starts + timedelta(days=400)).isoformat()),
        lambda: stay(one, dice.choice(places), starts.isoformat(), "?", evidence=starts + timedelta(days=90)),
        lambda: stay(one, dice.choice(places), str(starts.year), "?", stage=dice.choice(STAGES)),
        lambda: going_on and actions.graduate(going_on, on=on("2016-03"), **TOLD),
        lambda: going_on and actions.leave(going_on, on=on("2016-05-01"), reason="搬走", **TOLD),
        lambda: last and actions.set_aside(last, reason="联合实验室", **DONE),
        lambda: last and actions.count(last, **DONE),
        lambda: last and actions.dispute(last, reason="不在这里", **DONE),
        lambda: last and actions.uphold(last, reason="核对属实", **DONE),
        lambda: last and actions.withdraw(last, reason="登记错了", **DONE),
        lambda: one != other and actions.merge(one, other, reason="同一家", **TOLD),
        lambda: actions.cease(one, on=on("2016-06-01"), reason="注销", **TOLD),
        lambda: question and actions.settle(question, resolution=dice.choice(ANSWERS), note="核对", **TOLD),
        lambda: going_on and actions.offer(going_on, institution=places[2].pk, stage="park", asked=["profile"], **TOLD),
        lambda: offer and actions.consent(offer, categories=["profile"], **DONE),
        lambda: offer and actions.accept(offer, **TOLD),
        lambda: offer and actions.complete(offer, on=date(2016, 7, 1), **TOLD),
    ]  # fmt: skip
    return dice.choice(verbs)


def lost_is_what_the_lists_say(chain: queries.Chain, places: list) -> None:
    """The ventures of whom nobody knows whether they left, in the whole and in a part, are those of the lists."""
    days = [date(2013, 6, 30), date(2014, 12, 31), date(2016, 12, 31)]
    for part, found in ((None, chain), (flows.Part([places[0].pk]), chain.of([places[0].pk]))):
        table, lost = flow(found.stays, days), queries.lost(found, days)
        for step, (first, last) in enumerate(pairwise(days)):
            before = flows.there(Venture.objects.all(), "any", first, part)
            assert lost[step].sum() == flows.there(before, flows.UNSURE, last, part).count()
            assert table[step, :, OUTSIDE].sum() - lost[step].sum() == flows.there(before, "gone", last, part).count()


@pytest.mark.django_db
def test_an_unknown_end_is_no_departure_until_it_surely_is_one():
    here, there = place("甲孵化器"), place("乙孵化器")
    keys = [team(name, founded="2010") for name in ("失联", "离开", "别处", "终止")]
    ends = [date(2015, 12, 31), date(2016, 12, 31)]
    for each in keys:
        known = each is keys[1]
        stay(each, here, "2014-01-01", "2016-03-01" if known else "?", evidence=None if known else date(2016, 6, 30))
    stay(keys[2], there, "2016-08-01", "2016-10-01")
    actions.cease(keys[3], on=on("2016-09-01"), reason="注销", **TOLD)
    chain = queries.chain()
    assert flow(chain.stays, ends)[0, 1, OUTSIDE] == 4 and queries.lost(chain, ends).tolist() == [[0, 1, 0, 0]]
    was = flows.there(Venture.objects.all(), "any", ends[0])
    assert [each.pk for each in flows.there(was, flows.UNSURE, ends[1])] == [keys[0].pk]
    assert flows.there(was, "gone", ends[1]).count() == 3


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.django_db(transaction=True)
def test_after_random_verbs_it_is_what_is_read_anew(seed, monkeypatch):
    dice = random.Random(seed)
    places = [place("甲孵化器"), place("乙孵化器"), place("丙产业园")]
    known = [team(f"团队{number}", founded="2011") for number in range(4)]
    arrays._kept.clear()
    queries.present_chain()
    whole, read = [], arrays._read
    monkeypatch.setattr(arrays, "_read", lambda ventures=None: whole.append(ventures is None) or read(ventures))
    done = 0
    for step in range(150):
        try:
            done += bool(moves(dice, places, known)())
        except Refused:
            continue
        if step % 2:
            before = len(whole)
            kept = queries.present_chain()
            assert not any(whole[before:]), "it was read anew as a whole"
            assert rows(kept) == rows(queries.chain())
            assert kept.unsure == queries.chain().unsure
            lost_is_what_the_lists_say(kept, places)
    assert done > 15 and rows(queries.present_chain())


@pytest.mark.django_db
def test_days_fields_and_ends_are_read_as_they_were_written():
    here = place("甲孵化器")
    first, second, third = team("甲", founded="1999"), team("乙", founded="2010"), team("丙", founded="2010")
    edition = Classification.objects.create(code="fields", name="技术领域", family="fields", edition="1")
    code = ClassCode.objects.create(classification=edition, code="01", name="电子信息", level=1)
    Venture.objects.filter(pk=second.pk).update(field=code)
    stay(first, here, "2011-12-31", "2012-02-29", outcome="left")
    stay(second, here, "2012", "2014-03", outcome="graduated")
    stay(third, here, "2013-05-01")
    chain = queries.chain()
    stays = chain.stays
    assert stays.venture.tolist() == [first.pk, second.pk, third.pk]
    assert chain.field.tolist() == [0, code.pk, 0] and set(chain.institution.tolist()) == {here.pk}
    assert [date.fromordinal(each).isoformat() for each in stays.starts] == ["2011-12-31", "2012-12-31", "2013-05-01"]
    assert [date.fromordinal(each).isoformat() for each in stays.ends[:2]] == ["2012-02-29", "2014-03-01"]
    assert stays.ends[2] == OPEN and stays.known_end.tolist() == [True, True, False]
    assert [date.fromordinal(each).isoformat() for each in chain.begun] == ["2011-12-31", "2012-07-01", "2013-05-01"]
    assert chain.finished.tolist() == [0, date(2014, 3, 16).toordinal(), 0]
    assert chain.last.tolist() == [date(2012, 2, 29).toordinal(), date(2014, 3, 31).toordinal(), 0]


@pytest.mark.django_db
def test_without_a_stay_every_column_is_empty():
    team()
    chain = queries.chain()
    assert len(chain.stays) == 0 and chain.unsure == 0 and all(len(each) == 0 for each in chain.columns)


@pytest.mark.django_db(transaction=True)
def test_what_does_not_touch_a_stay_reads_nothing_and_asks_once(django_assert_num_queries):
    stay(team(), place("甲孵化器"), "2014-01-01")
    kept = queries.present_chain()
    with django_assert_num_queries(1):
        assert queries.present_chain() is kept
    place("乙孵化器")
    assert queries.present_chain().stays.venture.tolist() == kept.stays.venture.tolist()


@pytest.mark.django_db(transaction=True)
def test_a_move_committed_late_is_seen():
    there = stay(team(), place("甲孵化器"), "2014-01-01")
    queries.present_chain()
    name, found = next(iter(arrays._kept.items()))
    # as if the last move had not been committed when the rows were read, and one after it had
    early = frozenset(move for move in found.tail if move[0] != found.head)
    arrays._kept[name] = arrays._Kept(found.head, early, found.chain, found.unsure)
    Stay.objects.filter(pk=there.pk).update(counts=False, not_counting_reason="联合实验室")
    assert len(queries.present_chain().stays) == 0


@pytest.mark.django_db(transaction=True)
def test_an_unknown_move_of_ventures_reads_everything():
    venture = team()
    stay(venture, place("甲孵化器"), "2014-01-01")
    queries.present_chain()
    assert arrays._touched(_moves("titles.title")) == set()
    assert arrays._touched(_moves("ventures.something")) is None
    assert arrays._touched(_moves("imports.row")) is None


def _moves(kind: str):
    class Moves:
        @staticmethod
        def values_list(*_columns):
            return [(kind, "1")]

    return Moves


@pytest.mark.django_db
def test_time_to_graduate_in_any_order_of_the_rows():
    here, there = place("甲孵化器"), place("乙孵化器")
    for number in range(12):
        venture = team(f"团队{number}", founded="2010")
        first = stay(venture, here, f"2012-0{number % 9 + 1}-01", f"2013-0{number % 9 + 1}-01")
        if number % 2:
            again = stay(venture, there, "2014-01-01")
            if number % 3:
                actions.graduate(again, on=on(f"2015-0{number % 9 + 1}-15"), **TOLD)
        assert first.status == "confirmed"
    chain = queries.chain()
    assert (np.diff(chain.stays.venture) >= 0).all()
    turned = chain.where(np.arange(len(chain.stays))[::-1])
    one, other = (queries.durations(each, TODAY) for each in (chain, turned))
    assert [each.tolist() for each in one[:2]] == [each.tolist() for each in other[:2]]
    assert one[2] == other[2] == 0
    assert len(one[0]) == 12 and one[1].sum() == 4
    assert curve(*one[:2]).censored == 8
    assert queries.durations(chain.where(np.zeros(len(chain.stays), dtype=bool)), TODAY)[2] == 0
