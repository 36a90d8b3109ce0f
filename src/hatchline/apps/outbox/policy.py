"""Why something may not be done about a piece of work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.outbox.models import Job
from hatchline.core.values.refusal import Refusal


def why_not_retry(job: Job) -> Refusal | None:
    """Only what has failed is begun again."""
    if job.status != Job.Status.FAILED:
        return Refusal("not_failed", _("这项任务没有失败，不需要重新执行。"))
    return None


def why_not_drop(job: Job, *, reason: str) -> Refusal | None:
    """Only what has failed is given up, and somebody says why."""
    if job.status != Job.Status.FAILED:
        return Refusal("not_failed", _("只有失败的任务可以放弃。"))
    if not reason.strip():
        return Refusal("no_reason", _("请写明放弃的原因。"), field="reason")
    if ledger.is_personal(reason):
        return Refusal("personal", _("原因会永久留存，请不要写电话、证件号或邮箱。"), field="reason")
    return None
