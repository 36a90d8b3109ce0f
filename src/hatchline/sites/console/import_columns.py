"""The page where each column of a list finds its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hatchline.apps.imports import actions, queries
from hatchline.apps.imports.states import OPEN, RunStatus
from hatchline.core.tables import mapping as mappings
from hatchline.core.tables.fields import Field
from hatchline.core.tables.problems import UnableToReadMapping
from hatchline.core.tables.units import unit_in
from hatchline.core.values.refusal import Refused
from hatchline.journeys.imports import engine, flow
from hatchline.journeys.imports.targets import TARGETS
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.console import imports

ORDERS = (
    ("ymd", gettext_lazy("年-月-日")),
    ("dmy", gettext_lazy("日-月-年")),
    ("mdy", gettext_lazy("月-日-年")),
)
ENCODINGS = ("", "utf-8", "gb18030", "big5", "utf-16", "windows-1252", "shift_jis")
_CARRIES: tuple[mappings.Carry, ...] = ("no", "merged", "blank")
DELIMITERS = (
    ("", gettext_lazy("自己认")),
    (",", gettext_lazy("逗号 ,")),
    (";", gettext_lazy("分号 ;")),
    ("\t", gettext_lazy("制表符")),
    ("|", gettext_lazy("竖线 |")),
    ("，", gettext_lazy("中文逗号 ，")),
    ("；", gettext_lazy("中文分号 ；")),
)


@dataclass
class Given:
    """What a person chose on the page; None: not chosen yet."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: str = ""
    order: str = ""
    fields: dict[str, str] | None = None  # column's own name → field
    carries: dict[str, str] = field(default_factory=dict)  # column's own name → what is done with its blanks
    whole: dict[str, str] | None = None  # field → its value in every row of the list
    text: str = ""
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, post: Mapping[str, str]) -> Given:
        """What came with the form. A column is known by its header, so that choices outlive another header row."""
        names = {key[7:]: value for key, value in post.items() if key.startswith("header_")}
        fields = {names.get(key[7:], key[7:]): value for key, value in post.items() if key.startswith("column_")}
        carries = {names.get(key[6:], key[6:]): value for key, value in post.items() if key.startswith("carry_")}
        whole = {key[6:]: value.strip() for key, value in post.items() if key.startswith("whole_")}
        delimiter = post.get("delimiter", "")
        return cls(
            sheet=post.get("sheet", ""),
            encoding=post.get("encoding", "") if post.get("encoding") in ENCODINGS else "",
            delimiter=delimiter if delimiter in dict(DELIMITERS) else "",
            header_row=post.get("header_row", "").strip(),
            order=post.get("order", "") if post.get("order") in dict(ORDERS) else "",
            fields=fields,
            carries=carries,
            whole=whole,
            text=post.get("text", ""),
        )

    def carry(self, own: str, usual: mappings.Carry) -> mappings.Carry:
        """What is done with the blanks of a column: as chosen, else as usual."""
        chosen = self.carries.get(own, usual)
        return next((each for each in _CARRIES if each == chosen), usual)

    def source(self, base: mappings.Source) -> mappings.Source:
        """How the file is to be read."""
        row = self.header_row
        return replace(
            base,
            sheet=self.sheet or base.sheet,
            encoding=self.encoding or base.encoding,
            delimiter=self.delimiter or base.delimiter,
            header_row=int(row) if row.isdecimal() and int(row) < 1000 else base.header_row,
        )


@access.may("imports.see")
@require_GET
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, at whatever step it is."""
    run = imports.run_of(pk)
    wants_mapping = run.status == RunStatus.UPLOADED or (not run.preview and not run.problem)
    if run.status in OPEN and ("columns" in request.GET or wants_mapping):
        return page(request, run)
    return imports.run_page(request, run)


def page(request: HttpRequest, run: Any, given: Given | None = None, status: int = 200) -> HttpResponse:
    """Each column with samples and the field it goes to."""
    given = given or Given()
    asked = given.source(_own_source(run) if given.fields is None else mappings.Source())
    try:
        look = flow.look(run, source=asked)
    except flow.Unreadable as unreadable:
        given.problems.append(unreadable.problems[0].full(imports.short()))
        try:
            given.header_row, given.encoding, given.delimiter = "", "", ""
            look, status = flow.look(run), 400
        except flow.Unreadable:
            return imports.run_page(request, run, given.problems[0], 400)
    proposal = look.proposal
    kept = queries.kept_mapping(run.target, flow.columns_digest(proposal.header.names))
    mapping = _kept_or_proposed(run, kept, proposal)
    language = imports.short()
    labels = [
        (each.name, (each.en if language == "en" else each.zh) or each.name) for each in TARGETS[run.target].fields()
    ]
    names = dict(labels)
    context = {
        "run": run,
        "target": imports.label_of(run),
        "look": look,
        "sheets": [(name, name) for name in look.sheets],
        "columns": [_column(each, own, mapping, given, names) for own, each in _named(proposal.columns)],
        "fields": [("", _("不导入")), *labels],
        "whole": [_whole(each, mapping, given, language) for each in _of_whole_lists(run, mapping, given)],
        "required": [names[each.name] for each in TARGETS[run.target].fields() if each.required],
        "from_last_time": kept is not None and not run.mapping,
        "text": given.text or mapping.to_yaml(),
        "problems": [{"href": "#columns", "text": each} for each in given.problems],
        "orders": ORDERS,
        "order": given.order or mapping.source.date_order,
        "encodings": [(name, name.upper() if name else _("自己认")) for name in ENCODINGS],
        "encoding": given.encoding or (asked.encoding or ""),
        "delimiters": DELIMITERS,
        "delimiter": given.delimiter or (asked.delimiter or ""),
        "header_row": given.header_row or str(proposal.header.number or 0),
        "language": language,
    }
    return render(request, "console/import_columns.jinja", context, status=status, using="jinja2")


def _of_whole_lists(run: Any, mapping: mappings.Mapping, given: Given) -> list[Field]:
    """Fields without a column that may well be the same in every row: whose list it is, what it is a list of."""
    chosen = set((given.fields or {}).values()) if given.fields is not None else {rule.field for rule in mapping.rules}
    in_parts = {name for part in mapping.parts for name in (*part.constants, *(rule.field for rule in part.rules))}
    fields = TARGETS[run.target].fields()
    return [
        each
        for each in fields
        if (each.type == "choice" or (each.required and each.name != "name") or each.name == "source")
        and each.name not in chosen | in_parts
    ]


def _whole(one: Field, mapping: mappings.Mapping, given: Given, language: str) -> dict[str, Any]:
    value = (given.whole or {}).get(one.name, mapping.constants.get(one.name, ""))
    return {
        "name": f"whole_{one.name}",
        "label": (one.en if language == "en" else one.zh) or one.name,
        "options": [("", _("不写"))] + [(code, one.word(code, language)) for code in one.choices]
        if one.choices
        else None,
        "value": next((code for code, words in one.choices.items() if value in words), value),
    }


def _own_source(run: Any) -> mappings.Source:
    """How this list was read when its columns were settled before."""
    try:
        return (
            mappings.from_yaml(run.mapping, TARGETS[run.target].fields()).source if run.mapping else mappings.Source()
        )
    except UnableToReadMapping:
        return mappings.Source()


def _named(columns: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Columns with what a mapping calls them: the header, "header#2" where it comes again, "@C" where there is none."""
    seen: Counter[str] = Counter()
    for each in columns:
        seen[each.header] += 1
        again = f"#{seen[each.header]}" if seen[each.header] > 1 else ""
        yield f"{each.header}{again}" if each.header else f"@{each.letter}", each


def _column(each: Any, own: str, mapping: mappings.Mapping, given: Given, names: dict[str, str]) -> dict[str, Any]:
    rules = [rule for rule in mapping.rules if own in rule.columns or f"@{each.letter}" in rule.columns]
    proposed = rules[0].field if rules else ""
    chosen = (given.fields or {}).get(own, proposed)
    how = next((rule for rule in rules if rule.field == chosen), None)
    is_merged = how is not None and how.carry == "merged"
    is_asked = bool(chosen) and (each.has_blanks or (how is not None and how.carry != "no"))
    return {
        "index": each.index,
        "letter": each.letter,
        "header": each.header,
        "own_name": own,
        "samples": [engine.masked_in(sample) for sample in each.samples],
        "field": chosen,
        "carry": given.carries.get(own, how.carry if how is not None else "no") if is_asked else "",
        "carries": [("merged" if is_merged else "blank", _("空格取上一行的值")), ("no", _("空格留空"))],
        "carry_label": format_html(
            '<span class="visually-hidden">{}</span>', _("%(header)s 的空格") % {"header": each.header or each.letter}
        ),
        "why": _why(each, chosen, how, names, is_in_parts=_is_in_parts(mapping, own, each.letter)),
        "label": format_html(
            '<span class="visually-hidden">{}</span>',
            _("%(letter)s 列 %(header)s 对应到") % {"letter": each.letter, "header": each.header},
        ),
    }


def _is_in_parts(mapping: mappings.Mapping, own: str, letter: str) -> bool:
    """Whether one of the several records of a row reads this column."""
    read = {name for part in mapping.parts for rule in part.rules for name in rule.columns}
    return bool({own, f"@{letter}"} & (read | {part.column for part in mapping.parts}))


def _why(each: Any, chosen: str, how: mappings.Rule | None, names: dict[str, str], *, is_in_parts: bool = False) -> str:
    """Why this field, and what else is done with the cell."""
    said = []
    if is_in_parts:
        said.append(_("由对应关系的 parts 读取，一行几条记录"))
    if chosen and chosen == each.field and each.why == "header":
        said.append(_("表头相同"))
    elif chosen and chosen == each.field and each.why == "near_header":
        said.append(_("表头相近，请核对"))
    elif chosen and chosen == each.field and each.why == "content":
        said.append(_("按内容猜的，请核对"))
    elif not chosen and not is_in_parts and each.others:
        said.append(_("也许是 %(field)s") % {"field": names.get(each.others[0][0], each.others[0][0])})
    if how is not None and how.split:
        said.append(_("一格多值，按 %(marks)s 拆开") % {"marks": " ".join(how.split)})
    if how is not None and how.values:
        said.append(_("有取值表"))
    if how is not None and how.carry == "merged":
        said.append(_("有合并的单元格"))
    elif how is not None and how.carry == "blank":
        said.append(_("看来每组只在第一行写了，请核对"))
    return formatting.clauses(said)


def _kept_or_proposed(run: Any, kept: Any, proposal: Any) -> mappings.Mapping:
    """This run's own mapping, last time's, or the guess; an old mapping that no longer fits gives way to the guess."""
    for text in (run.mapping, kept.text if kept else ""):
        if text:
            try:
                fitting = mappings.from_yaml(text, TARGETS[run.target].fields())
            except UnableToReadMapping:
                continue
            if text is run.mapping:
                return fitting
            # where and how the table stands is this file's own affair
            there = proposal.mapping.source
            return replace(
                fitting,
                source=replace(
                    fitting.source, sheet=there.sheet, header_row=there.header_row, encoding=None, delimiter=None
                ),
            )
    found: mappings.Mapping = proposal.mapping
    return found


@access.may("imports.run")
def settle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read the file again another way, or settle the columns and have the worker preview every row."""
    run = imports.run_of(pk)
    if request.method != "POST":  # somebody comes back here from signing in again
        return redirect("console:import", pk=pk)
    given = Given.of(request.POST)
    way = request.POST.get("way", "columns")
    if way == "reread":
        return page(request, run, given)
    try:
        text = given.text if way == "text" else _mapping_from(run, given).to_yaml()
        run = flow.map_columns(run, text, by=request.person, now=request.now)
        actions.ask_preview(run, only_good_rows=True, by=request.person, now=request.now)
    except flow.Unreadable as unreadable:
        given.problems = [problem.full(imports.short()) for problem in unreadable.problems]
        return page(request, run, given, 400)
    except Refused as refused:
        return imports.run_page(request, imports.run_of(pk), str(refused), 409)
    return redirect("console:import", pk=pk)


def _mapping_from(run: Any, given: Given) -> mappings.Mapping:
    """The proposal with the person's choices: a column keeps its rule when its field was not changed."""
    proposal = flow.look(run, source=given.source(mappings.Source())).proposal
    earlier = queries.kept_mapping(run.target, flow.columns_digest(proposal.header.names))
    base = _kept_or_proposed(run, earlier, proposal)
    rules: list[mappings.Rule] = []
    for own, each in _named(proposal.columns):
        chosen = (given.fields or {}).get(own, "")
        its = [rule for rule in base.rules if own in rule.columns or f"@{each.letter}" in rule.columns]
        if any(rule.field == chosen or not rule.field for rule in its):
            kept = [rule for rule in its if rule.field == chosen or not rule.field]
            kept = [replace(rule, carry=given.carry(own, rule.carry)) for rule in kept]
            rules += [rule for rule in kept if rule not in rules]
        elif chosen:
            one = next((one for one in TARGETS[run.target].fields() if one.name == chosen), None)
            # a header that says its unit, 面积（亩）, keeps it whoever chose the field
            unit = unit_in(each.header, one) if one is not None else ""
            unit = "" if one is not None and unit == one.unit else unit
            rules.append(mappings.Rule(columns=(own,), field=chosen, unit=unit, carry=given.carry(own, "no")))
    source = replace(given.source(base.source), date_order=given.order or base.source.date_order)
    told = {name: value for name, value in (given.whole or {}).items() if value}
    constants = {name: value for name, value in base.constants.items() if name not in (given.whole or {})}
    mapped = {rule.field for rule in rules}
    whole = {name: value for name, value in (constants | told).items() if name not in mapped}
    return replace(base, rules=tuple(rules), source=source, constants=whole)
