"""People: the list, a person's page, and what is done there: roles, invitations, ties, contacts, account, erasure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hatchline.apps.people import actions, policy, queries
from hatchline.apps.people.roles import RoleKind
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from hatchline.journeys import personal
from hatchline.sites import access
from hatchline.sites.console import marks, records
from hatchline.sites.console.people_forms import ContactForm, IdentityForm, PersonForm, RoleForm, TieForm
from hatchline.sites.lists import Choice, Column, Filter, List, Tab, view

KIND = "people.person"


def _today() -> Any:
    """Rights are reckoned by the real day, whatever the business date."""
    return timezone.localdate()


@lru_cache(maxsize=1)
def _prefix() -> str:
    return reverse("console:people")


def _roles(rows: list[dict[str, Any]]) -> None:
    found = queries.roles_by_person([row["pk"] for row in rows], today=_today())
    for row in rows:
        row["roles"] = found[row["pk"]]


def _role_words(row: dict[str, Any]) -> str | None:
    return marks.joined([str(role) for role in row["roles"]]) or None


def _account(row: dict[str, Any]) -> str | None:
    if row["account__username"] is None:
        return None
    return (
        row["account__username"]
        if row["account__is_active"]
        else _("%(name)s（已停用）") % {"name": row["account__username"]}
    )


PEOPLE = List(
    name="console.people",
    route="console:people",
    label=gettext_lazy("人员"),
    unit=gettext_lazy("人"),
    rows=lambda request: queries.visible_to(request.role, today=_today()),
    fields=("name", "name_en", "erased_at", "account__username", "account__is_active", "account__last_login"),
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            show=lambda row: row["name"] or _("（个人信息已删除）"),
            sort=("name",),
            head=True,
        ),
        Column("roles", gettext_lazy("角色"), show=_role_words, blank=gettext_lazy("无")),
        Column(
            "account",
            gettext_lazy("账号"),
            show=_account,
            sort=("account__username",),
            narrow=False,
            quiet=True,
            blank=gettext_lazy("无"),
        ),
        Column("name_en", gettext_lazy("英文姓名"), shown=False, quiet=True, blank=""),
    ),
    order="name",
    href=lambda row: f"{_prefix()}{row['pk']}/",
    kind=KIND,
    hint=gettext_lazy("姓名或拼音首字母"),
    filters=(
        Filter(
            "role",
            gettext_lazy("角色"),
            lambda request: [Choice(value, label) for value, label in RoleKind.choices],
            lambda rows, value: queries.holding(rows, value, today=_today()),
        ),
    ),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("account", gettext_lazy("有账号"), lambda rows, request: rows.filter(account__is_active=True)),
        Tab("none", gettext_lazy("没有账号"), lambda rows, request: rows.filter(account=None, erased_at=None)),
    ),
    enrich=_roles,
    empty_title=gettext_lazy("还没有人员"),
    empty_text=gettext_lazy("登记一个人，再邀请其担任角色。"),
    file_name="people",
)


@access.may("people.list")
def listing(request: HttpRequest) -> HttpResponseBase:
    """Whom does the district know, and what are they here?"""
    return view.respond(request, PEOPLE, "console/people.jinja")


@access.may("people.register")
def register(request: HttpRequest) -> HttpResponse:
    """Make a person known."""
    form = records.opened(request, PersonForm, {})
    return records.saved(
        request,
        form,
        lambda values: actions.register(
            values["name"], name_en=values["name_en"], by=request.person, now=request.now, role_kind=request.role.kind
        ),
        template="console/person_register.jinja",
        done=lambda made: reverse("console:person", args=[made.pk]),
        said=lambda made: _("已登记：%(name)s。") % {"name": made},
    )


def _found(request: HttpRequest, pk: int) -> Any:
    """The person, if the role sees them: 404 otherwise."""
    found = queries.visible_to(request.role, today=_today()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("people.list")
@never_cache
def profile(request: HttpRequest, pk: int, forms: dict[str, Any] | None = None, link: str = "") -> HttpResponse:
    """Who is this person, and what may they do here?"""
    person = _found(request, pk)
    today, kind = _today(), request.role.kind
    account = getattr(person, "account", None)
    given = forms or {}
    current = {role.pk for role in queries.roles_of_person(person, today=today)}
    erase = policy.why_not_as("erase", kind) or policy.why_not_erase(person, by=request.person, today=today)
    deactivate = account and (
        policy.why_not_as("deactivate", kind) or policy.why_not_deactivate(account, by=request.person, today=today)
    )
    context = {
        "person": person,
        "account": account,
        "roles": [(role, role.pk in current) for role in queries.roles_of_person(person)],
        "current_roles": len(current),
        "ties": queries.ties_of(person, request.role, today=today),
        "contacts": queries.contacts_of(person),
        "identities": queries.identities_of(person),
        "invitations": [(each, queries.is_open(each, now=request.now)) for each in queries.invitations_of(person)[:10]],
        "duplicates": [
            (other, [_sign(reason) for reason in reasons])
            for other, reasons in queries.possible_duplicates(person)
            if queries.visible_to(request.role, today=today).filter(pk=other.pk).exists()
        ],
        "role_form": given.get("role") or RoleForm(initial={"starts_on": today}),
        "tie_form": given.get("tie") or TieForm(),
        "contact_form": given.get("contact") or ContactForm(prefix="contact"),
        "identity_form": given.get("identity") or IdentityForm(prefix="identity"),
        "why_not_erase": erase,
        "why_not_deactivate": deactivate,
        "link": link,
        "today": today,
    }
    return render(request, "console/person.jinja", context, status=422 if forms else 200, using="jinja2")


def _sign(reason: str) -> str:
    words = {"identity": _("证件号码相同"), "contact": _("联系方式相同"), "name": _("姓名相同")}
    return words[reason]


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.person, "now": request.now, "role_kind": request.role.kind}


def _tried(request: HttpRequest, pk: int, act: Callable[[Any], str]) -> HttpResponse:
    """Do one thing to a person and say so, or say why not."""
    person = _found(request, pk)
    try:
        messages.success(request, act(person))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("console:person", person.pk)


def _filled(
    request: HttpRequest, pk: int, name: str, form: Any, act: Callable[[Any, dict[str, Any]], str]
) -> HttpResponse:
    """Do what a form on the page asks for, or show the page with what stands in the way."""
    person = _found(request, pk)
    if form.is_valid():
        try:
            messages.success(request, act(person, form.cleaned_data))
            return redirect("console:person", person.pk)
        except Refused as refused:
            field = refused.refusal.field
            form.add_error(field if field in form.fields else None, str(refused))
    return profile(request, pk, forms={name: form})


@access.may("people.manage")
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a role by invitation, or give it at once to somebody who has an account."""
    form = RoleForm(request.POST)
    if request.POST.get("how") != "invite":
        return _filled(request, pk, "role", form, lambda person, given: _granted(request, person, given))
    person = _found(request, pk)
    if form.is_valid():
        try:
            _invitation, token = actions.invite(person, **form.cleaned_data, **_who(request))
            link = request.build_absolute_uri(reverse("account_invitation", args=[token]))
            return profile(request, pk, link=link)
        except Refused as refused:
            field = refused.refusal.field
            form.add_error(field if field in form.fields else None, str(refused))
    return profile(request, pk, forms={"role": form})


def _granted(request: HttpRequest, person: Any, given: dict[str, Any]) -> str:
    role = actions.grant(person, **given, **_who(request))
    return _("已授予：%(role)s。") % {"role": role}


@access.may("people.manage")
@require_POST
def end_role(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """A role ends today."""

    def act(person: Any) -> str:
        found = _or_404(queries.role_of(person, role))
        actions.end_role(found, ends_before=_today(), today=_today(), **_who(request))
        return _("已结束：%(role)s。") % {"role": found}

    return _tried(request, pk, act)


@access.may("people.manage")
@require_POST
def withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Take an invitation back."""

    def act(person: Any) -> str:
        actions.withdraw(_or_404(queries.invitation_of(person, invitation)), **_who(request))
        return _("邀请已撤回，链接不再有效。")

    return _tried(request, pk, act)


@access.may("ties.record")
@require_POST
def record_tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Join a person to an organisation."""

    def act(person: Any, given: dict[str, Any]) -> str:
        tie = actions.record_tie(person=person, **given, **_who(request))
        return _("已登记：%(tie)s。") % {"tie": tie}

    return _filled(request, pk, "tie", TieForm(request.POST), act)


@access.may("ties.record")
@require_POST
def end_tie(request: HttpRequest, pk: int, tie: int) -> HttpResponse:
    """A tie has ended, today."""

    def act(person: Any) -> str:
        found = _or_404(
            next((each for each in queries.ties_of(person, request.role, today=_today()) if each.pk == tie), None)
        )
        actions.end_tie(found, ends=PartialDate.of(request.today.isoformat()), **_who(request))
        return _("已结束：%(tie)s。") % {"tie": found}

    return _tried(request, pk, act)


@access.may("people.register")
@require_POST
def add_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A way to reach a person."""

    def act(person: Any, given: dict[str, Any]) -> str:
        actions.set_contact(person, **given, **_who(request))
        return _("联系方式已登记。")

    return _filled(request, pk, "contact", ContactForm(request.POST, prefix="contact"), act)


@access.may("people.register")
@require_POST
def add_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """The number of a document a person has shown."""

    def act(person: Any, given: dict[str, Any]) -> str:
        actions.set_identity(person, **given, **_who(request))
        return _("证件号码已登记。")

    return _filled(request, pk, "identity", IdentityForm(request.POST, prefix="identity"), act)


@access.may("people.unmask")
@require_POST
@never_cache
def reveal_contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """A contact in full; the look is written down."""
    person = _found(request, pk)
    return _revealed(
        request, person, actions.unmask_contact(_or_404(queries.contact_of(person, contact)), **_who(request))
    )


@access.may("people.unmask")
@require_POST
@never_cache
def reveal_identity(request: HttpRequest, pk: int, identity: int) -> HttpResponse:
    """A document number in full; the look is written down."""
    person = _found(request, pk)
    return _revealed(
        request, person, actions.unmask_identity(_or_404(queries.identity_of(person, identity)), **_who(request))
    )


def _revealed(request: HttpRequest, person: Any, value: str) -> HttpResponse:
    name = "console/person_value.jinja" if request.headers.get("HX-Request") else "console/person_revealed.jinja"
    return render(request, name, {"value": value, "person": person}, using="jinja2")


@access.may("people.export")
@require_POST
@never_cache
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything held about a person, as a zip, for the person."""
    person = _found(request, pk)
    response = HttpResponse(personal.export(person, **_who(request)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="hatchline-person-{person.pk}.zip"'
    return response


@access.may("people.erase")
@require_POST
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Empty every personal column; the name is asked for, since nothing brings it back."""

    def act(person: Any) -> str:
        if request.POST.get("name", "").strip() != person.name:
            return _("没有删除：填写的姓名与此人不符。")
        personal.erase(person, today=_today(), **_who(request))
        return _("个人信息已删除，编号和审计记录保留。")

    return _tried(request, pk, act)


@access.may("people.manage")
@require_POST
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate an account, or open it again."""

    def act(person: Any) -> str:
        account = _or_404(getattr(person, "account", None))
        if request.POST.get("active") == "yes":
            actions.reactivate(account, **_who(request))
            return _("账号已重新启用。")
        actions.deactivate(account, today=_today(), **_who(request))
        return _("账号已停用，所有登录已结束。")

    return _tried(request, pk, act)


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
