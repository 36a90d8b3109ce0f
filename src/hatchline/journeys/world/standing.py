"""Who works in invented institutions, who mentors there, and which belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from hatchline.apps.institutions.drafts import BranchDraft, MentorDraft, QualificationDraft, StaffDraft
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import naming

SOURCE = "演示数据（虚构）"
UNKNOWN = PartialDate.unknown()
PEOPLE = 15.5  # of an incubator, as the national average of 2017 has it
MENTORS = 9
DEGREES = (("doctor", 0.05), ("master", 0.27), ("bachelor", 0.45), ("college", 0.18), ("none", 0.05))
POSTS = {
    "manager": ("总经理", "副总经理", "运营总监", "园区主任"),
    "service": ("创业服务主管", "投融资经理", "知识产权专员", "技术服务专员", "企业服务专员"),
    "support": ("物业主管", "财务", "行政专员", "前台"),
}
CERTIFICATES = (
    ("training", "孵化器从业人员培训证书（演示）", "北京创业孵育协会（演示）"),
    ("accounting", "中级会计师（演示）", ""),
    ("investment", "基金从业资格（演示）", ""),
    ("technology", "技术经纪人（演示）", ""),
    ("patent", "专利代理师（演示）", ""),
)
MENTORED = ("商业模式", "技术研发", "投融资", "专利布局", "市场营销", "人力资源", "财务税务", "政策申报")
WORKS_AT = ("演示创投基金", "演示律师事务所", "演示高校", "演示产业集团", "演示创业公司", "演示会计师事务所")


def staff(
    number: int, institution: int, opened: date, weight: float, *, seed: int, today: date
) -> Iterator[StaffDraft]:
    """The people of the numbered institution (its key), those who left too."""
    draw = Random(seed * 73 + number)
    there = max(4, round(PEOPLE * weight * draw.uniform(0.7, 1.2) / 1.15))
    for at in range(there + there // 4):
        role = "manager" if at < 2 else "service" if draw.random() < 0.55 else "support"
        since = _day(draw, max(opened, date(2006, 1, 1)), today)
        has_left = at >= there
        certificates = tuple(
            QualificationDraft(kind, name, issuer, PartialDate.of(f"{max(since.year, 2008)}"))
            for (kind, name, issuer), share in zip(CERTIFICATES, (0.55, 0.08, 0.07, 0.06, 0.03), strict=True)
            if role != "support" and draw.random() < share
        )
        yield StaffDraft(
            institution,
            role,
            SOURCE,
            name=naming.person(number * 97 + at * 11 + 5),
            post=draw.choice(POSTS[role]),
            degree=draw.choices([name for name, _share in DEGREES], [share for _name, share in DEGREES])[0]
            if draw.random() < 0.93
            else "",
            is_experienced=draw.random() < 0.6 if draw.random() < 0.8 else None,
            starts=PartialDate.of(f"{since:%Y-%m}"),
            ends=PartialDate.of(_day(draw, since.replace(day=28), today).isoformat()) if has_left else UNKNOWN,
            qualifications=certificates,
        )


def mentors(
    number: int, institution: int, opened: date, weight: float, *, seed: int, today: date
) -> Iterator[MentorDraft]:
    """Mentors the numbered institution appointed, for two years each, and again."""
    draw = Random(seed * 79 + number)
    for at in range(max(3, round(MENTORS * weight * draw.uniform(0.6, 1.3)))):
        since = _day(draw, max(opened, date(2011, 1, 1)), today)
        is_over = since.year + 3 <= today.year and draw.random() < 0.6
        yield MentorDraft(
            institution,
            SOURCE,
            name=naming.person(number * 89 + at * 17 + 900_001),
            works_at=draw.choice(WORKS_AT),
            field=draw.choice(MENTORED),
            starts=PartialDate.of(f"{since:%Y-%m-%d}"),
            ends=PartialDate.of(f"{since.year + 2}-{since.month:02d}") if is_over else UNKNOWN,
        )


def branches(keys: Sequence[int], opened: Sequence[date]) -> Iterator[BranchDraft]:
    """A group: the fourth institution and two that it opened later."""
    for head, branch, form in ((3, 26, "branch"), (3, 43, "chain"), (9, 40, "joint")):
        if branch < len(keys):
            yield BranchDraft(keys[head], keys[branch], SOURCE, form, PartialDate.of(opened[branch].isoformat()))


def _day(draw: Random, first: date, last: date) -> date:
    days = max(1, (last - first).days)
    return date.fromordinal(first.toordinal() + int(draw.random() ** 0.7 * days))
