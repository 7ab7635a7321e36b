"""The fields of a document in an index, alike in both engines, and how much each counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from search.analysis import ANALYSIS_VERSION, analyse
from search.checking import order_name, order_newest
from search.port import FACETS, UNKNOWN, Document
from search.words import Part

SCHEMA_VERSION = 1
"""Raise it whenever fields change: indexes made by another version are rebuilt."""
VERSION = f"s{SCHEMA_VERSION}a{ANALYSIS_VERSION}"
ROLES = ("title", "summary", "body", "names")
VIEWS = ("keys", "light", "surface")
LANGUAGES = ("lv", "en")


@dataclass(frozen=True, slots=True)
class Boost:
    """How much a match in a field counts, and why."""

    weight: float
    reason: str


ROLE_BOOSTS: Mapping[str, Boost] = {
    "title": Boost(4.0, "a name that holds the word is what most readers look for"),
    "names": Boost(2.0, "organisation, place and the source's own tags say what it is about"),
    "summary": Boost(1.5, "a summary holds what matters, but more of it"),
    "body": Boost(1.0, "a word somewhere in a long text is the weakest sign"),
}
VIEW_BOOSTS: Mapping[str, Boost] = {
    "surface": Boost(1.3, "the word as it was typed beats its other forms"),
    "keys": Boost(1.0, "another form of the word, in the language of the text"),
    "light": Boost(0.6, "the same stem in some other language may be another word"),
}
PRIOR_WEIGHT = 0.2
"""How much a full, fresh listing of several sources gains over a thin one, as a part of its score."""


def text_fields() -> list[tuple[str, float]]:
    """Every searched field with its weight."""
    return [(f"{role}_{view}", ROLE_BOOSTS[role].weight * VIEW_BOOSTS[view].weight) for role in ROLES for view in VIEWS]


def tokens(document: Document) -> dict[str, str]:
    """Blank-separated tokens per text field, all languages together."""
    fields: dict[str, list[str]] = {f"{role}_{view}": [] for role in ROLES for view in VIEWS}
    for role, texts in (("title", document.title), ("summary", document.summary), ("body", document.body)):
        for lang, text in texts.items():
            _add(fields, role, text, lang)
    for name in document.names:
        _add(fields, "names", name, None)
    return {name: " ".join(found) for name, found in fields.items()}


def facet_values(document: Document) -> dict[str, tuple[str, ...]]:
    """Ids per facet, UNKNOWN where there is none."""
    return {name: tuple(dict.fromkeys(document.facets.get(name) or (UNKNOWN,))) for name in FACETS}


def stored(document: Document) -> dict[str, Any]:
    """What both engines hold of a document alike: tokens, facets, the keys it is ordered by, its prior."""
    newest = int(document.newest_at.timestamp()) if document.newest_at else 0
    return {
        "id": document.id,
        **tokens(document),
        **{name: list(values) for name, values in facet_values(document).items()},
        "order_newest": order_newest(newest, document.id),
        **{f"order_name_{lang}": order_name(document, lang) for lang in LANGUAGES},
        "prior": document.prior * PRIOR_WEIGHT,
    }


def matches(part: Part) -> dict[tuple[str, tuple[str, ...]], float]:
    """Where a word or phrase may match: (field, its tokens there) to weight; the best of them counts.

    A phrase is not looked for among light stems, where the order of stems of several languages means nothing.
    """
    found: dict[tuple[str, tuple[str, ...]], float] = {}
    for name, weight in text_fields():
        view = name.rsplit("_", 1)[1]
        if part.is_phrase and view == "light":
            continue
        for variant in part.variants:
            if tokens_there := getattr(variant, view):
                found[name, tokens_there] = weight
    return found


def _add(fields: dict[str, list[str]], role: str, text: str, lang: str | None) -> None:
    analysis = analyse(text, lang)
    for view in VIEWS:
        found: Iterable[str] = getattr(analysis, view)
        fields[f"{role}_{view}"].extend(found)
