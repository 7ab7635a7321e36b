"""From a question to what an engine looks for, in terms of our own that both engines translate word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from search.index.fields import NEVER_ENDS, ROLE_BOOSTS, ROLES, TOP_BOOSTS, VIEW_BOOSTS, VIEWS, WORD_BOOSTS, whole
from search.port import ENDING_KINDS, Guess, Query
from search.query.concepts import Concept, Span, find_spans
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, Tokens
from search.query.parser import Parsed, Part, Variant, parse

_FIELDS = {view: [(f"{role}_{view}", ROLE_BOOSTS[role].weight * VIEW_BOOSTS[view].weight) for role in ROLES] for view in VIEWS}
"""The fields of each view of a text, each with what a match there counts."""
MIN_NAME_PREFIX_LETTERS = 4
"""A single word of fewer letters begins too many names."""
MAX_EXPANDED_WORDS = 12
"""A question of more words is looked for by them alone: it tells enough by itself, and their other names would cost too much."""
MIN_DISTINCTIVE_LETTERS = 4
"""A word of fewer letters, taken out of a name, tells nothing."""
LETTERS_MISSING = (3, 10)
"""Of names that go on, those that lack at most so many letters stand before longer ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A question, ready for an engine. `clauses` are its words, or runs of words that name a concept."""

    query: Query
    parsed: Parsed
    clauses: tuple[Span, ...]

    @property
    def is_blank(self) -> bool:
        return self.parsed.is_blank

    def strict(self) -> AnyNode:
        """Every word in one of its forms, or what it is called in another language."""
        if not self.clauses:
            return MatchAll() if self.is_blank or self.parsed.excluded else MatchNone()
        needed = self.required_spans
        left = [span for span in self.clauses if span not in needed]
        every = And(tuple(_span(span, {}) for span in needed), tuple(_span(span, {}) for span in left))
        begun = self.name_begun()
        return And((DisMax((every, begun) if begun else (every,)),), tuple(self.boost_clauses().values()))

    def forgiven(self, guesses: Mapping[str, Sequence[Guess]], least: int | None = None) -> AnyNode:
        """As strict, where each word may also be one of its guesses; at least so many of the words when `least` is given."""
        if least is None:
            return And(tuple(_span(span, guesses) for span in self.required_spans), tuple(self.boost_clauses().values()))
        nodes = tuple(node for span in self.required_spans for node in self._each_word(span, guesses))
        return And((AtLeast(least, nodes),), tuple(self.boost_clauses().values()))

    def excluded(self) -> list[AnyNode]:
        """What no result may have."""
        return [_part(part) for part in self.parsed.excluded]

    @property
    def count_of_words(self) -> int:
        """How many words and phrases a result should have."""
        return sum(len(span.parts) for span in self.required_spans)

    @property
    def order(self) -> str:
        """How results are sorted: by relevance to words; without words events and calls the soonest first, else the newest."""
        if self.query.sort != "relevance":
            return self.query.sort
        kinds = self.query.filters.get("kind")
        if self.clauses:
            return "relevance"
        return "soonest" if kinds and kinds.any_of and ENDING_KINDS.issuperset(kinds.any_of) else "newest"

    def expansions(self) -> tuple[str, ...]:
        """What else was looked for: names in other words and languages, the likeliest first."""
        names = (
            text for span in self.clauses for concept in span.concepts for text in concept.display_names(span, self.query.lang)
        )
        return tuple(dict.fromkeys(names))

    def name_begun(self) -> And | None:
        """A name that goes on where the reader stopped typing it, the nearer to its end the better; None: not looked for."""
        words = self._words
        text = whole(" ".join(words))
        is_phrase = any(part.is_phrase for part in self.parsed.wanted)
        if is_phrase or not self.parsed.ends_open or (len(words) == 1 and len(text) < MIN_NAME_PREFIX_LETTERS):
            return None
        near = TOP_BOOSTS["name_nearly_whole"].weight
        ends = (Range("letters", 1, len(text) + more, near) for more in LETTERS_MISSING)
        return And((Prefix("whole", text, TOP_BOOSTS["name_begun"].weight * len(words)),), tuple(ends))

    def boost_clauses(self) -> dict[str, AnyNode]:
        """What makes one match better than another, by the name of its boost."""
        words = self._words
        top = {name: boost.weight for name, boost in TOP_BOOSTS.items()}
        found: dict[str, AnyNode] = {
            "whole_name": ExactTerm("whole", whole(" ".join(words)), top["whole_name"]),
            "readers_language": ExactTerm("language", self.query.lang, top["readers_language"]),
        }
        if self.query.today:
            found["upcoming"] = Range("ends", self.query.today.toordinal(), NEVER_ENDS - 1, top["upcoming"])
        if len(words) > 1:
            found["together"] = Tokens("title_surface", words, top["together"])
        return found

    def split_span(self, span: Span) -> list[Span]:
        """The words of a run one by one, each as if it were typed alone."""
        return [alone for part in span.parts for alone in find_spans([part], expand=self.query.expand)]

    def _each_word(self, span: Span, guesses: Mapping[str, Sequence[Guess]]) -> Iterator[AnyNode]:
        """Its words one by one, each by its own other names too; what the whole run is called stands for any of them."""
        others = [node for concept in span.concepts for node in (*_concept(concept, span), *_words_of_names(concept, span))]
        yield from (DisMax((_span(alone, guesses), *others)) for alone in self.split_span(span))

    @property
    def required_spans(self) -> list[Span]:
        """What a listing must have: all but mere legal forms beside other words."""
        return [span for span in self.clauses if not _is_optional(span, self.clauses)]

    @property
    def _words(self) -> tuple[str, ...]:
        return tuple(token for part in self.parsed.wanted for token in part.surface)


def make_plan(query: Query) -> Plan:
    """Read what was typed."""
    parsed = parse(query.text, query.lang)
    expand = query.expand and len(parsed.wanted) <= MAX_EXPANDED_WORDS
    asked = replace(query, filters={**query.filters, **parsed.filters}, expand=expand)
    return Plan(asked, parsed, tuple(find_spans(parsed.wanted, expand=expand)))


def _is_optional(span: Span, spans: Iterable[Span]) -> bool:
    """Whether it only names a legal form, beside other words."""
    return _is_legal_form(span) and not all(_is_legal_form(other) for other in spans)


def _is_legal_form(span: Span) -> bool:
    return len(span.parts) == 1 and span.parts[0].is_legal_form


def _span(span: Span, guesses: Mapping[str, Sequence[Guess]]) -> AnyNode:
    words = tuple(_guessed(part, guesses.get(part.text, ())) for part in span.parts)
    typed = words[0] if len(words) == 1 else And(words)
    if not span.concepts:
        return typed
    return DisMax((typed, *(node for concept in span.concepts for node in _concept(concept, span))))


def _concept(concept: Concept, span: Span) -> Iterator[AnyNode]:
    """A concept by its other names, and by what curators and sources filed under it."""
    for name in concept.other_names(span):
        yield from _name(name)
    if concept.facet:
        yield ExactTerm(concept.facet, concept.value, WORD_BOOSTS["filed_under"].weight)


def _name(name: Part) -> Iterator[AnyNode]:
    """Another name: its words anywhere, as those of a question, and as much again for standing together."""
    view = "keys" if name.variants[0].analysis.keys else "surface"
    tokens, weight = _view(name.variants[0], view), WORD_BOOSTS["other_name"].weight
    if len(tokens) == 1:
        yield _token(tokens[0], view, weight)
    else:
        together = DisMax(tuple(_scaled(node, weight / 2) for node in _matches(name, (view,))))
        yield And(tuple(_token(token, view, weight / 2) for token in tokens), (together,))


def _words_of_names(concept: Concept, span: Span) -> Iterator[AnyNode]:
    weight = WORD_BOOSTS["word_of_other_name"].weight
    return (_token(key, "keys", weight) for key in words_of_names(concept, span))


def words_of_names(concept: Concept, span: Span) -> Iterator[str]:
    """The keys of single words of other names that have several; the last straw."""
    for name in concept.other_names(span):
        keys = name.variants[0].analysis.keys
        if len(keys) > 1:
            yield from (key for key in keys if len(key.partition(":")[2]) >= MIN_DISTINCTIVE_LETTERS)


def _token(token: str, view: str, weight: float) -> AnyNode:
    return DisMax(tuple(Tokens(field, (token,), boost * weight) for field, boost in _FIELDS[view]))


def _guessed(part: Part, guesses: Sequence[Guess]) -> AnyNode:
    nodes = [
        Tokens(f"{role}_{guess.view}", guess.tokens, ROLE_BOOSTS[role].weight * guess.weight)
        for guess in guesses
        for role in ROLES
    ]
    return DisMax((*_matches(part, VIEWS), *nodes))


def _part(part: Part) -> AnyNode:
    return DisMax(tuple(_matches(part, VIEWS)))


def _matches(part: Part, views: Iterable[str]) -> list[Tokens]:
    """Where a word or phrase may match; the same tokens in one field count once, by the best of their variants.

    A phrase is not looked for among light stems, where the order of stems of several languages means nothing.
    """
    found: dict[tuple[str, tuple[str, ...]], float] = {}
    for view in views:
        for variant in part.variants:
            if (tokens := _view(variant, view)) and not (part.is_phrase and view == "light"):
                for field, boost in _FIELDS[view]:
                    found[field, tokens] = max(boost * variant.weight, found.get((field, tokens), 0.0))
    return [Tokens(field, tokens, weight) for (field, tokens), weight in found.items()]


def _view(variant: Variant, view: str) -> tuple[str, ...]:
    tokens: tuple[str, ...] = getattr(variant.analysis, view)
    return tokens


def _scaled(node: Tokens, by: float) -> Tokens:
    return replace(node, weight=node.weight * by)
