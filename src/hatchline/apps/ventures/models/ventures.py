"""Ventures: one record from a team without a company to its exit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.guards import NoOverlap, ordered
from hatchline.apps.ventures.states import Exit, Status


class NameKind(models.TextChoices):
    FORMER = "former", _("曾用名")
    ALIAS = "alias", _("别名")
    ENGLISH = "english", _("英文名")
    MERGED = "merged", _("并入记录的名称")


class Background(models.TextChoices):
    STUDENT = "student", _("在校生或毕业生")
    TEACHER = "teacher", _("高校教师")
    RESEARCHER = "researcher", _("科研人员")
    RETURNEE = "returnee", _("留学归国人员")
    EXECUTIVE = "executive", _("企业高管")
    SERIAL = "serial", _("连续创业者")
    OTHER = "other", _("其他")


class RightKind(models.TextChoices):
    INVENTION = "invention", _("发明专利")
    UTILITY = "utility", _("实用新型专利")
    DESIGN = "design", _("外观设计专利")
    SOFTWARE = "software", _("软件著作权")
    IC_LAYOUT = "ic_layout", _("集成电路布图设计")
    PLANT = "plant", _("植物新品种")
    OTHER = "other", _("其他")


class Round(models.TextChoices):
    SEED = "seed", _("种子轮")
    ANGEL = "angel", _("天使轮")
    A = "a", _("A 轮")
    B = "b", _("B 轮")
    C = "c", _("C 轮及以后")
    STRATEGIC = "strategic", _("战略投资")
    LOAN = "loan", _("贷款")
    GRANT = "grant", _("政府资助")
    OTHER = "other", _("其他")
    UNKNOWN = "unknown", _("轮次不详")


class Venture(models.Model):
    """A team or company. ``legal_person`` is empty until it incorporates; the record goes on, whatever its name."""

    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    named_on = models.DateField(null=True, blank=True)  # since when it has this name; null: not known
    legal_person = models.OneToOneField(
        "bodies.Organisation",
        verbose_name=_("登记主体"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    incorporated = PartialDateColumns(_("注册成立时间"))
    founded = PartialDateColumns(_("创立时间"))
    ceased = PartialDateColumns(_("终止时间"))
    field = models.ForeignKey(
        "bodies.ClassCode",
        verbose_name=_("技术领域"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    industry = models.ForeignKey(
        "bodies.ClassCode", verbose_name=_("行业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    website = models.CharField(_("网站"), max_length=300, blank=True)
    website_host = models.CharField(max_length=120, blank=True)
    summary = models.TextField(_("简介"), blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ACTIVE)
    exit = models.CharField(_("投资退出"), max_length=10, choices=Exit, blank=True)
    exited = PartialDateColumns(_("投资退出时间"))
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    amended_at = models.DateTimeField()

    class Meta:
        verbose_name = _("创业主体")
        indexes = [
            models.Index(fields=["name", "id"], name="venture_by_name"),
            models.Index(fields=["founded_on", "id"], name="venture_by_founding"),
            models.Index(fields=["status", "field", "ceased_on", "ceased_before"], name="venture_by_status"),
            models.Index(fields=["website_host"], name="venture_by_host", condition=~Q(website_host="")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="venture_has_a_name"),
            models.CheckConstraint(
                condition=~Q(status=Status.MERGED) | Q(merged_into__isnull=False),
                name="venture_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="venture_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(ceased_before=None) | Q(founded_on=None) | Q(ceased_before__gt=F("founded_on")),
                name="venture_ceases_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(exited_on=None) | ~Q(exit=""), name="venture_exit_has_a_way"),
        ]

    def __str__(self) -> str:
        return self.name


class VentureName(models.Model):
    """Another name: a former one with its last day, an alias, an English one, that of a record merged into it."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class LegalPeriod(models.Model):
    """Which legal body a venture was, from one day to another."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="legal_periods")
    organisation = models.ForeignKey("bodies.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ordered(name="legal_period_in_order"),
            NoOverlap(name="venture_one_legal_body_a_day", keys=["venture"]),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on or '…'}–{self.ends_before or '…'}"


class Founder(models.Model):
    """One who founded it: a person on record, or only a name."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="founders")
    person = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=100, blank=True)
    backgrounds = models.JSONField(default=list)  # Background values
    starts_on = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(name=""), name="founder_is_somebody"),
            ordered(name="founder_period_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Right(models.Model):
    """Intellectual property held 自主知识产权. ``classes``: I or II as the documents class it, else empty."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="rights")
    kind = models.CharField(_("类别"), max_length=12, choices=RightKind)
    title = models.CharField(_("名称"), max_length=200, blank=True)
    number = models.CharField(_("登记号"), max_length=60, blank=True)
    classes = models.CharField(max_length=2, blank=True)
    applied = PartialDateColumns(_("申请时间"))
    granted = PartialDateColumns(_("授权时间"))
    valid_until = models.DateField(null=True, blank=True)  # half-open; null: no end is known
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["venture", "kind", "number"], condition=~Q(number=""), name="right_once_for_a_venture"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="right_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.title or self.number


class Funding(models.Model):
    """Money raised. ``amount`` is in the main unit of ``currency`` (yuan for CNY); null: not disclosed."""

    venture = models.ForeignKey(Venture, on_delete=models.CASCADE, related_name="fundings")
    round = models.CharField(_("轮次"), max_length=12, choices=Round, default=Round.UNKNOWN)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    received = PartialDateColumns(_("到账时间"))
    investors = models.CharField(_("投资方"), max_length=300, blank=True)
    text = models.CharField(max_length=300, blank=True)  # as the list wrote it
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="funding_is_positive"),
            models.CheckConstraint(condition=~Q(source=""), name="funding_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_round_display()} {self.amount if self.amount is not None else '?'} {self.currency}"


class Merge(models.Model):
    """That one record was taken into another, and what it takes to undo it. Rows are named by table and key."""

    kept = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)  # model name → keys of rows that changed hands
    before = models.JSONField(default=dict)  # status of the merged record, and whether its legal body changed hands
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="venture_merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
