"""The thesaurus in the terms of SKOS (W3C), as JSON-LD: for other thesauri and for programs that reason with concepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from platforma.catalogue.terms.relations import is_term
from platforma.catalogue.terms.thesaurus import Concept
from vocabulary import load

CONTEXT = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "id": "@id",
    "type": "@type",
    **{name: {"@id": f"skos:{name}", "@type": "@id"} for name in ("inScheme", "broader", "narrower", "related")},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
}


def skos(concepts: Sequence[Concept], scheme: str) -> dict[str, object]:
    """The concepts, and the terms of which some are a part, in a scheme of this address. Each relation stands at both ends."""
    known = {concept.id for concept in concepts}
    broader = {one.id: [id for id in one.broader if id in known or is_term(id)] for one in concepts}
    related = {one.id: {id for id in one.related if id in known} for one in concepts}
    related = {id: near | {other for other, of_other in related.items() if id in of_other} for id, near in related.items()}
    names: dict[str, Mapping[str, Sequence[str]]] = {one.id: one.names for one in concepts}
    names |= {id: _term_names(id) for ids in broader.values() for id in ids if id not in known}
    graph: list[dict[str, object]] = [{"id": scheme, "type": "skos:ConceptScheme"}]
    for id, of_id in names.items():
        parts = [other for other, wider in broader.items() if id in wider]
        relations = {"broader": broader.get(id, ()), "narrower": parts, "related": sorted(related.get(id, ()))}
        graph.append(
            {
                "id": f"{scheme}#{id}",
                "type": "skos:Concept",
                "inScheme": scheme,
                "prefLabel": {lang: _plain(texts[:1])[0] for lang, texts in of_id.items()},
                **_without_empty("altLabel", {lang: _plain(texts[1:]) for lang, texts in of_id.items() if texts[1:]}),
                **{name: [f"{scheme}#{other}" for other in others] for name, others in relations.items() if others},
            }
        )
    return {"@context": CONTEXT, "@graph": graph}


def _term_names(id: str) -> Mapping[str, Sequence[str]]:
    facet, _, term = id.partition(":")
    found = load().term(facet, term)
    return {lang: [label] for lang, label in found.labels.items()} if found else {}


def _plain(names: Iterable[str]) -> list[str]:
    """The names without the quotation marks that tell the search to look for them as they are written."""
    return [name.strip('"') for name in names]


def _without_empty(name: str, value: Mapping[str, object]) -> dict[str, object]:
    return {name: value} if value else {}
