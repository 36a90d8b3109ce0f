"""Organisations: one record per legal body, whatever its roles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hatchline.apps.bodies.models.classes import ClassCode
from hatchline.apps.bodies.models.places import Territory
from hatchline.apps.bodies.states import Status
from hatchline.apps.columns import PartialDateColumns


class LegalForm(models.TextChoices):
    LIMITED = "limited", _("有限责任公司")
    JOINT_STOCK = "joint_stock", _("股份有限公司")
    SOLE = "sole", _("个人独资企业")
    PARTNERSHIP = "partnership", _("合伙企业")
    STATE = "state", _("全民所有制企业")
    COLLECTIVE = "collective", _("集体企业")
    PUBLIC_INSTITUTION = "public_institution", _("事业单位")
    GOVERNMENT = "government", _("机关")
    ASSOCIATION = "association", _("社会团体")
    PRIVATE_NON_PROFIT = "private_non_profit", _("民办非企业单位")
    FOUNDATION = "foundation", _("基金会")
    FOREIGN = "foreign", _("境外机构")
    OTHER = "other", _("其他")


class TypeOfBody(models.TextChoices):
    COMPANY = "company", _("企业")
    UNIVERSITY = "university", _("高校")
    INSTITUTE = "institute", _("科研院所")
    LABORATORY = "laboratory", _("实验室")
    OPERATOR = "operator", _("孵化运营单位")
    INVESTOR = "investor", _("投资机构")
    BANK = "bank", _("银行")
    GUARANTOR = "guarantor", _("担保机构")
    PROVIDER = "provider", _("服务机构")
    ALLIANCE = "alliance", _("产业联盟")
    ASSOCIATION = "association", _("协会")
    GOVERNMENT = "government", _("政府部门")
    CENTRE = "centre", _("生产力促进中心")
    PARK = "park", _("产业园区")
    INCUBATOR = "incubator", pgettext_lazy("one", "孵化机构")
    CHARITY = "charity", _("公益组织")
    OTHER = "other", _("其他")


class NameKind(models.TextChoices):
    FORMER = "former", _("曾用名")
    ALIAS = "alias", _("别名")
    SHORT = "short", _("简称")
    ENGLISH = "english", _("英文名")


class Organisation(models.Model):
    """Any legal body. A credit code with a wrong check digit is kept and marked; a malformed one is refused."""

    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)  # names.key(name): for finding possible duplicates
    named_on = models.DateField(null=True, blank=True)  # since when it has this name; null: not known
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    credit_code_is_doubtful = models.BooleanField(default=False)  # its check digit does not agree
    legal_form = models.CharField(_("单位性质"), max_length=20, choices=LegalForm, blank=True)
    status = models.CharField(_("状态"), max_length=10, default=Status.ACTIVE, choices=Status)
    country = models.CharField(_("国家或地区"), max_length=2, blank=True)  # ISO 3166-1 alpha-2; blank: not known
    territory = models.ForeignKey(
        Territory, verbose_name=_("行政区划"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=16, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    website = models.CharField(_("网站"), max_length=300, blank=True)
    website_host = models.CharField(max_length=120, blank=True)  # names.host(website)
    founded = PartialDateColumns(_("成立时间"))
    closed = PartialDateColumns(_("终止时间"))
    industry = models.ForeignKey(
        ClassCode, verbose_name=_("行业"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    description = models.TextField(_("简介"), blank=True)
    version = models.PositiveIntegerField(default=1)  # raised by every change: a form sends the one it was filled from
    registered_at = models.DateTimeField()
    amended_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("one", "单位")
        indexes = [
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["territory", "name"], name="organisation_by_place"),
            models.Index(fields=["website_host"], name="organisation_by_host", condition=~models.Q(website_host="")),
            models.Index(fields=["founded_on", "id"], name="organisation_by_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(latitude=None) | models.Q(latitude__gte=-90, latitude__lte=90),
                name="organisation_latitude",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None) | models.Q(longitude__gte=-180, longitude__lte=180),
                name="organisation_longitude",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationName(models.Model):
    """Another name: a former one with its last day, an alias, a short or an English one. The present one is above."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation", "-ends_before", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "name", "ends_before"], name="organisation_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationType(models.Model):
    """One of the types of an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="types")
    kind = models.CharField(max_length=20, choices=TypeOfBody)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="organisation_type_once")]
        indexes = [models.Index(fields=["kind", "organisation"], name="organisation_of_type")]

    def __str__(self) -> str:
        return str(TypeOfBody(self.kind).label)


class Identifier(models.Model):
    """A number that another register gave: scheme (gb-coh, grid, org-code, …) and value as written there."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=30)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "scheme", "value"], name="organisation_identifier_once")
        ]
        indexes = [models.Index(fields=["scheme", "value"], name="organisation_identified")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
