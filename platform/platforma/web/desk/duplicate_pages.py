"""View models of the desk's page for duplicates: one pair side by side, what can be said of it, and what was said lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import url_for
from werkzeug.datastructures import MultiDict

from crawlers.values.places import distance_km
from platforma.catalogue.enums import JudgementVerdict
from platforma.catalogue.listings.duplicate_queue import WaitingPair
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.listings.shown_pairs import Queue, ShownPair
from platforma.catalogue.matching.wording import sentences
from platforma.i18n import current_language, ngettext, number
from platforma.i18n import gettext as _
from platforma.web.desk.comparison import Comparison, comparisons
from platforma.web.desk.judgement_lines import JudgementLine
from platforma.web.desk.viewmodels import listing_state
from platforma.web.desk.walks import Walk
from platforma.web.public.geography.pair_map import PairMap, pair_map
from platforma.web.public.rows import distance, listing_url


class Decision(NamedTuple):
    """What a button says of a pair: a judgement, and whether the right one comes first in it."""

    verdict: JudgementVerdict
    is_turned: bool = False


CHOICE = "choice-"
"""Beginning of the names of the inputs that say whose value stands; the fields follow, parted by +."""
DECISIONS = {
    "same": Decision(JudgementVerdict.SAME),
    "different": Decision(JudgementVerdict.DIFFERENT),
    "translation": Decision(JudgementVerdict.TRANSLATION),
    "left_part": Decision(JudgementVerdict.PART_OF),
    "right_part": Decision(JudgementVerdict.PART_OF, is_turned=True),
    "later": Decision(JudgementVerdict.UNSURE),
}
"""The decisions by the values of their buttons, in the order of the buttons."""


@dataclass(frozen=True, slots=True)
class Side:
    """One listing of a pair, by its letter. `public_url` is None where it is not public."""

    letter: str
    public_id: str
    title: Text
    state: str
    desk_url: str
    public_url: str | None


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair to decide on. `reasons` are what comparing has seen; `far` says how far apart the two are, empty where unknown;
    `stays` is the side that stands if they are joined."""

    left: Side
    right: Side
    rows: Sequence[Comparison]
    reasons: Sequence[str]
    far: str
    map: PairMap | None
    stays: Side
    found_at: datetime
    is_put_off: bool
    is_certain: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page. `done` is what was decided just now, `undone` what was taken back; `refused` says why nothing was done."""

    pair: PairView | None
    queue: Queue
    done: JudgementLine | None
    undone: JudgementLine | None
    refused: str
    lately: Sequence[JudgementLine]

    @property
    def walk(self) -> Walk | None:
        """The place of the pair among those that wait; None where nothing does."""
        return walk_of(self.queue) if self.pair else None

    @property
    def skip(self) -> int:
        """How many pairs stand before this one."""
        return max(0, self.queue.place - 1)


def walk_of(queue: Queue) -> Walk:
    """The walk over the pairs that wait."""
    place, total = number(queue.place), number(queue.total)
    return Walk(
        place=queue.place,
        total=queue.total,
        words=_("Pair %(place)s of %(total)s", place=place, total=total),
        more=ngettext("%(num)s was put off", "%(num)s were put off", queue.put_off) if queue.put_off else "",
        label=_("Pairs that wait"),
        all_label=_("All pairs that wait"),
        address=lambda skip: url_for("desk.duplicates", skip=skip),
    )


def pair_view(shown: ShownPair) -> PairView:
    """The view model of a pair."""
    pair, left, right = shown.pair, shown.left, shown.right
    sides = _side("A", left), _side("B", right)
    km = _kilometres(left, right)
    far = _("%(distance)s apart", distance=distance(km)) if km is not None else ""
    return PairView(
        left=sides[0],
        right=sides[1],
        rows=comparisons(left, right),
        reasons=sentences(pair.reasons, _),
        far=far,
        map=_map(left, right, km, far),
        stays=next(side for side in sides if side.public_id == shown.stays),
        found_at=pair.found_at,
        is_put_off=pair.is_put_off,
        is_certain=pair.is_certain,
    )


def chosen_sides(sent: MultiDict[str, str], left: str, right: str) -> dict[str, str]:
    """Of which of two listings the value stands, by field, as the form says; fields that are left to the rules are missing."""
    chosen: dict[str, str] = {}
    for name, side in sent.items():
        if name.startswith(CHOICE) and side in ("left", "right"):
            fields = name.removeprefix(CHOICE).split("+")
            chosen |= dict.fromkeys(fields, left if side == "left" else right)
    return chosen


def pair_url(pair: WaitingPair) -> str:
    """The address at which a pair is shown."""
    return url_for("desk.duplicates", pair=pair_name(pair.left, pair.right))


def pair_name(left: str, right: str) -> str:
    """The name of a pair in addresses."""
    return f"{left}-{right}"


def _side(letter: str, listing: Listing) -> Side:
    return Side(
        letter=letter,
        public_id=listing.public_id,
        title=listing.title(current_language()),
        state=listing_state(listing.state),
        desk_url=url_for("desk.edit", public_id=listing.public_id),
        public_url=listing_url(listing) if listing.state in ("published", "archived") else None,
    )


def _kilometres(left: Listing, right: Listing) -> float | None:
    lat, lon, other_lat, other_lon = left.get("lat"), left.get("lon"), right.get("lat"), right.get("lon")
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return None
    return distance_km(lat, lon, other_lat, other_lon)


def _map(left: Listing, right: Listing, km: float | None, words: str) -> PairMap | None:
    if km is None:
        return None
    places = [(one.get("lon") or 0.0, one.get("lat") or 0.0) for one in (left, right)]
    return pair_map(places[0], places[1], km, words)
