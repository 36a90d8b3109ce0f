"""A venture's figures for a year, in the unit that one has them in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.apps.observations.models import ValueType
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys import steps as journeys
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.desk import steps
from hatchline.sites.desk.measures import name_of, whole_years, yearly
from hatchline.sites.desk.ventures import why_not_record
from hatchline.sites.forms import opened, saved

UNITS = [("1", gettext_lazy("元")), ("1000", gettext_lazy("千元")), ("10000", gettext_lazy("万元"))]
YEARS = 3


class FiguresForm(forms.Form):
    """One field for each measure; empty fields say nothing."""

    unit = forms.ChoiceField(
        label=gettext_lazy("金额单位"),
        choices=UNITS,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("下面的金额都按这个单位填，保存时换算成元。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("与上年相差很大，或要更正已登记的数时，写明原因。"),
    )

    checked = forms.BooleanField(
        label=gettext_lazy("相差很大的数已核对，单位无误"),
        required=False,
        help_text=gettext_lazy("更正后的金额与上年相差约一千倍或一万倍时，核对单位以后勾选。"),
    )

    def __init__(self, *args: Any, measures: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = {name: self.fields.pop(name) for name in ("reason", "checked")}
        for measure in measures:
            whole = measure.value_type == ValueType.INTEGER
            self.fields[measure.code] = (
                forms.IntegerField(label=name_of(measure), required=False)
                if whole
                else forms.DecimalField(label=name_of(measure), required=False, max_digits=18, decimal_places=4)
            )
            if measure.value_type == ValueType.MONEY and not self.is_bound:
                self.fields[measure.code].widget.attrs["data-in-unit"] = ""  # what is on record follows the unit chosen
        self.fields |= last


@access.may("observations.record_own")
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """How was the year? ``?year=`` names it; without it the last one that is over."""
    venture, seen = steps.venture_within(request, pk)
    last = request.today.year - 1
    years = [last - number for number in range(YEARS)]
    text = request.GET.get("year", "")
    year = int(text) if text in map(str, years) else last
    measures = yearly()
    known = {(each.measure, each.starts_on.year): each.value for each in whole_years(pk, seen)}
    initial = {"unit": "1000", **{code: value for (code, its_year), value in known.items() if its_year == year}}
    money = {each.code for each in measures if each.value_type == ValueType.MONEY}
    for code in money & initial.keys():
        initial[code] = _plain(Decimal(initial[code]) / 1000)
    form = opened(request, FiguresForm, initial, measures=measures)
    why_not = why_not_record(request, venture)

    def save(data: dict[str, Any]) -> int:
        if why_not is not None:
            raise Refused(why_not)
        if text and text != str(year):  # a page that was opened before the turn of a year, or an address made up
            words = _("%(year)s 年的数字不能在这里填报，没有保存。") % {"year": text[:10]}
            raise Refused(
                Refusal(
                    "not_this_year",
                    words,
                    _("可以填报 %(first)s 至 %(last)s 年；请先选好年度。")
                    % {
                        "first": years[-1],
                        "last": last,
                    },
                )
            )
        factor = Decimal(data["unit"])
        given = {
            each.code: data[each.code] * factor if each.code in money else data[each.code]
            for each in measures
            if data[each.code] is not None
        }
        if not given:
            raise Refused(Refusal("nothing_given", _("还没有填一个数。")))
        source = "founder" if not steps.is_institution(request) else "institution"
        try:
            told = {"reason": data["reason"], "is_checked": data["checked"]}
            return journeys.report(pk, year, given, source=source, **told, **steps.done(request))
        except journeys.Doubts as doubts:
            for code, refusal in doubts.found.items():
                words = _("要更正，请在下面的“说明”里写明原因再保存；原数会保留。")
                form.add_error(
                    code, f"{refusal.message}{words}" if refusal.code == "differs_from_record" else str(refusal)
                )
            asked = _("有的数看起来不对：请改正，或在“说明”里写明原因再保存。")
            insist = doubts.may_insist and not data["reason"].strip()
            raise Refused(
                Refusal("doubtful", asked if insist else _("有的数不能登记，请看各栏的说明。"), field="reason")
            ) from doubts

    before = {each.code: known.get((each.code, year - 1)) for each in measures}
    return saved(
        request,
        form,
        save,
        template="desk/figures.jinja",
        done=lambda made: reverse("desk:venture", args=[pk]) + "#figures",
        said=lambda made: _("%(year)s 年的数字已保存，新登记 %(count)s 项。") % {"year": year, "count": made},
        context={
            "venture": venture,
            "year": year,
            "years": years,
            "extra": {
                each.code: {
                    "unit": _("按上面的单位") if each.code in money else formatting.unit_words(each.unit),
                    "beside": _("上年 %(value)s") % {"value": _shown(each, before[each.code])}
                    if before[each.code] is not None
                    else "",
                }
                for each in measures
            },
            "measures": measures,
            "why_not": str(why_not) if why_not is not None else "",
            "mine": steps.is_institution(request),
        },
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _shown(measure: Any, value: Any) -> str:
    """As one says it in a line of text."""
    is_money = measure.value_type == ValueType.MONEY
    return formatting.in_words(value, formatting.unit_words(measure.unit)) if is_money else formatting.plain(value)
