"""On taking two records of one venture together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.history import History
from hatchline.apps.ventures.models import Merge, Venture
from hatchline.apps.ventures.policy.ventures import why_not_as
from hatchline.apps.ventures.states import Status
from hatchline.core.values.refusal import Refusal


def why_not_merge(kept: Venture, gone: Venture, known: History, *, reason: str, role_kind: str = "") -> Refusal | None:
    """The same record, one merged already, two legal bodies, no reason, or stays that would overlap."""
    refusal = why_not_as("merge", role_kind)
    if refusal is None and kept.pk == gone.pk:
        refusal = Refusal("same_record", _("两边是同一条记录。"))
    if refusal is None and Status.MERGED in {kept.status, gone.status}:
        refusal = Refusal("venture_merged", _("其中一条记录已经并入另一条。"))
    if refusal is None and kept.legal_person_id and gone.legal_person_id:
        refusal = Refusal(
            "two_legal_bodies",
            _("两条记录是两家不同的公司：“%(kept)s”与“%(gone)s”。") % {"kept": kept.name, "gone": gone.name},
            _("统一社会信用代码不同的公司不能合并；若是变更主体，请用“变更登记主体”。"),
        )
    if refusal is None and not reason.strip():
        refusal = Refusal("no_reason", _("请写明判断为同一主体的依据。"), field="reason")
    if refusal is not None:
        return refusal
    for one in known.stays[kept.pk]:
        for other in known.stays[gone.pk]:
            both = one.excludes and other.excludes and one.sure is not None and other.sure is not None
            if both and one.sure.touches(other.sure):  # type: ignore[union-attr, arg-type]
                here, there = known.institutions[one.institution].name, known.institutions[other.institution].name
                return Refusal(
                    "stays_overlap",
                    _("合并后，在“%(here)s”和“%(there)s”的在孵时间会重叠。") % {"here": here, "there": there},
                    _("请先解决两条入驻记录：更正时间、撤回其一，或将其一登记为不计入统计。"),
                    params={"stays": [one.pk, other.pk]},
                )
    return None


def why_not_undo_merge(merge: Merge, *, is_last: bool, role_kind: str = "") -> Refusal | None:
    """Undone already, or a later merge stands on it."""
    refusal = why_not_as("undo_merge", role_kind)
    if refusal is None and merge.undone_at is not None:
        refusal = Refusal("undone_already", _("这次合并已经撤销。"))
    if refusal is None and merge.kept.status == Status.MERGED:
        refusal = Refusal("merged_further", _("并入后的记录又并入了另一条。"), _("请先撤销后一次合并。"))
    if refusal is None and not is_last:
        refusal = Refusal("merged_later", _("这条记录后来还并入了别的记录。"), _("请按相反的次序撤销。"))
    return refusal
