"""Who works in an institution, with which qualifications, and who is its mentor.

A person of the register is a key; one known only from a list is a name. Never both, so that erasing a person leaves no
name behind. The day somebody left is the first day they were no longer there.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.columns import PartialDateColumns
from hatchline.apps.institutions.models.institutions import Institution

KNOWN_ONCE = Q(person=None) & ~Q(name="") | Q(person__isnull=False, name="")
IN_ORDER = Q(ends_before=None) | Q(starts_on=None) | Q(ends_before__gt=models.F("starts_on"))


class StaffRole(models.TextChoices):
    MANAGER = "manager", _("管理人员")
    SERVICE = "service", _("专业孵化服务人员")
    SUPPORT = "support", _("其他工作人员")


class Degree(models.TextChoices):
    NONE = "none", _("大专以下")
    COLLEGE = "college", _("大专")
    BACHELOR = "bachelor", _("本科")
    MASTER = "master", _("硕士")
    DOCTOR = "doctor", _("博士")


class QualificationKind(models.TextChoices):
    TRAINING = "training", _("孵化器从业人员培训")
    INVESTMENT = "investment", _("投资与金融从业资格")
    LAW = "law", _("法律职业资格")
    ACCOUNTING = "accounting", _("会计与审计资格")
    PATENT = "patent", _("专利代理师资格")
    TECHNOLOGY = "technology", _("技术经纪与技术转移资格")
    TITLE = "title", _("专业技术职称")
    OTHER = "other", _("其他资格")


class Known(models.Model):
    """Somebody at an institution for a time: a person of the register, or a name."""

    person = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=100, blank=True)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    starts = PartialDateColumns(_("开始时间"))
    ends = PartialDateColumns(_("结束时间"))
    source = models.CharField(_("来源"), max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or str(self.person)


class Staff(Known):
    """A member of staff. ``is_experienced``: in industry, in starting firms or in investing; None: not known."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="staff")
    role = models.CharField(_("岗位"), max_length=10, choices=StaffRole)
    degree = models.CharField(_("学历"), max_length=10, choices=Degree, blank=True)  # blank: not known
    is_experienced = models.BooleanField(_("有产业、创业或投资经验"), null=True, blank=True)

    class Meta:
        verbose_name = _("从业人员")
        constraints = [
            models.CheckConstraint(condition=KNOWN_ONCE, name="staff_is_a_person_or_a_name"),
            models.CheckConstraint(condition=IN_ORDER, name="staff_period_in_order"),
            models.CheckConstraint(condition=~Q(source=""), name="staff_has_a_source"),
        ]


class Qualification(models.Model):
    """What a member of staff was certified in, by whom and when."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField(_("资格类别"), max_length=12, choices=QualificationKind)
    name = models.CharField(_("资格名称"), max_length=100, blank=True)
    issuer = models.CharField(_("发证单位"), max_length=120, blank=True)
    issued = PartialDateColumns(_("取得时间"))

    class Meta:
        verbose_name = _("从业资格")
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "name", "issued_text"], name="qualification_once")
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Mentor(Known):
    """A mentor 创业导师 appointed by an institution."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="mentors")
    works_at = models.CharField(_("工作单位"), max_length=120, blank=True)
    field = models.CharField(_("辅导领域"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("创业导师")
        constraints = [
            models.CheckConstraint(condition=KNOWN_ONCE, name="mentor_is_a_person_or_a_name"),
            models.CheckConstraint(condition=IN_ORDER, name="mentor_period_in_order"),
            models.CheckConstraint(condition=~Q(source=""), name="mentor_has_a_source"),
        ]
