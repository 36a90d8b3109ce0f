"""The API's description, for programs and for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja.responses import NinjaJSONEncoder

from hatchline.sites import access
from hatchline.sites.api import problems
from hatchline.sites.api.interface import api

METHODS = ("get", "post", "patch", "put", "delete")


@access.public
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(api.get_openapi_schema(), encoder=NinjaJSONEncoder, json_dumps_params={"ensure_ascii": False})


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word: text, number, list of …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) or '""' for each in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or schema.get("const", ""))


def _body(content: dict[str, Any] | None) -> str:
    for kind, value in (content or {}).items():
        if kind == "application/json":
            return _kind(value.get("schema", {}))
    return ""


def _entries() -> list[dict[str, Any]]:
    described = api.get_openapi_schema()
    entries = []
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            each = methods[method]
            good = next(answer for status, answer in each["responses"].items() if int(status) < 300)
            entries.append(
                {
                    "id": each["operationId"],
                    "tag": (each.get("tags") or [""])[0],
                    "method": method.upper(),
                    "path": path,
                    "summary": str(each["summary"]),
                    "access": each["x-access"],
                    "parameters": [
                        {"name": one["name"], "where": one["in"], "kind": _kind(one["schema"])}
                        for one in each["parameters"]
                    ],
                    "body": _body(each.get("requestBody", {}).get("content")),
                    "answer": _body(good.get("content")),
                }
            )
    return entries


def _schemas() -> list[dict[str, Any]]:
    described = api.get_openapi_schema()["components"]["schemas"]
    made = []
    for name in sorted(described):
        wanted = set(described[name].get("required", ()))
        fields = [
            {"name": field, "kind": _kind(schema), "required": field in wanted}
            for field, schema in described[name].get("properties", {}).items()
        ]
        made.append({"name": name, "fields": fields})
    return made


@access.public
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation on one page of ours: nothing is loaded from elsewhere."""
    codes = [{"code": code, "status": status, "title": title} for code, (status, title) in problems.CODES.items()]
    return render(
        request,
        "api/docs.jinja",
        {"entries": _entries(), "schemas": _schemas(), "codes": codes},
        using="jinja2",
    )


@access.public
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that is no operation."""
    return problems.of(problems.Problem("not_found"))
