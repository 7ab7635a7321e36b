"""The plan of a question: what an engine is to look for, as nodes that both engines translate one for one."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from search.index.boosts import ROLE_BOOSTS, TOP_BOOSTS, VIEW_BOOSTS, WORD_BOOSTS
from search.index.fields import NEVER_ENDS, ROLES, name_token, text_field
from search.port import ENDING_KINDS, VIEWS, Guess, Query, Sort, View
from search.query.concepts import Concept, current_index
from search.query.narrowing import narrowing
from search.query.nodes import (
    And,
    AnyNode,
    AtLeast,
    Condition,
    DisMax,
    ExactTerm,
    MatchAll,
    MatchNone,
    Prefix,
    Range,
    SharedRarity,
    Tokens,
    weighted,
)
from search.query.parser import ParsedQuery, Part, Variant, general_keys, parse
from search.query.places import towns_in_use
from search.query.spans import PLACE_FACETS, Span, find_spans
from vocabulary import load

GuessesByWord = Mapping[str, Sequence[Guess]]
"""Guesses by the word as typed."""
MIN_NAME_PREFIX_LETTERS = 4
"""A single word of fewer letters begins too many names."""
MAX_EXPANDED_WORDS = 12
"""A longer question is not expanded: it is specific enough, and the other names of so many words would cost too much."""
MAX_READ = 100
"""So many questions are remembered as they were read."""
APART_SHARE = 0.2
"""How much of the weight of a name each of its words has where they stand apart."""
NEAR_MOVES = 4
"""The words of a name are near each other when so many moves bring them together: “bank of food” is near a food bank."""
MIN_STEM_LETTERS = 4
MIN_DISTINCTIVE_LETTERS = 4
"""A shorter word of a name does not tell what the name stands for."""
NEARLY_WHOLE_MISSING_LETTERS = (3, 10)
"""Of names that begin as typed, those that lack at most so many letters count more; at most three: twice."""
_WEIGHTED_FIELDS = {
    view: [(text_field(role, view), ROLE_BOOSTS[role].weight * VIEW_BOOSTS[view].weight) for role in ROLES] for view in VIEWS
}
"""The text fields of each view, each with the weight of a match in it."""
PAIR_ROLES = tuple(role for role in ROLES if role != "body")
"""Where an everyday word counts by what it is in the other language; in a long text it is met by accident."""
_PAIR_FIELDS = [(text_field(role, "keys"), ROLE_BOOSTS[role].weight * VIEW_BOOSTS["keys"].weight) for role in PAIR_ROLES]


@dataclass(frozen=True, slots=True)
class SomeWords:
    """At least `count` of the words that are counted (Plan.counted_spans); `in_place`: in the place that the question names."""

    count: int
    in_place: bool = False


@dataclass(frozen=True)
class Plan:
    """A question ready for an engine. `spans` are its words, or runs of words that name concepts, without exclusions.

    What is costly to build is built at its first use and cached.
    """

    query: Query
    parsed: ParsedQuery
    spans: tuple[Span, ...]

    @cached_property
    def plain(self) -> Plan | None:
        """The plan of the same words without quotation marks, dashes and what may be no address; None where it has none of
        them."""
        parsed = parse(self.query.text, self.query.lang, is_plain=True)
        return _plan_of(self.query, parsed) if parsed.parts != self.parsed.parts else None

    @property
    def is_blank(self) -> bool:
        """Whether everything is asked for."""
        return self.parsed.is_blank

    @cached_property
    def strict(self) -> AnyNode:
        """All words, each in any of its forms or by another name; or a name that begins as typed."""
        if not self.spans:
            return MatchAll() if self.is_blank or self.parsed.excluded else MatchNone()
        if self.query.is_being_typed and self.parsed.is_last_word_open:
            return self._begun
        optional = tuple(_strict(span) for span in self.spans if span not in self.required_spans and not _is_idle(span))
        all_words = And(tuple(_strict(span) for span in self.required_spans), (*optional, *self._general_words))
        alternatives = (all_words, self.name_prefix) if self.name_prefix else (all_words,)
        return And((DisMax(alternatives),), tuple(self.boost_clauses.values()))

    @property
    def _begun(self) -> AnyNode:
        """A title that has a word which begins as the last one, or is a form of it, and all other words there or in what else the
        listing is called; a title that begins with all that was typed counts more."""
        finished = (part for span in self.spans[:-1] if span in self.required_spans for part in span.parts)
        names = tuple(DisMax(tuple(_in_roles(part, ("title", "names"), VIEWS))) for part in finished)
        begun = (self.name_prefix,) if self.name_prefix else ()
        return And((*names, _begun_in_title(self.parsed.included[-1])), (*begun, *self.boost_clauses.values()))

    def relaxed(self, guesses: GuessesByWord, some: SomeWords | None = None) -> AnyNode:
        """All words, each in any of its forms, by another name, or by a guess; or some of them."""
        boosts = (*self._general_words, *self.boost_clauses.values())
        if some is None:
            return And(tuple(_span(span, guesses) for span in self.required_spans), boosts)
        words = tuple(node for span in self.counted_spans for node in self._each_word(span, guesses, is_telling=some.in_place))
        others = [span for span in self.required_spans if span not in self.counted_spans]
        everyday = (
            weighted(node, WORD_BOOSTS["everyday"].weight)
            for span in others
            if not span.is_place
            for node in self._each_word(span, guesses)
        )
        places = tuple(_span(span, guesses) for span in others if span.is_place)
        whole = (_span(span, guesses) for span in self.counted_spans if len(span.parts) > 1 or span.is_place)
        required, optional = (places, ()) if some.in_place else ((), places)
        return And((AtLeast(some.count, words), *required), (*everyday, *whole, *optional, *boosts))

    @cached_property
    def excluded(self) -> tuple[AnyNode, ...]:
        """What no result may match."""
        return tuple(_best_of(_ways(part), 1.0) for part in self.parsed.excluded)

    @cached_property
    def narrowing(self) -> tuple[Condition, ...]:
        """What every result matches beside the words and facets: days and places."""
        return narrowing(self.query)

    def narrowed(self, query: Query) -> Plan:
        """The plan of a query that has the words, language and day of this one's, and may have other filters, days and places.

        Both share what is made of the words.
        """
        plan = Plan(_effective(query, self.parsed, expand=self.query.expand), self.parsed, self.spans)
        of_words = ("strict", "excluded", "name_prefix", "boost_clauses", "required_spans", "_words")
        vars(plan).update({name: getattr(self, name) for name in of_words})
        return plan

    @cached_property
    def counted_spans(self) -> list[Span]:
        """The spans of which a hit has some where it lacks others: what is looked for; no everyday words, forms of organisation,
        nor places, if there is more."""
        sought = [span for span in self.required_spans if not span.is_place]
        telling = [span for span in sought if not span.is_everyday]
        return [span for span in telling if not span.is_form] or telling or sought or self.required_spans

    @property
    def has_words_left_out(self) -> bool:
        """Whether a hit that has all counted words may lack others."""
        return len(self.counted_spans) < len(self.required_spans)

    @property
    def names_place_of_words(self) -> bool:
        """Whether the question names a place and what is looked for there."""
        return any(span.is_place for span in self.required_spans) and not any(span.is_place for span in self.counted_spans)

    @property
    def counted_words(self) -> int:
        """How many words and phrases these are."""
        return sum(len(self.split_span(span)) for span in self.counted_spans)

    @property
    def order(self) -> Sort:
        """How results are sorted: as the query says; by relevance only where it has words, else events and calls by their
        day, what is near by its distance, all else by newness."""
        if self.query.sort != "relevance" or self.spans:
            return self.query.sort
        kinds = self.query.filters.get("kind")
        has_days = self.query.when in {"upcoming", "open", "past"} and self.query.today is not None
        if has_days or (kinds and kinds.any_of and ENDING_KINDS.issuperset(kinds.any_of)):
            return "soonest"
        return "distance" if self.query.near else "newest"

    @property
    def leaves(self) -> tuple[Span, ...]:
        """The spans, and for each with alternatives the spans in it."""
        return tuple(leaf for span in self.spans for leaf in span.leaves)

    @property
    def expansions(self) -> tuple[str, ...]:
        """The other names that are looked for and shown to readers, the likeliest first (search.port.Page.also_called)."""
        lang = self.query.lang
        names = (name for span in self.leaves for concept in span.concepts for name in concept.display_names(span.parts, lang))
        return tuple(dict.fromkeys(names))

    @cached_property
    def name_prefix(self) -> And | None:
        """A name that begins with all that was typed, the fewer letters it lacks the better; None where none is looked for."""
        words = self._words
        text = name_token(" ".join(words))
        has_phrase = any(part.is_quoted or part.tie == "or" for part in self.parsed.included)
        is_too_short = len(words) == 1 and len(text) < MIN_NAME_PREFIX_LETTERS and not self.query.is_being_typed
        if has_phrase or not self.parsed.is_last_word_open or is_too_short:
            return None
        weight = TOP_BOOSTS["name_nearly_whole"].weight
        nearly_whole = (Range("letters", 1, len(text) + missing, weight) for missing in NEARLY_WHOLE_MISSING_LETTERS)
        return And((Prefix("whole", text, TOP_BOOSTS["name_begun"].weight * len(words)),), tuple(nearly_whole))

    @cached_property
    def boost_clauses(self) -> Mapping[str, AnyNode]:
        """Optional nodes that raise a match, by the name of their boost."""
        words = self._words
        weights = {name: boost.weight for name, boost in TOP_BOOSTS.items()}
        clauses: dict[str, AnyNode] = {
            "whole_name": ExactTerm("whole", name_token(" ".join(words)), weights["whole_name"]),
            "readers_language": ExactTerm("language", self.query.lang, weights["readers_language"]),
        }
        if self.query.today:
            clauses["upcoming"] = Range("ends", self.query.today.toordinal(), NEVER_ENDS - 1, weights["upcoming"])
        if len(words) > 1:
            clauses["together"] = Tokens(text_field("title", "surface"), words, weights["together"])
        if any(leaf.concepts or leaf.pair_keys for span in self.required_spans for leaf in span.leaves):
            clauses["typed"] = And(tuple(_typed_span(span) for span in self.required_spans), (MatchAll(weights["typed"]),))
        if kind := self._kind_asked_for:
            clauses["filed_whole"] = ExactTerm("kind", kind, weights["filed_whole"])
        return clauses

    def split_span(self, span: Span) -> list[Span]:
        """The words of a span one by one, each as if it were typed alone, but for words of grammar and general ones, if there are
        others; one with alternatives is one word."""
        if span.alternatives:
            return [span]
        words = [word for part in span.parts for word in find_spans([part], expand=self.query.expand)]
        return [word for word in words if not _is_idle(word)] or words

    def _telling_words(self, span: Span) -> list[Span]:
        """The words of a span but for everyday ones; the span where it has no others: not all work is “work integration”."""
        return [word for word in self.split_span(span) if not word.is_everyday] or [span]

    def _each_word(self, span: Span, guesses: GuessesByWord, *, is_telling: bool = False) -> Iterator[AnyNode]:
        """A node for each word of a span, by its own other names; the names of the whole span stand for any of its words.

        For each word a hit has more, but not for what an everyday word is in the other language.
        """
        more = MatchAll(TOP_BOOSTS["each_word"].weight)
        of_span = [node for concept in span.concepts for node in _loose_names(concept, span)]
        for word in self._telling_words(span) if is_telling else self.split_span(span):
            node = And((DisMax((_span(replace(word, pair_keys=()), guesses), *of_span)), more))
            yield DisMax((node, *_pairs(word))) if word.pair_keys else node

    @cached_property
    def required_spans(self) -> list[Span]:
        """The spans that a strict hit has: all but legal forms, words of grammar and general words, beside other words."""
        names = [span for span in self.spans if not _is_legal_form(span)]
        meaning = [span for span in names if not _is_function_word(span)]
        special = [span for span in meaning if not _is_general(span)]
        return special or meaning or names or list(self.spans)

    @property
    def _kind_asked_for(self) -> str | None:
        """The kind that the whole question names, as “social enterprises” does; None where it names none."""
        concepts = self.required_spans[0].concepts if len(self.required_spans) == 1 else ()
        return next((concept.value for concept in concepts if concept.facet == "kind" and not concept.is_wider), None)

    @cached_property
    def _general_words(self) -> tuple[AnyNode, ...]:
        """What a question has beside its required words that tells little, at a low weight."""
        weight = WORD_BOOSTS["general"].weight
        spans = [span for span in self.spans if _is_general(span) and span not in self.required_spans]
        return tuple(_word(span.parts[0], (), weight) for span in spans)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(token for part in self.parsed.included for token in part.surface)


def make_plan(query: Query) -> Plan:
    """Parse a query and expand it; filters that were typed join those of the query."""
    may_expand = query.expand and not query.is_being_typed
    parsed, spans = _read(query.text, query.lang, may_expand, (load(), current_index(), towns_in_use()))
    return _plan_with(query, parsed, spans)


@lru_cache(MAX_READ)
def _read(text: str, lang: str, may_expand: bool, _by: tuple[object, ...]) -> tuple[ParsedQuery, tuple[Span, ...]]:
    """A question parsed, and its spans; the page of results needs them several times. `_by` is what questions are read by."""
    parsed = parse(text, lang)
    return parsed, _spans_of(parsed, may_expand)


def _plan_of(query: Query, parsed: ParsedQuery) -> Plan:
    return _plan_with(query, parsed, _spans_of(parsed, query.expand and not query.is_being_typed))


def _plan_with(query: Query, parsed: ParsedQuery, spans: tuple[Span, ...]) -> Plan:
    expand = query.expand and not query.is_being_typed and _is_short(parsed)
    return Plan(_effective(query, parsed, expand=expand), parsed, spans)


def _spans_of(parsed: ParsedQuery, may_expand: bool) -> tuple[Span, ...]:
    return tuple(find_spans(parsed.included, expand=may_expand and _is_short(parsed)))


def _is_short(parsed: ParsedQuery) -> bool:
    return len(parsed.included) <= MAX_EXPANDED_WORDS


def _effective(query: Query, parsed: ParsedQuery, *, expand: bool) -> Query:
    return replace(query, filters={**query.filters, **parsed.filters}, expand=expand)


def filed_weight(facet: str) -> float:
    """How much it counts that a listing is filed under the value of a facet that the question names, beside all else."""
    name = "filed_place" if facet in PLACE_FACETS else f"filed_{facet}"
    return TOP_BOOSTS[name].weight


def distinctive_keys(concept: Concept, span: Span) -> Iterator[str]:
    """The keys of the longer words in other names of several words, but for general words such as “people”; looked for only where
    some of the words are enough."""
    for name in concept.other_names(span.parts):
        keys = name.variants[0].analysis.keys
        if len(keys) > 1:
            long = (key for key in keys if len(key.partition(":")[2]) >= MIN_DISTINCTIVE_LETTERS)
            yield from (key for key in long if key not in general_keys())


def _is_legal_form(span: Span) -> bool:
    return len(span.parts) == 1 and span.parts[0].is_legal_form


def _is_function_word(span: Span) -> bool:
    return all(part.is_function_word for part in span.parts)


def _is_general(span: Span) -> bool:
    return len(span.parts) == 1 and span.parts[0].is_general


def _is_idle(span: Span) -> bool:
    """Whether a span that is not required adds nothing by itself: a word of grammar, or a general one, which counts apart."""
    return _is_function_word(span) or _is_general(span)


def _span(span: Span, guesses: GuessesByWord, *, is_loose: bool = True) -> AnyNode:
    """All words of a span, each as typed or guessed; or any of its concepts; or any of its alternatives."""
    if span.alternatives:
        return _any_of(span, lambda one: _span(one, guesses, is_loose=is_loose))
    typed = _typed(span, guesses, WORD_BOOSTS["name_of_place"].weight if span.is_place else 1.0)
    names = (node for concept in span.concepts for node in _concept(concept, span, is_loose=is_loose))
    others = (*names, *_pairs(span), *_initials(span))
    if not others:
        return typed
    named = SharedRarity((typed, *others))
    filed = [ExactTerm(one.facet, one.value, filed_weight(one.facet)) for one in span.concepts if one.facet and not one.is_wider]
    return And((named,), tuple(filed[:1])) if filed else named


def _strict(span: Span) -> AnyNode:
    """All words of a span as typed; or any of its concepts, the words of a name near each other."""
    return _span(span, {}, is_loose=False)


def _any_of(span: Span, node: Callable[[Span], AnyNode]) -> AnyNode:
    """Any of a span's alternatives, each of them with all its spans as these nodes."""
    nodes = [tuple(map(node, alternative)) for alternative in span.alternatives]
    return DisMax(tuple(all_of[0] if len(all_of) == 1 else And(all_of) for all_of in nodes))


def _typed_span(span: Span) -> AnyNode:
    """All words of a span as typed, of one of its alternatives where it has some."""
    return _any_of(span, _typed_span) if span.alternatives else _typed(span, {})


def _typed(span: Span, guesses: GuessesByWord, weight: float = 1.0) -> AnyNode:
    """All words of a span as typed or guessed; side by side they count more."""
    words = tuple(_word(part, guesses.get(part.text, ()), weight) for part in span.parts)
    return words[0] if len(words) == 1 else And(words, (_side_by_side(span.parts),))


def _begun_in_title(part: Part) -> AnyNode:
    """A word of the title that begins as this one, or, for less, is another form of it."""
    begun = Prefix(text_field("title", "surface"), part.surface[0], TOP_BOOSTS["name_begun"].weight)
    return DisMax((begun, _best_of(_in_roles(part, ("title",), ("keys",)), WORD_BOOSTS["beginning"].weight)))


def _in_roles(part: Part, roles: Collection[str], views: Iterable[View]) -> list[Tokens]:
    """Where a word may match in some parts of a listing."""
    return [match for match in _matches(part, views) if match.field.partition("_")[0] in roles]


def _side_by_side(parts: Sequence[Part]) -> AnyNode:
    tokens = tuple(key for part in parts for key in part.variants[0].analysis.keys)
    return DisMax(tuple(Tokens(field, tokens, weight / 2) for field, weight in _WEIGHTED_FIELDS["keys"]))


def _word(part: Part, guesses: Sequence[Guess], weight: float) -> AnyNode:
    """A word or phrase in any of its forms, or any of its guesses."""
    guessed = [
        Tokens(text_field(role, guess.view), guess.tokens, _weight_of_role(role, guess) * guess.weight)
        for guess in guesses
        for role in ROLES
    ]
    return _best_of((*_ways(part), *guessed), weight)


def _weight_of_role(role: str, guess: Guess) -> float:
    """How much it counts where a guess stands; of a typo less, so that one in a name is not above what was typed in a text."""
    weight = ROLE_BOOSTS[role].weight
    return math.sqrt(weight) if guess.boost == "typo" else weight


def _ways(part: Part) -> list[Tokens | ExactTerm | Prefix]:
    """How a word or phrase may match: by its tokens, as the beginning of a word, by what an address or a number means, or as the
    initials of a name."""
    if part.is_beginning:
        return [Prefix(text_field(role, "surface"), part.surface[0], ROLE_BOOSTS[role].weight) for role in ROLES]
    weight = WORD_BOOSTS["contact"].weight
    contacts = [ExactTerm("contacts", term, weight / number) for number, term in enumerate(part.contacts, start=1)]
    acronym = [ExactTerm("acronyms", part.surface[0], WORD_BOOSTS["acronym"].weight)] if part.may_be_acronym else []
    return [*contacts, *_matches(part, VIEWS), *acronym]


def _pairs(span: Span) -> Iterator[AnyNode]:
    """What an everyday word is in the other interface language, where that tells something."""
    weight = WORD_BOOSTS["plain_pair"].weight
    return (Tokens(field, (key,), boost * weight) for key in span.pair_keys for field, boost in _PAIR_FIELDS)


def _initials(span: Span) -> Iterator[AnyNode]:
    """What bears a word as the initials of its name, below what has the word."""
    if span.initials:
        yield ExactTerm("acronyms", span.initials, WORD_BOOSTS["acronym_too"].weight)


def _concept(concept: Concept, span: Span, *, is_loose: bool) -> Iterator[AnyNode]:
    """The other names of a concept, names of its parts, and the facet value under which listings of it are filed; under what is
    wider, if loose."""
    for name in concept.other_names(span.parts):
        yield from _other_name(name, WORD_BOOSTS["other_name"].weight, is_loose=is_loose)
    for name in concept.narrower:
        yield from _other_name(name, WORD_BOOSTS["narrower_name"].weight, is_loose=is_loose)
    if concept.facet and (not concept.is_wider or (is_loose and not concept.is_form)):
        boost = WORD_BOOSTS["filed_under_wider" if concept.is_wider else "filed_under"]
        yield ExactTerm(concept.facet, concept.value, boost.weight)


def _other_name(name: Part, weight: float, *, is_loose: bool) -> Iterator[AnyNode]:
    """Another name: its words near each other, or for a part of its weight anywhere if loose."""
    view: View = "keys" if name.variants[0].analysis.keys else "surface"
    tokens = name.variants[0].analysis.view(view)
    if len(tokens) == 1:
        yield _token(tokens[0], view, weight)
        return
    yield DisMax(tuple(Tokens(field, tokens, boost * weight, NEAR_MOVES) for field, boost in _WEIGHTED_FIELDS[view]))
    if is_loose:
        yield And(tuple(_token(token, view, weight * APART_SHARE) for token in tokens))


def _best_of(nodes: Sequence[Tokens | ExactTerm | Prefix], weight: float) -> AnyNode:
    """The best of some matches, each of which counts so much."""
    return DisMax(tuple(nodes) if weight == 1.0 else tuple(weighted(node, weight) for node in nodes))


def _loose_names(concept: Concept, span: Span) -> Iterator[AnyNode]:
    """The other names of a concept, their words anywhere, and single words of them."""
    yield from _concept(concept, span, is_loose=True)
    yield from _name_words(concept, span)


def _name_words(concept: Concept, span: Span) -> Iterator[AnyNode]:
    weight = WORD_BOOSTS["word_of_other_name"].weight
    return (_token(key, "keys", weight) for key in distinctive_keys(concept, span))


def _token(token: str, view: View, weight: float) -> AnyNode:
    return DisMax(tuple(Tokens(field, (token,), boost * weight) for field, boost in _WEIGHTED_FIELDS[view]))


def _has_vague_stem(variant: Variant) -> bool:
    """Whether a word that a dictionary knows has a stem so short that it is a word of other languages: Cēsīs, French “ces”."""
    keys, stems = variant.analysis.keys, variant.analysis.light
    return bool(keys) and len(stems[0]) < MIN_STEM_LETTERS and not keys[0].endswith(f":{stems[0]}")


def _matches(part: Part, views: Iterable[View]) -> list[Tokens]:
    """Where a word or phrase may match; the same tokens in one field count once, with the best weight of their variants.

    A phrase is not looked for among light stems: the stems of several languages stand there side by side.
    """
    weights: dict[tuple[str, tuple[str, ...]], float] = {}
    for view in views:
        for variant in part.variants:
            if (tokens := variant.analysis.view(view)) and not (view == "light" and (part.is_phrase or _has_vague_stem(variant))):
                for field, boost in _WEIGHTED_FIELDS[view]:
                    weights[field, tokens] = max(boost * variant.weight, weights.get((field, tokens), 0.0))
    return [Tokens(field, tokens, weight) for (field, tokens), weight in weights.items()]
