"""What is looked for in the record. Each check is said once: its rows give the count, the list and the file alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from hatchline.apps.institutions import queries as institutions
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.observations import queries as observations
from hatchline.apps.people.roles import may
from hatchline.apps.premises import queries as premises
from hatchline.apps.titles import queries as titles
from hatchline.apps.ventures import queries as ventures
from hatchline.sites import days
from hatchline.sites.lists import fetching
from hatchline.sites.lists.fetching import counted

STAYS, VENTURES, INSTITUTIONS, TITLES, ENTRIES = "stays", "ventures", "institutions", "titles", "entries"
OCCUPANCIES = "occupancies"
SEALED_WITHIN = timedelta(minutes=5)
SLOW = 0.5  # seconds
MOST_KEPT = 200


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong. ``why``: what it does to the figures; ``mend``: how it is put right, and by whom."""

    key: str
    group: str
    subject: str
    label: Any
    why: Any
    mend: Any
    rows: Callable[[HttpRequest], QuerySet[Any]]
    level: str = "warn"  # bad: figures are wrong; warn: they are less sure; neutral: housekeeping
    capability: str = "quality.see"


def moment(request: HttpRequest) -> datetime:
    """Now; in a district on a fixed business date the end of that day, which its records were made before."""
    end = datetime.combine(request.today + timedelta(days=1), datetime.min.time(), tzinfo=get_current_timezone())
    return min(request.now, end)


def institutions_of(request: HttpRequest) -> QuerySet[Any]:
    rows: QuerySet[Any] = institutions.visible_to(request.role, request.today)
    return rows.select_related(None).prefetch_related(None)


def rooms_without_a_stay(request: HttpRequest) -> QuerySet[Any]:
    """Rooms that a venture surely uses today in an institution where it has no stay that surely holds."""
    here = ventures.present(None, request.today).filter(venture=OuterRef("who_id")).order_by()
    # reckoned, so that the database looks among the stays of the venture and not of the whole institution
    here = here.annotate(_at=F("institution_id") + 0).filter(_at=OuterRef("space__premises__institution"))
    used = premises.occupancies_visible_to(request.role, request.today).filter(premises.occupancies_on(request.today))
    rows: QuerySet[Any] = used.filter(~Exists(here), who_kind="ventures.venture").select_related(None)
    return rows


def untouched_institutions(request: HttpRequest) -> QuerySet[Any]:
    """Open institutions of which nothing was recorded for a year: neither an amendment nor a figure."""
    since = moment(request) - timedelta(days=ventures.quality.UNTOUCHED_DAYS)
    figures = observations.recorded_since("institutions.institution", since).filter(subject=OuterRef("pk"))
    return institutions_of(request).filter(~Exists(figures), status="open", amended_at__lt=since)


GROUPS: dict[str, Any] = {
    "stays": _("入驻记录"),
    "facts": _("关键信息未知"),
    "records": _("登记簿"),
    "ledger": _("审计账"),
}

CHECKS: tuple[Check, ...] = (
    Check(
        "disputed",
        "stays",
        STAYS,
        _("有争议的入驻"),
        _("两家机构同时登记，或一方否认；解决以前不计入任何统计。"),
        _("请被问到的机构答复，由区科委解决待答问题。"),
        lambda request: ventures.quality.disputed_stays(),
        "bad",
    ),
    Check(
        "unanswered",
        "stays",
        STAYS,
        _("单方登记满一个月没有确认"),
        _("只有一方登记，另一方没有确认，不计入在孵企业。"),
        _("请机构负责人或企业确认，或提出争议。"),
        lambda request: ventures.quality.unanswered_stays(moment(request)),
    ),
    Check(
        "overlaps",
        "stays",
        STAYS,
        _("同一天在两家机构"),
        _("不同阶段的入驻在时间上重叠，按阶段统计时会各计一次。"),
        _("请先前的机构登记离开时间，或把其一登记为不计入统计。"),
        lambda request: ventures.quality.overlapping_stays(),
    ),
    Check(
        "gaps",
        "stays",
        STAYS,
        _("两次入驻之间空缺超过一个季度"),
        _("这段时间企业不在任何机构，孵化时长和流动图会少算。"),
        _("请后一家机构核对入驻时间，或补登中间的入驻。"),
        lambda request: ventures.quality.stays_after_a_gap(),
        "neutral",
    ),
    Check(
        "handed-nowhere",
        "stays",
        STAYS,
        _("移交以后没有下一站"),
        _("记录说已移交，却没有接收的入驻记录。"),
        _("请移交的机构核对去向，或请接收的机构登记入驻。"),
        lambda request: ventures.quality.handed_nowhere(request.today),
    ),
    Check(
        "closed-institutions",
        "stays",
        STAYS,
        _("机构已关闭，入驻还没有结束"),
        _("企业仍计为在该机构，在孵企业会多算。"),
        _("请区科委登记离开时间，或核对机构是否真的关闭。"),
        lambda request: ventures.quality.open_in_closed_institutions(request.today),
        "bad",
    ),
    Check(
        "no-beginning",
        "stays",
        STAYS,
        _("入驻时间未知"),
        _("不知从哪天起，多数日子都不能计入。"),
        _("请机构补登入驻时间；知道年份也好。"),
        lambda request: ventures.quality.without_beginning(),
    ),
    Check(
        "no-end",
        "stays",
        STAYS,
        _("是否离开不详"),
        _("统计到最后见到它的那天为止，之后算作不确定。"),
        _("请机构说明是否仍在，或登记离开时间。"),
        lambda request: ventures.quality.without_end(),
    ),
    Check(
        "rooms-without-a-stay",
        "stays",
        OCCUPANCIES,
        _("在用房，却没有入驻记录"),
        _("企业可能在驻而未计入，或早已离开而房间没有退。"),
        _("请机构登记入驻，或登记退房。"),
        rooms_without_a_stay,
        capability="premises.list",
    ),
    Check(
        "no-founding",
        "facts",
        VENTURES,
        _("在驻主体创立时间未知"),
        _("不能判断成立年限。"),
        _("请所在机构补登。"),
        lambda request: ventures.quality.without_founding_day(request.today),
        "neutral",
    ),
    Check(
        "no-field",
        "facts",
        VENTURES,
        _("在驻主体技术领域未知"),
        _("按领域的统计不含它。"),
        _("请所在机构补登。"),
        lambda request: ventures.quality.without_field(request.today),
        "neutral",
    ),
    Check(
        "no-incorporation",
        "facts",
        VENTURES,
        _("企业注册时间未知"),
        _("不知何时成为企业，是否计入在孵企业无法判断。"),
        _("请所在机构按营业执照补登。"),
        lambda request: ventures.quality.without_day_of_incorporation(),
    ),
    Check(
        "no-code",
        "facts",
        VENTURES,
        _("企业缺统一社会信用代码，或代码可疑"),
        _("不能同登记、税务等资料对上。"),
        _("请在单位页面补登或更正代码。"),
        lambda request: ventures.quality.without_code(request.today),
    ),
    Check(
        "institutions",
        "facts",
        INSTITUTIONS,
        _("机构缺关键信息"),
        _("缺运营主体、开办时间或街道，目标和分布会有缺口。"),
        _("请机构负责人在自己的页面补登，或由区科委代补。"),
        lambda request: institutions_of(request).filter(
            Q(operator=None) | Q(opened_on=None) | Q(territory=None) | Q(territory__level__lt=4)
        ),
    ),
    Check(
        "undated-titles",
        "facts",
        TITLES,
        _("资质没有授予时间"),
        _("哪一天都不能计入，两项目标会少算。"),
        _("请按认定文件补登授予时间。"),
        lambda request: titles.undated(),
    ),
    Check(
        "closed-companies",
        "records",
        VENTURES,
        _("登记主体已注销，创业主体仍存续"),
        _("企业可能已经终止，仍计入统计。"),
        _("请核对后登记终止，或更正单位的状态。"),
        lambda request: ventures.quality.of_closed_legal_persons(),
        "bad",
    ),
    Check(
        "untouched",
        "records",
        VENTURES,
        _("一年没有更新的在驻主体"),
        _("记录可能早已过时。"),
        _("请所在机构核对并更新。"),
        lambda request: ventures.quality.untouched(moment(request), request.today),
        "neutral",
    ),
    Check(
        "untouched-institutions",
        "records",
        INSTITUTIONS,
        _("一年没有更新的机构"),
        _("记录可能早已过时。"),
        _("请机构负责人核对并更新。"),
        untouched_institutions,
        "neutral",
    ),
    Check(
        "unsealed",
        "ledger",
        ENTRIES,
        _("还没有封存的审计记录"),
        _("封存以前，不能证明没有被改动。"),
        _("请系统管理员查看后台工作是否在运行。"),
        lambda request: ledger.waiting_for_a_seal(request.now - SEALED_WITHIN),
        "bad",
        "ledger.see",
    ),
)
BY_KEY = {each.key: each for each in CHECKS}


def allowed(request: HttpRequest) -> Iterable[Check]:
    """The checks that the role may open."""
    return [each for each in CHECKS if may(request.role.kind, each.capability)]


@dataclass(frozen=True)
class Numbers:
    """How many rows each check found, at which moment, and how long that took in seconds."""

    found: dict[str, int]
    at: datetime
    cost: float
    head: int


_kept: dict[Any, tuple[float, Numbers]] = {}
_lock = threading.Lock()
PATIENCE = 100  # what took a second to count is counted again after so many


def numbers(request: HttpRequest) -> Numbers:
    """How many rows each check has that the role may open. One query at most.

    Kept until the next verb. In a large register, where counting takes long, they are kept a while beyond it: a
    hundred times as long as counting takes, so that it never takes more than a hundredth of the time. The page says
    when they were counted; the lists under them are always of now.
    """
    key, head, clock = (connection.alias, request.role.pk, request.today), fetching.head(request), time.monotonic()
    with _lock:
        counted_at, made = _kept.get(key, (0.0, None))
    if made is not None and (made.head == head or (made.cost > SLOW and clock - counted_at < PATIENCE * made.cost)):
        return made
    found = counted({each.key: each.rows(request) for each in allowed(request)})
    made = Numbers(found, days.business_moment(request), time.monotonic() - clock, head)
    if sum(found.values()):
        with _lock:
            if len(_kept) > MOST_KEPT:
                _kept.clear()
            _kept[key] = (clock, made)
    return made
