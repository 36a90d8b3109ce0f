"""What is wrong with a draft, in words, with the line it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hatchline.core.rules.problems import Problem
from hatchline.sites.library import reading

WORDS = {
    "bad_yaml": _("不是能读的 YAML"),
    "bad_date": _("日期写得不对"),
    "bad_quantity": _("数值或单位读不懂"),
    "bad_character": _("表达式中有不认识的符号"),
    "bad_bands": _("分档写得不对"),
    "bad_count": _("“至少几项”的数不合理"),
    "bad_years": _("年度范围写得不对"),
    "case_fails": _("案例的结论与预期不同"),
    "entangled": _("这个条件无法准确判定"),
    "future_year": _("年度在评价日之后"),
    "idle_variant": _("这个类型什么也没有改变"),
    "missing_key": _("缺一项内容"),
    "missing_language": _("中文和英文都要写"),
    "mixed_subjects": _("机构与企业的事实混在一起"),
    "name_taken": _("名称重复"),
    "needs_year": _("这个事实要写明年度"),
    "never_applies": _("这个类型永远不会适用"),
    "no_case": _("还没有案例"),
    "no_year": _("这个事实不分年度"),
    "not_linear": _("表达式过于复杂"),
    "overlapping_dates": _("日期重叠或顺序不对"),
    "ratio_equal": _("比例不能用等号比较"),
    "ratio_inside": _("比例用在了不能用的地方"),
    "sense_silent": _("释义没有说到用到的参数"),
    "too_few": _("项数太少"),
    "unknown_choice": _("没有这个选项"),
    "unknown_key": _("没有这个栏目"),
    "unknown_mark": _("没有这种把握程度"),
    "unknown_name": _("没有这个名称"),
    "unknown_verdict": _("没有这种结论"),
    "unused_definition": _("定义没有用到"),
    "unused_parameter": _("参数没有用到"),
    "wrong_shape": _("内容的形式不对"),
    "wrong_type": _("类型不对"),
    "wrong_unit": _("单位不对"),
}


VERDICTS = {"met": _("达标"), "not_met": _("未达标"), "unknown": _("未知")}


@dataclass(frozen=True)
class Fault:
    """One fault: where, in words, exactly, and the line itself."""

    line: int
    column: int
    words: str
    exact: str
    hint: str
    excerpt: str
    case: int | None = None  # its number, where it is a case that fails


def said(each: Problem) -> str:
    """A fault in the reader's words; of a failing case, what it should come to and what it comes to."""
    if not each.about:
        return str(WORDS.get(each.code, _("有错")))
    name, expected, found, *case = each.about
    return str(_("案例“%(case)s”：%(criterion)s 应为“%(expected)s”，算出来是“%(found)s”")) % {
        "case": case[reading.language() == "en"],
        "criterion": _("结论") if name == "overall" else name,
        "expected": VERDICTS[expected],
        "found": VERDICTS[found],
    }


def told(text: str, problems: Sequence[Problem], cases: Mapping[tuple[int, int], int]) -> list[Fault]:
    """The faults in the order of the text. ``cases``: the number of the case at a line and a column."""
    lines = text.splitlines()
    return [
        Fault(
            each.at.line, each.at.column, said(each), "" if each.about else each.message, each.hint,
            lines[each.at.line - 1].strip()[:120] if 0 < each.at.line <= len(lines) else "",
            cases.get((each.at.line, each.at.column)) if each.code == "case_fails" else None,
        )
        for each in problems
    ]  # fmt: skip
