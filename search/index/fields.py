"""The fields of a document in an index, the same in both engines, and the values that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.analysis import analyse, hyphenated, words
from search.index.acronyms import acronyms
from search.index.contacts import contact_terms
from search.index.ordering import order_ended, order_name, order_newest, order_soonest
from search.port import FACETS, UNKNOWN, VIEWS, Document, View
from vocabulary import fold
from vocabulary.languages import LANGUAGES

ROLES = ("title", "summary", "body", "names")
"""The parts of a document that are searched; each has a text field for each view."""
GUESSED_VIEWS: tuple[View, ...] = ("surface", "light")
"""Views whose distinct tokens are indexed too, as dictionaries for guesses; those of surfaces as spelled_term makes them."""
MAX_NAME_CHARACTERS = 200
NEVER_ENDS = date.max.toordinal()
UNITS_PER_DEGREE = 1_000
"""Positions are indexed in thousandths of a degree, about 100 m."""
PRIOR_WEIGHT = 0.2
"""The most that a document's prior adds; engines multiply a score by log2(2 + prior × PRIOR_WEIGHT)."""
FieldKind = Literal["id", "text", "facet", "terms", "sort_key", "integer", "number", "position"]
"""`id`: the document's id, stored. `text`: blank-separated tokens with their positions. `facet`: values to filter and count
by. `terms`: values to look up. `sort_key`: one value to sort by. `integer`: whole numbers for ranges. `number`: one float.
`position`: one "latitude,longitude" in degrees."""
_VIEWS_BY_SUFFIX: Mapping[str, View] = {view: view for view in VIEWS}
StoredValue = str | int | float | list[str] | list[int]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an index."""

    name: str
    kind: FieldKind


def text_field(role: str, view: View) -> str:
    """The name of the text field for a role in a view."""
    return f"{role}_{view}"


def view_of_field(text_field: str) -> View:
    """The view of a text field."""
    return _VIEWS_BY_SUFFIX[text_field.rpartition("_")[2]]


def role_of_field(text_field: str) -> str:
    """The role of a text field."""
    return text_field.partition("_")[0]


def dictionary_field(view: View) -> str:
    """The name of the field that holds the distinct tokens of a view."""
    return f"every_{view}"


def spelled_term(word: str) -> str:
    """A word in small letters as a term of the dictionary of surfaces: folded, and then as it is spelled where that differs."""
    folded = fold(word)
    return folded if folded == word else f"{folded} {word}"


def name_order_field(lang: str) -> str:
    """The name of the field by which results are sorted by their names in an interface language."""
    return f"order_name_{lang}"


FIELDS = (
    Field("id", "id"),
    *(Field(text_field(role, view), "text") for role in ROLES for view in VIEWS),
    *(Field(name, "facet") for name in FACETS),
    *(Field(dictionary_field(view), "terms") for view in GUESSED_VIEWS),
    Field("whole", "terms"),  # each title as one token, see name_token
    Field("letters", "integer"),  # the length of each of these
    Field("acronyms", "terms"),  # the initials of each title, see search.index.acronyms
    Field("contacts", "terms"),  # see search.index.contacts
    Field("ends", "integer"),  # the last day as an ordinal of the proleptic Gregorian calendar, or NEVER_ENDS
    Field("lat", "integer"),  # the position in units of UNITS_PER_DEGREE; missing where a document has none
    Field("lon", "integer"),
    Field("position", "position"),
    Field("order_newest", "sort_key"),
    Field("order_soonest", "sort_key"),
    Field("order_ended", "sort_key"),
    *(Field(name_order_field(lang), "sort_key") for lang in LANGUAGES),
    Field("prior", "number"),
)
"""Every field of an index. Each engine makes its schema of them; a change makes a new index (search.index.version)."""


def stored_document(document: Document) -> dict[str, StoredValue]:
    """What both engines hold of a document, by field."""
    texts = text_tokens(document)
    names = list(dict.fromkeys(name_token(title) for title in document.title.values()))
    newest_seconds = int(document.newest_at.timestamp()) if document.newest_at else 0
    return {
        "id": document.id,
        **texts,
        **{name: list(values) for name, values in facet_values(document).items()},
        dictionary_field("surface"): _spelled_terms(document),
        dictionary_field("light"): _distinct_tokens(texts, "light"),
        "whole": names,
        "letters": [len(name) for name in names],
        "acronyms": acronyms(document.title.values()),
        "contacts": contact_terms(document.contacts),
        "ends": document.ends_on.toordinal() if document.ends_on else NEVER_ENDS,
        **_position(document),
        "order_newest": order_newest(newest_seconds, document.id),
        "order_soonest": order_soonest(document),
        "order_ended": order_ended(document),
        **{name_order_field(lang): order_name(document, lang) for lang in LANGUAGES},
        "prior": document.prior * PRIOR_WEIGHT,
    }


def text_tokens(document: Document) -> dict[str, str]:
    """Blank-separated tokens by text field, of all languages together; what is written with hyphens also as one word, at the end
    of its text."""
    tokens: dict[str, list[str]] = {text_field(role, view): [] for role in ROLES for view in VIEWS}
    for role, lang, text in _texts(document):
        for analysis in (analyse(text, lang), analyse(" ".join(hyphenated(text)), lang)):
            for view in VIEWS:
                tokens[text_field(role, view)].extend(analysis.view(view))
    return {name: " ".join(tokens_of_field) for name, tokens_of_field in tokens.items()}


def _texts(document: Document) -> Iterator[tuple[str, str | None, str]]:
    """Role, language and text of all that is searched in a document."""
    for role, texts in {"title": document.title, "summary": document.summary, "body": document.body}.items():
        yield from ((role, lang, text) for lang, text in texts.items())
    yield from (("names", None, name) for name in document.names)


def facet_values(document: Document) -> dict[str, tuple[str, ...]]:
    """Distinct ids by facet, UNKNOWN where a document has none."""
    return {name: tuple(dict.fromkeys(document.facets.get(name) or (UNKNOWN,))) for name in FACETS}


def name_token(text: str) -> str:
    """A name as one token: its folded words, separated by blanks, cut at MAX_NAME_CHARACTERS."""
    return " ".join(fold(word.text) for word in words(text))[:MAX_NAME_CHARACTERS]


def _position(document: Document) -> dict[str, StoredValue]:
    if document.lat is None or document.lon is None:
        return {}
    lat, lon = round(document.lat * UNITS_PER_DEGREE), round(document.lon * UNITS_PER_DEGREE)
    return {"lat": lat, "lon": lon, "position": f"{lat / UNITS_PER_DEGREE},{lon / UNITS_PER_DEGREE}"}


def _spelled_terms(document: Document) -> list[str]:
    return sorted({spelled_term(word.text) for _, _, text in _texts(document) for word in words(text)})


def _distinct_tokens(texts: Mapping[str, str], view: View) -> list[str]:
    return sorted({token for role in ROLES for token in texts[text_field(role, view)].split()})
