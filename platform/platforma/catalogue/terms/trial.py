"""Searches tried before and after a change of the thesaurus, of which nothing is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.port import Query, SearchEngine
from search.query.concepts import ThesaurusEntry, draft_thesaurus

MAX_SEARCHES = 5
MAX_CHARACTERS = 100
MAX_NEW = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """A search: how much it finds now, how much with the change, and public ids of some that only the change finds."""

    words: str
    before: int
    after: int
    new_ids: Sequence[str]


def searches_of(lines: Iterable[str]) -> list[str]:
    """The searches to try, each once, cut where they are long, at most MAX_SEARCHES."""
    words = (" ".join(line.split())[:MAX_CHARACTERS] for line in lines)
    return list(dict.fromkeys(filter(None, words)))[:MAX_SEARCHES]


def tried(engine: SearchEngine, searches: Iterable[str], lang: str, entries: Iterable[ThesaurusEntry]) -> Iterator[Trial]:
    """Each search as a reader of `lang` makes it, before and after the thesaurus has these entries. Raises SearchError."""
    draft = list(entries)
    for words in searches:
        query = Query(text=words, lang=lang, per_page=100, facets=(), when="all")
        before = engine.search(query)
        with draft_thesaurus(draft):
            after = engine.search(query)
        known = {hit.id for hit in before.hits}
        yield Trial(words, before.total, after.total, [hit.id for hit in after.hits if hit.id not in known][:MAX_NEW])
