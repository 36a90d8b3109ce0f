"""Documents as immutable rows, drafts that another publishes, confirmed figures, pins that come to the same again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from hatchline import rulebook
from hatchline.apps.guards import Violated, watch
from hatchline.apps.people import actions as people
from hatchline.apps.rulebooks import actions, canonical, judging, queries
from hatchline.apps.rulebooks.models import Draft, Edition, Evaluation, FactSet
from hatchline.core.rules.check import resolved
from hatchline.core.rules.documents import KINDS, Mark
from hatchline.core.values.refusal import Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def library():
    words, texts = rulebook.sources()
    actions.take_in(words[1], [text for _path, text in texts], now=NOW)
    return words[1], [text for _path, text in texts]


@pytest.fixture
def lin():
    return people.register("林晓岚", by=None, now=NOW)


@pytest.fixture
def wang():
    return people.register("王建国", by=None, now=NOW)


def own_document(text: str, *, name: str = "cy-2026-district", begins: str = "2026-05-01") -> str:
    """The packaged sample as a document of the district."""
    made = text.replace("id: sample-district", f"id: {name}").replace("series: sample-district", f"series: {name}")
    return made.replace("from: 2014-12-23", f"from: {begins}").replace("as_of: 20", "as_of: 20")


@pytest.fixture
def text(library):
    return own_document(next(each for each in library[1] if each.startswith("id: sample-district")))


def code_of(refused) -> str:
    return refused.value.refusal.code


def test_packaged_documents_come_in_once_and_a_changed_text_stands_beside_the_old(library):
    words, texts = library
    assert queries.editions().count() == len(texts)
    assert actions.take_in(words, texts, now=NOW) == (0, len(texts))
    changed = [text + "\n# a word more\n" for text in texts[:1]]
    assert actions.take_in(words, changed, now=NOW) == (1, 0)
    name = queries.editions().order_by("-pk").first().name
    assert [each.replaced_at is None for each in queries.history(name)] == [True, False]


def test_an_edition_cannot_be_changed(library):
    with pytest.raises((Violated, IntegrityError)), transaction.atomic():
        Edition.objects.filter(name="most-2018-300").update(text="id: other")
    with pytest.raises((Violated, IntegrityError)), transaction.atomic():
        Edition.objects.filter(name="most-2018-300").delete()


def test_every_edition_reads_as_the_package_does(library):
    for each in queries.editions():
        assert queries.document(each).digest == rulebook.library().get(each.name).digest


def test_another_official_publishes_what_one_has_drafted(library, lin, wang, text):
    draft = actions.draft(text=text, reason="区级认定条件", by=lin, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.publish(draft, version=draft.version, by=lin, now=NOW, today=TODAY, aware=True)
    assert code_of(refused) == "own_draft"
    edition = actions.publish(draft, version=draft.version, by=wang, now=NOW, today=TODAY, aware=True)
    assert edition.origin == "district" and edition.text == text
    assert queries.in_force(edition.series, date(2026, 5, 1)).name == edition.name
    assert queries.in_force(edition.series, date(2026, 4, 30)) is None
    draft.refresh_from_db()
    assert (draft.status, draft.published_by) == ("published", wang)
    with pytest.raises((Violated, IntegrityError)), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(text="")


def test_the_database_itself_refuses_a_draft_published_by_its_drafter(library, lin, text):
    draft = actions.draft(text=text, reason="区级认定条件", by=lin, now=NOW)
    edition = queries.editions().first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(published_by=lin, status="published", edition=edition)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("requires: controlled_area >= min_area", "requires: controlled_area >= min_mentors"), "faulty"),
        (("mark: sample, zh: 场地面积", "mark: sample, zh: [场地面积"), "faulty"),
        (("from: 2026-05-01", "from: 2026-02-01"), "begins_before"),
    ],
)
def test_a_faulty_draft_is_kept_but_not_published(library, lin, wang, text, change, code):
    assert change[0] in text
    draft = actions.draft(text=text.replace(*change), reason="试", by=lin, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.publish(draft, version=draft.version, by=wang, now=NOW, today=TODAY, aware=True)
    assert code_of(refused) in {code, "other_name"}
    assert Draft.objects.get(pk=draft.pk).status == "drafted"


def test_two_who_change_one_draft_do_not_write_over_each_other(library, lin, wang, text):
    draft = actions.draft(text=text, reason="试", by=lin, now=NOW)
    actions.amend(draft, text=text + "\n", reason="试", version=1, by=wang, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.amend(draft, text=text, reason="试", version=1, by=lin, now=NOW)
    assert code_of(refused) == "overtaken"


def test_a_confirmed_figure_carries_its_mark_and_its_source(library, lin):
    edition = queries.edition("most-2010-680")
    weak = next(name for name, each in queries.document(edition).parameters.items() if not each.mark.is_firm)
    with pytest.raises(Refused) as refused:
        actions.confirm(edition, parameter=weak, source=" ", by=lin, now=NOW)
    assert code_of(refused) == "no_source"
    actions.confirm(edition, parameter=weak, source="科技部公报 2010 年第 12 号，已对照原件", by=lin, now=NOW)
    assert queries.document(edition).parameters[weak].mark is Mark.CONFIRMED
    with pytest.raises(Refused) as refused:
        actions.confirm(edition, parameter=weak, source="再次", by=lin, now=NOW)
    assert code_of(refused) == "confirmed"


def pinnable(name: str) -> tuple[Edition, dict, date]:
    """An edition with the facts of its first case, as a gatherer hands them over."""
    edition = queries.edition(name)
    case = queries.document(edition).cases[0]
    facts, members = resolved(case)
    rows = [{"key": str(place), "facts": dict(member)} for place, member in enumerate(members)]
    sources = {key: {"text": "登记簿", "on": "2020-01-01", "link": "/console/"} for key in facts}
    return edition, {"facts": facts, "members": rows, "sources": sources}, case.as_of


def pin(edition, facts, day, person):
    return actions.pin(
        edition, subject_kind="institutions.institution", subject_id=7, as_of=day, known_at=NOW, facts=facts,
        purpose="区级认定", by=person, now=NOW,
    )  # fmt: skip


def test_nothing_official_rests_on_a_figure_nobody_confirmed(library, lin):
    with pytest.raises(Refused) as refused:
        pin(*pinnable("sample-district"), lin)
    assert code_of(refused) == "not_firm"
    assert not FactSet.objects.exists()


@pytest.fixture
def firm(library, lin):
    """An edition whose every figure and sentence was read."""
    for each in queries.editions():
        made = queries.document(each)
        marks = [part.mark for part in (*made.parameters.values(), *made.criteria.values(), *made.definitions.values())]
        if made.cases and all(mark.is_firm for mark in marks):
            return each.name
    pytest.fail("no packaged document rests on figures that were read alone")


def test_a_pin_keeps_its_facts_by_value_and_comes_to_the_same_again(library, lin, firm):
    edition, facts, day = pinnable(firm)
    made = pin(edition, facts, day, lin)
    again = pin(edition, facts, day, lin)
    assert made.facts_id == again.facts_id and FactSet.objects.count() == 1
    assert judging.recompute(made).agrees
    with pytest.raises((Violated, IntegrityError)), transaction.atomic():
        Evaluation.objects.filter(pk=made.pk).update(verdict="met")


def test_a_pin_stays_true_after_the_document_was_replaced(library, lin, firm):
    edition, facts, day = pinnable(firm)
    made = pin(edition, facts, day, lin)
    words, texts = library
    old = next(each for each in texts if each == edition.text)
    actions.take_in(words, [old + "\n# corrected\n"], now=NOW)
    assert queries.edition(firm).pk != edition.pk
    assert judging.recompute(queries.evaluation(made.pk)).agrees


def test_a_tampered_result_does_not_agree(library, lin, firm):
    edition, facts, day = pinnable(firm)
    made = pin(edition, facts, day, lin)
    made.result = made.result.replace('"met"', '"not_met"', 1) if '"met"' in made.result else made.result + " "
    assert not judging.recompute(made).agrees


def test_canonical_json_has_one_form_and_refuses_what_has_none():
    assert canonical.written({"b": 1, "a": [None, True, "孵"]}) == '{"a":[null,true,"孵"],"b":1}'
    assert canonical.written({"a": 1, "b": 2}) == canonical.written({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        canonical.written({"a": 0.1})


def test_an_official_confirms_conditions_definitions_and_variants_as_figures(library, lin):
    edition = queries.edition("most-2017-115")
    made = queries.document(edition)
    unsure = [f"criterion:{name}" for name, each in made.criteria.items() if not each.mark.is_firm]
    assert unsure, "a document with recalled conditions"
    for key in unsure:
        kept = actions.confirm(edition, parameter=key, source="国科发政〔2017〕115号原文，科技部网站", by=lin, now=NOW)
        assert kept.confirmed_by == lin
    again = queries.document(edition)
    assert all(each.mark.is_firm for each in again.criteria.values())
    assert queries.document(edition, {}).criteria == made.criteria  # the packaged text stays as it was
    with pytest.raises(Refused) as refused:
        actions.confirm(edition, parameter=unsure[0], source="再看一次", by=lin, now=NOW)
    assert code_of(refused) == "confirmed"
    for name in ("criterion:nothing", "gaps:1", "criterion:"):
        with pytest.raises(Refused) as refused:
            actions.confirm(edition, parameter=name, source="原文", by=lin, now=NOW)
        assert code_of(refused) == "no_such_parameter"


def test_of_a_confirmed_variant_its_own_figures_are_confirmed_too(library, lin):
    edition = next(each for each in queries.editions() if queries.document(each).variants)
    name = next(iter(queries.document(edition).variants))
    actions.confirm(edition, parameter=f"variant:{name}", source="原文", by=lin, now=NOW)
    variant = queries.document(edition).variants[name]
    assert {variant.mark, *(each.mark for each in variant.values.values())} == {Mark.CONFIRMED}


def test_a_document_of_recalled_conditions_is_pinned_once_all_it_rests_on_is_confirmed(library, lin):
    edition, facts, day = pinnable("most-2017-115")
    with pytest.raises(Refused) as refused:
        pin(edition, facts, day, lin)
    assert code_of(refused) == "not_firm"
    made = queries.document(edition)
    keys = [
        *made.parameters,
        *(f"{kind}:{name}" for kind, listed in KINDS.items() for name in getattr(made, listed)),
    ]
    for key in keys:
        actions.confirm(edition, parameter=key, source="原文，科技部网站", by=lin, now=NOW)
    kept = pin(edition, facts, day, lin)
    assert kept.mark == Mark.CONFIRMED and judging.recompute(kept).is_literal
    assert set(kept.confirmed) == set(keys)


@pytest.mark.parametrize("lacking", [{"facts_id": None}, {"result": ""}, {"verdict": ""}])
def test_there_is_no_evaluation_without_its_facts_and_its_result(library, lin, firm, lacking):
    made = pin(*pinnable(firm), lin)
    row = {field.attname: getattr(made, field.attname) for field in Evaluation._meta.fields if not field.primary_key}
    row |= lacking
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(**row)
    assert Evaluation.objects.count() == 1
    assert not watch.missing(connection)  # the table was made anew by a migration, its guards with it
