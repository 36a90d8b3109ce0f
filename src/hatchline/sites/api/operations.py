"""How an operation is declared: its route, its access, its answer, and the problems it may answer with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hatchline.sites.api.access import Needs
from hatchline.sites.api.problems import Problem

WRITING = frozenset({"post", "patch", "put", "delete"})
ANYWHERE = {"lang"}  # what any address may carry
PROBLEM = {"$ref": "#/components/schemas/Problem"}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag that reading the record gave",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
WORDS = {
    400: "The request cannot be read",
    401: "No valid token",
    403: "The role may not",
    404: "Not there, or out of the role's reach",
    409: "The record's present state stands against it",
    413: "Too large",
    422: "Something sent does not fit",
    428: "If-Match is missing",
    429: "Too many calls",
    500: "Our fault",
}


def problem_responses(*statuses: int) -> dict[int, Any]:
    """OpenAPI's words for problems; 429 says how long to wait."""
    made: dict[int, Any] = {}
    for status in statuses:
        made[status] = {
            "description": WORDS[status],
            "content": {"application/problem+json": {"schema": PROBLEM}},
        }
    made[429]["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "required": True}}
    return made


def operation(
    call: Callable[..., Any],
    path: str,
    needs: Needs,
    *,
    response: Any,
    summary: Any,
    versioned: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register an operation: ``call`` is router.get, .post or .patch. ``versioned``: it wants If-Match."""
    method = call.__name__
    statuses = {400, 422, 429, 500}
    if needs.kind != "public":
        statuses |= {401, 403}
    else:
        statuses |= {401}  # a wrong token is wrong everywhere
    if "{" in path:
        statuses |= {404}
    if method in WRITING:
        statuses |= {403, 404, 409, 413}
    if versioned:
        statuses |= {428}
    ways: list[dict[str, list[str]]] = [{"token": []}]
    if method not in WRITING:
        ways.append({"session": []})
    if needs.kind == "public":
        ways.append({})
    extra: dict[str, Any] = {
        "x-access": str(needs.stated),
        "security": ways,
        "responses": problem_responses(*sorted(statuses)),
    }
    if versioned:
        extra["parameters"] = [IF_MATCH]

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__
        known = ANYWHERE | {each for each in signature(function).parameters if f"{{{each}}}" not in path}

        @wraps(function)
        def checked(request: HttpRequest, *given: Any, **named: Any) -> Any:
            stray = sorted(request.GET.keys() - known)
            if stray:  # a filter misspelt would answer with everything
                words = str(_("没有这一项"))
                wrong = [{"where": f"query.{each}", "code": "extra_forbidden", "message": words} for each in stray]
                raise Problem("invalid", errors=wrong)
            return function(request, *given, **named)

        registered: Callable[..., Any] = call(
            path,
            auth=needs,
            response=response,
            summary=summary,
            operation_id=name,
            url_name=name,
            openapi_extra=extra,
        )(checked)
        return registered

    return declare
