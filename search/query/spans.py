"""Query expansion: parts the words of a question into spans, and finds in each the concepts that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.query import places as place_names
from search.query.concepts import Concept, ConceptIndex, current_index
from search.query.parser import Part, as_question
from search.query.word_pairs import pair_keys

PLACE_FACETS = ("place", "region", "country")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a question that stand together: one word or phrase, or a run of them that names `concepts`.

    `alternatives`: runs of spans any one of which is enough, as of “honey OR bees” and of “start-up”; such a span has no
    concepts of its own.
    `pair_keys` are the keys of what an everyday word is in the other interface language; readers are not told. `initials`: those
    of names that a word may stand for which means something else, too, but names no concept; empty for none.
    """

    parts: tuple[Part, ...]
    concepts: tuple[Concept, ...] = ()
    alternatives: tuple[tuple[Span, ...], ...] = ()
    pair_keys: tuple[str, ...] = ()
    initials: str = ""

    @property
    def leaves(self) -> tuple[Span, ...]:
        """The spans without alternatives in it: itself if it has none."""
        if not self.alternatives:
            return (self,)
        return tuple(leaf for alternative in self.alternatives for span in alternative for leaf in span.leaves)

    @property
    def is_place(self) -> bool:
        """Whether it names a town, a region or a country."""
        return any(concept.facet in PLACE_FACETS for concept in self.concepts)

    @property
    def is_form(self) -> bool:
        """Whether it names a form of organisation, such as “cooperative”, which listings of all fields have."""
        return any(concept.is_form for concept in self.concepts)

    @property
    def is_everyday(self) -> bool:
        """Whether it is an everyday word such as “city”, which tells less than what names a concept or is rare."""
        return bool(self.pair_keys) and not self.concepts

    @property
    def is_legal_form(self) -> bool:
        """Whether it is a legal form beside a name, such as “SIA”."""
        return len(self.parts) == 1 and self.parts[0].is_legal_form

    @property
    def is_function_word(self) -> bool:
        """Whether it consists of words of grammar."""
        return all(part.is_function_word for part in self.parts)

    @property
    def is_general(self) -> bool:
        """Whether it is a general word such as “people”, which tells little."""
        return len(self.parts) == 1 and self.parts[0].is_general

    @property
    def is_idle(self) -> bool:
        """Whether it adds nothing by itself where it is not required: a word of grammar, or a general one, which counts apart."""
        return self.is_function_word or self.is_general

    @property
    def text(self) -> str:
        """The words as they were typed, phrases in quotation marks."""
        return as_question(self.parts)


def find_spans(parts: Sequence[Part], *, expand: bool) -> list[Span]:
    """Part a question's words into spans: the longest runs that name a concept, every other word alone, and those together any
    of which is enough.

    Without `expand` no word has concepts or pairs.
    """
    return _either_or(_with_joined(_runs(parts, expand=expand), expand=expand))


def _with_joined(spans: Iterable[Span], *, expand: bool) -> list[Span]:
    """The spans; words tied by hyphens, unless one of them is a place, may as well be one word."""
    result: list[Span] = []
    for span in spans:
        joined = result[-1].parts[0].joined if result and span.parts[0].tie == "hyphen" else None
        if joined is None or len(span.parts) > 1 or span.is_place or result[-1].is_place:
            result.append(span)
            continue
        former = result.pop()
        parts = (*former.parts, *span.parts)
        words = (*(former.alternatives[0] if former.alternatives else (former,)), span)
        is_whole = "".join(part.text for part in parts) == joined.text
        alternatives = (words, tuple(_runs([joined], expand=expand))) if is_whole else (words,)
        result.append(Span(parts, alternatives=alternatives))
    return result


def _either_or(spans: Iterable[Span]) -> list[Span]:
    """The spans; those that a word of the question says may stand in each other's place are one."""
    result: list[Span] = []
    for span in spans:
        if result and span.parts[0].tie == "or":
            former = result.pop()
            span = Span((*former.parts, *span.parts), alternatives=((former,), (span,)))
        result.append(span)
    return result


def _runs(parts: Sequence[Part], *, expand: bool) -> Iterator[Span]:
    """The longest runs that name a concept, and every other word alone."""
    index = current_index()
    start = 0
    while start < len(parts):
        for end in range(min(len(parts), start + index.max_name_tokens), start, -1):
            run = tuple(parts[start:end])
            if expand and (concepts := _named(index, run)):
                yield Span(run, concepts, pair_keys=_pairs_of(run))
                start = end
                break
        else:
            yield _word(parts[start], expand=expand)
            start += 1


def _word(part: Part, *, expand: bool) -> Span:
    """A word that names no concept."""
    if not expand:
        return Span((part,))
    pairs = pair_keys(part)
    return Span((part,), pair_keys=pairs, initials=part.surface[0] if part.may_be_acronym_too and not pairs else "")


def _pairs_of(run: Sequence[Part]) -> tuple[str, ...]:
    """The keys of the pairs of a word that stands alone."""
    return pair_keys(run[0]) if len(run) == 1 else ()


def _named(index: ConceptIndex, run: Sequence[Part]) -> tuple[Concept, ...]:
    """What a run of words names: a place, or the concepts of its names; nothing in quotation marks, nor by words of grammar."""
    if any(part.is_quoted for part in run) or all(part.is_function_word for part in run):
        return ()
    if any(part.tie == "or" for part in run[1:]):
        return ()
    places = tuple(Concept((), (), facet, value) for facet, value in place_names.places(run))
    return (*places, *index.find(run))
