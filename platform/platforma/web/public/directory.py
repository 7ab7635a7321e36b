"""The directory for visitors: start page, search, listings, platforms, pages of prose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from platforma.addresses import SITE
from platforma.catalogue import totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import crawled_platforms, platform_queries
from platforma.catalogue.terms import failed_searches
from platforma.i18n import current_language
from platforma.web.context import absolute, is_curator, services
from platforma.web.public import suggestions, viewmodels
from platforma.web.public.explanation import explanation
from platforma.web.public.filters import label_of, query_of
from search.port import FacetCount, Page, Query
from vocabulary import UNKNOWN, load
from vocabulary.languages import LANGUAGES, best_language

blueprint = Blueprint("directory", __name__, url_prefix=SITE)
BROWSE = ("theme", "country", "kind")
MAX_NEWEST = 6
MAX_SUGGEST_CHARACTERS = 100
SCHEMA_TYPES = {"project": "Project", "event": "Event", "funding": "Grant", "resource": "CreativeWork"}


@blueprint.get("/")
def start() -> str:
    lang = current_language()
    page = _search_for_everything()
    with services().database.reading() as session:
        newest = [viewmodels.row(listing, lang) for listing in listing_queries.newest(session, MAX_NEWEST)]
        cards = platform_queries.public_platforms(session, _listing_counts(page))
        updated_at = totals.updated_at(session)
    examples_lang, examples = load().example_searches(lang)
    browse = {name: _browse(name, page.facets[name], lang) for name in BROWSE}
    model = viewmodels.StartPage(
        totals=totals.Totals(page.total, len(cards), len(browse["country"]), updated_at),
        browse=browse,
        newest=newest,
        platforms=cards,
        examples=[(words, url_for("directory.search", q=words)) for words in examples],
        examples_lang=examples_lang,
        nothing=None if page.total else _empty_directory(),
    )
    return render_template("pages/start.html", page=model)


def _search_for_everything() -> Page:
    """The search without words and filters, whose counts are those that the results page shows."""
    return services().engine.search(query_of(MultiDict(), current_language(), per_page=1))


def _listing_counts(page: Page) -> platform_queries.ListingCounts:
    """How many listings each platform has among those of a search, by its id."""
    return {facet.value: facet.count for facet in page.facets["platform"]}


def _empty_directory() -> viewmodels.EmptyDirectory:
    """Why there is nothing to show."""
    with services().database.reading() as session:
        return viewmodels.EmptyDirectory(
            has_past=bool(totals.totals(session).initiatives),
            is_collecting=crawled_platforms.is_collecting(session, utc_now()),
            proposed_platforms=totals.desk_counts(session).proposed_platforms if is_curator() else 0,
        )


@blueprint.get("/search")
def search() -> str:
    query = query_of(request.args, current_language())
    page = services().engine.search(query)
    with services().database.reading() as session:
        listings = listing_queries.listings(session, [hit.id for hit in page.hits])
        platforms = platform_queries.platform_titles(session)
    relaxations = _relaxations(query) if not page.total else []
    if not page.total and query.text:
        failed_searches.record_failed_search(services().database, query.text, query.lang)
    model = viewmodels.results_page(query, page, listings, platforms, relaxations)
    explained = explanation(query, page, listings, platforms) if is_curator() else None
    contact = services().settings.contact_email
    return render_template("pages/results.html", page=model, explained=explained, contact=contact)


@blueprint.get("/suggest")
def suggest() -> dict[str, list[dict[str, str]]]:
    """Suggestions for what a reader types, as JSON for the search field's script."""
    text = request.args.get("q", "")[:MAX_SUGGEST_CHARACTERS]
    return {"items": suggestions.suggest(services(), text, current_language())}


def _relaxations(query: Query) -> list[viewmodels.Relaxation]:
    """Wider queries that find something, the one that finds most first."""
    relaxations = []
    for left_out, wider in viewmodels.wider_queries(query):
        total = services().engine.search(replace(wider, facets=(), per_page=1)).total
        relaxations += [viewmodels.Relaxation(left_out, wider, total)] if total else []
    return sorted(relaxations, key=lambda relaxation: -relaxation.total)


@blueprint.get("/initiatives/<public_id>/", defaults={"slug": ""})
@blueprint.get("/initiatives/<public_id>/<slug>")
def listing(public_id: str, slug: str) -> str | Response:
    """The page of a listing; a redirect where it was joined with another one, or has another slug by now."""
    with services().database.reading() as session:
        listing = listing_queries.listing(session, public_id)
        platforms = platform_queries.platform_titles(session)
    if isinstance(listing, listing_queries.Moved):
        return redirect(url_for("directory.listing", public_id=listing.public_id, slug=listing.slug), 301)
    if slug != listing.slug:
        return redirect(url_for("directory.listing", public_id=public_id, slug=listing.slug), 301)
    lang, contact = current_language(), services().settings.contact_email
    model = viewmodels.listing_page(listing, lang, json_ld(listing, lang), contact, platforms)
    return render_template("pages/listing.html", page=model)


@blueprint.get("/platforms/")
def platforms() -> str:
    with services().database.reading() as session:
        cards = platform_queries.public_platforms(session, _listing_counts(_search_for_everything()))
    return render_template("pages/platforms.html", cards=cards, nothing=None if cards else _empty_directory())


@blueprint.get("/platforms/<public_id>/", defaults={"slug": ""})
@blueprint.get("/platforms/<public_id>/<slug>")
def platform(public_id: str, slug: str) -> str | Response:
    lang = current_language()
    with services().database.reading() as session:
        card = platform_queries.platform_card(session, public_id, counts={})
        rows = [viewmodels.row(listing, lang) for listing in listing_queries.newest(session, MAX_NEWEST, card.id)]
    if slug != card.slug:
        return redirect(url_for("directory.platform", public_id=public_id, slug=card.slug), 301)
    card = replace(card, initiatives=_listing_counts(_search_for_everything()).get(card.id, 0))
    all_url = url_for("directory.search", platform=card.id)
    return render_template("pages/platform.html", card=card, newest=rows, all_url=all_url)


@blueprint.get("/<any(about, privacy, accessibility, terms):name>")
def text(name: str) -> str:
    """A page of prose, of which each language has a file of its own; in another language where the reader's lacks it."""
    settings = services().settings
    available = [code for code in LANGUAGES if (settings.templates_dir / f"pages/texts/{name}.{code}.html").exists()]
    lang = best_language(current_language(), available)
    return render_template(f"pages/texts/{name}.{lang}.html", main_lang=lang, contact=settings.contact_email)


def json_ld(listing: Listing, lang: str) -> str:
    """The listing as schema.org JSON-LD, safe inside a script element."""
    kind = SCHEMA_TYPES.get(listing.get("kind") or "", "Organization")
    data: dict[str, object] = {
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
        data["location"] = {"@type": "Place", "address": {"@type": "PostalAddress"} | _without_empty(address)}
    if summary := listing.shown("summary", lang):
        data["description"] = summary.text
    return json.dumps(_without_empty(data), ensure_ascii=False).replace("<", "\\u003c")


def _without_empty(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if value}


def _browse(name: str, counts: Sequence[FacetCount], lang: str) -> list[tuple[str, int, str]]:
    """Label, number of listings and search of each value of a filter."""
    known = [facet for facet in counts if facet.value != UNKNOWN]
    return [(label_of(name, facet.value, lang, {}), facet.count, viewmodels.search_address(name, facet.value)) for facet in known]
