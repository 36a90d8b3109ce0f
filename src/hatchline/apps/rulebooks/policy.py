"""Whether a document may be drafted, changed, published, or a figure confirmed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hatchline.apps.rulebooks import queries
from hatchline.apps.rulebooks.models import Draft, Edition
from hatchline.apps.rulebooks.states import MOVES, OPEN, DraftStatus
from hatchline.core.rules.check import besides, check
from hatchline.core.rules.documents import Document, Mark, part, unconfirmed
from hatchline.core.rules.load import load_document
from hatchline.core.rules.problems import InvalidRule, Problem
from hatchline.core.rules.vocabulary import Vocabulary
from hatchline.core.values.refusal import Refusal

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person

LONGEST_TEXT = 400_000


def why_not_as(verb: str, role_kind: str) -> Refusal | None:
    """A kind of role that this verb is not for. No kind: the system or the command line."""
    row = MOVES.of(verb)
    if role_kind and role_kind not in row.roles:
        return Refusal("not_your_role", _("您当前的角色不能做这件事：%(what)s。") % {"what": row.wording})
    return None


def faults(text: str, vocabulary: Vocabulary) -> tuple[Document | None, list[Problem]]:
    """The document of a text and everything wrong with it: unreadable, not to be judged, failing cases."""
    try:
        made = load_document(text, vocabulary, "draft.yaml")
    except InvalidRule as error:
        return None, sorted([*error.problems, *besides(error)])
    return made, check(made)


def why_not_draft(text: str, reason: str) -> Refusal | None:
    """A draft may be wrong still, but not empty, not endless, and it says why it is made."""
    if not reason.strip():
        return Refusal("no_reason", _("没有写起草说明。"), _("写明为什么要有这份文件或这次修改。"), field="reason")
    if not text.strip():
        return Refusal("empty", _("草稿是空的。"), field="text")
    if len(text) > LONGEST_TEXT:
        return Refusal("too_long", _("草稿太长。"), field="text")
    return None


def why_not_amend(draft: Draft, *, version: int) -> Refusal | None:
    """Published and abandoned drafts stay; nobody writes over what another wrote meanwhile."""
    if draft.status not in OPEN:
        return Refusal("not_open", _("这份草稿已经发布或放弃，不能再改。"))
    if draft.version != version:
        return Refusal("overtaken", _("这份草稿刚刚被别人改过。"), _("请对照最新内容再改一次。"))
    return None


def why_not_offer(draft: Draft, *, version: int, today: date) -> Refusal | None:
    """What is offered could be published as it stands; nobody offers it twice."""
    if draft.status == DraftStatus.OFFERED:
        return Refusal("offered", _("这份草稿已经提请发布。"))
    refusal = why_not_amend(draft, version=version)
    return refusal or why_not_as_edition(draft.text, today=today, name=draft.name)


def why_not_send_back(draft: Draft, *, by: Person, reason: str) -> Refusal | None:
    """Another official sends back what was offered, and says why."""
    if draft.status != DraftStatus.OFFERED:
        return Refusal("not_offered", _("这份草稿没有提请发布。"))
    if draft.drafted_by_id == by.pk:
        return Refusal("own_draft", _("起草人可以直接修改自己的草稿，不用退回。"))
    if not reason.strip():
        return Refusal("no_reason", _("没有写退回理由。"), _("写明要改什么。"), field="reason")
    return None


def why_not_unaware(made: Document, *, aware: bool) -> Refusal | None:
    """Whoever publishes figures and conditions that nobody confirmed says that decisions cannot rest on them yet."""
    open_parts = len(unconfirmed(made))
    if aware or not open_parts:
        return None
    return Refusal(
        "unconfirmed", _("有 %(count)s 项还没有核对原文，发布后只能用于预览和培训。") % {"count": open_parts},
        _("请勾选表示知道，再发布。"), field="aware",
    )  # fmt: skip


def why_not_publish(draft: Draft, *, by: Person, version: int, today: date) -> Refusal | None:
    """Another official publishes it, nothing is wrong with it, its cases pass, and it begins today or later."""
    refusal = why_not_amend(draft, version=version)
    if refusal is not None:
        return refusal
    if draft.drafted_by_id == by.pk:
        return Refusal("own_draft", _("起草人不能发布自己的草稿。"), _("请另一位工作人员审阅后发布。"))
    return why_not_as_edition(draft.text, today=today, name=draft.name)


def why_not_as_edition(text: str, *, today: date, name: str) -> Refusal | None:
    """The text is no document that could be published from today on."""
    made, problems = faults(text, queries.present_vocabulary())
    if problems or made is None:
        said = problems[0].said.get("en" if (get_language() or "").startswith("en") else "zh")
        params = {"line": problems[0].at.line, "first": said, "more": len(problems) - 1}
        message = (
            _("第 %(line)s 行，%(first)s；另有 %(more)s 处。")
            if len(problems) > 1
            else _("第 %(line)s 行，%(first)s。")
        )
        return Refusal("faulty", message % params, _("改正后才能发布。"), field="text")
    if made.name != name:
        return Refusal("other_name", _("文件中的 id 与草稿名称不同。"), field="text")
    if made.in_force < today:
        return Refusal(
            "begins_before", _("施行日期早于今天。"), _("已经过去的日子由当时施行的文件判定。"), field="text"
        )
    standing = queries.edition(name)
    if standing is not None and standing.origin == Edition.Origin.PACKAGED:
        return Refusal("packaged", _("随系统发布的文件不能由本区改写。"), _("请为本区文件另取一个 id。"), field="text")
    return _overlapping(made)


def _overlapping(made: Document) -> Refusal | None:
    """Another edition of the same rule would be in force on the same days."""
    for each in queries.editions().filter(series=made.series).exclude(name=made.name):
        ends_first = each.ends_before is not None and each.ends_before <= made.in_force
        begins_after = made.until is not None and made.until <= each.in_force_on
        if not ends_first and not begins_after and each.in_force_on >= made.in_force:
            return Refusal(
                "overlapping", _("%(number)s 在同一时期施行。") % {"number": each.number},
                _("请调整施行日期，或写明截止日期。"), field="text",
            )  # fmt: skip
    return None


def why_not_confirm(edition: Edition, parameter: str, source: str) -> Refusal | None:
    """A figure, condition, definition or variant with a source; not confirmed before, and no sample."""
    made = queries.document(edition)
    found = part(made, parameter)
    if found is None:
        return Refusal("no_such_parameter", _("文件中没有这一项。"), field="parameter")
    if found.mark is Mark.SAMPLE or made.is_sample:
        return Refusal("sample", _("示例没有原文可核对。"), field="parameter")
    if found.mark is Mark.CONFIRMED:
        return Refusal("confirmed", _("这一项已经核对过。"), field="parameter")
    if not source.strip():
        return Refusal(
            "no_source", _("没有写核对的原文出处。"), _("写明文件名称、条款和在哪里看到的。"), field="source"
        )
    return None


def why_not_rest_on(mark: Mark) -> Refusal | None:
    """A real decision rests on figures that were read or confirmed, on nothing less."""
    if not mark.is_firm:
        return Refusal(
            "not_firm", _("判定所依据的参数或条件尚未核对原文（%(mark)s）。") % {"mark": mark.label.zh},
            _("请先由负责人员在文件页上逐项核对原文并写明出处；在此之前只能用于预览和培训。"),
        )  # fmt: skip
    return None
