"""Whether a token may be made or revoked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hatchline.apps.tokens import queries
from hatchline.apps.tokens.models import ApiToken
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person, Role

MOST = 10
LONGEST = 366  # days


def why_not_make(
    person: Person, *, role: Role | None, name: str, days: int, by: Person, now: datetime, today: date
) -> Refusal | None:
    """One makes tokens for oneself, in a role one has today, for a year at most and ten at a time."""
    if by.pk != person.pk:
        return Refusal("not_yours", _("令牌只能由本人生成。"))
    if role is None or role.person_id != person.pk:
        return Refusal("not_your_role", _("请选择您自己的一个角色。"), field="role")
    if role.starts_on > today or (role.ends_before is not None and role.ends_before <= today):
        return Refusal("role_over", _("这个角色今天不在任期内。"), field="role")
    if not name.strip() or len(name.strip()) > 80:
        return Refusal("no_purpose", _("请写明用途，不超过 80 个字。"), field="name")
    if not 1 <= days <= LONGEST:
        return Refusal("wrong_term", _("有效期为 1 到 366 天。"), field="days")
    if queries.valid_count(person, now=now) >= MOST:
        return Refusal("too_many", _("最多同时有 10 个有效令牌。"), _("请先停用不再使用的。"))
    return None


def why_not_revoke(token: ApiToken, *, by: Person) -> Refusal | None:
    """One revokes one's own."""
    return Refusal("not_yours", _("这不是您的令牌。")) if token.person_id != by.pk else None
