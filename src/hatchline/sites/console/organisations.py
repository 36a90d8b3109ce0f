"""Organisations: the list, a profile, and the forms that register, amend, rename, close and reopen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hatchline.apps.bodies import actions, drafts, policy, queries, states, wording
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import LegalForm, TypeOfBody
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.people import queries as people
from hatchline.sites import access
from hatchline.sites.components import formatting
from hatchline.sites.console import history, marks, records
from hatchline.sites.console.organisation_forms import EndForm, OrganisationForm, RegisterForm, RenameForm
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import Organisation

KIND = "bodies.organisation"


def _href(row: dict[str, Any]) -> str:
    return _prefix() + f"{row['pk']}/"


@lru_cache(maxsize=1)
def _prefix() -> str:
    return reverse("console:organisations")


def _types(rows: list[dict[str, Any]]) -> None:
    """The types of a page's organisations in one query."""
    found = queries.types_of([row["pk"] for row in rows])
    for row in rows:
        row["types"] = found.get(row["pk"], ())


def _type_words(row: dict[str, Any]) -> str | None:
    return marks.joined([marks.label(TypeOfBody(kind)) for kind in sorted(row["types"])]) or None


def _founded(row: dict[str, Any]) -> Any:
    return marks.partial_date(row["founded_on"], row["founded_before"], row["founded_text"])


def _by_type(rows: Any) -> dict[str, int]:
    return queries.number_by_type()


def _by_column(column: str) -> Any:
    def count(rows: Any) -> dict[str, int]:
        return {str(value): number for value, number in rows.values_list(column).annotate(number=Count("pk"))}

    return count


def _places(request: HttpRequest) -> list[Choice]:
    return [Choice(tile.code, tile.short) for tile in queries.tiles()]


ORGANISATIONS = List(
    name="console.organisations",
    route="console:organisations",
    label=gettext_lazy("单位"),
    unit=pgettext_lazy("organisation", "家"),
    rows=lambda request: queries.visible_to(request.role).select_related(None).prefetch_related(None),
    fields=(
        "name",
        "credit_code",
        "credit_code_is_doubtful",
        "status",
        "territory__name",
        "founded_on",
        "founded_before",
        "founded_text",
        "country",
        "website_host",
        "address",
        "industry__name",
        "amended_at",
    ),
    columns=(
        Column("name", gettext_lazy("名称"), sort=("name",), head=True),
        Column("types", gettext_lazy("类型"), show=_type_words, narrow=False, quiet=True),
        Column(
            "credit_code",
            gettext_lazy("统一社会信用代码"),
            sort=("credit_code",),
            narrow=False,
            blank=gettext_lazy("无"),
        ),
        Column("territory", gettext_lazy("街道、地区"), show=lambda row: row["territory__name"], quiet=True),
        Column(
            "founded",
            gettext_lazy("成立"),
            show=_founded,
            sort=("founded_on",),
            kind="date",
            narrow=False,
            export=lambda row: row["founded_text"] or row["founded_on"],
        ),
        Column(
            "status",
            gettext_lazy("状态"),
            show=lambda row: marks.status(states.Status(row["status"])),
            export=lambda row: str(states.Status(row["status"]).label),
            kind="status",
        ),
        Column("industry", gettext_lazy("行业"), show=lambda row: row["industry__name"], shown=False, quiet=True),
        Column("country", gettext_lazy("国家或地区"), shown=False, quiet=True),
        Column("website_host", gettext_lazy("网站"), shown=False, quiet=True, blank=gettext_lazy("无")),
        Column("address", gettext_lazy("地址"), shown=False, quiet=True),
        Column(
            "amended_at",
            gettext_lazy("最近修改"),
            show=lambda row: formatting.moment(row["amended_at"]),
            export=lambda row: row["amended_at"],
            sort=("amended_at",),
            kind="date",
            shown=False,
        ),
    ),
    order="name",
    href=_href,
    kind=KIND,
    hint=gettext_lazy("名称、代码或拼音首字母，如 wjqy"),
    filters=(
        Filter(
            "type",
            gettext_lazy("类型"),
            lambda request: [Choice(value, label) for value, label in TypeOfBody.choices],
            lambda rows, value: queries.of_types(rows, [value]),
            _by_type,
        ),
        Filter(
            "form",
            gettext_lazy("单位性质"),
            lambda request: [Choice(value, label) for value, label in LegalForm.choices],
            lambda rows, value: rows.filter(legal_form=value),
            _by_column("legal_form"),
        ),
        Filter(
            "place",
            gettext_lazy("街道、地区"),
            _places,
            lambda rows, value: rows.filter(territory__code=value),
            _by_column("territory__code"),
        ),
        Filter(
            "status",
            gettext_lazy("状态"),
            lambda request: [Choice(each.value, each.label) for each in states.Status],
            lambda rows, value: rows.filter(status=value),
            _by_column("status"),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("no_code", gettext_lazy("没有代码"), lambda rows, request: rows.filter(credit_code=None)),
        Tab("doubtful", gettext_lazy("代码待核"), lambda rows, request: rows.filter(credit_code_is_doubtful=True)),
    ),
    enrich=_types,
    scope=lambda request: "all",  # every role that may open the list sees every organisation
    note=gettext_lazy("这里是现在的登记；某一天的情况看机构和创业主体的名录。"),
    empty_title=gettext_lazy("还没有单位"),
    empty_text=gettext_lazy("导入一份名单，或逐家登记。"),
    file_name="organisations",
)


@access.may("organisations.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Which organisations does the district know?"""
    return view.respond(request, ORGANISATIONS, "console/organisations.jinja")


def _found(request: HttpRequest, pk: int) -> Organisation:
    """The organisation, if the role sees it: 404 otherwise."""
    found = queries.visible_to(request.role).prefetch_related("names", "identifiers").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("organisations.list")
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is this organisation, and what is it to the district?"""
    organisation = _found(request, pk)
    ties = people.ties_visible_to(request.role, today=request.today).filter(organisation=organisation)
    amend = policy.why_not_as("amend", request.role.kind)
    context = {
        "organisation": organisation,
        "types": [str(each) for each in organisation.types.all()],
        "names": list(organisation.names.all()),
        "identifiers": [(each.scheme, each.value) for each in organisation.identifiers.all()],
        "operates": list(institutions.visible_to(request.role).filter(operator=organisation).order_by("name")),
        "ties": list(ties.select_related("person", "holder")[:50]),
        "history": history.about(organisation, limit=8),
        "why_not": amend,
        "doubtful": wording.DOUBTFUL_CREDIT_CODE if organisation.credit_code_is_doubtful else "",
        "status": marks.status(states.Status(organisation.status)),
    }
    return render(request, "console/organisation.jinja", context, using="jinja2")


def _initial(organisation: Organisation) -> dict[str, Any]:
    said = drafts.present(organisation)
    by_kind: dict[str, list[str]] = {"alias": [], "short": [], "english": []}
    for kind, name in said["names"]:
        by_kind.setdefault(kind, []).append(name)
    place = organisation.territory
    return {
        **said,
        "version": organisation.version,
        "types": list(said["types"]),
        "territory": place.path_name if place else "",
        "industry": organisation.industry.code if organisation.industry else "",
        "aliases": "\n".join(by_kind["alias"]),
        "short": "".join(by_kind["short"][:1]),
        "english": "".join(by_kind["english"][:1]),
    }


@access.may("organisations.register")
def register(request: HttpRequest) -> HttpResponse:
    """A new organisation, unless one like it is already there and nobody confirmed that it is another."""
    form = records.opened(request, RegisterForm, {"country": "CN"})
    candidates: list[dict[str, Any]] = []

    def save(data: dict[str, Any]) -> Organisation:
        draft = OrganisationDraft(**form.changes())
        alike = queries.candidates([draft])[0]
        if alike and not data["confirmed"]:
            said = _("登记簿里有很像的单位，请先核对。")
            records.ask_whether_new(form, candidates, alike, route="console:organisation", said=said)
        return actions.register(draft, by=request.person, now=request.now, role_kind=request.role.kind)

    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:organisation", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”。") % {"name": made.name},
        context={
            "question": _("要登记哪家单位？"),
            "heading": _("登记单位"),
            "crumbs": [(_("单位"), reverse("console:organisations")), (_("登记单位"), "")],
            "back": reverse("console:organisations"),
            "submit_label": _("登记"),
            "candidates": candidates,
            "warning": "",
        },
    )


def _form_context(organisation: Organisation, question: str, heading: str) -> dict[str, Any]:
    back = reverse("console:organisation", args=[organisation.pk])
    return {
        "question": question,
        "heading": heading,
        "crumbs": [(_("单位"), reverse("console:organisations")), (organisation.name, back), (heading, "")],
        "back": back,
        "candidates": [],
        "warning": "",
    }


@access.may("organisations.amend")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded."""
    organisation = _found(request, pk)
    form = records.opened(request, OrganisationForm, _initial(organisation))
    return records.saved(
        request,
        form,
        lambda data: actions.amend(
            organisation,
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
            **form.changes(),
        ),
        done=lambda made: reverse("console:organisation", args=[made.pk]),
        said=lambda made: _("已保存“%(name)s”的修改。") % {"name": made.name},
        context=_form_context(organisation, organisation.name, _("修改单位信息")),
    )


@access.may("organisations.amend")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """It has a new name; the old one stays findable."""
    organisation = _found(request, pk)
    form = records.opened(request, RenameForm, {"name": organisation.name, "version": organisation.version})
    return records.saved(
        request,
        form,
        lambda data: actions.rename(
            organisation,
            name=data["name"],
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:organisation", args=[made.pk]),
        said=lambda made: _("已更名为“%(name)s”，原名称仍能搜到。") % {"name": made.name},
        context=_form_context(organisation, organisation.name, _("登记更名")),
    )


@access.may("organisations.amend")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It has ceased; the record stays and can be reopened."""
    organisation = _found(request, pk)
    form = records.opened(request, EndForm, {"version": organisation.version})
    return records.saved(
        request,
        form,
        lambda data: actions.close(
            organisation,
            on=data["on"],
            version=data["version"] or 0,
            by=request.person,
            now=request.now,
            role_kind=request.role.kind,
        ),
        done=lambda made: reverse("console:organisation", args=[made.pk]),
        said=lambda made: _("已登记“%(name)s”终止。登记错了可以在它的页面上恢复。") % {"name": made.name},
        context={
            **_form_context(organisation, organisation.name, _("登记终止")),
            "warning": _("终止后，这家单位不再计入存续单位；记录、名称和历史都保留，随时可以恢复。"),
        },
    )


@access.may("organisations.amend")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It was marked closed by mistake."""
    organisation = _found(request, pk)
    return records.done_at_once(
        request,
        lambda: actions.reopen(
            organisation, version=organisation.version, by=request.person, now=request.now, role_kind=request.role.kind
        ),
        back=reverse("console:organisation", args=[pk]),
        said=_("已恢复“%(name)s”为存续。") % {"name": organisation.name},
    )
