"""The rooms of the desk, in the order of its navigation: each with the page that it begins with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from platforma.i18n import gettext as _
from platforma.web.context import is_admin
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A line of the navigation; `is_current` where its page is the one that is shown."""

    address: str
    label: str
    is_current: bool


ROOMS = (
    ("desk.today", N_("Today")),
    ("desk.next_item", N_("One after the other")),
    ("desk.catalogue", N_("Listings")),
    ("desk.duplicates", N_("Duplicates")),
    ("desk.stale", N_("Still current?")),
    ("desk.all_corrections", N_("Messages")),
    ("crawls.all_sources", N_("Platforms")),
    ("concepts.all_concepts", N_("Thesaurus")),
    ("terms.all_terms", N_("Vocabulary")),
)
"""The endpoint and the name of each room that all of the staff use."""
ADMIN_ROOMS = (
    ("accounts.all_accounts", N_("Accounts")),
    ("removals.register", N_("Removals")),
)
"""The rooms that only admins use."""


def desk_rooms() -> list[RoomLink]:
    """The rooms that the person of this request may enter."""
    rooms = ROOMS + ADMIN_ROOMS if is_admin() else ROOMS
    return [RoomLink(url_for(endpoint), _(label), request.endpoint == endpoint) for endpoint, label in rooms]
