"""The API as a whole: its routers, its errors, its description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from hatchline.sites.api import (
    access,
    bodies,
    chain,
    figures,
    institutions,
    me,
    problems,
    schemas,
    standing,
    targets,
    ventures,
)

PREFIX = "api/"


class Interface(NinjaAPI):
    """Says in its description which operation asks for what and how problems look."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        made = super().get_openapi_schema(path_prefix=PREFIX)
        parts = made["components"]
        parts["schemas"]["Problem"] = schemas.Problem.model_json_schema(mode="serialization")
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
        return made


api = Interface(
    title="Hatchline 孵链",
    version="1",
    description=_("读写都以令牌所绑定的角色的权限进行；出错时答复 application/problem+json。"),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    auth=access.signed_in(),
)
problems.install(api)
_ROOMS = (bodies, institutions, ventures, standing, figures, chain, targets, me)
for _router in [room.router for room in _ROOMS]:
    api.add_router("", _router)


def operations() -> Iterator[tuple[str, str, access.Needs, Operation]]:
    """Every operation: method, path, what it asks, and the library's own object."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for each in view.operations:
                for method in each.methods:
                    [needs] = each.auth_callbacks
                    assert isinstance(needs, access.Needs)
                    yield method, path, needs, each


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A wrong method is the one error the library answers by itself, as plain text."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405 and response.get("Content-Type") != problems.TYPE:
            return problems.of(problems.Problem("wrong_method", headers={"Allow": response.get("Allow", "")}))
        return response

    return answered


def patterns() -> list[URLPattern]:
    """The routes of all operations; the library's own index page is left out."""
    made, _app, _namespace = api.urls
    found = [each for each in made if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in found:
        each.callback = _with_problems(each.callback)
    return found
