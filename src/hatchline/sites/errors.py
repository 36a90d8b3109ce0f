"""Pages for what went wrong: what happened, what to do, and nothing of the machinery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JsonResponse(
            body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    for name in ("now", "today", "person", "role", "roles"):  # a request may fail before the middleware has set them
        if not hasattr(request, name):
            setattr(request, name, None)
    return render(
        request,
        "components/error_page.jinja",
        {"status": status, "title": title, "text": text, "others": _others(request) if status in (403, 404) else []},
        status=status,
        using="jinja2",
    )


def _others(request: HttpRequest) -> list[Any]:
    """The person's other roles: what one of them may not open, or does not see, another may."""
    roles = request.roles if request.method == "GET" and request.roles else []
    return [each for each in roles if each != request.role]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, _("这个请求读不懂"), _("请返回上一页再试一次；已经填写的内容仍在上一页。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, _("当前角色不能打开这里"), str(exception) or _("请换一个角色，或请管理员授权。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 404, _("没有找到这个页面"), _("它可能已被合并、改名，或不在您的管理范围内。请回到首页再找一次。")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("系统出了问题"),
        _("这一步没有完成，也没有改动任何数据。请稍后再试；如果还是这样，请告诉管理员发生的时间。"),
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("页面放得太久了"),
        _("为了安全，这次提交没有被接受。请返回上一页，刷新后再提交；已经填写的内容会恢复。"),
    )
