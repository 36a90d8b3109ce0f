"""Persons, accounts, roles, invitations and ties. A person is a key, not an e-mail."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hatchline.apps import columns
from hatchline.apps.guards import NoOverlap, ordered
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.people.states import ContactKind, IdentityKind, InvitationStatus, TieKind, Visibility

DIGEST_LENGTH = 80
PLACES = ("organisation", "territory", "area")
AT_MOST_ONE_PLACE = (
    Q(organisation=None, territory=None) | Q(organisation=None, area=None) | Q(territory=None, area=None)
)


class Person(models.Model):
    """A human being, known once whatever roles, e-mails and accounts they have. After erasure the key alone stays."""

    name = models.CharField(_("姓名"), max_length=100, blank=True)
    name_en = models.CharField(_("英文姓名"), max_length=100, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_named_until_erased",
                condition=Q(erased_at=None) & ~Q(name="") | Q(erased_at__isnull=False, name="", name_en=""),
                violation_error_message=_("请填写姓名。"),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("（个人信息已删除）"))


class ContactPoint(models.Model):
    """A way to reach a person. The value is encrypted; its digest finds equal ones."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(_("类别"), max_length=10, choices=ContactKind)
    value = columns.Encrypted(_("号码或地址"), kind="contact")
    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    is_preferred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "digest"], name="contact_once_for_a_person"),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(is_preferred=True), name="contact_one_preferred_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="contact_has_a_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def masked(self) -> str:
        """What a page shows: 138****5678, w***@example.com."""
        return _masked_mail(self.value) if self.kind == ContactKind.EMAIL else columns.masked(self.value)


class Identity(models.Model):
    """A number on a document that a person has shown. Never a key of a person; equal digests hint at a duplicate."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(_("证件类型"), max_length=20, choices=IdentityKind)
    number = columns.Encrypted(_("证件号码"), kind="identity")
    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "digest"], name="identity_once_for_a_person"),
            models.CheckConstraint(condition=~Q(digest=""), name="identity_has_a_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def masked(self) -> str:
        """What a page shows: 110***********001X."""
        return columns.masked(self.number)


class AccountQuerySet(BaseUserManager["Account"]):
    """What Django's commands need to make an account."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Account:
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """How a person signs in. It has no e-mail address: how to reach someone is a ContactPoint."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account", null=True)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may read reference tables in Django's admin
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountQuerySet()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="account_username_once",
                violation_error_message=_("这个用户名已被使用，请换一个。"),
            ),
            models.CheckConstraint(condition=~Q(username=""), name="account_has_a_username"),
        ]

    def __str__(self) -> str:
        return self.username


class Placed(models.Model):
    """A kind of role in at most one place, over a half-open period. No place: everywhere."""

    kind = models.CharField(_("角色"), max_length=20, choices=RoleKind)
    organisation = models.ForeignKey(
        "bodies.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    territory = models.ForeignKey("bodies.Territory", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("bodies.FunctionalArea", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("开始日期"))
    ends_before = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        place = self.place
        english = getattr(place, "name_en", "") if (get_language() or "").startswith("en") else ""
        return f"{self.get_kind_display()}{' · ' if place else ''}{english or place or ''}"

    @property
    def place(self) -> models.Model | None:
        """The organisation, territory or functional area it is in, or None."""
        return self.organisation or self.territory or self.area


class Role(Placed):
    """A person's role in a body, a territory or a functional area, from one day to another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=AT_MOST_ONE_PLACE, name="role_in_one_place"),
            # one that ends on the day it begins never held: that is how a grant of today is taken back
            models.CheckConstraint(
                condition=Q(ends_before=None) | Q(ends_before__gte=F("starts_on")),
                name="role_period_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            NoOverlap(name="role_once_in_organisation", keys=["person", "kind", "organisation"]),
            NoOverlap(name="role_once_in_territory", keys=["person", "kind", "territory"]),
            NoOverlap(name="role_once_in_area", keys=["person", "kind", "area"]),
            NoOverlap(
                name="role_once_everywhere",
                keys=["person", "kind"],
                condition=Q(organisation__isnull=True, territory__isnull=True, area__isnull=True),
            ),
        ]


class Invitation(Placed):
    """A role offered to a person, taken with a token that only the invited person holds; we keep its digest."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_digest = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=InvitationStatus, default=InvitationStatus.OPEN)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=AT_MOST_ONE_PLACE, name="invitation_in_one_place"),
            ordered(name="invitation_period_in_order"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_later"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | ~Q(status=InvitationStatus.ACCEPTED),
                name="invitation_accepted_at_a_moment",
            ),
        ]


class Tie(models.Model):
    """What joins a person or an organisation to an organisation: shares, a post, employment, mentoring, advice."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="ties")
    holder = models.ForeignKey(
        "bodies.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the organisation that is tied, when it is not a person
    organisation = models.ForeignKey("bodies.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("关系"), max_length=24, choices=TieKind)
    share = models.DecimalField(_("持股比例"), max_digits=7, decimal_places=4, null=True, blank=True)  # per cent
    post = models.CharField(_("职务"), max_length=60, blank=True)
    starts = columns.PartialDateColumns(_("开始时间"))
    ends = columns.PartialDateColumns(_("结束时间"))
    source = models.CharField(_("来源"), max_length=200)
    visibility = models.CharField(_("谁可以看到"), max_length=10, choices=Visibility, default=Visibility.AUTHORITY)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind"], name="tie_of_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, holder=None) | Q(person=None, holder__isnull=False),
                name="tie_of_a_person_or_a_body",
            ),
            models.CheckConstraint(
                condition=Q(holder=None) | ~Q(holder=F("organisation")),
                name="tie_to_another_body",
                violation_error_message=_("单位不能与自己建立关联。"),
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(kind=TieKind.SHAREHOLDER, share__gte=0, share__lte=100),
                name="tie_share_in_per_cent",
                violation_error_message=_("持股比例应在 0 到 100 之间，且只有股东才填写。"),
            ),
            # wrong only when it surely ended before it began: every day it may have ended precedes every day it may
            # have begun. 至今 and unknown ends have no days.
            models.CheckConstraint(
                condition=Q(ends_before=None) | Q(starts_on=None) | Q(ends_before__gt=F("starts_on")),
                name="tie_period_in_order",
                violation_error_message=_("结束时间不能早于开始时间。"),
            ),
            models.CheckConstraint(condition=~Q(source=""), name="tie_has_a_source"),
        ]

    def __str__(self) -> str:
        share = f" {self.share.normalize():f}%" if self.share is not None else ""
        return f"{self.person or self.holder} · {self.get_kind_display()}{share} · {self.organisation}"


def _masked_mail(value: str) -> str:
    name, sign, host = value.partition("@")
    return f"{name[:1]}***{sign}{host}" if sign else columns.masked(value)
