"""Handing out stored documents: as attachments that no browser runs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hatchline.apps.files import kinds, policy
from hatchline.apps.files import queries as files
from hatchline.apps.people.roles import MAY, may
from hatchline.sites import access


def _may_see(request: HttpRequest, file: Any) -> bool:
    role = request.role
    if policy.why_not_see(file, person=request.person, role=role) is None:
        return True
    if role is None or file.status != "kept" or hasattr(_policy_of(file), "why_not_see_file"):
        return False
    capability = f"{file.subject_kind.partition('.')[0]}.see"  # imports.see: whoever sees all of a kind
    return capability in MAY and may(role.kind, capability)


def _policy_of(file: Any) -> object:
    try:
        return import_module(f"hatchline.apps.{file.subject_kind.partition('.')[0]}.policy")
    except ModuleNotFoundError:
        return None


@access.signed_in
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file, to those who may see its subject; 404 to everyone else."""
    found = files.file(pk)
    if found is None or not _may_see(request, found):
        raise Http404(_("没有找到这个文件。"))
    try:
        content = files.path(found).open("rb")
    except files.FileGone as gone:
        raise Http404(_("没有找到这个文件。")) from gone
    kind = found.media_type if found.media_type in kinds.SERVED else "application/octet-stream"
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
