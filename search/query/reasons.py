"""Why a listing was found and what raised it, read from the question and the listing's own texts: no engine is asked."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from search.analysis import Analysis, analyse, latvian, lemma, words
from search.index import fields
from search.index.fields import ROLES, VIEWS
from search.port import Document, Guess, Page
from search.query.concepts import Span
from search.query.nodes import AnyNode, ExactTerm, Prefix, Range, Tokens
from search.query.parser import Part
from search.query.plan import Plan, words_of_names
from vocabulary.languages import LANGUAGES

NEAREST_FIRST = ("surface", "keys", "light")
"""Of a word that a text has in several views, the first of these is told."""
_BoostedTokens = tuple[str, str, tuple[str, ...]]
"""The boost that a match has, and its tokens with their view."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text as they are written in it. `role` is one of search.index.fields.ROLES, `lang` the text's (None: unknown);
    `boost` names how they were found: a view, or one of WORD_BOOSTS."""

    role: str
    boost: str
    written: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class WordReason:
    """Where one word, or a run of words that names a concept, was found; nowhere when both are empty.

    `filed` are the facets and values under which the listing is filed and which the words name.
    """

    typed: str
    mentions: tuple[Mention, ...]
    filed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one listing stands where it does: its words, and each boost that applies with what it comes to here."""

    words: tuple[WordReason, ...]
    raised: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one word, a phrase or a run of words that names a concept was read; each text with its language, None: unknown.

    `forms` are the words of the dictionaries whose forms count, none where no dictionary knows it; `called` other names,
    `filed` the facets and values that it names; `guessed` what it may have been meant as, each with its boost.
    """

    typed: str
    is_phrase: bool
    is_needed: bool
    forms: tuple[tuple[str, str], ...]
    called: tuple[tuple[str, str | None], ...]
    filed: tuple[tuple[str, str], ...]
    guessed: tuple[tuple[str, str], ...]


def readings(plan: Plan, page: Page) -> list[Reading]:
    """How the words of a question were read."""
    return [_reading(span, span in plan.required_spans, page.guesses) for span in plan.clauses]


def _reading(span: Span, is_needed: bool, guesses: Mapping[str, Sequence[Guess]]) -> Reading:
    called = dict.fromkeys(pair for concept in span.concepts for pair in concept.other_names_by_language(span))
    filed = dict.fromkeys((concept.facet, concept.value) for concept in span.concepts if concept.facet)
    guessed = dict.fromkeys((one.boost, _spelt(one)) for part in span.parts for one in guesses.get(part.text, ()))
    is_phrase = any(part.is_phrase for part in span.parts)
    return Reading(span_text(span), is_phrase, is_needed, tuple(_forms(span)), tuple(called), tuple(filed), tuple(guessed))


def _forms(span: Span) -> Iterator[tuple[str, str]]:
    """The lemmas of each word in the interface languages, as dictionaries spell them."""
    for word in (found.text for part in span.parts for found in words(part.text)):
        yield from ((form, code) for code in LANGUAGES if (form := lemma(word, code)))


def _spelt(guess: Guess) -> str:
    """A guess as people write it; of a stem, its beginning."""
    if guess.view == "light":
        return f"{guess.tokens[0]}…"
    return " ".join(latvian.spelled(token) or token for token in guess.tokens)


def reasons(plan: Plan, page: Page, document: Document) -> Reasons:
    """Why a listing of this page of results was found."""
    texts = list(_texts(document, plan.query.lang))
    by_role = {role: [one for one in texts if one.role == role] for role in ROLES}
    found = (_word_reason(one, page.guesses, by_role, document) for one in _clauses(plan, page))
    return Reasons(tuple(found), tuple(_raised(plan, document)))


@dataclass(frozen=True, slots=True)
class _Clause:
    """What was looked for as one: a word or run as typed, its other names, keys of single words of those names."""

    span: Span
    names: tuple[Part, ...]
    words_of_names: tuple[str, ...]
    filed: tuple[tuple[str, str], ...]


def _clauses(plan: Plan, page: Page) -> Iterator[_Clause]:
    """The clauses of a question; each word of a run by itself where some of the words were enough."""
    for span in plan.clauses:
        whole = _as_typed(span)
        if page.forgiven != "some":
            yield whole
            continue
        single = tuple(key for concept in span.concepts for key in words_of_names(concept, span))
        for alone in map(_as_typed, plan.split_span(span)):
            yield _Clause(alone.span, (*alone.names, *whole.names), single, (*alone.filed, *whole.filed))


def _as_typed(span: Span) -> _Clause:
    names = tuple(name for concept in span.concepts for name in concept.other_names(span))
    return _Clause(span, names, (), tuple((one.facet, one.value) for one in span.concepts if one.facet))


@dataclass(frozen=True)
class _Text:
    """One text of a listing with its tokens; they and its words as written stand at the same places."""

    role: str
    text: str
    lang: str | None

    @cached_property
    def _analysis(self) -> Analysis:
        return analyse(self.text, self.lang)

    @cached_property
    def _views(self) -> dict[str, frozenset[str]]:
        return {view: frozenset(getattr(self._analysis, view)) for view in VIEWS}

    def written(self, view: str, tokens: Sequence[str]) -> str | None:
        """The first words that have these tokens one after the other, as they are written; None where none have."""
        if not tokens or not self._views[view].issuperset(tokens):
            return None
        found: tuple[str, ...] = getattr(self._analysis, view)
        for at in range(len(found) - len(tokens) + 1):
            if found[at : at + len(tokens)] == tuple(tokens):
                spots = list(words(self.text))
                return unicodedata.normalize("NFC", self.text)[spots[at].start : spots[at + len(tokens) - 1].end]
        return None


_ByRole = Mapping[str, Sequence[_Text]]


def _texts(document: Document, lang: str) -> Iterator[_Text]:
    """All texts, the reader's language first in each role."""
    by_role = {"title": document.title, "summary": document.summary, "body": document.body}
    for role in ROLES:
        texts = by_role.get(role, {})
        for code in sorted(texts, key=lambda code: (code != lang, code)):
            yield _Text(role, texts[code], None if code == "und" else code)
        if role == "names":
            yield from (_Text(role, name, None) for name in document.names)


def _word_reason(sought: _Clause, guesses: Mapping[str, Sequence[Guess]], by_role: _ByRole, document: Document) -> WordReason:
    typed = _together([list(_looked_for(part, guesses)) for part in sought.span.parts], by_role)
    is_typed = any(typed.values())
    names = [_name(name, by_role, only_whole=is_typed) for name in sought.names]
    single = [("word_of_other_name", "keys", (key,)) for key in sought.words_of_names]
    mentions: list[Mention] = []
    for role in ROLES:
        mentions += typed[role]
        if len(typed[role]) < len(sought.span.parts):
            mentions += next((found[role] for found in names if found[role]), [])
    if not mentions:
        mentions += [one for texts in by_role.values() if (one := _mention(texts, single))]
    filed = dict.fromkeys(pair for pair in sought.filed if pair[1] in document.facets.get(pair[0], ()))
    return WordReason(span_text(sought.span), tuple(dict.fromkeys(mentions)), tuple(filed))


def _together(words: Sequence[Sequence[_BoostedTokens]], by_role: _ByRole) -> dict[str, list[Mention]]:
    """Where each of several words is, by role; nowhere unless a listing has all of them, wherever they stand."""
    found = {role: [_mention(texts, word) for word in words] for role, texts in by_role.items()}
    has_all = all(any(word) for word in zip(*found.values(), strict=True))
    return {role: [one for one in mentions if one and has_all] for role, mentions in found.items()}


def _name(name: Part, by_role: _ByRole, *, only_whole: bool) -> dict[str, list[Mention]]:
    """Where another name is, by role: as a whole where it stands together, else by its words unless `only_whole`."""
    analysis = name.variants[0].analysis
    view = "keys" if analysis.keys else "surface"
    tokens: tuple[str, ...] = getattr(analysis, view)
    by_words = {} if only_whole else _together([[("other_name", view, (token,))] for token in tokens], by_role)
    whole = {role: _mention(texts, [("other_name", view, tokens)]) for role, texts in by_role.items()}
    return {role: [one] if (one := whole[role]) else by_words.get(role, []) for role in by_role}


def span_text(span: Span) -> str:
    """The words of a span as they were typed."""
    return " ".join(f'"{part.text}"' if part.is_phrase else part.text for part in span.parts)


def _mention(texts: Sequence[_Text], looked_for: Iterable[_BoostedTokens]) -> Mention | None:
    """The first of what was looked for that any of the texts has."""
    for boost, view, tokens in looked_for:
        for text in texts:
            if written := text.written(view, tokens):
                return Mention(text.role, boost, written, text.lang)
    return None


def _looked_for(part: Part, guesses: Mapping[str, Sequence[Guess]]) -> Iterator[_BoostedTokens]:
    """The nearest first, what was guessed last; as for an engine, a phrase is not looked for among light stems."""
    for view in NEAREST_FIRST:
        for variant in part.variants:
            if not (part.is_phrase and view == "light"):
                yield view, view, getattr(variant.analysis, view)
    yield from ((one.boost, one.view, one.tokens) for one in guesses.get(part.text, ()))


def _raised(plan: Plan, document: Document) -> Iterator[tuple[str, float]]:
    """Each boost that applies, with the weight that it has for this question and listing."""
    if plan.order != "relevance":
        return
    stored = fields.stored(document)
    begun = plan.name_begun()
    if begun and (first := begun.nodes[0]) and _holds(first, stored):
        yield "name_begun", _weight(first)
        if near := sum(_weight(one) for one in begun.also if _holds(one, stored)):
            yield "name_nearly_whole", near
    yield from ((name, _weight(node)) for name, node in plan.boost_clauses().items() if _holds(node, stored))
    if stored["prior"]:
        yield "fullness", math.log2(2 + stored["prior"])


def _holds(node: AnyNode, stored: Mapping[str, Any]) -> bool:
    """Whether a document, as engines store it, has what a single condition asks for."""
    match node:
        case Tokens(field, tokens):
            return f" {' '.join(tokens)} " in f" {stored[field]} "
        case ExactTerm(field, value):
            return value in stored[field]
        case Prefix(field, beginning):
            return any(value.startswith(beginning) for value in stored[field])
        case Range(field, least, most):
            numbers = stored[field] if isinstance(stored[field], list) else [stored[field]]
            return any(least <= number <= most for number in numbers)
    return False


def _weight(node: AnyNode) -> float:
    return node.weight if isinstance(node, Tokens | ExactTerm | Prefix | Range) else 0.0
