"""Whether a title may be recorded, withdrawn or struck out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from hatchline.apps.titles.models import Title
from hatchline.apps.titles.states import TitleStatus
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refusal


def why_not_record(*, given: PartialDate, ends_before: date | None, source: str, today: date) -> Refusal | None:
    """A title needs a source, was not given in the future and does not end before it is given."""
    if not source.strip():
        return Refusal("no_source", _("没有写来源。"), _("写明依据的文件、公示或证书。"), field="source")
    if given.earliest is not None and given.earliest > today:
        return Refusal(
            "in_the_future", _("授予时间在业务日期之后。"), _("核对年份；尚未生效的资质等生效后再记录。"), field="given"
        )
    if ends_before is not None and given.earliest is not None and ends_before <= given.earliest:
        return Refusal(
            "ends_before_it_begins", _("有效期在授予之前就结束了。"), _("核对两个日期。"), field="ends_before"
        )
    return None


def why_not_withdraw(title: Title, *, on: date, reason: str, today: date) -> Refusal | None:
    """Only a title in force is withdrawn, with a reason, and not before it was given."""
    if title.status != TitleStatus.GIVEN:
        return Refusal("not_in_force", _("这项资质已经撤销或划去。"))
    if not reason.strip():
        return Refusal("no_reason", _("没有写撤销原因。"), field="reason")
    if on > today:
        return Refusal("in_the_future", _("撤销日期在业务日期之后。"), field="on")
    if title.given.earliest is not None and on < title.given.earliest:
        return Refusal("before_it_was_given", _("撤销日期早于授予时间。"), field="on")
    return None


def why_not_strike(title: Title, *, reason: str) -> Refusal | None:
    """A wrong entry is struck out with a reason; it stays readable."""
    if title.status != TitleStatus.GIVEN:
        return Refusal("not_in_force", _("这项资质已经撤销或划去。"))
    if not reason.strip():
        return Refusal("no_reason", _("没有写划去的原因。"), field="reason")
    return None
