"""One's own institutions: what is on record, what the manager may correct, and their files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as flashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hatchline.apps.files import actions as files
from hatchline.apps.files import queries as kept
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as known
from hatchline.apps.people.roles import may
from hatchline.core.values.refusal import Refused
from hatchline.sites import access

LARGEST = 2**63 - 1
MOST_FILES = 100


class OwnForm(forms.Form):
    """What a manager may correct without asking the authority."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    name_en = forms.CharField(
        label=gettext_lazy("英文名"), required=False, max_length=200, help_text=gettext_lazy("用于英文门户和国际合作。")
    )
    specialism = forms.CharField(
        label=gettext_lazy("专长"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("一句话说明做什么行业、有什么专业服务；门户上公开。"),
    )
    description = forms.CharField(
        label=gettext_lazy("简介"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text=gettext_lazy("门户上公开。"),
    )
    address = forms.CharField(label=gettext_lazy("场地地址"), required=False, max_length=300)
    website = forms.CharField(label=gettext_lazy("网站"), required=False, max_length=300)
    phone = forms.CharField(
        label=gettext_lazy("前台电话"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("写前台或总机，不要写个人手机；门户上公开。"),
    )


FIELDS = [name for name in OwnForm.base_fields if name != "version"]


def own(request: HttpRequest, pk: int) -> Any:
    """An institution within the role's reach; anything else is not there."""
    found = None
    if pk <= LARGEST:
        rows = known.visible_to(request.role, request.today).prefetch_related("names")
        found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("desk.enter")
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All that the role's organisation operates."""
    rows = known.visible_to(request.role, request.today).order_by("name", "pk")
    return render(
        request,
        "desk/institutions.jinja",
        {"rows": list(rows[:200]), "organisation": request.role.organisation},
        using="jinja2",
    )


@access.may("desk.enter")
@require_GET
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What is on record, who may change what, and the files."""
    return _profile(request, own(request, pk))


def _profile(request: HttpRequest, found: Any, problem: str = "") -> HttpResponse:
    missing = [name for name in FIELDS if name != "name_en" and not getattr(found, name)]
    labels = {name: OwnForm.base_fields[name].label for name in FIELDS}
    return render(
        request,
        "desk/institution.jinja",
        {
            "institution": found,
            "kinds": [str(each) for each in found.kinds.all()],
            "stages": [str(each) for each in found.stages.all()],
            "missing": [labels[name] for name in missing],
            "files": list(kept.all_of(found)[:MOST_FILES]),
            "may_amend": may(request.role.kind, "institutions.amend_own"),
            "may_upload": may(request.role.kind, "files.upload"),
            "problem": problem,
        },
        status=422 if problem else 200,
        using="jinja2",
    )


@access.may("institutions.amend_own")
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one's own institution. Somebody else's save in between is shown, never overwritten unseen."""
    found = own(request, pk)
    initial = {"version": found.version, **{name: getattr(found, name) for name in FIELDS}}
    form = OwnForm(request.POST or None, initial=initial)
    conflicts: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sent = dict(form.cleaned_data)
            try:
                institutions.amend(
                    found,
                    version=sent.pop("version"),
                    by=request.person,
                    now=request.now,
                    today=request.today,
                    role_kind=request.role.kind,
                    **sent,
                )
            except Refused as refused:
                refusal = refused.refusal
                if refusal.code == "changed_meanwhile":
                    status = 409
                    conflicts = list(refusal.params["conflicts"].values())
                    form.data = form.data.copy()
                    form.data["version"] = str(refusal.params["version"])
                else:
                    form.add_error(refusal.field if refusal.field in form.fields else None, str(refused))
            else:
                flashes.success(request, _("本机构的资料已保存"))
                return redirect("desk:institution", pk=found.pk)
    return render(
        request,
        "desk/institution_amend.jinja",
        {"institution": found, "form": form, "conflicts": conflicts},
        status=status,
        using="jinja2",
    )


@access.may("files.upload")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a document in for the institution."""
    found = own(request, pk)
    if request.method == "GET":
        return redirect("desk:institution", pk=found.pk)
    sent = request.FILES.get("file")
    if sent is None:
        return _profile(request, found, _("请先选择一个文件。"))
    try:
        files.store(
            sent, name=sent.name, subject=found, by=request.person, now=request.now, role_kind=request.role.kind
        )
    except Refused as refused:
        return _profile(request, found, str(refused))
    flashes.success(request, _("文件已上传，原样保存"))
    return redirect("desk:institution", pk=found.pk)
