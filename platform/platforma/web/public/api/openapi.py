"""The description of the API (OpenAPI 3.1), made from the definitions that its views check by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flask import Response, current_app, request

from platforma.web.context import absolute
from platforma.web.public.api.answers import checked_by_content, json_answer
from platforma.web.public.api.blueprint import blueprint
from platforma.web.public.api.parameters import LANG, Parameter, check, list_parameters, search_parameters
from platforma.web.public.api.schemas import SCHEMAS, TEXT, Schema, ref
from platforma.web.public.dumps import DUMPED
from platforma.web.public.reconciliation import service
from platforma.web.public.take.formats import FORMATS
from vocabulary.languages import LANGUAGES

PROBLEM_MEANINGS = {
    "400": "a parameter that is not understood",
    "404": "there is no such thing",
    "410": "removed at the request of whom it was about",
    "429": "large files are being sent to you already; see Retry-After",
    "503": "it cannot be answered at the moment; see Retry-After",
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of the API."""
    check(request.args, {})
    return checked_by_content(json_answer(description() | {"servers": [{"url": absolute("")}]}))


def description() -> Schema:
    """The OpenAPI document without `servers`; its addresses are those of the application of this request."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Platforma platformām",
            "version": "1",
            "description": "Initiatives of social innovation in Latvia and the Baltic Sea region. Each answer names the terms in"
            " `licence` and in a Link header with rel=license. No key is needed; please ask again with If-None-Match.",
        },
        "paths": {path: {method: _refusable(one) for method, one in ways.items()} for path, ways in _paths().items()},
        "components": {"schemas": SCHEMAS, "parameters": _components()},
    }


def _paths() -> Schema:
    return {
        path_of("api.initiatives"): _get("Search the directory", list_parameters(), "Initiatives", "304", "400", has_next=True),
        path_of("api.initiative"): _one("One listing", {JSON: ref("OneInitiative"), LD_JSON: SCHEMA_ORG}),
        path_of("api.initiative_as_schema_org"): _one("One listing as schema.org", {LD_JSON: SCHEMA_ORG}),
        path_of("api.platforms"): _get("The platforms whose listings are here", {"lang": LANG}, "Platforms", "304", "400"),
        path_of("api.vocabulary"): _get("The ids of closed lists, with labels", {"lang": LANG}, "Vocabulary", "304", "400"),
        path_of("api.murmurations"): _one("One listing as a Murmurations profile", {JSON: PROFILE}),
        path_of("api.gogocarto"): _file(
            "Listings with coordinates, as GoGoCarto takes them", {"lang": LANG, **search_parameters()}, JSON
        ),
        **_reconciliation(),
        path_of("dumps.dump"): _dump("The whole catalogue as a file", *(one.media_type for one in FORMATS.values())),
        path_of("dumps.packed_dump"): _dump("The whole catalogue as a packed file", "application/gzip"),
        path_of("dumps.catalog"): _file("What the files hold, by DCAT-AP 3", {}, LD_JSON),
        path_of("take.export"): {"get": _export()},
    }


_ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
JSON, LD_JSON = "application/json", "application/ld+json"
SCHEMA_ORG: Schema = {"type": "object", "required": ["@context", "@type", "@id"], "properties": {"@id": TEXT}}
MOVED: Schema = {"301": {"description": "merged into another; its address is in Location"}}
BATCHES = {"queries": service.QUERIES, "extend": service.EXTEND}
PROFILE: Schema = {"type": "object", "required": ["linked_schemas", "name"]}
ETAG = {"ETag": {"description": "to be sent back as If-None-Match", "schema": TEXT}}
NEXT = {"Link": {"description": "the terms (rel=license) and the next page (rel=next), as RFC 8288 says", "schema": TEXT}}


def path_of(endpoint: str) -> str:
    """The address of a view as OpenAPI writes it, with its arguments in braces."""
    rule = next(current_app.url_map.iter_rules(endpoint)).rule
    return _ARGUMENT.sub(r"{\1}", rule)


def _refusable(operation: Schema) -> Schema:
    """An operation with what any request may be answered, by the site above its capacity and by the web server before it."""
    refused = {"414": {"description": "the address is too long; 4,000 characters are taken"}, **responses(("503",))}
    return operation | {"responses": refused | operation["responses"]}


def _get(summary: str, parameters: Mapping[str, Parameter], schema: str, *others: str, has_next: bool = False) -> Schema:
    """A path that is read by GET and answers JSON of a schema."""
    good: Schema = {
        "description": "the answer",
        "headers": ETAG | (NEXT if has_next else {}),
        "content": {JSON: {"schema": ref(schema)}},
    }
    return {"get": {"summary": summary, "parameters": _references(parameters), "responses": {"200": good, **responses(others)}}}


def _one(summary: str, contents: Mapping[str, Schema]) -> Schema:
    """A path of one listing by its id."""
    good: Schema = {
        "description": "the listing",
        "headers": ETAG,
        "content": {type_: {"schema": one} for type_, one in contents.items()},
    }
    parameters = [id_parameter(), *_references({"lang": LANG})]
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": good, **MOVED, **responses(("304", "400", "404", "410"))},
        }
    }


def _reconciliation() -> Schema:
    """The reconciliation service (W3C Community Group, 0.2)."""
    prefix = {"lang": LANG, "prefix": service.PREFIX}
    suggestions = ("api.suggest_entity", "api.suggest_property", "api.suggest_type")
    one_of_them = [{"required": [name]} for name in BATCHES]
    fields = {"type": "object", "properties": {name: one.schema for name, one in BATCHES.items()}, "anyOf": one_of_them}
    form = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": fields}}}
    asked = _answer("The manifest, or the listings that names mean", {"lang": LANG, **BATCHES})
    sent = _answer("The listings that names mean, or their properties", {"lang": LANG})
    proposed = _answer("The properties of listings", {"lang": LANG, "type": service.KIND, "limit": service.LIMIT})
    preview = _file("A listing in a frame", {"lang": LANG}, "text/html")
    preview["get"]["parameters"].insert(0, id_parameter())
    preview["get"]["responses"] |= responses(("410",)) | MOVED
    return {
        path_of("api.reconcile"): {"get": asked, "post": sent | {"requestBody": form}},
        **{path_of(endpoint): {"get": _answer("Suggestions for what was typed", prefix)} for endpoint in suggestions},
        path_of("api.propose_properties"): {"get": proposed},
        path_of("api.preview"): preview,
    }


def _answer(summary: str, parameters: Mapping[str, Parameter]) -> Schema:
    """An operation that answers an object of the reconciliation API."""
    good: Schema = {"description": "the answer", "content": {JSON: {"schema": {"type": "object"}}}}
    described = [_parameter(name, one) for name, one in parameters.items()]
    return {"summary": summary, "parameters": described, "responses": {"200": good, **responses(("400",))}}


def _file(summary: str, parameters: Mapping[str, Parameter], *media_types: str) -> Schema:
    """A path that is read by GET and answers files of these types."""
    contents: dict[str, Schema] = {one.partition(";")[0]: {"schema": {}} for one in media_types}
    good: Schema = {"description": "the file", "headers": ETAG, "content": contents}
    others = responses(("304", "400", "404", "429"))
    return {"get": {"summary": summary, "parameters": _references(parameters), "responses": {"200": good, **others}}}


def _dump(summary: str, *media_types: str) -> Schema:
    """A path of the whole catalogue, of which the format is an argument."""
    path = _file(summary, {"lang": LANG}, *media_types)
    path["get"]["parameters"].insert(0, _in_path("format", list(DUMPED)))
    return path


def id_parameter() -> Schema:
    """The id of a listing in a path."""
    return {
        "name": "public_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-z]+$"},
        "example": "a1b2c3d4e5",
    }


def responses(statuses: Iterable[str]) -> Schema:
    """What is answered when all is not well, as problem details, or nothing for 304."""
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    return {
        status: {"description": "nothing is new"}
        if status == "304"
        else {"description": PROBLEM_MEANINGS[status], "content": problem}
        for status in statuses
    }


def _export() -> Schema:
    """Searches as files; errors are pages in the language of the address."""
    page = {"text/html": {"schema": TEXT}}
    contents: dict[str, Schema] = {one.media_type.partition(";")[0]: {"schema": {}} for one in FORMATS.values()}
    place = [_in_path("lang", list(LANGUAGES)), _in_path("format", list(FORMATS))]
    return {
        "summary": "The whole result of a search as a file",
        "parameters": [*place, *_references(search_parameters())],
        "responses": {
            "200": {"description": "the file; also beyond 10000 results", "headers": ETAG, "content": contents},
            **responses(("304",)),
            "400": {"description": PROBLEM_MEANINGS["400"], "content": page},
            "404": {"description": PROBLEM_MEANINGS["404"], "content": page},
            "429": {"description": PROBLEM_MEANINGS["429"], "content": page},
            "503": {"description": PROBLEM_MEANINGS["503"], "content": page},
        },
    }


def _in_path(name: str, values: list[str]) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": values}, "example": values[0]}


def _references(parameters: Mapping[str, Parameter]) -> list[Schema]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in parameters]


def _components() -> Schema:
    return {name: _parameter(name, one) for name, one in list_parameters().items()}


def _parameter(name: str, one: Parameter) -> Schema:
    repeats = {"style": "form", "explode": True} if one.is_list else {}
    return {"name": name, "in": "query", "description": one.about, "schema": one.schema, "example": one.example} | repeats
