"""The port to a search engine: documents, queries and pages in the directory's own terms, no engine's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol, get_args

from vocabulary.languages import DEFAULT_LANGUAGE

Sort = Literal["relevance", "newest", "name", "soonest", "distance"]
"""Orders of results. `soonest`: events by the day they begin, calls by their last day, then all others; with `when` past, what
ended last comes first. `distance`: the nearest first, for queries with `near`."""
SORTS: tuple[Sort, ...] = get_args(Sort)
When = Literal["current", "upcoming", "open", "past", "all"]
"""Which documents a query is for, by their days. `current`: all but events and calls that are over. `upcoming`: events that
begin or end today or later. `open`: calls whose last day is today or later, and calls without one. `past`: what is over."""
WHENS: tuple[When, ...] = get_args(When)
View = Literal["keys", "light", "surface"]
"""How words are compared. `keys`: by their lemma and its language. `light`: by a folded stem, whatever the language.
`surface`: as they are written, folded. Each text is indexed in all three (search.analysis.Analysis)."""
VIEWS: tuple[View, ...] = get_args(View)
RelaxationStep = Literal["similar", "some"]
"""How a query was relaxed. `similar`: words like those typed match too. `some`: documents need only some of the words."""
FACETS: tuple[str, ...] = (
    "country", "sector", "theme", "kind", "platform", "language", "region", "place", "legal_form"
)  # fmt: skip
"""The fields a query may filter by and count. Their values are ids; UNKNOWN stands for none."""
UNKNOWN = "unknown"
EVENT, CALL = "event", "funding"
"""The kinds of documents that have days."""
ENDING_KINDS = frozenset((EVENT, CALL))
"""Kinds of documents that end on a day; a list of these alone starts with what ends soonest."""
MAX_RESULTS = 10_000
"""Both engines answer up to this rank; a page beyond is a BadQuery."""
MAX_KM = 500
"""The widest circle of a query."""
MIN_STRICT_HITS = 8
"""A query with fewer strict hits is relaxed."""


class SearchError(Exception):
    """Any failure of searching; its text says what to do."""


class EngineUnavailable(SearchError):
    """The engine does not answer; nothing is lost, try again later."""


class IndexNotReady(SearchError):
    """There is no index of the version that this code needs; rebuild it."""


class BadQuery(SearchError):
    """The query asks for what no engine answers, such as a page past MAX_RESULTS."""


@dataclass(frozen=True, slots=True)
class Document:
    """One listing as the engine holds it.

    Texts are maps from BCP 47 tag to plain text. `names` are further searched words without a language (organisation,
    place, region, the source's tags, the website's host). `contacts`: mail addresses, hosts of websites, telephone numbers in
    E.164 and numbers in registers, to be found as wholes. `facets` maps names of FACETS to ids; an empty or missing one
    counts as UNKNOWN. `sort_names` is the shown title by interface language. `starts_on` is the first day of an event,
    `ends_on` the last day of an event or call, None for a document that does not end. `lat` and `lon` are degrees (WGS 84),
    both None where it has no coordinates; an index keeps them to a thousandth of a degree, about 100 m. `prior`, between 0
    and 1, raises full and fresh documents.
    """

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort_names: Mapping[str, str] = field(default_factory=dict)
    newest_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    lat: float | None = None
    lon: float | None = None
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents with any of the values `any_of` (all documents where it is empty), and none of `none_of`."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle between two meridians and two parallels, in degrees (WGS 84): west < east, south < north."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Near:
    """A circle of `km` around a point in degrees (WGS 84); `place` is the id of the town that was named, empty for a point."""

    lat: float
    lon: float
    km: float
    place: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A reader's question.

    `text`: words (all must match), "phrases", -exclusions, field:value; any text is valid. `lang`: the reader's interface
    language. `filters`: by facet. `area`, `near`: documents with coordinates within both. `when`: see When; with `today`
    None, documents of all days stay. `page` counts from 1; `after` is the cursor of the page before, and `page` is then
    ignored. `facets`: those to count. `expand`: look also for other names of the concepts in the question, in both
    languages, and ask a question with slips as it is mended where nothing has its words. `relax`: with fewer than
    MIN_STRICT_HITS look also for similar words and for longer words, and if these are few still, for documents that lack
    some of the words. `is_being_typed`: the last word may be the beginning of one, unless a blank or a sign follows it;
    documents have such a word in their title, and the other words there or in their `names`, in any form, but no other name of a
    concept. Titles that begin with all that was typed stand first. `by_meaning`: with `expand` and `relax`, and where few
    documents have all the words, also for those that are near in meaning, where the engine can tell.
    """

    text: str = ""
    lang: str = DEFAULT_LANGUAGE
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 20
    after: str | None = None
    facets: Sequence[str] = FACETS
    area: Area | None = None
    near: Near | None = None
    when: When = "current"
    today: date | None = None
    expand: bool = True
    relax: bool = True
    is_being_typed: bool = False
    by_meaning: bool = True


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results have a value, were this facet's own filter not set."""

    value: str
    count: int


class PositionCount(NamedTuple):
    """How many results are at a position, in degrees (WGS 84) to a thousandth."""

    lat: float
    lon: float
    results: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; scores of different queries or engines cannot be compared. `km` is its distance, None without `near`."""

    id: str
    score: float
    km: float | None = None


class Token(NamedTuple):
    """A word in the form in which it is compared in a view; with an asterisk at its end, the beginning of such words."""

    view: View
    text: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What a typed word may have been meant as: one token, or two for a word that stands for two.

    `boost` names the kind of guess (search.index.boosts.WORD_BOOSTS), `weight` is how much a match counts.
    """

    view: View
    tokens: tuple[str, ...]
    boost: str
    weight: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results in a total order (the sort, then id), so that no document is on two pages.

    `facets`: counts under all filters but the facet's own, by count descending, then value. `also_called`: the other
    names that were looked for. `relaxation`: None where the query was not relaxed; where it is `some`, `complete` is how many
    results have all the words, and sorted by relevance these stand first; also where `close` is not 0. That many of the
    results are near in meaning and need not have any of the words. `elsewhere`: so many of the last results are not in the place
    that the question names, as little there has its words. `did_you_mean`: the question with its misspelled words
    corrected, None if none is. `corrected_to`: that question where the results are its own, as nothing has the words typed;
    else None. `highlight_tokens`: what was looked for; a page hands them to
    search.query.highlighting. `guesses`: by the word as typed, what was looked for in its place; empty without relaxation.
    `cursor`: what asks for the next page (Query.after), also beyond MAX_RESULTS; None on the last one. `sort`: the order in
    which the hits stand; a question without words has no relevance and gets another one.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    also_called: tuple[str, ...] = ()
    relaxation: RelaxationStep | None = None
    complete: int = 0
    close: int = 0
    elsewhere: int = 0
    did_you_mean: str | None = None
    corrected_to: str | None = None
    highlight_tokens: frozenset[Token] = frozenset()
    guesses: Mapping[str, Sequence[Guess]] = field(default_factory=dict)
    cursor: str | None = None
    sort: Sort = "relevance"


class Generation(Protocol):
    """An index being built beside the live one; no search sees it before `publish`."""

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents and return how many; a document with the id of an earlier one replaces it."""

    def delete(self, ids: Iterable[str]) -> None:
        """Delete documents; unknown ids are ignored."""

    def publish(self) -> None:
        """Make this the live index, atomically; the former one is deleted at the next rebuild."""

    def discard(self) -> None:
        """Delete this generation; the live index is unchanged."""


class SearchEngine(Protocol):
    """A search engine. Every method may raise EngineUnavailable; those that need an index may raise IndexNotReady."""

    def search(self, query: Query) -> Page:
        """One page of results with facets. Raises BadQuery past MAX_RESULTS, and for what search.query.validation refuses."""

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """How many results each of these queries has, as `search` tells it. Queries with the same words share the work for them.

        Raises as `search`.
        """

    def scan(self, query: Query) -> Iterator[str]:
        """The ids of all results in the order of the query's sort, however many, of one state of the index.

        `page`, `per_page`, `after` and `facets` are ignored. Raises as `search`, before the first id.
        """

    def positions(self, query: Query) -> list[PositionCount]:
        """Where the results of a query are that have coordinates, in no order; `page`, `per_page`, `after`, `sort` and `facets`
        are ignored. Raises as `search`.
        """

    def like(self, id: str, query: Query) -> list[Hit]:
        """The documents nearest in meaning to one, itself not among them, the nearest first and at most `per_page`: of those that
        the filters, places and days of the query let through, whatever its words. None where meaning is not looked for.

        Raises as `search`.
        """

    def count(self) -> int:
        """How many documents the live index holds."""

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """Replace or add whole documents and delete others in the live index; every later search sees the change."""

    def begin_generation(self) -> Generation:
        """A new empty index of this code's version; one that a killed rebuild left behind is deleted."""

    def is_ready(self) -> bool:
        """Whether there is a live index of this code's version (search.index.version); it may be empty."""

    def stamp(self) -> str:
        """A string that changes whenever the live index does; for caches."""

    def close(self) -> None:
        """Release connections and files."""
