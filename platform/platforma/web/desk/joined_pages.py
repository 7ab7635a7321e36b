"""What a listing's page at the desk says of other listings: joined with it, judged beside it, or probably the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from platforma.catalogue.audit import HistoryEntry
from platforma.catalogue.database import Session
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.listings import duplicate_queue, judged
from platforma.catalogue.listings.duplicate_queue import WaitingPair
from platforma.catalogue.listings.listing_names import ListingName, names_by_public_id
from platforma.i18n import gettext as _
from platforma.web.desk.duplicate_pages import pair_url
from platforma.web.desk.judgement_lines import JudgementLine, ListingLink

MAX_LIKELY = 3
"""So many listings that may be the same are named of each, the likeliest."""


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """A listing that is joined with the one of the page; `came` says who joined it, None where that is not known any more."""

    listing: ListingLink
    came: JudgementLine | None


@dataclass(frozen=True, slots=True)
class LikelyLine:
    """A listing that may be the same: where the two are compared, its state in a word, and why in a few. `is_certain`: a rule
    joins them once both are public."""

    listing: ListingLink
    url: str
    state: str
    reasons: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Relations:
    """All of these of one listing; `others` are the listings that its history names, by public id."""

    joined: Sequence[JoinedLine]
    judged: Sequence[JudgementLine]
    likely: Sequence[LikelyLine]
    others: Mapping[str, ListingLink]


def relations(session: Session, public_id: str, history: Collection[HistoryEntry]) -> Relations:
    """What a listing that stands has to do with others. Raises NotFound."""
    names = names_by_public_id(session, {other for event in history if (other := other_listing(event))})
    came = [(one, JudgementLine.of(one.judged) if one.judged else None) for one in judged.joined_with(session, public_id)]
    return Relations(
        joined=[JoinedLine(ListingLink.of(one.name), line) for one, line in came],
        judged=[JudgementLine.of(one) for one in judged.judged_of(session, public_id)],
        likely=likely_lines(session, [public_id]).get(public_id, ()),
        others={id: ListingLink.of(name) for id, name in names.items()},
    )


def likely_lines(session: Session, public_ids: Sequence[str]) -> dict[str, Sequence[LikelyLine]]:
    """For each of these listings those that may be the same, the likeliest first; listings without any are missing."""
    pairs = {id: of_one[:MAX_LIKELY] for id, of_one in duplicate_queue.pairs_of(session, public_ids).items()}
    names = names_by_public_id(session, {id for of_one in pairs.values() for pair in of_one for id in (pair.left, pair.right)})
    return {id: [_likely(pair, names[pair.other(id)]) for pair in of_one] for id, of_one in pairs.items()}


def other_listing(event: HistoryEntry) -> str:
    """The public id of the other listing that an event is about; empty where it is about one alone."""
    return str({**event.before, **event.after}.get("listing") or "")


def _likely(pair: WaitingPair, name: ListingName) -> LikelyLine:
    reasons = "; ".join(_(text, **values) for text, values in pair.reasons)
    return LikelyLine(ListingLink.of(name), pair_url(pair), _state_word(name.state), reasons, pair.is_certain)


def _state_word(state: InitiativeState) -> str:
    """The state of a listing in a word, as it stands behind its title."""
    return {
        InitiativeState.NEW: _("waits, too"),
        InitiativeState.PUBLISHED: _("public"),
        InitiativeState.REFUSED: _("refused"),
        InitiativeState.ARCHIVED: _("archived"),
    }.get(state, "")
