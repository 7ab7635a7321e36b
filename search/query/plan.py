"""The plan of a question: what an engine is to look for, as nodes that both engines translate one for one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from search.index.boosts import TOP_BOOSTS, WORD_BOOSTS
from search.index.fields import NEVER_ENDS, name_token, text_field
from search.port import ENDING_KINDS, VIEWS, Query, Sort
from search.query.concepts import current_index
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
    Tokens,
    weighted,
)
from search.query.parser import ParsedQuery, parse
from search.query.places import towns_in_use
from search.query.span_nodes import GuessesByWord, loose_names, pair_nodes, span_node, strict_node, typed_node
from search.query.spans import Span, find_spans
from search.query.word_nodes import begun_in_title, best_of, in_roles, ways, word_node
from vocabulary import load

MIN_NAME_PREFIX_LETTERS = 4
"""A single word of fewer letters begins too many names."""
MAX_EXPANDED_WORDS = 12
"""A longer question is not expanded: it is specific enough, and the other names of so many words would cost too much."""
MAX_READ = 100
"""So many questions are remembered as they were read."""
NEARLY_WHOLE_MISSING_LETTERS = (3, 10)
"""Of names that begin as typed, those that lack at most so many letters count more; at most three: twice."""


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
        optional = tuple(strict_node(span) for span in self.spans if span not in self.required_spans and not span.is_idle)
        all_words = And(tuple(strict_node(span) for span in self.required_spans), (*optional, *self._general_words))
        alternatives = (all_words, self.name_prefix) if self.name_prefix else (all_words,)
        return And((DisMax(alternatives),), tuple(self.boost_clauses.values()))

    @property
    def _begun(self) -> AnyNode:
        """A title that has a word which begins as the last one, or is a form of it, and all other words there or in what else the
        listing is called; a title that begins with all that was typed counts more."""
        finished = (part for span in self.spans[:-1] if span in self.required_spans for part in span.parts)
        names = tuple(DisMax(tuple(in_roles(part, ("title", "names"), VIEWS))) for part in finished)
        begun = (self.name_prefix,) if self.name_prefix else ()
        return And((*names, begun_in_title(self.parsed.included[-1])), (*begun, *self.boost_clauses.values()))

    def relaxed(self, guesses: GuessesByWord, some: SomeWords | None = None) -> AnyNode:
        """All words, each in any of its forms, by another name, or by a guess; or some of them."""
        boosts = (*self._general_words, *self.boost_clauses.values())
        if some is None:
            return And(tuple(span_node(span, guesses) for span in self.required_spans), boosts)
        words = tuple(node for span in self.counted_spans for node in self._each_word(span, guesses, is_telling=some.in_place))
        others = [span for span in self.required_spans if span not in self.counted_spans]
        everyday = (
            weighted(node, WORD_BOOSTS["everyday"].weight)
            for span in others
            if not span.is_place
            for node in self._each_word(span, guesses)
        )
        places = tuple(span_node(span, guesses) for span in others if span.is_place)
        whole = (span_node(span, guesses) for span in self.counted_spans if len(span.parts) > 1 or span.is_place)
        required, optional = (places, ()) if some.in_place else ((), places)
        return And((AtLeast(some.count, words), *required), (*everyday, *whole, *optional, *boosts))

    @cached_property
    def excluded(self) -> tuple[AnyNode, ...]:
        """What no result may match."""
        return tuple(best_of(ways(part), 1.0) for part in self.parsed.excluded)

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
            clauses["typed"] = And(tuple(typed_node(span) for span in self.required_spans), (MatchAll(weights["typed"]),))
        if kind := self._kind_asked_for:
            clauses["filed_whole"] = ExactTerm("kind", kind, weights["filed_whole"])
        return clauses

    def split_span(self, span: Span) -> list[Span]:
        """The words of a span one by one, each as if it were typed alone, but for words of grammar and general ones, if there are
        others; one with alternatives is one word."""
        if span.alternatives:
            return [span]
        words = [word for part in span.parts for word in find_spans([part], expand=self.query.expand)]
        return [word for word in words if not word.is_idle] or words

    def _telling_words(self, span: Span) -> list[Span]:
        """The words of a span but for everyday ones; the span where it has no others: not all work is “work integration”."""
        return [word for word in self.split_span(span) if not word.is_everyday] or [span]

    def _each_word(self, span: Span, guesses: GuessesByWord, *, is_telling: bool = False) -> Iterator[AnyNode]:
        """A node for each word of a span, by its own other names; the names of the whole span stand for any of its words.

        For each word a hit has more, but not for what an everyday word is in the other language.
        """
        more = MatchAll(TOP_BOOSTS["each_word"].weight)
        of_span = [node for concept in span.concepts for node in loose_names(concept, span)]
        for word in self._telling_words(span) if is_telling else self.split_span(span):
            node = And((DisMax((span_node(replace(word, pair_keys=()), guesses), *of_span)), more))
            yield DisMax((node, *pair_nodes(word))) if word.pair_keys else node

    @cached_property
    def required_spans(self) -> list[Span]:
        """The spans that a strict hit has: all but legal forms, words of grammar and general words, beside other words."""
        names = [span for span in self.spans if not span.is_legal_form]
        meaning = [span for span in names if not span.is_function_word]
        special = [span for span in meaning if not span.is_general]
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
        spans = [span for span in self.spans if span.is_general and span not in self.required_spans]
        return tuple(word_node(span.parts[0], (), weight) for span in spans)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(token for part in self.parsed.included for token in part.surface)


def make_plan(query: Query) -> Plan:
    """Parse a query and expand it; filters that were typed join those of the query."""
    may_expand = query.expand and not query.is_being_typed
    parsed, spans = _read(query.text, query.lang, may_expand, read_by())
    return _plan_with(query, parsed, spans)


def read_by() -> tuple[Hashable, ...]:
    """What questions are read by now, beside the dictionaries: other than before where it has changed."""
    return load(), current_index(), towns_in_use()


@lru_cache(MAX_READ)
def _read(text: str, lang: str, may_expand: bool, _by: tuple[Hashable, ...]) -> tuple[ParsedQuery, tuple[Span, ...]]:
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
