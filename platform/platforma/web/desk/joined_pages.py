"""What a listing's page at the desk says of other listings: joined with it, judged beside it, or probably the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platforma.catalogue.audit import HistoryEntry
from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.listings.judged import Relations
from platforma.catalogue.listings.shown_pairs import Likely
from platforma.i18n import gettext as _
from platforma.web.desk.choices import state_label
from platforma.web.desk.duplicate_pages import pair_url
from platforma.web.desk.judgement_lines import JudgementLine, ListingLink


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """A listing that is joined with the one of the page; `came` says who joined it, None where that is not known any more."""

    listing: ListingLink
    came: JudgementLine | None


@dataclass(frozen=True, slots=True)
class LikelyLine:
    """A listing that may be the same: where the two are compared, and its state in a word. `is_certain`: a rule joins them
    once both are public."""

    listing: ListingLink
    url: str
    state: str
    is_certain: bool

    @classmethod
    def of(cls, likely: Likely) -> LikelyLine:
        """The line of a listing that another one may be the same as."""
        state = _state_word(likely.name.state)
        return cls(ListingLink.of(likely.name), pair_url(likely.pair), state, likely.pair.is_certain)


@dataclass(frozen=True, slots=True)
class RelationLines:
    """All of these of one listing; `others` are the listings that its history names, by public id."""

    joined: Sequence[JoinedLine]
    judged: Sequence[JudgementLine]
    likely: Sequence[LikelyLine]
    others: Mapping[str, ListingLink]

    @classmethod
    def of(cls, relations: Relations, likely: Sequence[Likely]) -> RelationLines:
        """The lines of a listing's relations, and of what it may be the same as."""
        came = [(one.name, JudgementLine.of(one.judged) if one.judged else None) for one in relations.joined]
        return cls(
            joined=[JoinedLine(ListingLink.of(name), line) for name, line in came],
            judged=[JudgementLine.of(one) for one in relations.judged],
            likely=[LikelyLine.of(one) for one in likely],
            others={id: ListingLink.of(name) for id, name in relations.mentioned.items()},
        )


def other_listing(event: HistoryEntry) -> str:
    """The public id of the other listing that an event is about; empty where it is about one alone."""
    return str({**event.before, **event.after}.get("listing") or "")


def _state_word(state: InitiativeState) -> str:
    """The state of a listing in a word, as it stands behind its title."""
    return {
        InitiativeState.NEW: _("waits, too"),
        InitiativeState.PUBLISHED: state_label("published"),
        InitiativeState.REFUSED: state_label("refused"),
        InitiativeState.ARCHIVED: state_label("archived"),
    }.get(state, "")
