"""The fields of a document in an index, alike in both engines, and how much each counts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from search.analysis import ANALYSIS_VERSION, analyse, words
from search.index.ordering import order_name, order_newest, order_soonest
from search.messages import N_
from search.port import FACETS, UNKNOWN, Document
from vocabulary import fold
from vocabulary.languages import LANGUAGES

SCHEMA_VERSION = 4
"""Raise it whenever fields change: indexes made by another version are rebuilt."""
VERSION = f"s{SCHEMA_VERSION}a{ANALYSIS_VERSION}"
ROLES = ("title", "summary", "body", "names")
VIEWS = ("keys", "light", "surface")
GUESSED_VIEWS = ("surface", "light")
MAX_WHOLE_CHARACTERS = 200
NUMBERS = ("ends", "letters")
"""Fields of whole numbers: the day on which it ends, counted from year 1; how many letters each of its names has as a whole."""
NEVER_ENDS = date.max.toordinal()
ORDERS = ("order_newest", "order_soonest", *(f"order_name_{lang}" for lang in LANGUAGES))
"""Fields of keys by which results are sorted."""


PRIOR_WEIGHT = 0.2
"""How far the prior of a full, fresh listing of several sources reaches; engines multiply a score by log2(2 + it)."""


@dataclass(frozen=True, slots=True)
class Boost:
    """How much something counts, what it is called, and why it does: texts for people, message ids of the catalogue.

    `adds`: the weight is added to a score, wherever it applies; otherwise what a match scores is multiplied by it.
    """

    weight: float
    label: str
    reason: str
    adds: bool = False


ROLE_BOOSTS: Mapping[str, Boost] = {
    "title": Boost(4.0, N_("the name"), N_("a name that holds the word is what most readers look for")),
    "names": Boost(
        2.0, N_("organisation, place, tags"), N_("organisation, place and the source's own tags say what it is about")
    ),
    "summary": Boost(1.5, N_("the summary"), N_("a summary holds what matters, but more of it")),
    "body": Boost(1.0, N_("the description"), N_("a word somewhere in a long text is the weakest sign")),
}
VIEW_BOOSTS: Mapping[str, Boost] = {
    "surface": Boost(1.3, N_("as typed"), N_("the word as it was typed beats its other forms")),
    "keys": Boost(1.0, N_("another form"), N_("another form of the word, in the language of the text")),
    "light": Boost(0.6, N_("the same stem"), N_("the same stem in some other language may be another word")),
}
WORD_BOOSTS: Mapping[str, Boost] = {
    "other_name": Boost(0.5, N_("another name"), N_("what the same thing is called in other words or another language")),
    "filed_under": Boost(
        1.0, N_("filed under it"), N_("filed under what was asked for, though its texts do not say so"), adds=True
    ),
    "word_of_other_name": Boost(
        0.2, N_("a word of another name"), N_("one word of what it is called otherwise, where nothing has it by any whole name")
    ),
    "typo": Boost(0.3, N_("a similar word"), N_("a word one or two letters away may be another word")),
    "elsewhere": Boost(
        0.6,
        N_("the same stem in another language"),
        N_("a word that no language of this site has may be of another language of the region"),
    ),
    "beginning": Boost(0.4, N_("a longer word"), N_("a word that only begins as the last one typed")),
    "compound": Boost(0.5, N_("written apart or as one"), N_("the same words written apart or as one")),
}
"""How a word may be found otherwise than by what was typed."""
TOP_BOOSTS: Mapping[str, Boost] = {
    "whole_name": Boost(12.0, N_("the whole name"), N_("who types a whole name wants the listing of that name"), adds=True),
    "name_begun": Boost(
        15.0,
        N_("the name begins as typed"),
        N_("who types the beginning of a name wants that listing; for each word, where the words themselves score less"),
        adds=True,
    ),
    "name_nearly_whole": Boost(
        5.0,
        N_("nearly the whole name"),
        N_("of names that begin so, those of which few letters are missing; counted twice where very few are"),
        adds=True,
    ),
    "together": Boost(
        2.0,
        N_("words side by side in the name"),
        N_("words side by side in a name, as they were typed, mean more than the same words apart"),
    ),
    "readers_language": Boost(
        0.3,
        N_("a text in the reader's language"),
        N_("of two equal listings, the one with a text in the reader's language"),
        adds=True,
    ),
    "upcoming": Boost(0.5, N_("still to come"), N_("an event or a call that is still to come, over what has no date"), adds=True),
    "fullness": Boost(
        math.log2(2 + PRIOR_WEIGHT),
        N_("a full, fresh listing"),
        N_(
            "a long text, all facts, several sources, titles in several languages, a recent visit; the fuller, the nearer to this"
        ),
    ),
}
"""What raises a listing that was found."""
NAMED_BOOSTS: Mapping[str, Boost] = {**WORD_BOOSTS, **TOP_BOOSTS}


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
    texts = tokens(document)
    names = list(dict.fromkeys(whole(title) for title in document.title.values()))
    newest = int(document.newest_at.timestamp()) if document.newest_at else 0
    return {
        "id": document.id,
        **texts,
        **{name: list(values) for name, values in facet_values(document).items()},
        "whole": names,
        "letters": [len(name) for name in names],
        "ends": document.ends_on.toordinal() if document.ends_on else NEVER_ENDS,
        **vocabulary_of(texts),
        "order_newest": order_newest(newest, document.id),
        "order_soonest": order_soonest(document.ends_on, document.id),
        **{f"order_name_{lang}": order_name(document, lang) for lang in LANGUAGES},
        "prior": document.prior * PRIOR_WEIGHT,
    }


def vocabulary_of(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """The distinct words and stems of a document, for guessing what was meant."""
    found = {view: {token for role in ROLES for token in texts[f"{role}_{view}"].split()} for view in GUESSED_VIEWS}
    return {f"every_{view}": sorted(tokens) for view, tokens in found.items()}


def whole(text: str) -> str:
    """A whole name as one token: folded words without punctuation."""
    return " ".join(fold(word.text) for word in words(text))[:MAX_WHOLE_CHARACTERS]


def _add(fields: dict[str, list[str]], role: str, text: str, lang: str | None) -> None:
    analysis = analyse(text, lang)
    for view in VIEWS:
        found: Iterable[str] = getattr(analysis, view)
        fields[f"{role}_{view}"].extend(found)
