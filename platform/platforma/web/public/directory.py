"""The directory for visitors: start page, search, listings, platforms."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from platforma.catalogue import totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Session
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import crawled_platforms, platform_queries
from platforma.catalogue.terms import failed_searches
from platforma.i18n import current_language
from platforma.web.context import absolute, is_curator, services
from platforma.web.public import suggestions, viewmodels
from platforma.web.public.explanation import explanation
from platforma.web.public.filters import label_of, query_of
from search.port import Page, Query

blueprint = Blueprint("directory", __name__, url_prefix="/<any(lv, en):lang>")
EXAMPLES = {"lv": ("aprites ekonomika", "jaunieši", "darba integrācija"), "en": ("circular economy", "young people", "bakery")}
BROWSE = ("theme", "country", "kind")
NEWEST = 6
SCHEMA_TYPES = {"project": "Project", "event": "Event", "funding": "Grant", "resource": "CreativeWork"}


@blueprint.get("/")
def start() -> str:
    lang = current_language()
    page = _everything()
    with services().database.reading() as session:
        newest = [viewmodels.row(one, lang) for one in listing_queries.newest(session, NEWEST)]
        cards = platform_queries.public_platforms(session, _counts(page))
        updated_at = totals.updated_at(session)
        nothing = _nothing(session) if not page.total else None
    browse = {name: _browse(name, page.facets[name], lang) for name in BROWSE}
    model = viewmodels.StartPage(
        totals=totals.Totals(page.total, len(cards), len(browse["country"]), updated_at),
        browse=browse,
        newest=newest,
        platforms=cards,
        examples=[(words, url_for("directory.search", q=words)) for words in EXAMPLES[lang]],
        nothing=nothing,
    )
    return render_template("pages/start.html", page=model)


def _everything() -> Page:
    """What a search without words and filters finds, counted as the page of results counts it."""
    return services().engine.search(query_of(MultiDict(), current_language(), per_page=1))


def _counts(page: Page) -> platform_queries.ListingCounts:
    """How many initiatives a search for each platform's finds."""
    return {one.value: one.count for one in page.facets["platform"]}


def _nothing(session: Session) -> viewmodels.EmptyDirectory:
    """Why there is nothing to show."""
    proposed = totals.desk_counts(session).proposed_platforms if is_curator() else 0
    return viewmodels.EmptyDirectory(
        bool(totals.totals(session).initiatives), crawled_platforms.is_collecting(session, utc_now()), proposed
    )


@blueprint.get("/search")
def search() -> str:
    query = query_of(request.args, current_language())
    page = services().engine.search(query)
    with services().database.reading() as session:
        found = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms = platform_queries.platform_titles(session)
    relaxed = _relaxed(query) if not page.total else []
    if not page.total and query.text:
        failed_searches.record_failed_search(services().database, query.text, query.lang)
    model = viewmodels.results_page(query, page, found, platforms, relaxed)
    explained = explanation(query, page, found, platforms) if is_curator() else None
    contact = services().settings.contact_email
    return render_template("pages/results.html", page=model, explained=explained, contact=contact)


@blueprint.get("/suggest")
def suggest() -> dict[str, list[dict[str, str]]]:
    """What a reader may be about to type: themes and places, listings, a spelling; for the search field's script."""
    text = request.args.get("q", "")[:100]
    return {"items": suggestions.suggest(services(), text, current_language())}


def _relaxed(query: Query) -> list[viewmodels.Relaxation]:
    """What would be found with less, most first."""
    found = []
    for left_out, wider in viewmodels.relaxations(query):
        total = services().engine.search(replace(wider, facets=(), per_page=1)).total
        found += [viewmodels.Relaxation(left_out, wider, total)] if total else []
    return sorted(found, key=lambda one: -one.total)


@blueprint.get("/initiatives/<public_id>/", defaults={"slug": ""})
@blueprint.get("/initiatives/<public_id>/<slug>")
def listing(public_id: str, slug: str) -> str | Response:
    with services().database.reading() as session:
        found = listing_queries.listing(session, public_id)
        platforms = platform_queries.platform_titles(session)
    if isinstance(found, listing_queries.Moved) or slug != found.slug:
        target = found.public_id if isinstance(found, listing_queries.Moved) else public_id
        return redirect(url_for("directory.listing", public_id=target, slug=found.slug), 301)
    lang, contact = current_language(), services().settings.contact_email
    model = viewmodels.listing_page(found, lang, json_ld(found, lang), contact, platforms)
    return render_template("pages/listing.html", page=model)


@blueprint.get("/platforms/")
def platforms() -> str:
    with services().database.reading() as session:
        cards = platform_queries.public_platforms(session, _counts(_everything()))
        nothing = None if cards else _nothing(session)
    return render_template("pages/platforms.html", cards=cards, nothing=nothing)


@blueprint.get("/platforms/<public_id>/", defaults={"slug": ""})
@blueprint.get("/platforms/<public_id>/<slug>")
def platform(public_id: str, slug: str) -> str | Response:
    lang = current_language()
    with services().database.reading() as session:
        card = platform_queries.platform_card(session, public_id, counts={})
        rows = [viewmodels.row(one, lang) for one in listing_queries.newest(session, NEWEST, card.id)]
    if slug != card.slug:
        return redirect(url_for("directory.platform", public_id=public_id, slug=card.slug), 301)
    card = replace(card, initiatives=_counts(_everything()).get(card.id, 0))
    all_url = url_for("directory.search", platform=card.id)
    return render_template("pages/platform.html", card=card, found=rows, all_url=all_url)


@blueprint.get("/<any(about, privacy, accessibility, terms):name>")
def text(name: str) -> str:
    return render_template(f"pages/texts/{name}.{current_language()}.html", contact=services().settings.contact_email)


def json_ld(listing: Listing, lang: str) -> str:
    """The listing as schema.org JSON-LD, safe inside a script element."""
    kind = SCHEMA_TYPES.get(listing.get("kind") or "", "Organization")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": absolute(viewmodels.listing_url(listing)),
        "name": [{"@language": code, "@value": text} for code, text in listing.texts.get("title", {}).items()],
        "url": listing.get("website"),
        "sameAs": [source.url for source in listing.sources if source.url] or None,
        "startDate": listing.get("start_date"),
        "endDate": listing.get("end_date"),
    }
    if listing.get("place") or listing.get("country"):
        address = {"addressLocality": listing.get("place"), "addressCountry": listing.get("country")}
        data["location"] = {"@type": "Place", "address": {"@type": "PostalAddress"} | _said(address)}
    if summary := listing.shown("summary", lang):
        data["description"] = summary.text
    return json.dumps(_said(data), ensure_ascii=False).replace("<", "\\u003c")


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def _browse(name: str, counts: Any, lang: str) -> list[tuple[str, int, str]]:
    known = [one for one in counts if one.value != "unknown"]
    return [(label_of(name, one.value, lang, {}), one.count, url_for("directory.search", **{name: one.value})) for one in known]
