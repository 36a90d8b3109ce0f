"""Verbs on persons, accounts, roles, invitations and ties. ``by`` is None for the command line; ``role_kind`` the role
in which ``by`` acts, checked against the table of moves when given."""

from hatchline.apps.people.actions.accounts import (
    deactivate,
    end_sign_ins,
    link_sign_in,
    make_account,
    reactivate,
    reset_second_factor,
    set_password,
    unlink_sign_in,
    unlock,
)
from hatchline.apps.people.actions.persons import (
    erase,
    export,
    register,
    remove_contact,
    rename,
    set_contact,
    set_identity,
    unmask_contact,
    unmask_identity,
)
from hatchline.apps.people.actions.roles import accept, end_role, grant, invite, withdraw
from hatchline.apps.people.actions.ties import end_tie, record_tie

__all__ = [
    "accept",
    "deactivate",
    "end_role",
    "end_sign_ins",
    "end_tie",
    "erase",
    "export",
    "grant",
    "invite",
    "link_sign_in",
    "make_account",
    "reactivate",
    "record_tie",
    "register",
    "remove_contact",
    "rename",
    "reset_second_factor",
    "set_contact",
    "set_identity",
    "set_password",
    "unlink_sign_in",
    "unlock",
    "unmask_contact",
    "unmask_identity",
    "withdraw",
]
