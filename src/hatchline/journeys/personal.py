"""What this system holds about one person: handed over as a zip, and erased.

Every app with rows about persons tells what it holds and forgets it; tests/journeys/test_personal.py knows them all.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from hatchline.apps.files import actions as files
from hatchline.apps.files import queries as stored
from hatchline.apps.imports import queries as imports
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as teams
from hatchline.apps.messages import actions as messages
from hatchline.apps.messages import queries as told
from hatchline.apps.people import actions as people
from hatchline.apps.shelf import actions as shelf
from hatchline.apps.shelf import queries as kept
from hatchline.apps.tokens import actions as tokens
from hatchline.apps.tokens import queries as known
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries as ventured

if TYPE_CHECKING:
    from hatchline.apps.files.models import File
    from hatchline.apps.people.models import Person


@transaction.atomic
def export(person: Person, *, by: Person | None, now: datetime, role_kind: str = "") -> bytes:
    """A zip of person.json (all that is held, in full) and README.txt (what each part is); the ledger knows of it."""
    held = people.export(person, by=by, now=now, role_kind=role_kind) | told.dossier(person) | kept.dossier(person)
    held |= ventured.dossier(person)
    held["tokens"] = known.dossier(person)
    held |= teams.dossier(person)
    held["files"] = [
        {"name": each.name, "size": each.size, "stored_at": each.stored_at.isoformat(), "status": each.status}
        for each in _files(person)
    ]
    held["lists"] = [
        {"name": each.file_name, "target": each.target, "uploaded_at": each.uploaded_at.isoformat()}
        for each in imports.runs().filter(by=person)
    ]
    held["exported_at"] = now.isoformat()
    return _packed(held)


def _files(person: Person) -> list[File]:
    found = {each.pk: each for each in [*stored.handed_in_by(person.pk), *stored.unerased(person)]}
    return [found[key] for key in sorted(found)]


def _packed(held: dict[str, Any]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True))
        archive.writestr("README.txt", explanation())
    return made.getvalue()


def explanation() -> str:
    """What each part of person.json is, for the person it is about."""
    lines = [
        _("这是系统保存的关于您的全部个人数据。"),
        _("person：姓名与编号；contacts：联系方式；identities：证件号码；account：登录账号。"),
        _("roles：担任过的角色；invitations：收到的邀请；ties：与单位的关联关系。"),
        _("messages：收到的消息；preference：消息接收方式；calendar：日历安排；calendar_feed_opened_at：日历订阅。"),
        _("views：保存的列表视图；drafts：未提交的表单；tokens：接口令牌，不含令牌本身。"),
        _("staff：在孵化机构的任职与从业资格；mentoring：受聘担任导师。"),
        _("files：您提交的文件；lists：您上传的名单。文件内容可在提交的页面下载。"),
        _("founded：作为创始人登记在哪些创业主体；replies：代表机构对疑问的答复。"),
        _("moves：审计记录中关于您的条目。其中的个人信息只以加盐摘要保存，无法还原。"),
        _("如有不符，请与系统管理员联系更正。"),
    ]
    return "\n".join(str(line) for line in lines) + "\n"


@transaction.atomic
def erase(person: Person, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Person:
    """Empty every personal column and drop what only served the person. Key, ledger and what was decided stay.

    Files about the person lose name and bytes; files and lists handed in for others stay with their subjects.
    """
    gone = people.erase(person, by=by, now=now, today=today, role_kind=role_kind)
    for file in stored.unerased(gone):
        files.erase(file, by=by, now=now, reason=_("依法删除个人信息"), role_kind=role_kind)
    tokens.forget(gone, by=by, now=now, role_kind=role_kind)
    institutions.forget(gone)
    messages.forget(gone)
    shelf.forget(gone)
    ventures.forget(gone)
    return gone
