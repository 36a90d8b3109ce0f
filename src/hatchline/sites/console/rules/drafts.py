"""The district's own documents: drafted by one official, published by another, the effect on those present shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hatchline.apps.people.roles import may
from hatchline.apps.rulebooks import actions, policy, queries
from hatchline.apps.rulebooks.states import OPEN, DraftStatus
from hatchline.core.rules import documents, rewriting, whatif
from hatchline.core.rules.documents import Document
from hatchline.core.rules.problems import InvalidRule
from hatchline.core.values.quantity import Quantity
from hatchline.core.values.refusal import Refusal, Refused
from hatchline.journeys import rules
from hatchline.sites import access
from hatchline.sites.console import history, records
from hatchline.sites.console.rules import cases, faults, ground
from hatchline.sites.library import reading
from hatchline.sites.lists import Column, List, Tab, view

if TYPE_CHECKING:
    from hatchline.apps.rulebooks.models import Draft, Edition

NAMED = 30  # won and lost by name before "and so many more"

DRAFTS = List(
    name="console.rule_drafts",
    route="console:rule_drafts",
    label=gettext_lazy("规则草稿"),
    unit=gettext_lazy("份"),
    rows=lambda request: queries.drafts().select_related(None),
    fields=("name", "reason", "status", "drafted_by__name", "amended_at", "published_by__name", "published_at"),
    columns=(
        Column("name", gettext_lazy("草稿"), show=lambda row: row["name"] or _("还没有 id"), sort=("name",), head=True),
        Column("reason", gettext_lazy("起草说明"), quiet=True, narrow=False),
        Column("status", gettext_lazy("状态"), show=lambda row: DraftStatus(row["status"]).label, sort=("status",)),
        Column("drafted_by", gettext_lazy("起草人"), show=lambda row: row["drafted_by__name"], narrow=False),
        Column(
            "amended_at", gettext_lazy("改于"), show=lambda row: row["amended_at"].date().isoformat(), kind="date",
            sort=("amended_at",),
        ),
        Column(
            "published_by", gettext_lazy("发布人"), show=lambda row: row["published_by__name"], blank="—", narrow=False
        ),
    ),
    order="-amended_at",
    href=lambda row: reverse("console:rule_draft", args=[row["pk"]]),
    tabs=(
        Tab("", gettext_lazy("全部")),
        Tab("open", gettext_lazy("起草中"), lambda rows, request: rows.filter(status=DraftStatus.DRAFTED)),
        Tab("offered", gettext_lazy("待发布"), lambda rows, request: rows.filter(status=DraftStatus.OFFERED)),
    ),
    empty_title=gettext_lazy("还没有草稿"),
    empty_text=gettext_lazy("从一份现有文件或示例复制，改成本区的文件。"),
    file_name="rule-drafts",
)  # fmt: skip


@access.may("rules.evaluate")
def listing(request: HttpRequest) -> Any:
    """Which documents of the district are under way?"""
    return view.respond(request, DRAFTS, "console/rules/drafts.jinja")


class NewForm(forms.Form):
    """What the district's document starts from."""

    source = forms.ChoiceField(label=gettext_lazy("从哪份文件开始"))
    name = forms.SlugField(
        label=gettext_lazy("新文件的 id"),
        max_length=80,
        error_messages={"invalid": gettext_lazy("id 里只能有英文字母、数字、连字符和下划线，如 cy-2018-district。")},
        help_text=gettext_lazy("英文字母、数字、连字符和下划线，如 cy-2018-district；发布后不能改。"),
    )
    number = forms.CharField(label=gettext_lazy("文号"), max_length=120)
    title = forms.CharField(label=gettext_lazy("文件标题"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200)
    in_force = forms.DateField(
        label=gettext_lazy("自哪天起施行"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("起草说明"),
        max_length=300,
        widget=forms.Textarea,
        help_text=gettext_lazy("为什么要有这份文件或这次修改。"),
    )

    def __init__(self, *args: Any, editions: list[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.name, f"{each.number} {each.title}") for each in editions]
        self.fields["source"].choices = choices


def _figures(request: HttpRequest, document: Document) -> dict[str, Quantity]:
    """Figures put otherwise: of a kept scenario (``?scenario=``), and NAME=VALUE in the address."""
    given: dict[str, str] = {}
    key = request.GET.get("scenario", "")
    if key.isascii() and key.isdigit() and len(key) < 19:
        kept = queries.scenarios(document.name, request.person.pk).filter(pk=int(key)).first()
        if kept is None:
            raise Http404
        given |= {name: str(value) for name, value in kept.settings.items()}
    given |= {name: request.GET[name] for name in whatif.declared(document) if request.GET.get(name)}
    found = {}
    for name, value in given.items():
        try:
            _name, values = whatif.setting(document, f"{name}={value}")
        except whatif.BadSetting:
            continue
        if values and values[0].amount != whatif.declared(document)[name].values[-1][1].amount:
            found[name] = values[0]
    return found


@access.may("rules.draft")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a document of the district from one that is there; a scenario's figures come along."""
    editions = list(queries.editions())
    asked = request.GET.get("from", "")
    base = queries.document(reading.found(asked)) if asked else None
    figures = _figures(request, base) if base is not None else {}
    initial = {"source": asked or None, "in_force": request.today} | (_titled(base) if base else {})
    form = records.opened(request, NewForm, initial, editions=editions)

    def save(data: dict[str, Any]) -> Draft:
        source = reading.found(data["source"])
        # an own document goes on in its series; anything else begins one of its own
        series = source.series if source.origin == "district" else data["name"]
        try:
            text = rewriting.copied(
                source.text, name=data["name"], number=data["number"], series=series, in_force=data["in_force"],
                issuer=(settings.DISTRICT_NAME, settings.DISTRICT_NAME_EN), title=(data["title"], data["title_en"]),
            )  # fmt: skip
            if figures and base is not None and source.name == base.name:
                text = rewriting.with_figures(text, figures)
        except (InvalidRule, KeyError) as error:
            raise Refused(Refusal("not_copied", _("这份文件不能照抄。"), field="source")) from error
        return actions.draft(
            text=text, reason=data["reason"], by=request.person, now=request.now, role_kind=request.role.kind
        )

    told = [
        f"{whatif.declared(base)[name].text.get(reading.language()) or name} {value.text(reading.language())}"
        for name, value in figures.items()
        if base is not None
    ]
    return records.saved(
        request,
        form,
        save,
        done=lambda made: reverse("console:rule_draft", args=[made.pk]),
        said=lambda made: _begun(made.text),
        context={
            "question": _("本区要有一份什么规则？"),
            "heading": _("起草规则文件"),
            "crumbs": [(_("规则库"), reverse("console:documents")), (_("起草规则文件"), "")],
            "back": reverse("console:rule_drafts"),
            "candidates": [],
            "warning": (_("带入试算方案的数：") + "; ".join(told)) if told else "",
            "why_not": policy.why_not_as("draft", request.role.kind),
        },
    )


def _titled(base: Document) -> dict[str, str]:
    """A title to go on from: that of the document, without the word that calls it a sample."""
    english = base.title.en.removeprefix("Sample: ")
    return {"title": base.title.zh.removeprefix("示例："), "title_en": english[:1].upper() + english[1:]}


def _begun(text: str) -> str:
    """The draft is there; how many of its cases no longer come to what they expect, which its page lists."""
    _made, problems = policy.faults(text, queries.present_vocabulary())
    failing = sum(each.code == "case_fails" for each in problems)
    if not failing:
        return _("草稿已建立。")
    told = _("草稿已建立。改动之后有 %(count)s 个案例与应得的结论不符，列在草稿页上：改正案例之后才能发布。")
    return told % {"count": failing}


class TextForm(forms.Form):
    """The document as YAML."""

    text = forms.CharField(
        label=gettext_lazy("文件内容"),
        max_length=policy.LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
    )
    reason = forms.CharField(label=gettext_lazy("起草说明"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Line ends as the document keeps them."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")


def _draft(pk: int) -> Draft:
    found = queries.drafts().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access.may("rules.evaluate")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would be won and lost by this draft, is it sound, and what does it say? Those who draft save here."""
    found = _draft(pk)
    form = records.opened(request, TextForm, {"text": found.text, "reason": found.reason, "version": found.version})
    if request.method == "POST" and not may(request.role.kind, "rules.draft"):
        raise Http404
    here = reverse("console:rule_draft", args=[pk])
    typed = str(form["text"].value() or "").replace("\r\n", "\n")
    made, problems = policy.faults(typed, queries.present_vocabulary())

    def save(data: dict[str, Any]) -> Draft:
        return rules.amend(
            found, text=data["text"], reason=data["reason"], version=data["version"], by=request.person,
            now=request.now, role_kind=request.role.kind,
        )  # fmt: skip

    is_open = found.status in OPEN
    role = request.role.kind
    why_not_publish = policy.why_not_as("publish", role) or policy.why_not_publish(
        found, by=request.person, version=found.version, today=request.today
    )
    context = {
        "draft": found,
        "status": DraftStatus(found.status).label,
        "is_open": is_open,
        "edits": is_open and may(role, "rules.draft"),
        "faults": faults.told(typed, problems, cases.numbers(typed) if typed == found.text else {}),
        "document": made,
        "title": made.title.get(reading.language()) if made else "",
        "cases": len(made.cases) if made else None,
        "effect": effect(request, made, request.GET.get("against", "")) if made is not None and is_open else None,
        "why_not_publish": why_not_publish,
        "why_not_offer": policy.why_not_as("offer", role)
        or policy.why_not_offer(found, version=found.version, today=request.today),
        "may_send_back": policy.why_not_send_back(found, by=request.person, reason="-") is None,
        "unconfirmed": unconfirmed(made) if made is not None and is_open else [],
        "why_not_abandon": policy.why_not_as("abandon", role) or policy.why_not_amend(found, version=found.version),
        "history": history.about(found, limit=10, reasons=True),
        "here": here,
    }
    return records.saved(
        request,
        form,
        save,
        template="console/rules/draft.jinja",
        done=lambda saved: here,
        said=lambda saved: _("草稿已保存。"),
        context=context,
    )


def unconfirmed(made: Document) -> list[dict[str, Any]]:
    """The parts on which no decision may rest yet: what each is called and says, how sure it is, what it decides."""
    found, comma = [], ", " if reading.language() == "en" else "、"
    for key, part in documents.unconfirmed(made):
        label, says = reading.part_told(made, part, made.in_force)
        deciding = [
            each.name if isinstance(each, documents.Criterion) else each.label.get(reading.language())
            for each in documents.used_by(made, key)
        ]
        if any(part.name in each.parameters for each in made.consequences):
            deciding.append(_("认定之后的规定"))
        found.append(
            {"label": label, "says": says, "mark": reading.marked(part.mark), "used": comma.join(deciding) or "—"}
        )
    return found


def like(made: Document) -> Edition | None:
    """What a draft is measured against: the edition of its own series before it, else the document of its subject with
    which it shares the most figures."""
    editions = [each for each in queries.editions().filter(subject=made.subject) if each.name != made.name]
    own = [each for each in editions if each.series == made.series]
    if own:
        return own[-1]

    def shared(each: Edition) -> tuple[int, date]:
        return len(set(queries.document(each).parameters) & set(made.parameters)), each.in_force_on

    return max(editions, key=shared, default=None)


def effect(request: HttpRequest, made: Document, against: str) -> dict[str, Any]:
    """How many pass now and would pass then, and who is won and lost, over those the role sees today."""
    edition = queries.edition(against) if against else like(made)
    if edition is not None and edition.subject != made.subject:
        edition = None
    then = ground.over(request, made, request.today, latest=True)
    after = then.whatif.outcome({})
    found: dict[str, Any] = {
        "size": after.size,
        "then": after.passes,
        "then_unknown": after.unknown,
        "subject": made.subject,
        "against": edition,
        "options": [
            (each.name, each.number)
            for each in queries.editions().filter(subject=made.subject)
            if each.name != made.name
        ],
    }
    if edition is None:
        return found
    now = ground.over(request, queries.document(edition), request.today, latest=True).whatif.outcome({})
    won = after.who(after.met & ~now.met)
    lost = after.who(now.met & ~after.met)
    route = "console:venture" if made.subject == "venture" else "console:institution"
    keys = then.whatif.population.keys

    def named(places: list[int]) -> list[tuple[str, str]]:
        return [(then.names[place], reverse(route, args=[int(keys[place])])) for place in places[:NAMED]]

    return found | {
        "now": now.passes,
        "now_unknown": now.unknown,
        "won": named(won),
        "won_count": len(won),
        "lost": named(lost),
        "lost_count": len(lost),
    }


@access.may("rules.publish")
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The other official publishes it."""
    found = _draft(pk)
    version = request.POST.get("version", "")
    if not request.POST.get("read"):
        messages.error(request, _("还没有发布：请先看过影响和内容，勾选确认，再发布。"))
        return redirect("console:rule_draft", pk)
    try:
        made = rules.publish(
            found, version=_number(version), aware=bool(request.POST.get("aware")), by=request.person,
            now=request.now, today=request.today, role_kind=request.role.kind,
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("console:rule_draft", pk)
    messages.success(request, _("“%(number)s”已发布。") % {"number": made.number})
    return redirect("console:document", made.name)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


@access.may("rules.draft")
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """It is ready for another official to publish."""
    found = _draft(pk)
    return records.done_at_once(
        request,
        lambda: rules.offer(
            found, version=_number(request.POST.get("version", "")), by=request.person, now=request.now,
            today=request.today, role_kind=request.role.kind,
        ),
        back=reverse("console:rule_draft", args=[pk]),
        said=_("已提请发布，能发布的其他工作人员都收到了通知。"),
    )  # fmt: skip


class BackForm(forms.Form):
    """Why a draft is sent back."""

    reason = forms.CharField(
        label=gettext_lazy("退回理由"), max_length=300, widget=forms.Textarea,
        help_text=gettext_lazy("写明要改什么；起草人会收到。"),
    )  # fmt: skip


@access.may("rules.publish")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What has to change before it can be published?"""
    found = _draft(pk)
    here = reverse("console:rule_draft", args=[pk])
    role = request.role.kind
    return records.saved(
        request,
        records.opened(request, BackForm, {}),
        lambda data: rules.send_back(found, reason=data["reason"], by=request.person, now=request.now, role_kind=role),
        done=lambda _saved: here,
        said=lambda _saved: _("草稿已退回，起草人会收到理由。"),
        context={
            "question": _("为什么退回“%(name)s”？") % {"name": found.name},
            "heading": _("退回草稿"),
            "crumbs": [(_("规则库"), reverse("console:documents")), (found.name, here), (_("退回草稿"), "")],
            "back": here,
            "candidates": [],
            "warning": "",
            "why_not": policy.why_not_as("send_back", role)
            or policy.why_not_send_back(found, by=request.person, reason="-"),
        },
    )


@access.may("rules.draft")
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be published."""
    found = _draft(pk)
    return records.done_at_once(
        request,
        lambda: rules.abandon(found, by=request.person, now=request.now, role_kind=request.role.kind),
        back=reverse("console:rule_draft", args=[pk]),
        said=_("草稿已放弃，仍可查看。"),
    )


@access.may("rules.evaluate")
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as the same YAML."""
    found = _draft(pk)
    return reading.handed_out(found.text, found.name or f"draft-{found.pk}")
