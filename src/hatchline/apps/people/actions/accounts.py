"""Verbs on accounts: how a person signs in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.people import policy, queries
from hatchline.apps.people.models import Account, Person
from hatchline.core.values.refusal import require


@transaction.atomic
def make_account(
    person: Person,
    *,
    username: str,
    password: str | None = None,
    is_demonstration: bool = False,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Account:
    """Give a person a way to sign in. Without a password nobody can until one is set.

    A demonstration account's password is printed for everyone, so it is not measured; it opens on loopback alone.
    """
    person = queries.locked(person)
    require(policy.why_not_as("make_account", role_kind) or policy.why_not_make_account(person, username))
    if password is not None and not is_demonstration:
        require(policy.why_not_password(password, Account(username=username, person=person)))
    account = get_user_model().objects.create_user(username, password, person=person, is_demonstration=is_demonstration)
    ledger.move(account, "make_account", by=by, at=now, role_kind=role_kind, details={"person": person.pk})
    return account


@transaction.atomic
def set_password(
    account: Account,
    *,
    password: str,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
    keep_session: str = "",
) -> Account:
    """A new password; every open sign-in of the account ends, but for the session one changes it in."""
    account = queries.locked(account)
    require(policy.why_not_as("set_password", role_kind) or policy.why_not_password(password, account))
    account.set_password(password)
    account.save(update_fields=["password"])
    details = {"sign_ins_ended": _end_sessions(account, keep=keep_session)}
    ledger.move(account, "set_password", by=by, at=now, role_kind=role_kind, details=details)
    return account


@transaction.atomic
def unlock(account: Account, *, by: Person | None, now: datetime, role_kind: str = "") -> int:
    """Forget the failed sign-ins that lock an account. How many there were."""
    from axes.models import AccessAttempt

    require(policy.why_not_as("unlock", role_kind))
    account = queries.locked(account)
    forgotten: int
    forgotten, _of = AccessAttempt.objects.filter(username=queries.counted_as(account.username)).delete()
    ledger.move(account, "unlock", by=by, at=now, role_kind=role_kind, details={"failures": forgotten})
    return forgotten


@transaction.atomic
def reset_second_factor(account: Account, *, by: Person | None, now: datetime, role_kind: str = "") -> int:
    """Take away TOTP and recovery codes, so that their owner can set them up anew; every open sign-in ends."""
    from allauth.mfa.models import Authenticator

    require(policy.why_not_as("reset_second_factor", role_kind))
    account = queries.locked(account)
    removed: int
    removed, _of = Authenticator.objects.filter(user=account).delete()
    details = {"removed": removed, "sign_ins_ended": _end_sessions(account)}
    ledger.move(account, "reset_second_factor", by=by, at=now, role_kind=role_kind, details=details)
    return removed


@transaction.atomic
def deactivate(account: Account, *, by: Person | None, now: datetime, today: date, role_kind: str = "") -> Account:
    """Nobody signs in with it any more; every open sign-in ends now. The person and their roles stay."""
    queries.hold_administrators()
    account = queries.locked(account)
    require(policy.why_not_as("deactivate", role_kind) or policy.why_not_deactivate(account, by=by, today=today))
    account.is_active = False
    account.save(update_fields=["is_active"])
    details = {"sign_ins_ended": _end_sessions(account)}
    ledger.move(account, "deactivate", by=by, at=now, role_kind=role_kind, details=details)
    return account


@transaction.atomic
def reactivate(account: Account, *, by: Person | None, now: datetime, role_kind: str = "") -> Account:
    """Open a deactivated account again."""
    account = queries.locked(account)
    require(policy.why_not_as("reactivate", role_kind) or policy.why_not_reactivate(account))
    account.is_active = True
    account.save(update_fields=["is_active"])
    ledger.move(account, "reactivate", by=by, at=now, role_kind=role_kind)
    return account


@transaction.atomic
def end_sign_ins(account: Account, *, keys: Iterable[str] | None = None, by: Person | None, now: datetime) -> int:
    """End open sign-ins of an account: those with these session keys, or all. How many it was."""
    account = queries.locked(account)
    ended = _end_sessions(account, only=None if keys is None else set(keys))
    if ended:
        ledger.move(account, "end_sign_ins", by=by, at=now, details={"sign_ins_ended": ended})
    return ended


@transaction.atomic
def link_sign_in(account: Account, *, issuer: str, link: str, by: Person, now: datetime) -> None:
    """Write down that an identity of an issuer now opens this account. ``link`` is the digest it is kept under."""
    account = queries.locked(account)
    ledger.move(account, "link_sign_in", by=by, at=now, details={"issuer": issuer, "link": link})


@transaction.atomic
def unlink_sign_in(account: Account, *, by: Person | None, now: datetime) -> int:
    """Remove every link of an account to an OpenID Connect identity. How many there were."""
    from allauth.socialaccount.models import SocialAccount

    account = queries.locked(account)
    removed: int
    removed, _of = SocialAccount.objects.filter(user=account).delete()
    ledger.move(account, "unlink_sign_in", by=by, at=now, details={"removed": removed})
    return removed


def empty(account: Account) -> None:
    """Part of erasing a person: an account that can never be signed in to and names nobody."""
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    _end_sessions(account)
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        names = Q(username__iexact=account.username) | Q(username=queries.counted_as(account.username))
        log.objects.filter(names).delete()
    Authenticator.objects.filter(user=account).delete()
    SocialAccount.objects.filter(user=account).delete()
    account.username = f"erased-{account.pk}"
    account.is_active = account.is_staff = False
    account.set_unusable_password()
    account.save()


def _end_sessions(account: Account, *, only: set[str] | None = None, keep: str = "") -> int:
    from allauth.usersessions.models import UserSession

    sessions = [
        each
        for each in UserSession.objects.filter(user=account)
        if each.session_key != keep and (only is None or each.session_key in only)
    ]
    for session in sessions:
        session.end()
    return len(sessions)
