"""One case of a draft: its facts and the verdicts it should come to, put right without touching the YAML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hatchline.apps.rulebooks import policy, queries
from hatchline.core.rules import casework
from hatchline.core.rules.casework import CaseText, Field
from hatchline.core.rules.problems import InvalidRule, Problem
from hatchline.core.rules.texts import VERDICTS
from hatchline.core.rules.vocabulary import FactDeclaration, UnreadableFact, Vocabulary
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys import rules
from hatchline.sites import access
from hatchline.sites.console import records
from hatchline.sites.library import reading

if TYPE_CHECKING:
    from hatchline.apps.rulebooks.models import Draft


class CaseForm(forms.Form):
    """The values of a case as they stand in the text: f0, f1, … An empty fact is unknown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        case: CaseText,
        words: Vocabulary,
        subject: str,
        found: dict[str, str],
        criteria: Mapping[str, str],
        groups: list[str],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.case, self.words, self.subject, self.criteria, self.groups = case, words, subject, criteria, groups
        for at, each in enumerate(case.fields):
            self.fields[f"f{at}"] = self._made(each, found)

    def _made(self, each: Field, found: dict[str, str]) -> forms.Field:
        if each.kind == "expect":
            now = found.get(each.name, "")
            criterion = f"{each.name} {self.criteria.get(each.name, '')}".strip()
            return forms.ChoiceField(
                label=_("%(criterion)s 应为") % {"criterion": _("结论") if each.name == "overall" else criterion},
                choices=[(code, word.get(reading.language())) for code, word in VERDICTS.items()],
                help_text=_("算出来是“%(found)s”。") % {"found": VERDICTS[now].get(reading.language())} if now else "",
            )
        if each.kind == "times":
            return forms.IntegerField(
                label=_("企业数（家），%(group)s") % {"group": self._group(each)}, min_value=0, max_value=100_000
            )
        if each.kind == "day":
            return forms.DateField(label=_("评价日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        fact = self.words.facts.get(each.name.partition("@")[0])
        year = each.name.partition("@")[2]
        told = (fact.label(reading.language()) if fact else each.name) + (f" {year}" if year else "")
        unit = shown_unit(fact, reading.language())
        if unit:
            told = _("%(fact)s（%(unit)s）") % {"fact": told, "unit": unit}
        if each.group:
            told = _("%(fact)s，%(group)s") % {"fact": told, "group": self._group(each)}
        hint = _("留空是未知。")
        if fact and (choices := self._choices(fact, each.value)):
            return forms.ChoiceField(label=told, required=False, choices=choices)
        if self._fact(each) is None:
            hint = _("词汇表里没有 %(name)s（名称或年份不对）。请到草稿正文里改名，别的各项可以先改。")
            hint %= {"name": each.name}
        return forms.CharField(label=told, required=False, max_length=80, help_text=hint)

    def _group(self, each: Field) -> str:
        """A group of ventures by its number among those of the case: its name in the text is a word of the file."""
        return _("第 %(number)s 组企业") % {"number": self.groups.index(each.group) + 1}

    def _choices(self, fact: FactDeclaration, written: str) -> list[tuple[str, str]]:
        """The values a fact can have where they are few, as the text writes them; none where it writes otherwise."""
        language = reading.language()
        found = [(code, en if language == "en" else zh) for code, zh, en in fact.choices]
        if fact.kind == "truth":
            found = [("true", _("是")), ("false", _("否"))]
        if not found or written not in ("", *(code for code, _word in found)):
            return []
        return [("", _("未知")), *found]

    def _fact(self, each: Field) -> FactDeclaration | None:
        """What the vocabulary knows under this name; None where it knows nothing, so that no value can be judged."""
        try:
            return self.words.column(each.name, "venture" if each.group or self.subject == "venture" else "institution")
        except UnreadableFact:
            return None

    def clean(self) -> dict[str, Any]:
        """Facts that can be read, each told beside its field otherwise."""
        given = super().clean() or {}
        for at, each in enumerate(self.case.fields):
            if each.kind != "fact" or not given.get(f"f{at}"):
                continue
            try:
                if fact := self._fact(each):
                    fact.encode(given[f"f{at}"])
            except UnreadableFact as error:
                why = error.said.get(reading.language())
                self.add_error(
                    f"f{at}", _("%(why)s。写成如 900 平方米、3 人、2016-06-30、true 或 false。") % {"why": why}
                )
        return given

    def values(self, given: dict[str, Any]) -> dict[Any, str]:
        """By their places in the text, those that were changed."""
        found = {}
        for at, each in enumerate(self.case.fields):
            value = given[f"f{at}"]
            text = value.isoformat() if isinstance(value, dt.date) else str("" if value is None else value).strip()
            if text != each.value:
                found[each.path] = text
        return found


def shown_unit(fact: FactDeclaration | None, language: str) -> str:
    """The unit of a number, as a reader sees it; "" for what has none."""
    if fact is None or fact.kind != "number":
        return ""
    return fact.unit.en if language == "en" else fact.unit.zh


def numbers(text: str) -> dict[tuple[int, int], int]:
    """The number of the case that begins at a line and a column."""
    try:
        return {(each.line, each.column): each.number for each in casework.cases(text)}
    except InvalidRule:
        return {}


@access.may("rules.draft")
def page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What does this case know, and what should come out?"""
    draft = queries.drafts().filter(pk=pk).first()
    if draft is None:
        raise Http404
    try:
        listed = casework.cases(draft.text)
    except InvalidRule:
        raise Http404 from None
    case = next((each for each in listed if each.number == number), None)
    if case is None:
        raise Http404
    made, problems = policy.faults(draft.text, queries.present_vocabulary())
    initial: dict[str, Any] = {f"f{at}": each.value for at, each in enumerate(case.fields)} | {"version": draft.version}
    form = records.opened(
        request, CaseForm, initial, case=case, words=queries.present_vocabulary(),
        subject=made.subject if made else "venture" if "\nsubject: venture" in draft.text else "institution",
        found=_found(problems, case), groups=_groups(listed, case),
        criteria={name: each.label.get(reading.language()) for name, each in made.criteria.items()} if made else {},
    )  # fmt: skip
    back = reverse("console:rule_draft", args=[pk])

    def save(data: dict[str, Any]) -> Draft:
        assert isinstance(form, CaseForm)
        values = form.values(data)
        if not values:
            raise Refused(Refusal("nothing", _("没有改动。")))
        return rules.amend(
            draft, text=casework.changed(draft.text, values), reason=draft.reason, version=data["version"],
            by=request.person, now=request.now, role_kind=request.role.kind,
        )  # fmt: skip

    return records.saved(
        request,
        form,
        save,
        done=lambda _saved: f"{back}#faults",
        said=lambda _saved: _("案例已改。"),
        context={
            "question": _("案例 %(number)s 应得出什么？") % {"number": number},
            "heading": _name(draft.text, made, case),
            "crumbs": [
                (_("规则库"), reverse("console:documents")),
                (draft.name or _("规则草稿"), back),
                (_("案例 %(number)s") % {"number": number}, ""),
            ],
            "back": f"{back}#faults",
            "candidates": [],
            "warning": _("这是案例 %(number)s 的变体：没有写出的事实与它相同。") % {"number": case.of}
            if case.of
            else "",
            "why_not": policy.why_not_as("amend", request.role.kind)
            or policy.why_not_amend(draft, version=draft.version)
            or "",
        },
    )


def _groups(listed: list[CaseText], case: CaseText) -> list[str]:
    """The groups of ventures of a case, those of the case it differs from first."""
    base = [each for each in listed if each.number == case.of]
    return list(dict.fromkeys(field.group for each in (*base, case) for field in each.fields if field.group))


def _found(problems: list[Problem], case: CaseText) -> dict[str, str]:
    """What a failing case comes to instead, by criterion."""
    here = (case.line, case.column)
    return {each.about[0]: each.about[2] for each in problems if each.about and (each.at.line, each.at.column) == here}


def _name(text: str, made: Any, case: CaseText) -> str:
    """What the document calls it."""
    for each in made.cases if made else ():
        if (each.at.line, each.at.column) == (case.line, case.column):
            return str(each.name.get(reading.language()))
    return _("第 %(line)s 行") % {"line": case.line}
