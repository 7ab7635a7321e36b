"""The reconciliation service: its manifest, answers to names and to ids, suggestions, and small pages to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, json, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import current_language, fixed_url
from platforma.i18n import gettext as _
from platforma.web.context import absolute, services
from platforma.web.public.api.answers import json_answer
from platforma.web.public.api.asked_listing import listing_or_redirect
from platforma.web.public.api.blueprint import blueprint
from platforma.web.public.api.parameters import LANG, Parameter, check
from platforma.web.public.parameters import BadRequest
from platforma.web.public.reconciliation.candidates import Candidate, candidates, suggested
from platforma.web.public.reconciliation.properties import PROPERTIES, Value
from platforma.web.public.reconciliation.questions import Extension, read_extension, read_questions
from platforma.web.public.rows import listing_address, listing_url, vocabulary_label
from vocabulary import load, word_key
from vocabulary.languages import DEFAULT_LANGUAGE

VERSIONS = ["0.2"]
PREVIEW_SIZE = {"width": 400, "height": 200}
PREVIEW_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""A preview runs nothing and may stand in a frame of any site: it only shows what is public."""
MAX_SUGGESTIONS = 10
_JSON_TEXT = {"type": "string", "contentMediaType": "application/json", "minLength": 2}
QUERIES = Parameter("a batch of names: {key: {query, type, limit, properties}}", _JSON_TEXT, '{"q0": {"query": "Saules maize"}}')
EXTEND = Parameter("ids and properties: {ids, properties: [{id}]}", _JSON_TEXT, '{"ids": [], "properties": [{"id": "country"}]}')
PREFIX = Parameter("what was typed", {"type": "string", "minLength": 1}, "sau")
KIND = Parameter("the kind of listings whose properties are asked for", {"type": "string", "minLength": 1}, "project")
LIMIT = Parameter("at most so many", {"type": "integer", "minimum": 1}, 10)


@blueprint.get("/reconcile")
def reconcile() -> Response:
    """The manifest, or the answer to `queries` or `extend`."""
    check(request.args, {"lang": LANG, "queries": QUERIES, "extend": EXTEND})
    answer = _answered(request.args)
    return json_answer(_manifest()) if answer is None else answer


@blueprint.post("/reconcile")
def reconcile_form() -> Response:
    """The answer to `queries` or `extend`, which a form has. Raises BadRequest where it has neither."""
    check(request.args, {"lang": LANG})
    answer = _answered(request.form)
    if answer is None:
        raise BadRequest("send `queries` or `extend` as application/x-www-form-urlencoded")
    return answer


@blueprint.get("/reconcile/suggest/entity")
def suggest_entity() -> Response:
    """Listings by what was typed."""
    lang = check(request.args, {"lang": LANG, "prefix": PREFIX})
    found = suggested(services(), request.args.get("prefix", ""), lang, MAX_SUGGESTIONS)
    return _json({"result": [_named(listing, lang) | {"notable": _types(listing, lang)} for listing in found]})


@blueprint.get("/reconcile/suggest/property")
def suggest_property() -> Response:
    """Properties by what was typed."""
    check(request.args, {"lang": LANG, "prefix": PREFIX})
    return _json({"result": _typed({id: one.heading for id, one in PROPERTIES.items()})})


@blueprint.get("/reconcile/suggest/type")
def suggest_type() -> Response:
    """Kinds of listings by what was typed."""
    check(request.args, {"lang": LANG, "prefix": PREFIX})
    return _json({"result": _typed({one["id"]: one["name"] for one in _all_types()})})


@blueprint.get("/reconcile/properties")
def propose_properties() -> Response:
    """The properties that can be fetched, which are the same for every kind."""
    check(request.args, {"lang": LANG, "type": KIND, "limit": LIMIT})
    limit = request.args.get("limit", str(len(PROPERTIES)))
    if not (limit.isascii() and limit.isdigit() and int(limit[:6])):
        raise BadRequest("limit is a number from 1")
    properties = [{"id": id, "name": one.heading} for id, one in PROPERTIES.items()]
    body: dict[str, object] = {"properties": properties[: int(limit[:6])]}
    return _json(body | ({"type": request.args["type"]} if "type" in request.args else {}))


@blueprint.get("/reconcile/preview/<public_id>")
def preview(public_id: str) -> Response:
    """A small page about a listing, for a frame. Raises NotFound and Suppressed."""
    lang = check(request.args, {"lang": LANG})
    with services().database.reading() as session:
        listing = listing_or_redirect(listing_queries.listing(session, public_id), "api.preview")
    page = render_template(
        "reconciliation/preview.html",
        title=listing.title(lang),
        summary=listing.shown("summary", lang),
        about=_about(listing, lang),
        url=absolute(listing_url(listing)),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return answer


def _answered(sent: MultiDict[str, str]) -> Response | None:
    """The answer to a batch or to an extension; None where neither was sent. Raises BadRequest."""
    lang = current_language()
    if "queries" in sent:
        questions = read_questions(sent["queries"], load().ids("kind"))
        found = {key: candidates(services(), one, lang) for key, one in questions.items()}
        return _json({key: {"result": [_candidate(one, lang) for one in ones]} for key, ones in found.items()})
    return _json(_extended(read_extension(sent["extend"]), lang)) if "extend" in sent else None


def _candidate(one: Candidate, lang: str) -> dict[str, object]:
    features = [{"id": "name", "value": one.name_likeness}]
    types = _types(one.listing, lang)
    return _named(one.listing, lang) | {"type": types, "score": one.score, "match": one.is_match, "features": features}


def _named(listing: Listing, lang: str) -> dict[str, object]:
    return {"id": listing.public_id, "name": listing.title(lang).text, "description": _about(listing, lang)}


def _about(listing: Listing, lang: str) -> str:
    """Kind, town and country, which tell apart what has the same name."""
    kind, country = listing.get("kind"), listing.get("country")
    labels = [vocabulary_label("kind", kind, lang) if kind else None, listing.get("place")]
    return ", ".join(filter(None, [*labels, vocabulary_label("country", country, lang) if country else None]))


def _types(listing: Listing, lang: str) -> list[dict[str, str]]:
    kind = listing.get("kind")
    return [{"id": kind, "name": vocabulary_label("kind", kind, lang)}] if kind else []


def _all_types() -> list[dict[str, str]]:
    return [{"id": term.id, "name": term.label(current_language())} for term in load().terms("kind")]


def _typed(names: Mapping[str, str]) -> list[dict[str, str]]:
    """Those whose name or id has a word that begins with what was typed; all where nothing was."""
    typed = word_key(request.args.get("prefix", ""))
    return [{"id": id, "name": name} for id, name in names.items() if f" {typed}" in f" {word_key(f'{id} {name}')}"]


def _extended(asked: Extension, lang: str) -> dict[str, object]:
    """The values of the properties for each id; an id that is none of ours has none."""
    with services().database.reading() as session:
        found = {listing.public_id: listing for listing in listing_queries.listings(session, asked.ids)}
    rows = {id: _row(found.get(id), asked.properties, lang) for id in asked.ids}
    return {"meta": [{"id": id, "name": PROPERTIES[id].heading} for id in asked.properties], "rows": rows}


def _row(listing: Listing | None, properties: Sequence[str], lang: str) -> dict[str, object]:
    return {id: [_cell(value) for value in PROPERTIES[id].values(listing, lang)] if listing else [] for id in properties}


def _cell(value: Value) -> dict[str, object]:
    return {"str": value} if isinstance(value, str) else {"float": value}


def _json(body: Mapping[str, object]) -> Response:
    """A body that has exactly what the specification says; the terms are in the header Link."""
    return Response(json.dumps(body), content_type="application/json")


def _manifest() -> dict[str, object]:
    own, start = absolute(url_for("api.reconcile")), absolute(fixed_url("directory.start"))
    start_for_ids = absolute(fixed_url("directory.start", lang=DEFAULT_LANGUAGE))  # one for readers of every language
    lang = f"?lang={current_language()}"
    suggestions = {"entity": "api.suggest_entity", "property": "api.suggest_property", "type": "api.suggest_type"}
    proposals = url_for("api.propose_properties").removeprefix(url_for("api.reconcile"))
    return {
        "versions": VERSIONS,
        "name": _("Platform of Platforms"),
        "identifierSpace": listing_address(start_for_ids, "", "").rstrip("/") + "/",
        "schemaSpace": absolute(url_for("api.vocabulary")),
        "documentation": absolute(fixed_url("directory.text", name="developers")),
        "view": {"url": listing_address(start, "{{id}}", "")},
        "defaultTypes": _all_types(),
        "preview": {"url": f"{own}/preview/{{{{id}}}}{lang}", **PREVIEW_SIZE},
        "suggest": {
            name: {"service_url": own, "service_path": url_for(endpoint).removeprefix(url_for("api.reconcile"))}
            for name, endpoint in suggestions.items()
        },
        "extend": {"propose_properties": {"service_url": own, "service_path": proposals}, "property_settings": []},
    }
