"""A small world for walks: six organisations, each told in eight ways, and three platforms that list them in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawlers.record import Identifier, Record

PLATFORMS = ("a", "b", "c")
SLOTS = 5
"""A platform lists at most so many records."""
NAMES = ("Saules maize", "Dzintara darbnīca", "Upes krasta kopiena", "Zaļā pēda", "Vecmāmiņu virtuve", "Jūras vējš")
TRANSLATIONS = ("Sun Bread", "Amber Workshop", "Riverside Community", "Green Foot", "Grandmothers' Kitchen", "Sea Wind")
TOWNS = ("Cēsis", "Talsi", "Ogre", "Kuldīga", "Valmiera", "Liepāja")
OTHER_TOWN = "Daugavpils"


def _plain(_fields: dict[str, Any], _org: int) -> None:
    """The organisation as it tells of itself."""


def _misspelt(fields: dict[str, Any], org: int) -> None:
    name = NAMES[org]
    fields["title"] = {"lv": name[:3] + name[4:]}


def _branch(fields: dict[str, Any], _org: int) -> None:
    fields["place"] = OTHER_TOWN


def _without_site(fields: dict[str, Any], _org: int) -> None:
    fields["website"] = None


def _registered(fields: dict[str, Any], org: int) -> None:
    fields["identifiers"] = (Identifier("LV-RE", f"4000300000{org}"),)


def _renamed(fields: dict[str, Any], org: int) -> None:
    _registered(fields, org)
    fields["title"] = {"lv": f"Biedrība Nr {org}"}
    fields["website"] = None


def _something_else(fields: dict[str, Any], org: int) -> None:
    fields["title"] = {"lv": f"Kazino Bonuss {'ABCDEF'[org]}"}
    fields["website"] = f"https://kazino{org}.example/"


def _translated(fields: dict[str, Any], org: int) -> None:
    fields["title"] = {"en": TRANSLATIONS[org]}


VARIANTS: tuple[Callable[[dict[str, Any], int], None], ...] = (
    _plain, _misspelt, _branch, _without_site, _registered, _renamed, _something_else, _translated,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What a platform says at an id: of an organisation, in one of the ways."""

    org: int
    variant: int

    def record(self, platform: str, remote_id: str) -> Record:
        """The record; its description has a word that stands in no other record."""
        fields: dict[str, Any] = {
            "title": {"lv": NAMES[self.org]},
            "website": f"https://site{self.org}.example/",
            "place": TOWNS[self.org],
            "country": "LV",
            "kind": "organisation",
        }
        VARIANTS[self.variant](fields, self.org)
        mark = self.mark(platform, remote_id)
        return Record(remote_id, url=f"https://{platform}.example/{remote_id}", description={"lv": f"Par mums {mark}"}, **fields)

    def mark(self, platform: str, remote_id: str) -> str:
        """The word that stands in no other record."""
        return f"zime{platform}{remote_id}o{self.org}v{self.variant}x"


@dataclass(slots=True)
class Site:
    """What a platform lists now: content by slot, and the remote id of each slot, which may be numbered anew."""

    platform: str
    contents: dict[int, Content] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def remote_id(self, slot: int) -> str:
        return f"{slot}n{self.numbers.get(slot, 0)}"

    def renumber(self, slot: int) -> None:
        self.numbers[slot] = self.numbers.get(slot, 0) + 1

    def records(self) -> Mapping[str, Record]:
        ids = {slot: self.remote_id(slot) for slot in sorted(self.contents)}
        return {id: self.contents[slot].record(self.platform, id) for slot, id in ids.items()}
