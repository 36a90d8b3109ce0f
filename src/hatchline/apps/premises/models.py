"""Premises, their spaces, idle property on its way to becoming premises, and who uses what."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.guards import NeverAbove
from hatchline.apps.premises.states import IdleStatus, OccupancyStatus, PremisesStatus
from hatchline.core.chain.holding import EndState as End

VENTURE, ORGANISATION = "ventures.venture", "bodies.organisation"
OCCUPANTS = [(VENTURE, _("创业主体")), (ORGANISATION, _("其他单位")), ("", _("公共使用"))]


class Tenure(models.TextChoices):
    OWNED = "owned", _("自有")
    LEASED = "leased", _("租赁")
    FREE = "free", _("无偿使用")
    UNKNOWN = "unknown", _("权属不详")


class Use(models.TextChoices):
    INCUBATION = "incubation", _("孵化用房")
    PUBLIC_SERVICE = "public_service", _("公共服务")
    SHARED = "shared", _("共享空间")
    OFFICE = "office", _("机构自用")
    OTHER = "other", _("其他用途")


class SpaceKind(models.TextChoices):
    ROOM = "room", _("房间")
    DESK = "desk", _("工位")
    OPEN = "open", _("开放工位区")


class EndState(models.TextChoices):
    OPEN = End.OPEN.value, _("仍在使用")
    KNOWN = End.KNOWN.value, _("已退房")
    UNKNOWN = End.UNKNOWN.value, _("是否退房不详")


class Premises(models.Model):
    """Where an institution works. ``institution`` is empty while nobody has moved in.

    ``area``: total in m² as its papers say; ``incubation_area``: the part given over to incubation, where no spaces are
    listed. The days it is at the institution's disposal are ``starts``–``ended``.
    """

    institution = models.ForeignKey(
        "institutions.Institution",
        verbose_name=_("使用机构"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner = models.ForeignKey(
        "bodies.Organisation",
        verbose_name=_("产权单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("场地名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    address = models.CharField(_("场地地址"), max_length=300, blank=True)
    territory = models.ForeignKey(
        "bodies.Territory",
        verbose_name=_("街道、地区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    area = models.DecimalField(_("总面积"), max_digits=10, decimal_places=2, null=True, blank=True)
    tenure = models.CharField(_("权属"), max_length=8, choices=Tenure, default=Tenure.UNKNOWN)
    starts = PartialDateColumns(_("开始使用"))
    ended = PartialDateColumns(_("到期或退出"))  # the first day it was no longer at disposal
    converted_from_idle = models.BooleanField(_("由闲置存量房产改造"), default=False)
    status = models.CharField(_("状态"), max_length=8, choices=PremisesStatus, default=PremisesStatus.IN_USE)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    amended_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "场地")
        indexes = [models.Index(fields=["name", "id"], name="premises_by_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="premises_have_a_name"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0), name="premises_area_is_positive"),
            models.CheckConstraint(
                condition=Q(ended_before=None) | Q(starts_on=None) | Q(ended_before__gt=F("starts_on")),
                name="premises_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Space(models.Model):
    """A room, a desk or an area of desks. How large it is and what for is dated: see Extent."""

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="spaces", db_index=False)
    code = models.CharField(_("编号"), max_length=60)
    kind = models.CharField(_("形式"), max_length=4, choices=SpaceKind, default=SpaceKind.ROOM)
    floor = models.CharField(_("楼层"), max_length=20, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "房间")
        constraints = [
            models.UniqueConstraint(fields=["premises", "code"], name="space_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="space_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Extent(models.Model):
    """How large a space is and what for, from a day on (empty: from ever), until the next row of the space.

    Area 0: it is no more. Before its first row there was no such space.
    """

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="extents", db_index=False)
    starts_on = models.DateField(_("自"), null=True, blank=True)
    area = models.DecimalField(_("面积"), max_digits=9, decimal_places=2, null=True, blank=True)
    desks = models.PositiveIntegerField(_("工位数"), null=True, blank=True)
    use = models.CharField(_("用途"), max_length=14, choices=Use)

    class Meta:
        indexes = [models.Index(fields=["space", "starts_on"], name="extent_by_space")]
        constraints = [
            models.UniqueConstraint(fields=["space", "starts_on"], name="extent_one_a_day"),
            models.UniqueConstraint(fields=["space"], condition=Q(starts_on=None), name="extent_one_from_ever"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gte=0), name="extent_area_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.starts_on or ''}"


class Occupancy(models.Model):
    """Who uses how much of a space, from when to when, as what. Independent of stays.

    ``who_kind``, ``who_id``: a venture, an organisation, or neither for common use. ``name``: what the source calls
    them. ``held_from``/``held_until`` are reckoned from the dates as for stays: the days on which it surely held.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="occupancies", db_index=False)
    who_kind = models.CharField(_("使用者"), max_length=24, choices=OCCUPANTS, blank=True)
    who_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(_("使用者名称"), max_length=200)
    area = models.DecimalField(_("使用面积"), max_digits=9, decimal_places=2, null=True, blank=True)
    desks = models.PositiveIntegerField(_("使用工位数"), null=True, blank=True)
    purpose = models.CharField(_("用作"), max_length=120, blank=True)
    starts = PartialDateColumns(_("开始使用"))
    ended = PartialDateColumns(_("退房时间"))  # the first day it was no longer used
    end_state = models.CharField(max_length=8, choices=EndState, default=EndState.OPEN)
    evidence_on = models.DateField(_("最后见于"), null=True, blank=True)
    held_from = models.DateField(null=True, blank=True, editable=False)
    held_until = models.DateField(null=True, blank=True, editable=False)
    status = models.CharField(max_length=8, choices=OccupancyStatus, default=OccupancyStatus.RECORDED)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "用房记录")
        indexes = [
            models.Index(fields=["space", "held_from"], name="occupancy_by_space"),
            models.Index(fields=["who_kind", "who_id"], name="occupancy_by_who"),
        ]
        constraints = [
            NeverAbove(
                name="occupancies_fit_the_space",
                part="area",
                parent="space",
                starts="held_from",
                ends="held_until",
                limits="premises.Extent",
                limit="area",
                when=Q(status=OccupancyStatus.RECORDED),
                violation_error_message=_("这间房有的日子放不下：用房面积合计超过了房间面积。"),
            ),
            NeverAbove(
                name="occupancies_fit_the_desks",
                part="desks",
                parent="space",
                starts="held_from",
                ends="held_until",
                limits="premises.Extent",
                limit="desks",
                when=Q(status=OccupancyStatus.RECORDED),
                violation_error_message=_("这里有的日子坐不下：使用的工位合计超过了工位数。"),
            ),
            models.CheckConstraint(
                condition=Q(who_kind="", who_id=None) | (~Q(who_kind="") & Q(who_id__isnull=False)),
                name="occupancy_of_somebody_or_common",
            ),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0), name="occupancy_area_is_positive"),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_from__isnull=False, held_until__gt=F("held_from")),
                name="occupancy_holds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_before=None) | Q(starts_on=None) | Q(ended_before__gt=F("starts_on")),
                name="occupancy_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(end_state=EndState.KNOWN) | Q(ended_on=None), name="occupancy_end_is_known_or_empty"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="occupancy_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name} @ {self.space_id}"


class IdleProperty(models.Model):
    """Idle property 闲置存量房产 on its way to becoming premises, or given up with a reason."""

    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    owner = models.ForeignKey(
        "bodies.Organisation",
        verbose_name=_("产权单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)
    territory = models.ForeignKey(
        "bodies.Territory",
        verbose_name=_("街道、地区"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    area = models.DecimalField(_("面积"), max_digits=10, decimal_places=2, null=True, blank=True)
    former_use = models.CharField(_("原用途"), max_length=120, blank=True)
    found = PartialDateColumns(_("发现时间"))
    source = models.CharField(_("来源"), max_length=200)
    note = models.TextField(_("进展说明"), blank=True)
    reason = models.CharField(_("放弃原因"), max_length=300, blank=True)
    status = models.CharField(_("进展"), max_length=12, choices=IdleStatus, default=IdleStatus.FOUND)
    moved_on = models.DateField(_("进入本阶段"))  # the day of its last move
    premises = models.OneToOneField(
        Premises, null=True, blank=True, on_delete=models.PROTECT, related_name="idle_property"
    )
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    amended_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "闲置存量房产")
        indexes = [models.Index(fields=["status", "moved_on"], name="idle_by_progress")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="idle_has_a_name"),
            models.CheckConstraint(condition=~Q(source=""), name="idle_has_a_source"),
            models.CheckConstraint(condition=Q(area=None) | Q(area__gt=0), name="idle_area_is_positive"),
            models.CheckConstraint(
                condition=~Q(status=IdleStatus.CONVERTED) | Q(premises__isnull=False), name="idle_converted_to_premises"
            ),
            models.CheckConstraint(
                condition=~Q(status=IdleStatus.DROPPED) | ~Q(reason=""), name="idle_dropped_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name
