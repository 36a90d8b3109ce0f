"""Who calls, and what each operation asks of them. The API's counterpart of sites/access.py.

    @operation(router.get, "/targets", access.may("targets.see"), …)

A token (``Authorization: Bearer hl_…``) acts in the one role it was made for. A signed-in browser may read with its
session from our own pages; it never writes, so no form elsewhere can write in its name. Not known: 401; without the
capability: 403; a row out of the role's reach: 404, because operations fetch through ``visible_to``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from hatchline.apps.people.roles import MAY
from hatchline.apps.people.roles import may as role_may
from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens import queries as known
from hatchline.sites.access import Access
from hatchline.sites.api.problems import Problem

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person, Role
    from hatchline.apps.tokens.models import ApiToken

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Caller:
    """Who calls. ``key`` is what their calls are counted under; nobody is a caller without a person."""

    key: str
    person: Person | None = None
    role: Role | None = None
    token: ApiToken | None = None

    @property
    def kind(self) -> str:
        """The kind of the role they act in; empty for none."""
        return str(self.role.kind) if self.role is not None else ""


class Needs:
    """What an operation asks: anyone, any account, or one of several capabilities. Called before the operation runs."""

    is_async = False

    def __init__(self, *capabilities: str, kind: str = "may") -> None:
        unknown = [each for each in capabilities if each not in MAY]
        if unknown:
            raise KeyError(f"capabilities {unknown} are not in apps/people/roles.py")
        self.capabilities, self.kind = capabilities, kind

    @property
    def stated(self) -> Access:
        """The same as sites/access.py would say it."""
        return Access(self.kind, " | ".join(self.capabilities))

    def allows(self, kind: str | None) -> bool:
        """Whether a role of this kind may call; None: no role."""
        return self.kind != "may" or any(role_may(kind, each) for each in self.capabilities)

    def __call__(self, request: HttpRequest) -> Caller:
        caller = _identified(request)
        if self.kind != "public" and caller.person is None:
            raise Problem("sign_in", _("请在请求头里写 Authorization: Bearer 和您的令牌；令牌在“我的资料”里生成。"))
        if not self.allows(caller.kind or None):
            raise Problem("forbidden")
        return caller


def may(*capabilities: str) -> Needs:
    """A role with one of these capabilities."""
    return Needs(*capabilities)


def signed_in() -> Needs:
    """Any token or account."""
    return Needs(kind="signed_in")


def public() -> Needs:
    """Anyone."""
    return Needs(kind="public")


def address(request: HttpRequest) -> str:
    """Where a call comes from, as a key. Behind our own proxy that is the last address it added."""
    found = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        found = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or found
    return "address:" + hashlib.sha256(found.encode("utf-8", "replace")).hexdigest()[:24]


def counted(request: HttpRequest, key: str) -> None:
    """Count this call; too many in a minute are refused with the seconds to wait."""
    count = tokens.count_call(key, limit=settings.API_RATE, now=request.now)
    if count.is_over:
        detail = _("每分钟最多 %(limit)s 次，请 %(wait)s 秒后再试。") % {"limit": count.limit, "wait": count.wait}
        raise Problem("too_many_calls", detail, headers={"Retry-After": str(count.wait)})


def _identified(request: HttpRequest) -> Caller:
    given = request.headers.get("Authorization", "")
    if given:
        return _by_token(request, given)
    if request.user.is_authenticated and request.person is not None and _from_our_pages(request):
        if request.method not in READING:
            raise Problem("token_needed", _("浏览器登录只能读取；写入请用令牌。"))
        key = f"person:{request.person.pk}"
        counted(request, key)
        return Caller(key, request.person, request.role)
    key = address(request)
    counted(request, key)
    return Caller(key)


def _by_token(request: HttpRequest, given: str) -> Caller:
    scheme, _space, secret = given.partition(" ")
    holder = None
    if scheme.lower() == "bearer" and len(secret) <= LONGEST_TOKEN:
        holder = known.holder(secret.strip(), now=request.now, today=timezone.localdate())
    if holder is None:
        counted(request, address(request))  # so that nobody tries tokens in bulk
        raise Problem("bad_token", _("请检查是否完整、是否过期或已停用，以及您的角色是否还在任期内。"))
    key = f"token:{holder.token.pk}"
    counted(request, key)
    tokens.used(holder.token, now=request.now)
    return Caller(key, holder.person, holder.role, holder.token)


def _from_our_pages(request: HttpRequest) -> bool:
    """Browsers say where a call comes from; from another site a session does not count."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def caller(request: HttpRequest) -> Caller:
    """Who calls, inside an operation."""
    found: Any = request.auth
    assert isinstance(found, Caller)
    return found
