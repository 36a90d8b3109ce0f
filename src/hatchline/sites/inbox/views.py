"""What one was told, how one hears of it, and what stands in one's calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages as flashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import calendars
from hatchline.apps.messages import queries as told
from hatchline.core.values.refusal import Refused
from hatchline.sites import access
from hatchline.sites.inbox import forms

PAGE = 25
VIEWS = ("unread", "waiting", "all")
LARGEST = 2**63 - 1
KEPT_IN_FEED = timedelta(days=366)


def _site(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else "desk"


def _at(request: HttpRequest, name: str, **kwargs: Any) -> str:
    return reverse(f"{_site(request)}:{name}", kwargs=kwargs or None)


def _page(request: HttpRequest, template: str, status: int = 200, **values: Any) -> HttpResponse:
    values |= {"layout": f"components/layout_{_site(request)}.jinja", "at": lambda name, **to: _at(request, name, **to)}
    return render(request, f"inbox/{template}.jinja", values, status=status, using="jinja2")


@access.may("inbox.read")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread, waiting for an answer, or all; 25 at a time."""
    chosen = request.GET.get("view", "")
    unread = told.unread_count(request.person)
    waiting = told.waiting(request.person)
    if chosen not in VIEWS:
        chosen = "unread" if unread else "all"
    rows = {
        "unread": lambda: told.of(request.person, unread=True),
        "waiting": lambda: waiting,
        "all": lambda: told.of(request.person),
    }[chosen]()
    before = request.GET.get("before", "")
    if chosen != "waiting" and before.isascii() and before.isdigit() and int(before) <= LARGEST:
        rows = rows.filter(pk__lt=int(before))
    limit = PAGE if chosen != "waiting" else 200
    shown = list(rows[: limit + 1])
    more = shown[limit - 1].pk if len(shown) > limit else None
    return _page(
        request,
        "inbox",
        rows=shown[:limit],
        older=f"{_at(request, 'inbox')}?view={chosen}&before={more}" if more and chosen != "waiting" else "",
        newest=f"{_at(request, 'inbox')}?view={chosen}" if before else "",
        view=chosen,
        unread=unread,
        waiting=waiting.count(),
        today=request.today,
    )


@access.may("inbox.read")
@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; opening it is reading it."""
    found = told.message_of(request.person, pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    was_unread = found.read_at is None
    return _page(
        request,
        "message",
        message=messages.read(found, by=request.person, now=request.now) if was_unread else found,
        days_left=(found.due_on - request.today).days if found.due_on else None,
    )


@access.may("inbox.read")
@require_http_methods(["GET", "POST"])
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    if request.method == "POST":
        count = messages.read_all(request.person, by=request.person, now=request.now)
        flashes.success(
            request, ngettext("%(num)s 条消息已标为已读", "%(num)s 条消息已标为已读", count) % {"num": count}
        )
    return redirect(_at(request, "inbox"))


@access.may("inbox.read")
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """When mail comes, in which language, and not when."""
    wanted = told.preference(request.person)
    form = forms.Preferences(
        request.POST or None,
        initial={name: getattr(wanted, name) for name in ("mode", "language", "quiet_from", "quiet_until")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            messages.set_preference(request.person, by=request.person, now=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.refusal.field or None, str(refused))
        else:
            flashes.success(request, _("接收方式已保存"))
            return redirect(_at(request, "inbox_preferences"))
    return _preferences_page(request, form=form)


@access.may("inbox.read")
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    """No mail before a day; or mail again now."""
    if request.method == "GET":
        return redirect(_at(request, "inbox_preferences"))
    if "resume" in request.POST:
        messages.pause(request.person, until=None, by=request.person, now=request.now)
        flashes.success(request, _("邮件已恢复"))
        return redirect(_at(request, "inbox_preferences"))
    form = forms.Pause(request.POST)
    if form.is_valid():
        try:
            messages.pause(request.person, until=form.cleaned_data["paused_until"], by=request.person, now=request.now)
        except Refused as refused:
            form.add_error("paused_until", str(refused))
        else:
            flashes.success(request, _("邮件已暂停"))
            return redirect(_at(request, "inbox_preferences"))
    return _preferences_page(request, pausing=form)


def _preferences_page(
    request: HttpRequest, form: forms.Preferences | None = None, pausing: forms.Pause | None = None
) -> HttpResponse:
    wanted = told.preference(request.person)
    fields = ("mode", "language", "quiet_from", "quiet_until")
    today = timezone.localdate()  # pauses follow the real clock, as mail does
    is_paused = wanted.paused_until is not None and wanted.paused_until > today
    form = form or forms.Preferences(initial={name: getattr(wanted, name) for name in fields})
    pausing = pausing or forms.Pause(initial={"paused_until": today + timedelta(days=7)})
    failed = bool(form.errors or pausing.errors)
    return _page(
        request,
        "preferences",
        status=422 if failed else 200,
        form=form,
        pausing=pausing,
        wanted=wanted,
        is_paused=is_paused,
        has_address=bool(told.mail_address(request.person)),
    )


@access.may("inbox.read")
@never_cache
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """What is ahead, and how to have it in one's own calendar."""
    until = request.today + timedelta(days=92)
    entries = list(told.agenda(request.person, starts_on=request.today, ends_before=until))
    return _page(
        request,
        "calendar",
        entries=entries,
        until=until,
        today=request.today,
        has_feed=told.has_feed(request.person),
        feed_address=request.session.pop("calendar_feed", ""),
    )


@access.may("inbox.read")
@require_http_methods(["GET", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Open the feed (its address is shown once) or close it."""
    if request.method == "POST" and "close" in request.POST:
        messages.close_feed(request.person, by=request.person, now=request.now)
        flashes.success(request, _("日历订阅已关闭，原来的地址不再有效"))
    elif request.method == "POST":
        secret = messages.open_feed(request.person, by=request.person, now=request.now)
        request.session["calendar_feed"] = request.build_absolute_uri(_at(request, "calendar_file", secret=secret))
    return redirect(_at(request, "calendar"))


@access.public
@never_cache
@require_GET
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever holds the secret; anything else is not found."""
    owner = told.feed_owner(secret)
    if owner is None:
        raise Http404
    language = told.preference(owner).language
    with translation.override(language):
        entries = told.calendar(owner, since=request.today - KEPT_IN_FEED)
        text = calendars.feed(entries, name=_("孵链日历"), zone=told.zone())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hatchline.ics"'
    return response
