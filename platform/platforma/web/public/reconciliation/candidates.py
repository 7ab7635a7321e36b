"""Candidates for a name: what the search finds, scored by likeness of names, and called a match only where it is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz

from crawlers.values.addresses import written_host_of
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.organisation_names import WORK_KINDS, bare_name
from platforma.services import Services
from platforma.web.public.reconciliation.properties import PROPERTIES
from platforma.web.public.reconciliation.questions import Question, words_of
from search.port import Filter, Query
from vocabulary import load, word_key

CERTAIN, SAME_NAME = 100.0, 99.0
"""A number of a register says which organisation it is; the same name alone leaves some doubt."""
COST_OF_CONTRADICTION = 20.0
FOUND = 25
"""How many results of a search are looked at."""
MAX_SEARCHES = 4
"""How many searches one question may cost, however many numbers and websites it has."""
_SCHEME = re.compile(r"^[A-Z]{2}-[A-Z]+-")
_NUMBER = re.compile(r"(?:[A-Z]{2}-[A-Z]+-)?([0-9](?:[ -]?[0-9]){5,19})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing that may be meant; `score` is from 0 to 100, `is_match` whether it is sure."""

    listing: Listing
    score: float
    name_likeness: float
    is_match: bool = False


def candidates(services: Services, question: Question, lang: str) -> list[Candidate]:
    """The candidates for a question, the likeliest first. Raises SearchError."""
    scored = sorted((_scored(one, question, lang) for one in _found(services, question, lang)), key=_order)
    sure = [one for one in scored if one.score >= SAME_NAME]
    certain = [one for one in sure if one.score == CERTAIN] or sure
    matches = {one.listing.public_id for one in certain} if len(certain) == 1 else set()
    return [
        Candidate(one.listing, one.score, one.name_likeness, one.listing.public_id in matches) for one in scored[: question.limit]
    ]


def suggested(services: Services, typed: str, lang: str, limit: int) -> list[Listing]:
    """The listings whose names begin with or hold what was typed. Raises SearchError."""
    text = words_of(typed)
    return _search(services, Query(text, lang, when="all", per_page=limit, facets=(), is_being_typed=True)) if text else []


def _found(services: Services, question: Question, lang: str) -> Iterator[Listing]:
    """The listings that searches for the name, for register numbers and for websites find, at most MAX_SEARCHES; each once."""
    numbers = [_SCHEME.sub("", one) for one in (question.name, *question.properties.get("identifiers", ())) if _number(one)]
    hosts = [host for value in question.properties.get("website", ()) if (host := written_host_of(value))]
    filters = {"kind": Filter(question.kinds)} if question.kinds else {}
    seen: set[str] = set()
    texts = filter(None, (question.text, *map(words_of, numbers), *hosts))
    for text in islice(dict.fromkeys(texts), MAX_SEARCHES):
        for listing in _search(services, Query(text, lang, filters, when="all", per_page=FOUND, facets=(), expand=False)):
            if listing.public_id not in seen:
                seen.add(listing.public_id)
                yield listing


def _search(services: Services, query: Query) -> list[Listing]:
    ids = [hit.id for hit in services.engine.search(query).hits]
    with services.database.reading() as session:
        return listing_queries.listings(session, ids)


def _scored(listing: Listing, question: Question, lang: str) -> Candidate:
    likeness = max((name_likeness(question.name, name) for name in _names(listing)), default=0.0)
    if _is_named_by_number(listing, question):
        return Candidate(listing, CERTAIN, likeness)
    wrong = sum(_contradicts(listing, id, values, lang) for id, values in question.properties.items())
    score = max(0.0, min(SAME_NAME, likeness) - COST_OF_CONTRADICTION * wrong)
    return Candidate(listing, round(score, 1), round(likeness, 1))


def name_likeness(left: str, right: str) -> float:
    """How alike two names are, from 0 to 100, whatever their case, diacritics, order of words and legal form."""
    if not word_key(left) or not word_key(right):
        return 0.0
    return fuzz.token_sort_ratio(bare_name(left), bare_name(right))


def _names(listing: Listing) -> list[str]:
    """The titles in every language, and of an organisation its own name."""
    organisation = listing.get("organisation")
    is_work = listing.get("kind") in WORK_KINDS
    return [*listing.texts.get("title", {}).values(), *([organisation] if organisation and not is_work else [])]


def _is_named_by_number(listing: Listing, question: Question) -> bool:
    """Whether the name or a property is a register number of the listing."""
    own = {_number(one["value"]) for one in listing.get("identifiers")} - {""}
    asked = {_number(value) for value in (question.name, *question.properties.get("identifiers", ()))}
    return bool(own & asked)


def _number(text: str) -> str:
    """The digits of a register number, which may follow its scheme (`LV-RE-40008000000`); empty for what is none."""
    match = _NUMBER.fullmatch(text.strip())
    return re.sub(r"\D", "", match[1]) if match else ""


def _contradicts(listing: Listing, id: str, values: Sequence[str], lang: str) -> bool:
    """Whether the listing has values of a property, and none of them is one of these."""
    own = {_comparable(id, str(value)) for value in PROPERTIES[id].values(listing, lang)}
    return bool(own) and not own & {_comparable(id, value) for value in values}


def _comparable(id: str, value: str) -> str:
    """A value as it is compared: countries by code, kinds and themes by id, websites by host, all else by its words."""
    if id in ("country", "country_name"):
        return load().find_country(value) or word_key(value)
    if id in ("kind", "sectors", "themes"):
        dimension = {"kind": "kind", "sectors": "sector", "themes": "theme"}[id]
        return load().find(dimension, value) or word_key(value)
    return (written_host_of(value) if id == "website" else None) or word_key(value)


def _order(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.listing.public_id
