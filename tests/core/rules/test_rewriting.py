"""Other values in the text of a document, and what changed between two."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline import rulebook
from hatchline.core.rules import casework, rewriting, whatif
from hatchline.core.rules.changes import changes
from hatchline.core.rules.load import load_document
from hatchline.core.rules.problems import InvalidRule

LIBRARY = rulebook.library()
TEXTS = dict(rulebook.sources()[1])
NAMES = sorted(LIBRARY.documents)


def text_of(name: str) -> str:
    return TEXTS[LIBRARY.get(name).path]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_every_document_can_be_put_otherwise(name):
    before = LIBRARY.get(name)
    wanted = {key: each.values[-1][1].scaled(2) for key, each in whatif.declared(before).items()}
    made = load_document(rewriting.with_figures(text_of(name), wanted), LIBRARY.vocabulary)
    for key, each in whatif.declared(made).items():
        assert each.values[-1][1].amount == wanted[key].amount
        assert each.values[:-1] == whatif.declared(before)[key].values[:-1]
        assert each.mark == "recalled" and each.article == "unconfirmed"


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_begins_anew_and_is_otherwise_the_same(name):
    copy = rewriting.copied(text_of(name), name="cy-own", number='朝"1"号: [草]', in_force=date(2018, 1, 1))
    made, before = load_document(copy, LIBRARY.vocabulary), LIBRARY.get(name)
    assert (made.name, made.series, made.number) == ("cy-own", "cy-own", '朝"1"号: [草]')
    assert (made.in_force, made.until, made.dates_mark) == (date(2018, 1, 1), None, "recalled")
    assert list(made.criteria) == list(before.criteria) and len(made.cases) == len(before.cases)
    assert copy.count("\n") == text_of(name).count("\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_that_somebody_issues_is_theirs_and_no_sample(name):
    copy = rewriting.copied(
        text_of(name), name="cy-own", number="x", in_force=date(2018, 1, 1), issuer=("朝阳区科委", "Chaoyang")
    )
    made = load_document(copy, LIBRARY.vocabulary)
    assert (made.issuer.zh, made.issuer.en, made.is_sample) == ("朝阳区科委", "Chaoyang", False)


def test_everything_around_a_figure_stays_where_it_was():
    text = "parameters:\n  # why so much\n  a: {value: 10 家, mark: read, article: 第一条}  # stays\n"
    found = rewriting.put(text, {("parameters", "a", "value"): "12 家"})
    assert found == text.replace("10 家", "12 家")


def test_a_place_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        rewriting.put("a: {b: 1}\n", {("a", "c"): "2"})
    with pytest.raises(InvalidRule):
        rewriting.put("a: [1\n", {("a",): "2"})


def test_from_2010_to_2018_figures_and_criteria_changed():
    told = changes(LIBRARY.get("most-2010-680"), LIBRARY.get("most-2018-300"))
    area = next(each for each in told.parameters if each.label.zh == "可自主支配场地面积")
    assert (area.kind, area.before.zh, area.after.zh) == ("changed", "20,000 平方米", "10,000 平方米")
    kinds = {each.kind for each in told.criteria}
    assert {"new", "gone", "changed"} <= kinds
    assert all((each.before is None) == (each.kind == "new") for each in told.criteria)
    assert all((each.after is None) == (each.kind == "gone") for each in told.criteria)


def test_a_document_does_not_differ_from_itself():
    for name in NAMES:
        told = changes(LIBRARY.get(name), LIBRARY.get(name))
        assert told.number == 0 and len(told.criteria) == len(LIBRARY.get(name).criteria)


@pytest.mark.parametrize("name", NAMES)
def test_every_case_is_found_where_the_document_has_it_and_put_back_as_it_was(name):
    text, made = text_of(name), LIBRARY.get(name)
    listed = casework.cases(text)
    assert [(each.line, each.column) for each in listed] == [(each.at.line, each.at.column) for each in made.cases]
    assert all(each.of is None or listed[each.of - 1].of is None for each in listed)
    same = casework.changed(text, {field.path: field.value for each in listed for field in each.fields})
    again = load_document(same, LIBRARY.vocabulary)
    assert [each.facts for each in again.cases] == [each.facts for each in made.cases]
    assert [each.expected for each in again.cases] == [each.expected for each in made.cases]
    assert [each.groups for each in again.cases] == [each.groups for each in made.cases]


def test_a_sample_that_somebody_issues_says_nowhere_that_it_is_one():
    copy = rewriting.copied(
        text_of("sample-district"), name="cy", number="朝科〔2018〕1号", in_force=date(2018, 1, 1),
        issuer=("朝阳区科委", "Chaoyang"), title=("认定办法", "Measures"),
    )  # fmt: skip
    made = load_document(copy, LIBRARY.vocabulary)
    assert (made.title.zh, made.title.en) == ("认定办法", "Measures")
    assert "示例" not in copy and "sample" not in copy.replace("sample: false", "")
