"""Whether two records may be told apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hatchline.apps.search.states import MOVES
from hatchline.core.values.refusal import Refusal


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def why_not_tell_apart(one: int, other: int, *, note: str, role_kind: str = "") -> Refusal | None:
    """The same record, or nobody says why."""
    refusal = why_not_as("tell_apart", role_kind)
    if refusal is None and one == other:
        refusal = Refusal("same_record", _("两边是同一条记录。"))
    if refusal is None and not note.strip():
        refusal = Refusal("no_reason", _("请写明判断的依据。"), field="note")
    return refusal
