"""Every error of the API as application/problem+json (RFC 9457) with a stable ``code``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal, Refused

logger = logging.getLogger("hatchline.api")
TYPE = "application/problem+json"
FORBIDDEN = frozenset({"not_your_role", "for_the_authority", "not_yours"})
CONFLICTS = frozenset({"changed_meanwhile", "code_taken", "wrong_status", "already_started", "ended"})

# Codes that any operation may answer; the documentation lists them. Refusals of verbs have codes of their own.
CODES: dict[str, tuple[int, Any]] = {
    "unreadable": (400, gettext_lazy("请求读不懂")),
    "bad_cursor": (400, gettext_lazy("翻页标记无效")),
    "sign_in": (401, gettext_lazy("需要令牌")),
    "bad_token": (401, gettext_lazy("令牌无效或已过期")),
    "forbidden": (403, gettext_lazy("您的角色不能这样做")),
    "token_needed": (403, gettext_lazy("写入必须用令牌")),
    "not_found": (404, gettext_lazy("没有找到")),
    "wrong_method": (405, gettext_lazy("这个地址不支持这个方法")),
    "conflict": (409, gettext_lazy("与已有记录冲突")),
    "too_large": (413, gettext_lazy("请求太大")),
    "invalid": (422, gettext_lazy("有的值不合要求")),
    "version_needed": (428, gettext_lazy("请说明修改的是哪一版")),
    "too_many_calls": (429, gettext_lazy("调用太频繁")),
    "failed": (500, gettext_lazy("系统出了问题")),
}


class Problem(Exception):
    """Raised anywhere below an operation; becomes the response. ``code`` is one of CODES."""

    def __init__(
        self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers, self.members = code, detail, dict(headers or {}), members


def answer(
    status: int, code: str, title: Any, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
) -> HttpResponse:
    """A problem as a response; ``members`` are further fields."""
    body = {"type": f"/api/docs/#{code}", "title": str(title), "status": status, "code": code}
    body |= {"detail": detail} if detail else {}
    response = JsonResponse(
        {**body, **members}, status=status, content_type=TYPE, json_dumps_params={"ensure_ascii": False}
    )
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def of(problem: Problem) -> HttpResponse:
    """The response of a Problem."""
    status, title = CODES[problem.code]
    headers = {"WWW-Authenticate": 'Bearer realm="Hatchline"'} if status == 401 else {}
    return answer(
        status, problem.code, title, problem.detail, headers={**headers, **problem.headers}, **problem.members
    )


def refusal_status(refusal: Refusal) -> int:
    """403 when the role may not, 409 when the record's state stands against it, 422 when what was sent does."""
    if refusal.code in FORBIDDEN:
        return 403
    return 409 if refusal.code in CONFLICTS else 422


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A verb's refusal: its own code and words, the field it belongs to, both values of a conflict."""
    refusal = error.refusal
    members: dict[str, Any] = {name: plain(value) for name, value in refusal.params.items()}
    if refusal.field:
        members["field"] = refusal.field
    if refusal.hint:
        members["hint"] = str(refusal.hint)
    return answer(refusal_status(refusal), refusal.code, refusal.message, str(refusal), **members)


def plain(value: Any) -> Any:
    """Anything a refusal carries as JSON."""
    if isinstance(value, PartialDate):
        return value.code
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (int, float, bool, type(None))) else str(value)


def _message(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    kind = str(error["type"])
    words: dict[str, str] = {
        "missing": _("必须填写"),
        "extra_forbidden": _("没有这一项"),
        "string_too_long": _("最多 %(n)s 个字符") % {"n": context.get("max_length", "")},
        "string_too_short": _("至少 %(n)s 个字符") % {"n": context.get("min_length", "")},
        "greater_than_equal": _("不能小于 %(n)s") % {"n": context.get("ge", "")},
        "less_than_equal": _("不能大于 %(n)s") % {"n": context.get("le", "")},
        "literal_error": _("只能是 %(n)s") % {"n": context.get("expected", "")},
        "value_error": str(context.get("error", "")),
    }
    if kind in words:
        return words[kind]
    noun = kind.split("_")[0]
    return {
        "int": _("应为整数"),
        "float": _("应为数字"),
        "decimal": _("应为数字"),
        "bool": _("应为 true 或 false"),
        "date": _("应为日期，如 2017-07-18"),
        "string": _("应为文字"),
        "list": _("应为列表"),
        "tuple": _("应为列表"),
    }.get(noun, _("不合要求"))


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the schema: one line for each place."""
    errors = [
        {"where": ".".join(str(part) for part in each["loc"]), "code": each["type"], "message": _message(each)}
        for each in error.errors
    ]
    return of(Problem("invalid", errors=errors))


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Errors that the library raises by number."""
    code = next((code for code, (status, _title) in CODES.items() if status == error.status_code), "unreadable")
    return of(Problem(code))


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return of(Problem("not_found"))


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Something of ours broke: the log has it, the caller learns that nothing was changed."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return of(Problem("failed", _("这一步没有完成，也没有改动任何数据。请稍后再试。")))


def install(api: NinjaAPI) -> None:
    """Every kind of exception that may leave an operation."""
    api.add_exception_handler(Problem, lambda request, error: of(error))
    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, http_error)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(PermissionDenied, lambda request, error: of(Problem("forbidden", str(error))))
    api.add_exception_handler(IntegrityError, lambda request, error: of(Problem("conflict")))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: of(Problem("too_large")))
    api.add_exception_handler(SuspiciousOperation, lambda request, error: of(Problem("unreadable")))
    api.add_exception_handler(UnreadablePostError, lambda request, error: of(Problem("unreadable")))
    api.add_exception_handler(Exception, failed)
