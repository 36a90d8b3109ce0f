"""What this system holds about one person, gathered from the apps that hold it and handed over as a zip."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hatchline.apps.people import actions as people

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


@transaction.atomic
def export(person: Person, *, by: Person | None, now: datetime, role_kind: str = "") -> bytes:
    """A zip of person.json (all that is held, in full) and README.txt (what each part is); the ledger knows of it."""
    held = people.export(person, by=by, now=now, role_kind=role_kind)
    held["exported_at"] = now.isoformat()
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
        _("moves：审计记录中关于您的条目。其中的个人信息只以加盐摘要保存，无法还原。"),
        _("如有不符，请与系统管理员联系更正。"),
    ]
    return "\n".join(str(line) for line in lines) + "\n"
