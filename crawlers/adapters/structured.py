"""Sites with schema.org data (JSON-LD or microdata) on their pages, found by sitemap, else by walking the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from crawlers.adapters.base import Adapter, Item, Listing, walk
from crawlers.adapters.sitemaps import site_entries
from crawlers.entities import Entity
from crawlers.fetch import Page
from crawlers.html import Html
from crawlers.labels import is_initiative_page
from crawlers.messages import N_
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.site import Site, is_html
from vocabulary import load

NEVER = {"WebSite", "WebPage", "BreadcrumbList", "SearchAction", "ImageObject", "Person", "CollectionPage", "Article",
         "BlogPosting", "NewsArticle", "ContactPage", "AboutPage", "ListItem", "Offer", "Place", "PostalAddress",
         "CreativeWork"}  # fmt: skip


def gather(listing: Listing) -> Iterator[Item]:
    """The pages of the sitemap; without one, the entities of all pages that can be reached."""
    recipe = listing.recipe
    entries = list(site_entries(listing, recipe.url))
    for url, changed_at, _ in entries[: recipe.limits.pages]:
        if is_initiative_page(url, recipe.include, recipe.exclude):
            yield Item(url, changed_at=changed_at)
    if not entries:
        for parsed in walk(listing, recipe.addresses or (recipe.url,), recipe.limits.pages):
            yield Item(None, tuple(raws(parsed)))


def extract(page: Page, _recipe: Recipe) -> Iterable[Raw]:
    """Every initiative of one page."""
    return raws(Html(page.url, page.text()))


def raws(page: Html) -> Iterator[Raw]:
    """A raw record for each thing on the page that may be an initiative."""
    for entity in page.entities:
        if is_initiative(entity, page.url):
            yield to_raw(entity, page)


def is_initiative(entity: Entity, page_url: str) -> bool:
    """Whether an entity is of a kind that we list and is not the site telling who runs it."""
    types = [name for name in entity["@type"] if name not in NEVER]
    if not any(load().kind_of_schema_type(name) for name in types) or not _text(entity.get("name")):
        return False
    own = _text(entity.get("url")) or _text(entity.get("@id")) or page_url
    is_site_itself = urlsplit(own).netloc == urlsplit(page_url).netloc and urlsplit(own).path in ("", "/")
    return not is_site_itself


def to_raw(entity: Entity, page: Html) -> Raw:
    """An entity's properties under our names."""
    address, geo = (
        _dict(entity.get("address") or _dict(entity.get("location")).get("address")),
        _dict(entity.get("geo")),
    )
    texts = {name: _by_language(entity.get(name)) for name in ("name", "description")}
    lang = next(iter(texts["name"]), None) or _text(entity.get("inLanguage")) or page.lang
    own, id = _text(entity.get("url")), _text(entity.get("@id"))
    is_external = bool(own) and urlsplit(own or "").netloc != urlsplit(page.url).netloc
    same_as = [t for t in map(_text, _list(entity.get("sameAs"))) if t]
    fields: dict[str, Any] = {
        "title": next(iter(texts["name"].values()), ""),
        "description": next(iter(texts["description"].values()), ""),
        "summary": _text(entity.get("slogan")) or _text(entity.get("disambiguatingDescription")),
        "country": [t for t in map(_name, _list(address.get("addressCountry") or entity.get("areaServed"))) if t],
        "place": _text(address.get("addressLocality")),
        "region": _text(address.get("addressRegion")),
        "address": _text(address.get("streetAddress")),
        "lat": _text(geo.get("latitude")),
        "lon": _text(geo.get("longitude")),
        "website": own if is_external else next(iter(same_as), None),
        "email": _text(entity.get("email")) or _text(_dict(entity.get("contactPoint")).get("email")),
        "phone": _text(entity.get("telephone")),
        "start_date": _text(entity.get("startDate")),
        "end_date": _text(entity.get("endDate") or entity.get("applicationDeadline")),
        "tags": _keywords(entity),
        "legal_form": _text(entity.get("legalName")),
        "registration": _text(entity.get("taxID") or entity.get("vatID") or entity.get("identifier")),
        "organisation": _name(entity.get("organizer") or entity.get("funder") or entity.get("parentOrganization")),
        "licence": _text(entity.get("license")),
    }
    url = own if own and not is_external else page.url
    translations = {
        code: {"title": text, "description": texts["description"].get(code, "")} for code, text in list(texts["name"].items())[1:]
    }
    remote_id = id or (
        url
        if url != page.url
        else f"{page.canonical or page.url}#{fields['title']}"
        if _is_list(page)
        else page.canonical or page.url
    )
    changed = _text(entity.get("dateModified"))
    return Raw(remote_id, url, fields, lang, tuple(entity["@type"]), translations, changed, {"entity": entity})


def _is_list(page: Html) -> bool:
    """Whether several initiatives stand on the page, so that its address alone names none of them."""
    return sum(is_initiative(entity, page.url) for entity in page.entities) > 1


def _keywords(entity: Entity) -> list[str]:
    found = []
    for value in (*_list(entity.get("keywords")), *_list(entity.get("knowsAbout")), *_list(entity.get("about"))):
        text = _name(value)
        found += [part.strip() for part in (text or "").split(",") if part.strip()]
    return found


def _by_language(value: Any) -> dict[str, str]:
    """Language (or empty) to text, of plain values and JSON-LD language-tagged ones."""
    found: dict[str, str] = {}
    for one in _list(value):
        lang = str(one.get("@language") or "") if isinstance(one, dict) else ""
        if text := _text(one):
            found.setdefault(lang, text)
    return {k or "und": v for k, v in found.items()} if len(found) > 1 else found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dict(value: Any) -> dict[str, Any]:
    return next((one for one in _list(value) if isinstance(one, dict)), {})


def _name(value: Any) -> str | None:
    first = next(iter(_list(value)), None)
    return _text(first.get("name")) if isinstance(first, dict) and "name" in first else _text(first)


def _text(value: Any) -> str | None:
    """The first plain text of a value; of an object its @value or its @id."""
    for one in _list(value):
        if isinstance(one, dict):
            one = one.get("@value") or one.get("value") or one.get("@id")
        if isinstance(one, str | int | float) and str(one).strip():
            return str(one).strip()
    return None


def look(site: Site) -> Iterator[Recipe]:
    """Any site with pages may have things on them."""
    if is_html(site.front):
        yield site.recipe.model_copy(update={"adapter": "structured"})


ADAPTER = Adapter(
    is_complete=True,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no schema.org data (JSON-LD, microdata or RDFa) about initiatives; the owner could add it to their pages"),
)
