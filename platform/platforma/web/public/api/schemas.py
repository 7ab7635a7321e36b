"""JSON schemas of the API's answers, as OpenAPI's components."""

from __future__ import annotations

from typing import Any

from platforma.web.public.filters import CLOSED_LISTS, NAMES
from search.port import SORTS
from vocabulary.languages import LANGUAGES

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to one of the schemas of `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def an_object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object with exactly these members."""
    members = {**required, **(optional or {})}
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def list_of(items: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
ADDRESS: Schema = {"type": "string", "format": "uri"}
MAYBE_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time", "description": "UTC, to the second"}
MAYBE_DATE: Schema = {
    "type": ["string", "null"],
    "description": "ISO 8601 as precise as known: 2026, 2026-05, 2026-05-01, or with a time",
}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT, "description": "text by BCP 47 tag, und where it is not known"}
LABELS: Schema = an_object(dict.fromkeys(LANGUAGES, TEXT))
LICENCE = an_object({"url": ADDRESS, "note": TEXT})
SOURCE = an_object({"platform": TEXT, "remote_id": TEXT, "url": MAYBE_TEXT})
RELATED = an_object({"id": TEXT, "title": TEXT, "title_lang": MAYBE_TEXT, "url": ADDRESS})
ITEM = an_object(
    {
        "id": {"type": "string", "description": "stable, also when the title changes"},
        "slug": TEXT,
        "title": TEXT,
        "title_lang": MAYBE_TEXT,
        "summary": MAYBE_TEXT,
        "texts": an_object({"title": TEXTS, "summary": TEXTS}, {"description": TEXTS}),
        **dict.fromkeys(("kind", "country", "region", "place", "address", "legal_form", "organisation"), MAYBE_TEXT),
        **dict.fromkeys(("countries", "sectors", "themes", "languages"), list_of(TEXT)),
        "lat": MAYBE_NUMBER,
        "lon": MAYBE_NUMBER,
        "identifiers": list_of(an_object({"scheme": TEXT, "value": TEXT})),
        **dict.fromkeys(("start_date", "end_date"), MAYBE_DATE),
        **dict.fromkeys(("website", "email", "phone"), MAYBE_TEXT),
        "licence": {
            "type": ["string", "null"],
            "description": "of this entry; null: ask its source before publishing more than facts",
        },
        "url": ADDRESS,
        **dict.fromkeys(("published_at", "changed_at", "last_seen_at"), MAYBE_INSTANT),
        "sources": list_of(ref("Source")),
    },
    {
        "km": {"type": "number", "description": "distance, with `near`"},
        "state": {"enum": ["published", "archived"]},
        "relations": {
            **an_object({"part_of": list_of(ref("Related")), "parts": list_of(ref("Related"))}),
            "description": "what it is a part of, and its parts or members, as our curators judged",
        },
        "origins": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "where each value is from, by field or field/language: the id of a platform, curator, or owner",
        },
    },
)
FACET = list_of(an_object({"value": TEXT, "label": TEXT, "count": COUNT}))
INITIATIVES = an_object(
    {
        "total": COUNT,
        "page": {"type": ["integer", "null"]},
        "per_page": {"type": "integer"},
        "next": {**MAYBE_TEXT, "description": "address of what follows; null at the end"},
        "cursor": MAYBE_TEXT,
        "sort": {"type": "string", "enum": list(SORTS)},
        "items": list_of(ref("Initiative")),
        "facets": an_object(dict.fromkeys(NAMES, ref("Facet"))),
        "did_you_mean": MAYBE_TEXT,
        "corrected_to": {**MAYBE_TEXT, "description": "the question that was asked instead, as nothing has the words of `q`"},
        "also_called": list_of(TEXT),
        "forgiven": {"enum": ["similar", "some", None]},
        "complete": {**COUNT, "description": "how many have all the words, where forgiven is some or close is not 0"},
        "close": {**COUNT, "description": "how many stand there for their meaning, below those that have all the words"},
        "elsewhere": {**COUNT, "description": "how many of the last ones are not in the place that `q` names"},
        "licence": ref("Licence"),
    }
)
PLATFORM = an_object({"id": TEXT, "title": TEXT, "website": TEXT, "initiatives": COUNT, "licence": MAYBE_TEXT, "url": ADDRESS})
PROBLEM = {
    **an_object({"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}, {"hint": TEXT}),
    "description": "problem details (RFC 9457)",
}
SCHEMAS: dict[str, Schema] = {
    "Licence": LICENCE,
    "Source": SOURCE,
    "Related": RELATED,
    "Initiative": ITEM,
    "OneInitiative": an_object({"item": ref("Initiative"), "licence": ref("Licence")}),
    "Facet": FACET,
    "Initiatives": INITIATIVES,
    "Platforms": an_object({"platforms": list_of(PLATFORM), "licence": ref("Licence")}),
    "Vocabulary": an_object(
        {**dict.fromkeys(CLOSED_LISTS, list_of(an_object({"id": TEXT, "label": LABELS}))), "licence": ref("Licence")}
    ),
    "Problem": PROBLEM,
}
