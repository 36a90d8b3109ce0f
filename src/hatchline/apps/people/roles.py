"""Kinds of role, and what each may do. Routes, buttons, the API and the generated table of permissions read this alone.

A capability is ``noun.verb``. To add one: a line in MAY. Whether it reaches a given row is a question for
``visible_to`` in the queries of the app that owns the row; a row out of reach answers 404.

An auditor looks and changes nothing: a capability given to AUDITOR ends in a verb of READING or stands in OWN, what
anyone may do with their own account (a test walks MAY).
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleKind(TextChoices):
    ADMINISTRATOR = "administrator", _("系统管理员")
    OFFICIAL = "official", _("区科委工作人员")
    OFFICER = "officer", _("其他部门工作人员")
    CENTRE = "centre", _("生产力促进中心")
    MANAGER = "manager", _("机构负责人")
    STAFF = "staff", _("机构工作人员")
    FOUNDER = "founder", _("创业者")
    MENTOR = "mentor", _("创业导师")
    EXPERT = "expert", _("评审专家")
    INVESTOR = "investor", _("投资方")
    PROVIDER = "provider", _("服务机构")
    LABORATORY = "laboratory", _("实验室与高校")
    AUDITOR = "auditor", _("审计人员")


_K = RoleKind
AUTHORITY = frozenset({_K.ADMINISTRATOR, _K.OFFICIAL})
CONSOLE = AUTHORITY | {_K.OFFICER, _K.CENTRE, _K.AUDITOR}
DESK = frozenset({_K.MANAGER, _K.STAFF, _K.FOUNDER, _K.MENTOR, _K.EXPERT, _K.INVESTOR, _K.PROVIDER, _K.LABORATORY})
EVERYONE = frozenset(RoleKind)
READING = frozenset({"enter", "see", "list", "read", "evaluate"})  # to look at an evaluation keeps nothing
OWN = frozenset({"lists.save_view", "tokens.own"})

# Where a kind of role may be held; the first is what a form offers. "" is everywhere (the whole district).
PLACES: dict[RoleKind, tuple[str, ...]] = {
    _K.ADMINISTRATOR: ("",),
    _K.OFFICIAL: ("territory", "area", ""),
    _K.OFFICER: ("organisation", "territory", "area", ""),
    _K.CENTRE: ("organisation", "territory", ""),
    _K.MANAGER: ("organisation",),
    _K.STAFF: ("organisation",),
    _K.FOUNDER: ("", "organisation"),
    _K.MENTOR: ("", "organisation"),
    _K.EXPERT: ("", "organisation", "territory"),
    _K.INVESTOR: ("organisation", ""),
    _K.PROVIDER: ("organisation", ""),
    _K.LABORATORY: ("organisation", ""),
    _K.AUDITOR: ("", "territory", "area"),
}

MAY: dict[str, frozenset[RoleKind]] = {
    "console.enter": CONSOLE,
    "desk.enter": DESK,
    "bodies.see": EVERYONE,
    "organisations.list": CONSOLE,
    "organisations.register": AUTHORITY | {_K.CENTRE},
    "organisations.amend": AUTHORITY | {_K.CENTRE},
    "institutions.list": CONSOLE,
    "institutions.register": AUTHORITY,
    "institutions.amend": AUTHORITY,
    "institutions.see_own": frozenset({_K.MANAGER, _K.STAFF}),
    "institutions.amend_own": frozenset({_K.MANAGER}),
    "targets.see": CONSOLE,
    "targets.amend": AUTHORITY,
    "ventures.list": CONSOLE,
    "ventures.register": AUTHORITY | {_K.CENTRE},
    "ventures.amend": AUTHORITY | {_K.CENTRE},
    "ventures.merge": AUTHORITY,
    "ventures.see_own": frozenset({_K.FOUNDER}),
    "ventures.amend_own": frozenset({_K.FOUNDER}),
    "applications.make": frozenset({_K.FOUNDER}),
    "stays.see_own": frozenset({_K.MANAGER, _K.STAFF}),
    "stays.manage_own": frozenset({_K.MANAGER, _K.STAFF}),
    "stays.amend": AUTHORITY,
    "questions.list": CONSOLE,
    "questions.settle": AUTHORITY,
    "questions.answer": frozenset({_K.MANAGER, _K.STAFF, _K.FOUNDER}),
    "titles.record": AUTHORITY,
    "premises.list": CONSOLE,
    "premises.record": AUTHORITY,
    "premises.record_own": frozenset({_K.MANAGER, _K.STAFF}),
    "idle.record": AUTHORITY | {_K.OFFICER},
    "team.record": AUTHORITY,
    "team.record_own": frozenset({_K.MANAGER}),
    "observations.record_own": frozenset({_K.MANAGER, _K.STAFF, _K.FOUNDER}),
    "chain.see": CONSOLE,
    "quality.see": CONSOLE,
    "rules.evaluate": CONSOLE,
    "rules.draft": AUTHORITY,
    "rules.publish": AUTHORITY,
    "imports.run": AUTHORITY | {_K.CENTRE},
    "imports.see": AUTHORITY | {_K.CENTRE, _K.AUDITOR},
    "ledger.see": AUTHORITY | {_K.AUDITOR},
    "outbox.see": AUTHORITY | {_K.AUDITOR},
    "outbox.retry": frozenset({_K.ADMINISTRATOR}),
    "people.list": AUTHORITY | {_K.AUDITOR},
    "people.register": AUTHORITY,
    "people.manage": frozenset({_K.ADMINISTRATOR}),
    "people.unmask": AUTHORITY,
    "people.export": frozenset({_K.ADMINISTRATOR}),
    "people.erase": frozenset({_K.ADMINISTRATOR}),
    "ties.record": AUTHORITY,
    "inbox.read": EVERYONE,
    "files.upload": EVERYONE - {_K.AUDITOR},
    "lists.save_view": EVERYONE,
    "tokens.own": EVERYONE,
}


def may(kind: str | None, capability: str) -> bool:
    """Whether a role of this kind has the capability; an undeclared capability is a KeyError."""
    return kind in MAY[capability]
