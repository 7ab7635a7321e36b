"""See also: what stands near the concepts that a question names, by the relations of the thesaurus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from search.port import Query
from search.query.concepts import Concept, ConceptIndex, current_index
from search.query.plan import make_plan
from search.query.spans import PLACE_FACETS
from vocabulary import fold, load


def see_also(query: Query) -> list[str]:
    """What the concepts near those that a question names are called in the reader's language, each once, the nearest first: what
    is related, what the question's are parts of, then their parts; none that the question names itself."""
    spans = (leaf for span in make_plan(query).spans for leaf in span.leaves)
    named = [concept for span in spans for concept in span.concepts if not concept.is_wider]
    own_names = {fold(name.text) for concept in named for name in concept.names}
    ids = list(dict.fromkeys(id for concept in named if (id := _id(concept))))
    near = dict.fromkeys(name for id in _near(current_index(), ids) if (name := _name(current_index(), id, query.lang)))
    return [name for name in near if fold(name) not in own_names]


def _id(concept: Concept) -> str:
    """The id by which the thesaurus names it; empty for a place."""
    return concept.id or (f"{concept.facet}:{concept.value}" if concept.facet not in PLACE_FACETS else "")


def _near(index: ConceptIndex, ids: Sequence[str]) -> Iterator[str]:
    """The ids of what stands in a relation to concepts or terms; a relation that one of two has holds for both."""
    own = [index.entries[id] for id in ids if id in index.entries]
    for entry in own:
        yield from entry.related
    yield from _naming(index, index.related_from, ids)
    for entry in own:
        yield from entry.broader
    yield from _naming(index, index.parts_of, ids)


def _naming(index: ConceptIndex, naming: Mapping[str, Sequence[str]], ids: Sequence[str]) -> Sequence[str]:
    """The ids of the entries that name any of some, in the order of the entries."""
    found = {one for id in ids for one in naming.get(id, ())}
    return [id for id in index.entries if id in found] if found else ()


def _name(index: ConceptIndex, id: str, lang: str) -> str:
    """The first name in a language of a concept or a term; empty where there is none."""
    if id in index.entries:
        return next(iter(index.entries[id].names.get(lang, ())), "").strip('"')
    term = load().term(*id.split(":", 1)) if ":" in id else None
    return term.label(lang) if term else ""
