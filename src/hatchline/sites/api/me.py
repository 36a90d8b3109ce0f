"""Whoever calls: their roles and their messages."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from ninja import Router

from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import queries as told
from hatchline.apps.people import queries as people
from hatchline.sites.api import access, schemas
from hatchline.sites.api.inputs import Cursor, Key, Limit
from hatchline.sites.api.operations import operation
from hatchline.sites.api.pages import Page, page

router = Router(tags=["me"])
READ = access.may("inbox.read")


def role_out(role: Any) -> dict[str, Any]:
    return {
        "id": role.pk,
        "kind": role.kind,
        "name": str(role),
        "organisation": role.organisation_id,
        "territory": role.territory.code if role.territory else None,
        "area": role.area.code if role.area else None,
    }


@operation(
    router.get, "/me", access.signed_in(), response=schemas.MeOut, summary=gettext_lazy("您是谁、以哪个角色调用")
)
def get_me(request: HttpRequest):
    caller = access.caller(request)
    account = caller.person.account
    return {
        "id": caller.person.pk,
        "name": str(caller.person),
        "role": role_out(caller.role) if caller.role else None,
        "roles": [role_out(each) for each in people.roles_of(account, today=timezone.localdate())],
        "unread": told.unread_count(caller.person),
        "token_expires_at": caller.token.expires_at if caller.token else None,
    }


def message_out(row: Any) -> dict[str, Any]:
    plain = ("kind", "link", "due_on", "sent_at", "read_at")
    return {
        **{name: getattr(row, name) for name in plain},
        "id": row.pk,
        "title": row.said_title,
        "text": row.said_text,
        "needs_answer": row.waits,
    }


@operation(
    router.get, "/messages", READ, response=Page[schemas.MessageOut], summary=gettext_lazy("您的消息，先到的在前")
)
def list_messages(request: HttpRequest, unread: bool = False, limit: Limit = 50, cursor: Cursor = ""):
    rows = told.of(access.caller(request).person, unread=unread)
    return page(rows, message_out, name="messages", limit=limit, cursor=cursor, unread=unread)


def _message(request: HttpRequest, pk: int) -> Any:
    found = told.message_of(access.caller(request).person, pk)
    if found is None:
        raise Http404
    return found


@operation(router.get, "/messages/{pk}", READ, response=schemas.MessageOut, summary=gettext_lazy("一条消息"))
def get_message(request: HttpRequest, pk: Key):
    return message_out(_message(request, pk))


@operation(
    router.post, "/messages/{pk}/read", READ, response=schemas.MessageOut, summary=gettext_lazy("把一条消息标为已读")
)
def read_message(request: HttpRequest, pk: Key):
    caller = access.caller(request)
    return message_out(messages.read(_message(request, pk), by=caller.person, now=request.now))
