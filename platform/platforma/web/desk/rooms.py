"""The rooms of the desk, in the order of its navigation: each with the page that it begins with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from platforma.i18n import gettext as _
from platforma.web.context import is_admin
from vocabulary.messages import N_


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A line of the navigation; `current` is its aria-current: page, true where the page that is shown belongs to the room, or
    empty."""

    address: str
    label: str
    current: str


ROOMS = (
    ("desk.today", N_("Today")),
    ("desk.next_item", N_("One after the other")),
    ("desk.catalogue", N_("Listings")),
    ("desk.duplicates", N_("Duplicates")),
    ("desk.stale", N_("Maybe outdated")),
    ("desk.all_corrections", N_("Messages")),
    ("crawls.all_sources", N_("Platforms")),
    ("concepts.all_concepts", N_("Thesaurus")),
    ("terms.all_terms", N_("Vocabulary")),
)
"""The endpoint and the name of each room that all of the staff use."""
ADMIN_ROOMS = (
    ("accounts.all_accounts", N_("Accounts")),
    ("removals.register", N_("Removals")),
    ("operation.overview", N_("How it runs")),
)
"""The rooms that only admins use."""


BELOW = {
    "/initiatives/": "desk.catalogue",
    "/audit": "desk.catalogue",
    "/listings": "desk.catalogue",
    "/platforms": "crawls.all_sources",
    "/crawls": "crawls.all_sources",
    "/statistics": "crawls.all_sources",
    "/searches": "concepts.all_concepts",
    "/claims": "desk.today",
    "/conflicts": "desk.today",
    "/translations": "desk.today",
    "/decisions": "desk.today",
    "/replies": "desk.today",
    "/mails": "desk.today",
    "/held-back": "desk.today",
}
"""Beginnings of addresses below the desk's, with the room that such a page belongs to though the room's address is another."""


def desk_rooms() -> list[RoomLink]:
    """The rooms that the person of this request may enter."""
    rooms = ROOMS + ADMIN_ROOMS if is_admin() else ROOMS
    return [RoomLink(url_for(endpoint), _(label), _current(endpoint)) for endpoint, label in rooms]


def _current(endpoint: str) -> str:
    if request.endpoint == endpoint:
        return "page"
    first, address = url_for("desk.today"), url_for(endpoint)
    below = request.path.removeprefix(first.rstrip("/"))
    is_of_room = endpoint in (room for beginning, room in BELOW.items() if below.startswith(beginning))
    return "true" if is_of_room or (address != first and request.path.startswith(address)) else ""
