"""The staff's list: which of all listings, in any state, a search with filters chooses, in which order, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.layers import BY_PLATFORM
from platforma.catalogue.listings.listing import Text, text_for
from platforma.catalogue.listings.visibility import is_published, is_published_by_age
from platforma.catalogue.models import (
    DuplicateCandidate,
    Initiative,
    InitiativeState,
    ListingFacts,
    ListingTitle,
    Platform,
    Record,
    Value,
)
from platforma.catalogue.shapes import Composed, ListingFields
from vocabulary import fold
from vocabulary.languages import DEFAULT_LANGUAGE

WITHOUT = ("sector", "theme", "country", "place")
"""What a listing may be looked for by that it lacks."""
SORTS = ("title", "changed", "first_seen")
"""By title in the reader's language; the last changed, or the newest, first."""
MAX_SORTED = 5_000
"""So many listings are sorted; of more, an index gives the order."""
_LISTS = {"sector": ListingFacts.sectors, "theme": ListingFacts.themes, "country": ListingFacts.countries}


@dataclass(frozen=True, slots=True)
class Choice:
    """A search with its filters; an empty one chooses all. `words` must all be in a listing's names or numbers.

    `without` are of WITHOUT, `missing` is a language in which there is no title. `since` is when a listing was seen first.
    `ids` are public ids: with them, only these are meant. `is_listed`: visitors find it among the results.
    """

    words: str = ""
    state: str = ""
    platform: str = ""
    kind: str = ""
    sector: str = ""
    theme: str = ""
    country: str = ""
    missing: str = ""
    without: tuple[str, ...] = ()
    by_person: bool = False
    in_queue: bool = False
    since: datetime | None = None
    ids: tuple[str, ...] | None = None
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class ListedListing:
    """A listing in any state as a row of the list: nothing but its public id is left of a removed one.

    A joined one says what its own records say, and leads to the one that it was joined with (`joined_with`, a public id).
    """

    id: int
    public_id: str
    state: InitiativeState
    title: Text
    fields: ListingFields
    languages: tuple[str, ...]
    platforms: tuple[str, ...]
    joined_with: str | None
    created_at: datetime
    changed_at: datetime


@dataclass(slots=True)
class _Behind:
    """What a page of rows is made of, besides the rows."""

    shown: dict[int, Composed] = field(default_factory=dict)
    platforms: dict[int, tuple[str, ...]] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)


def conditions(choice: Choice) -> list[ColumnElement[bool]]:
    """The conditions on ListingFacts that choose; those on the rows of listings are looked up in indexes of these."""
    return [
        *_of_facts(choice),
        *(ListingFacts.initiative_id.in_(select(Initiative.id).where(one)) for one in _of_listing(choice)),
    ]


def _of_facts(choice: Choice) -> list[ColumnElement[bool]]:
    found = [ListingFacts.words.contains(fold(word), autoescape=True) for word in choice.words.split()]
    found += [_has(name, getattr(choice, name)) for name in _LISTS if getattr(choice, name)]
    found += [_lacks(name) for name in choice.without]
    if choice.kind:
        found.append(ListingFacts.kind == ("" if choice.kind == "unknown" else choice.kind))
    if choice.missing:
        found.append(~ListingFacts.languages.contains(f"|{choice.missing}|", autoescape=True))
    if choice.platform:
        found.append(_is_of_platform(choice.platform))
    if choice.by_person:
        found.append(ListingFacts.initiative_id.in_(select(Value.initiative_id).where(Value.by != BY_PLATFORM)))
    if choice.in_queue:
        sides = (select(DuplicateCandidate.left_id), select(DuplicateCandidate.right_id))
        found.append(or_(*(ListingFacts.initiative_id.in_(side) for side in sides)))
    return found


def chosen_ids(choice: Choice) -> Select[int]:
    """The row ids of what is chosen, for other statements."""
    return select(ListingFacts.initiative_id).where(*conditions(choice))


def count(session: Session, choice: Choice) -> int:
    """How many listings are chosen."""
    return session.scalar(select(func.count()).select_from(ListingFacts).where(*conditions(choice))) or 0


def states(session: Session) -> Mapping[InitiativeState, int]:
    """How many listings are in each state."""
    rows = session.execute(select(Initiative.state, func.count()).group_by(Initiative.state))
    return {InitiativeState(state): number for state, number in rows}


def all_platforms(session: Session) -> dict[str, str]:
    """Id to title of all platforms, in any state."""
    return dict(session.execute(select(Platform.id, Platform.title)).all())


def page(
    session: Session, choice: Choice, *, lang: str, sort: str, limit: int, offset: int = 0
) -> tuple[list[ListedListing], int]:
    """A page of what is chosen, as a reader of an interface language sees it, and how many are chosen. The order is total.

    Few listings are found first and sorted then; many are read in the order of an index until the page is full.
    """
    few = session.scalars(chosen_ids(choice).limit(MAX_SORTED + 1)).all()
    if len(few) > MAX_SORTED:
        total, meant = count(session, choice), [*_of_facts(choice), *_of_listing_by_order(choice)]
    else:
        total, meant = len(few), [ListingFacts.initiative_id.in_(few)]
    ids = session.scalars(_sorted(session, meant, lang, sort).limit(limit).offset(offset)).all()
    return rows_of(session, ids, lang), total


def sorted_ids(session: Session, choice: Choice, *, lang: str, sort: str) -> Sequence[int]:
    """The row ids of all that is chosen, in order."""
    return session.scalars(_sorted(session, conditions(choice), lang, sort)).all()


def rows_of(session: Session, ids: Sequence[int], lang: str) -> list[ListedListing]:
    """The listings of these row ids, in their order."""
    rows = {row.id: row for row in session.scalars(select(Initiative).where(Initiative.id.in_(ids)))}
    behind = _behind(session, rows)
    return [_row(rows[id], behind, lang) for id in ids if id in rows]


def _has(name: str, value: str) -> ColumnElement[bool]:
    return _lacks(name) if value == "unknown" else _LISTS[name].contains(f"|{value}|", autoescape=True)


def _lacks(name: str) -> ColumnElement[bool]:
    return ListingFacts.has_place.is_(False) if name == "place" else _LISTS[name] == ""


def _is_of_platform(platform_id: str) -> ColumnElement[bool]:
    """A record of its own, or of a listing joined with it, is of the platform."""
    of_platform = select(Record.initiative_id).where(Record.platform_id == platform_id)
    joined = select(Initiative.merged_into_id).where(Initiative.id.in_(of_platform), Initiative.merged_into_id.is_not(None))
    return or_(ListingFacts.initiative_id.in_(of_platform), ListingFacts.initiative_id.in_(joined))


def _of_listing(choice: Choice) -> list[ColumnElement[bool]]:
    """The conditions on Initiative, each of which an index answers."""
    wanted: list[ColumnElement[bool]] = []
    if choice.state:
        wanted.append(Initiative.state == choice.state)
    if choice.is_listed:
        wanted.append(is_published())
    if choice.since is not None:
        wanted.append(Initiative.created_at >= choice.since)
    if choice.ids is not None:
        wanted.append(Initiative.public_id.in_(choice.ids))
    return wanted


def _of_listing_by_order(choice: Choice) -> list[ColumnElement[bool]]:
    """The same for a query in the order of another index: SQLite would else go by that of the state, and sort all it finds."""
    others = [state for state in InitiativeState if choice.state and state != choice.state]
    of_state = [Initiative.state.not_in(others)] if others else []
    listed = [is_published_by_age()] if choice.is_listed else []
    return [*of_state, *listed, *_of_listing(replace(choice, state="", is_listed=False))]


def _sorted(session: Session, meant: Sequence[ColumnElement[bool]], lang: str, sort: str) -> Select[int]:
    """The row ids of the listings that are meant, which are conditions on ListingFacts and Initiative, in order."""
    query = select(ListingFacts.initiative_id).join(Initiative, Initiative.id == ListingFacts.initiative_id).where(*meant)
    if sort == "title":
        query = query.join(ListingTitle, ListingTitle.initiative_id == ListingFacts.initiative_id)
        query = query.where(ListingTitle.lang == _sorted_language(session, lang))
        return query.order_by(ListingTitle.sort_key, ListingTitle.initiative_id)
    at = Initiative.changed_at if sort == "changed" else Initiative.created_at
    return query.order_by(at.desc(), Initiative.id.desc())


def _sorted_language(session: Session, lang: str) -> str:
    """The language, or the first one while not all listings have a sort key in it: it was added since they were composed."""
    counts = {
        code: session.scalar(select(func.count()).where(ListingTitle.lang == code)) or 0 for code in {lang, DEFAULT_LANGUAGE}
    }
    return lang if counts[lang] == counts[DEFAULT_LANGUAGE] else DEFAULT_LANGUAGE


def _behind(session: Session, rows: Mapping[int, Initiative]) -> _Behind:
    joined = [row for row in rows.values() if row.merged_into_id is not None]
    behind = _Behind(shown=_said_apart(session, joined))
    head, member = aliased(Initiative), aliased(Initiative)
    leads = select(Initiative.id, head.public_id).join(head, head.id == Initiative.merged_into_id)
    behind.heads.update(session.execute(leads.where(Initiative.id.in_([row.id for row in joined]))).all())
    of_member = select(Record.initiative_id, Platform.title).join(Platform, Platform.id == Record.platform_id)
    of_joined = select(member.merged_into_id, Platform.title).select_from(member).join(Record, Record.initiative_id == member.id)
    of_joined = of_joined.join(Platform, Platform.id == Record.platform_id).where(member.merged_into_id.in_(rows))
    pairs = [*session.execute(of_member.where(Record.initiative_id.in_(rows))), *session.execute(of_joined)]
    for id in rows:
        behind.platforms[id] = tuple(sorted({title for owner, title in pairs if owner == id}))
    return behind


def _said_apart(session: Session, joined: Sequence[Initiative]) -> dict[int, Composed]:
    """What joined listings say on their own."""
    ids = [row.id for row in joined]
    records, values = (groups.records_behind(session, ids), groups.values_behind(session, ids)) if ids else ({}, {})
    return {id: compose.compose(records.get(id, ()), values.get(id, ())) for id in ids}


def _row(row: Initiative, behind: _Behind, lang: str) -> ListedListing:
    composed = behind.shown.get(row.id, row.composed)
    titles = composed.get("texts", {}).get("title", {})
    return ListedListing(
        id=row.id,
        public_id=row.public_id,
        state=InitiativeState(row.state),
        title=text_for(lang, titles, composed.get("original_lang")) or Text(row.public_id, None),
        fields=composed.get("fields", {}),
        languages=tuple(titles),
        platforms=behind.platforms[row.id],
        joined_with=behind.heads.get(row.id),
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
