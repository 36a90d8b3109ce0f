"""Persons, accounts and roles. A person is a key, not an e-mail."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.people.roles import RoleKind


class Person(models.Model):
    """A human being, known once whatever roles, e-mails and accounts they have."""

    name = models.CharField(_("姓名"), max_length=100)
    name_en = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


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
    """How a person signs in."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account", null=True)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may read reference tables in Django's admin
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountQuerySet()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.username


class Role(models.Model):
    """A person's role in a body, a territory or a functional area, from one day to another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=20, choices=RoleKind)
    organisation = models.ForeignKey(
        "bodies.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    territory = models.ForeignKey("bodies.Territory", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("bodies.FunctionalArea", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_before = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        place = self.organisation or self.territory or self.area
        return f"{self.get_kind_display()}{' · ' if place else ''}{place or ''}"
