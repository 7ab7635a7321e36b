"""The port to a search engine: documents, queries and pages in the directory's own terms, no engine's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from vocabulary.languages import DEFAULT_LANGUAGE

Sort = Literal["relevance", "newest", "name"]
FACETS: tuple[str, ...] = ("country", "sector", "theme", "kind", "platform", "language")
"""The fields a query may filter by and count. Their values are ids; `unknown` stands for none."""
UNKNOWN = "unknown"
ENDING_KINDS = frozenset(("event", "funding"))
"""Kinds that end on a day, and of which a reader wants what comes next."""
MAX_RESULTS = 10_000
"""Both engines answer up to this rank; a page beyond is a BadQuery."""


Forgiven = Literal["similar", "some"]


class SearchError(Exception):
    """Any failure of searching; its text says what to do."""


class EngineUnavailable(SearchError):
    """The engine does not answer; nothing is lost, try again later."""


class IndexNotReady(SearchError):
    """There is no index of the version that this code needs; rebuild it."""


class BadQuery(SearchError):
    """The query asks for what no engine gives, such as a page past MAX_RESULTS."""


@dataclass(frozen=True, slots=True)
class Document:
    """One listing as the engine holds it.

    Texts are maps from BCP 47 tag to plain text. `names` are further words that lead here without a language
    (organisation, place, region, the source's tags, website's host). `facets` maps each name of FACETS to ids, an
    empty or missing one counts as `unknown`. `sort_names` is the shown title per interface language. `ends_on` is the
    last day of an event or call, None when it does not end. `prior` is between 0 and 1: fuller, fresher ones first.
    """

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort_names: Mapping[str, str] = field(default_factory=dict)
    newest_at: datetime | None = None
    ends_on: date | None = None
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Filter:
    """Any of these values, and none of those."""

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks. `text`: words (all must match), "phrases", -exclusion; never an error whatever is typed.

    `lang` is the reader's interface language. `filters` by facet name. Listings whose `ends_on` lies before `today`
    are left out unless `include_past`; `today` None leaves nothing out. Pages count from 1. `expand`: look also for what
    the vocabulary calls the same in other words and languages. `forgive`: when little is found, look also for similar words,
    words that only begin so, and at last for listings that lack some of the words.
    """

    text: str = ""
    lang: str = DEFAULT_LANGUAGE
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 20
    facets: Sequence[str] = FACETS
    today: date | None = None
    include_past: bool = False
    expand: bool = True
    forgive: bool = True


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results have a value, were this facet's own filter not set."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; scores of different queries or engines cannot be compared."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Guess:
    """Words that a typed one may have been meant as, as they stand in a view of the texts (search.index.fields.VIEWS).

    `boost` names why it was guessed (search.index.fields.WORD_BOOSTS), `weight` is how much a match counts.
    """

    view: str
    tokens: tuple[str, ...]
    boost: str
    weight: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results in a total order (the sort, then id), so that no listing stands on two pages.

    Facet counts ignore their own facet's filter and respect all others; by count descending, then value.
    `also_called` are other names that were looked for. `forgiven`: `similar` when words like those typed count too,
    `some` when no listing has all the words, None when neither. `did_you_mean` is the whole question with its unknown
    words mended, None where there is nothing to mend. `marks` are the tokens looked for, each with its view of the
    text (search.index.fields.VIEWS), so that a page can mark the words that matched. `guesses` are what counted too, by the
    word as typed; none where nothing was forgiven.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    also_called: tuple[str, ...] = ()
    forgiven: Forgiven | None = None
    did_you_mean: str | None = None
    marks: frozenset[tuple[str, str]] = frozenset()
    guesses: Mapping[str, Sequence[Guess]] = field(default_factory=dict)


class Generation(Protocol):
    """An index being built beside the live one; nobody sees it before `publish`."""

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, returning how many; a document added again replaces the former one."""

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out again."""

    def publish(self) -> None:
        """Make this the live index, atomically; the former one goes at the next rebuild."""

    def discard(self) -> None:
        """Throw it away; the live index stands as before."""


class SearchEngine(Protocol):
    """A search engine. Every method may raise EngineUnavailable; what needs an index may raise IndexNotReady."""

    def search(self, query: Query) -> Page:
        """One page of results with facets. Raises BadQuery past MAX_RESULTS, for an unknown facet or sort."""

    def count(self) -> int:
        """How many documents the live index holds."""

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """Put these in and take those out of the live index, visible to every later search; a full replace."""

    def begin_generation(self) -> Generation:
        """A new empty index of this code's version; one from a rebuild that was killed is cleared away."""

    def is_ready(self) -> bool:
        """Whether a live index of this code's version (schema and analysis) is there, also an empty one."""

    def stamp(self) -> str:
        """Changes whenever the live index does; for caches."""

    def close(self) -> None:
        """Give back what is held."""
