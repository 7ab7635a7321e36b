"""What each role may do, in plain words: the page, and the addresses for which each of its sentences stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from platforma.catalogue.enums import Role
from platforma.i18n import gettext as _
from platforma.web.context import signed_in
from platforma.web.desk.accounts import role_label
from platforma.web.desk.blueprint import blueprint
from vocabulary.messages import N_

ANYONE = (None, *Role)
SIGNED_IN = tuple(Role)
MEMBERS = (Role.PARTNER,)
"""Whoever is a member of a platform, which people of any role may be; there is no page of it for others."""
DESK = (Role.READER, Role.CURATOR, Role.ADMIN)
STAFF = (Role.CURATOR, Role.ADMIN)
ADMINS = (Role.ADMIN,)


@dataclass(frozen=True, slots=True)
class RoleTask:
    """Something that these roles may do; None among them is a visitor. `ways` are methods with beginnings of addresses,
    without the language.

    Where several tasks begin an address, the longest beginning says who may.
    """

    roles: Sequence[Role | None]
    text: str
    ways: Sequence[str]


TASKS = (
    RoleTask(
        ANYONE,
        N_("Search and read everything that is public, and take it along as a file"),
        ("GET /", "POST /api/v1/reconcile", "POST /clicks"),
    ),
    RoleTask(
        ANYONE,
        N_("Register a platform, add a listing, save a search; each is confirmed by a link in an e-mail"),
        ("POST /register", "POST /add", "POST /subscri"),
    ),
    RoleTask(
        ANYONE,
        N_("Report a mistake, ask for removal, write to us"),
        ("POST /contact", "POST /initiatives/<public_id>/report", "POST /platforms/", "POST /report/"),
    ),
    RoleTask(
        ANYONE,
        N_("Sign in and out, and answer or end mails by their own link"),
        ("POST /sign-", "POST /desk-mails/", "POST /partner-mails/", "POST /letters/"),
    ),
    RoleTask(
        ANYONE,
        N_("Say that a listing is one’s own organisation; it is confirmed by a link in an e-mail"),
        ("POST /initiatives/<public_id>/claim", "POST /claim/"),
    ),
    RoleTask(SIGNED_IN, N_("See for which platforms one answers, and which listings one keeps"), ("GET /partner/",)),
    RoleTask(
        MEMBERS,
        N_("For the listings that one keeps: show that they are one’s own, change them, give them back"),
        ("GET /partner/listings/<public_id>/", "POST /partner/listings/<public_id>/"),
    ),
    RoleTask(
        ANYONE,
        N_("Accept an invitation, or confirm an address, by the link in a mail"),
        ("GET /partner/invitations/", "POST /partner/invitations/", "GET /partner/contacts/", "POST /partner/contacts/"),
    ),
    RoleTask(
        MEMBERS,
        N_(
            "For the platforms that one answers for: see how they were read and what was refused, answer curators, order a crawl,"
            " pause, choose contact and licence, invite and remove people, leave"
        ),
        ("GET /partner/<public_id>/", "POST /partner/<public_id>/"),
    ),
    RoleTask(
        DESK,
        N_("See the desk: what waits, what was decided, how platforms are read; addresses of visitors are covered for readers"),
        ("GET /desk/",),
    ),
    RoleTask(DESK, N_("Add, name and remove their own passkeys"), ("POST /desk/passkeys/",)),
    RoleTask(
        STAFF,
        N_("Publish, refuse, edit, join, part and remove listings, one by one or many at once, and undo what was decided"),
        (
            "POST /desk/initiatives/",
            "POST /desk/listings",
            "POST /desk/duplicates",
            "POST /desk/conflicts",
            "POST /desk/catalogue",
            "POST /desk/next/",
            "POST /desk/decisions/",
            "POST /desk/stale",
        ),
    ),
    RoleTask(
        STAFF,
        N_(
            "Approve, pause and refuse platforms, decide about held crawls, "
            "change how a platform is read and what its values mean"
        ),
        ("POST /desk/platforms", "POST /desk/crawls", "POST /desk/sources/"),
    ),
    RoleTask(
        STAFF,
        N_("Decide who keeps a listing for their organisation, and about their changes"),
        ("POST /desk/claims/",),
    ),
    RoleTask(
        STAFF,
        N_(
            "Answer messages of visitors, change the texts that answers begin with, decide about e-mails that were not delivered,"
            " and choose what is mailed to oneself"
        ),
        ("POST /desk/reports", "POST /desk/mails/", "POST /desk/replies", "POST /desk/mine", "POST /desk/held-back/"),
    ),
    RoleTask(
        STAFF,
        N_("Change the words of the thesaurus, of sectors, themes and kinds, and decide about searches in vain"),
        ("POST /desk/concepts/", "POST /desk/vocabulary/", "POST /desk/searches/"),
    ),
    RoleTask(ADMINS, N_("Add, close and open accounts, and change their roles"), ("GET /desk/accounts/", "POST /desk/accounts/")),
    RoleTask(ADMINS, N_("See what each e-mail of the site says"), ("GET /desk/mail-texts/",)),
    RoleTask(ADMINS, N_("See how the directory runs: its parts, what waits, what is stored"), ("GET /desk/operation/",)),
    RoleTask(ADMINS, N_("Read the register of removals, and lift a removal"), ("GET /desk/removals/", "POST /desk/removals/")),
)
"""A test compares them with the table of who may use which address."""


@dataclass(frozen=True, slots=True)
class RolePart:
    """A role on the page: its name, what those before it may not do, and whether it is the reader's own."""

    name: str
    texts: Sequence[str]
    is_own: bool


@blueprint.get("/roles")
def all_roles() -> str:
    return render_template("pages/desk/roles.html", parts=role_parts())


def role_parts() -> list[RolePart]:
    """The roles, each after the one whose rights it has as well: visitors and partners, readers, curators, admins."""
    user = signed_in()
    own = user.role if user else None
    return [
        RolePart(_("Visitors and partners"), _texts(ANYONE), is_own=own == Role.PARTNER),
        RolePart(_("Partners, once they are signed in"), [*_texts(SIGNED_IN), *_texts(MEMBERS)], is_own=False),
        *(RolePart(role_label(roles[0]), _texts(roles), is_own=own == roles[0]) for roles in (DESK, STAFF, ADMINS)),
    ]


def _texts(roles: Sequence[Role | None]) -> list[str]:
    return [_(task.text) for task in TASKS if task.roles == roles]
