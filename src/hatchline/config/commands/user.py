"""hatchline user: people who sign in, their roles, and what an administrator mends when someone cannot."""

from __future__ import annotations

import functools
import json
import secrets
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from hatchline.config.cli import start_django

KINDS = "administrator, official, officer, centre, manager, staff, founder, mentor, expert, investor, provider, laboratory, auditor"  # noqa: E501
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object (list: one array), for programs.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Accounts of people: make, list, invite, give and end roles, reset passwords and second factors, unlock.

    Whoever runs this acts as the system: each change stands in the ledger without a person. Roles are named by kind:

    \b
    administrator official officer centre manager staff founder mentor expert investor provider laboratory auditor

    A role is in at most one place: --organisation (credit code or full name), --territory (statistical code) or --area
    (its code). Exit codes: 0 done, 1 refused or not found, 2 wrong call, 3 a setting is missing.
    """


def verb(call: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """Start Django, do it, and print what was done; a refusal becomes its sentence and exit code 1."""

    @functools.wraps(call)
    def run(*args: Any, as_json: bool, **kwargs: Any) -> None:
        start_django()
        from hatchline.core.values.refusal import Refused

        try:
            done = call(*args, **kwargs)
        except Refused as refused:
            if as_json:
                click.echo(json.dumps({"refused": refused.refusal.code, "why": str(refused)}, ensure_ascii=False))
            else:
                click.echo(str(refused), err=True)
            sys.exit(1)
        said = done.pop("said", "")
        click.echo(json.dumps(done, ensure_ascii=False) if as_json else said)

    return run


def placed(call: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a role: its kind, its place and its period."""
    for option in reversed(
        [
            click.option("--role", "kind", required=True, metavar="KIND", help=f"One of: {KINDS}."),
            click.option("--organisation", help="Credit code or full name of the organisation it is in."),
            click.option("--territory", help="Statistical code of the territory it is for (110105, 110105026)."),
            click.option("--area", help="Code of the functional area it is for."),
            click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="First day; default: today."),
            click.option(
                "--until", "ends_before", type=click.DateTime(["%Y-%m-%d"]), help="First day it no longer holds."
            ),
        ]
    ):
        call = option(call)
    return call


def _refuse(code: str, text: str) -> Any:
    from hatchline.core.values.refusal import Refusal, Refused

    raise Refused(Refusal(code, text))


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _account(username: str) -> Any:
    from hatchline.apps.people import queries

    return queries.account_named(username) or _refuse("unknown", f"no account has the username {username!r}")


def _place(organisation: str | None, territory: str | None, area: str | None) -> dict[str, Any]:
    from hatchline.apps.bodies import queries as bodies

    found: dict[str, Any] = {}
    if organisation:
        matches = list(bodies.organisations().filter(credit_code=organisation.upper())[:1]) or list(
            bodies.named(organisation)[:2]
        )
        if len(matches) != 1:
            _refuse("unknown", f"{len(matches) or 'no'} organisations have the code or name {organisation!r}")
        found["organisation"] = matches[0]
    if territory:
        found["territory"] = bodies.territory(territory) or _refuse(
            "unknown", f"no territory has the code {territory!r}"
        )
    if area:
        found["area"] = bodies.areas().filter(code=area).first() or _refuse("unknown", f"no functional area {area!r}")
    return found


def _offer(options: dict[str, Any]) -> dict[str, Any]:
    """What grant and invite of the people app take, from the options of the command."""
    starts, ends = options.pop("starts_on"), options.pop("ends_before")
    place = _place(options.pop("organisation"), options.pop("territory"), options.pop("area"))
    return {
        "kind": options.pop("kind"),
        "starts_on": starts.date() if starts else _today(),
        "ends_before": ends.date() if ends else None,
        **place,
    }


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--name-en", default="", help="The person's name in English.")
@click.option("--password", help="Better left out: without it one is made and printed once.")
@click.option("--demonstration", is_flag=True, help="A demonstration account: it opens on this machine alone.")
@as_json
@verb
def add(username: str, name: str, name_en: str, password: str | None, demonstration: bool) -> dict[str, Any]:
    """Make a person known and give them the account USERNAME. Roles are given with `grant`."""
    from django.conf import settings
    from django.db import transaction

    from hatchline.apps.people import actions as people

    if demonstration and not settings.DEMONSTRATION:
        _refuse("not_a_demonstration", "only a district with HATCHLINE_DEMONSTRATION=1 has demonstration accounts")
    made = password or secrets.token_urlsafe(12)
    with transaction.atomic():
        person = people.register(name, name_en=name_en, by=None, now=_now())
        account = people.make_account(
            person, username=username, password=made, is_demonstration=demonstration, by=None, now=_now()
        )
    done = {"username": account.username, "person": person.pk}
    said = f"account {account.username} for {person} (person {person.pk})"
    if password is None:
        done["password"] = made
        said += f"\npassword, shown this once: {made}"
    return {**done, "said": said}


@command.command("list")
@click.option("--role", "kind", metavar="KIND", help="Only people who hold this kind of role today.")
@as_json
def list_(kind: str | None, as_json: bool) -> None:
    """Accounts with their persons, roles of today, and whether they are active, locked or have a second factor."""
    start_django()
    from hatchline.apps.people import queries

    rows = queries.accounts(kind=kind, today=_today(), now=_now())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        marks = [word for word in ("inactive", "locked", "second_factor", "demonstration") if row[word]]
        roles = "; ".join(row["roles"]) or "no role"
        click.echo(f"{row['username']:<24} {row['name']:<16} {roles}{'  [' + ', '.join(marks) + ']' if marks else ''}")


@command.command()
@click.argument("name")
@click.option("--person", "key", type=int, help="Key of a person who is known already; NAME must be theirs.")
@placed
@as_json
@verb
def invite(name: str, key: int | None, **options: Any) -> dict[str, Any]:
    """Offer a role to the person NAME and print the link that takes it; the person chooses username and password."""
    from django.conf import settings
    from django.db import transaction
    from django.urls import reverse

    from hatchline.apps.people import actions as people
    from hatchline.apps.people import queries

    offer = _offer(options)
    with transaction.atomic():
        if key is None:
            person = people.register(name, by=None, now=_now())
        else:
            person = queries.person(key) or _refuse("unknown", f"no person has the key {key}")
            if person.name != name:
                _refuse("unknown", f"person {key} is not called {name!r}")
        invitation, token = people.invite(person, by=None, now=_now(), **offer)
    link = settings.ADDRESS.rstrip("/") + reverse("account_invitation", args=[token])
    until = invitation.expires_at.isoformat(timespec="minutes")
    return {
        "person": person.pk,
        "invitation": invitation.pk,
        "link": link,
        "expires_at": until,
        "said": f"{person} (person {person.pk}) is invited until {until}; the link is shown this once:\n{link}",
    }


@command.command()
@click.argument("username")
@placed
@as_json
@verb
def grant(username: str, **options: Any) -> dict[str, Any]:
    """Give the owner of USERNAME a role."""
    from hatchline.apps.people import actions as people

    role = people.grant(_account(username).person, by=None, now=_now(), **_offer(options))
    return {"role": role.pk, "kind": role.kind, "said": f"role {role.pk}: {role}"}


@command.command("end-role")
@click.argument("username")
@click.option("--role", "kind", required=True, metavar="KIND", help="The kind of role that ends.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="First day it no longer holds; default: today.")
@as_json
@verb
def end_role(username: str, kind: str, until: datetime | None) -> dict[str, Any]:
    """End every role of this kind that the owner of USERNAME holds today."""
    from django.db import transaction

    from hatchline.apps.people import actions as people
    from hatchline.apps.people import queries

    roles = [role for role in queries.roles_of_person(_account(username).person, today=_today()) if role.kind == kind]
    if not roles:
        _refuse("unknown", f"{username} holds no role {kind!r} today")
    day = until.date() if until else _today()
    with transaction.atomic():
        for role in roles:
            people.end_role(role, ends_before=day, by=None, now=_now(), today=_today())
    return {"ended": [role.pk for role in roles], "said": "\n".join(f"ended on {day}: {role}" for role in roles)}


@command.command()
@click.argument("username")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the new password from standard input.")
@as_json
@verb
def password(username: str, from_stdin: bool) -> dict[str, Any]:
    """Set a new password, printed once, and end every open sign-in."""
    from hatchline.apps.people import actions as people

    made = sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(12)
    account = people.set_password(_account(username), password=made, by=None, now=_now())
    if from_stdin:
        return {"username": account.username, "said": f"the password of {account} is set"}
    return {"username": account.username, "password": made, "said": f"new password, shown this once: {made}"}


@command.command()
@click.argument("username")
@as_json
@verb
def unlock(username: str) -> dict[str, Any]:
    """Forget the failed sign-ins that lock an account."""
    from hatchline.apps.people import actions as people

    forgotten = people.unlock(_account(username), by=None, now=_now())
    return {"failures": forgotten, "said": f"{username} may sign in again ({forgotten} records of failures forgotten)"}


@command.command("reset-second-factor")
@click.argument("username")
@as_json
@verb
def reset_second_factor(username: str) -> dict[str, Any]:
    """Take away TOTP and recovery codes, for who lost their phone; every open sign-in ends."""
    from hatchline.apps.people import actions as people

    removed = people.reset_second_factor(_account(username), by=None, now=_now())
    return {"removed": removed, "said": f"{username} signs in with the password alone now"}


@command.command()
@click.argument("username")
@click.option("--undo", is_flag=True, help="Open a deactivated account again.")
@as_json
@verb
def deactivate(username: str, undo: bool) -> dict[str, Any]:
    """Nobody signs in with USERNAME any more and every open sign-in ends. Person and roles stay."""
    from hatchline.apps.people import actions as people

    account = _account(username)
    if undo:
        people.reactivate(account, by=None, now=_now())
        return {"active": True, "said": f"{username} may sign in again"}
    people.deactivate(account, by=None, now=_now(), today=_today())
    return {"active": False, "said": f"{username} can no longer sign in"}
