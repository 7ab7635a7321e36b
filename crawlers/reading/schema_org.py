"""Schema.org things as initiatives: which things of a page are initiatives, and what they say under our names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawlers.markup import Html
from crawlers.markup.entities import Entity, values
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.clean import one_line
from crawlers.values.addresses import address_id, joined, same_site
from vocabulary import fold, load

EXCLUDED_TYPES = frozenset({"Person", "CreativeWork", "Report", "Book", "Guide"})
"""Types that the vocabulary knows but that are nearly always something about the page."""
CONTAINERS = frozenset({"WebPage", "CollectionPage", "ItemPage", "ProfilePage", "AboutPage", "SearchResultsPage", "WebSite",
                        "DataFeed", "DataFeedItem", "OfferCatalog", "ListItem", "ItemList"})  # fmt: skip
CONTENT_PROPERTIES = ("mainEntity", "mainEntityOfPage", "about", "hasPart", "itemListElement", "item", "dataFeedElement")
MEMBER_PROPERTIES = ("member", "members", "subOrganization", "department")
OWNER_PROPERTIES = ("publisher", "copyrightHolder", "sourceOrganization", "isPartOf", "author", "creator", "sdPublisher")
"""Properties of pages and articles whose value runs the site."""
MAX_DEPTH = 4
_SEPARATOR = re.compile(r"\s+(?:[|–—·»«•/-]|::?)\s+|\s*[|»•]\s*")
_FRONT_PAGE_PATH = re.compile(r"/?([a-z]{2}/?)?(index\.\w+)?")
NameKeys = frozenset[str]


def initiatives(page: Html, own_names: tuple[str, ...] = ()) -> list[Entity]:
    """The things of a page that may be initiatives, each once; not who runs the site, whose further names are `own_names`."""
    owners = frozenset(map(fold, own_names)) | _owners(page)
    by_identity: dict[str, Entity] = {}
    for entity in _with_contents(page.entities, page, owners, 0):
        if _is_initiative(entity, page, owners):
            by_identity.setdefault(
                f"{first_text(entity.get('@id')) or first_text(entity.get('url'))} {_name_key(entity)}", entity
            )
    return list(by_identity.values())


def owner_of(page: Html) -> str | None:
    """The name of whoever runs the site, as its front page tells it; None where it does not."""
    named = (first_text(entity.get("name")) for entity in page.entities if _is_site(entity, page) or "WebSite" in entity["@type"])
    return page.meta("og:site_name") or next((name for name in named if name), None) or _owner_in_title(page)


def _owner_in_title(page: Html) -> str | None:
    """The only thing that a part of a front page's <title> names, as in "Home | Network"; None elsewhere."""
    parts = _SEPARATOR.split(next((fold(node.text or "") for node in page.root.iter("title")), ""))
    if len(parts) < 2 or not _FRONT_PAGE_PATH.fullmatch(urlsplit(page.url).path):
        return None
    named = {name for entity in page.entities if _has_known_type(entity) and (name := first_text(entity.get("name")))}
    owners = [name for name in named if fold(name) in parts]
    return owners[0] if len(owners) == 1 else None


def without_owner(part: Any, owner: str) -> None:
    """Take away (lxml) what a part of a page says of whoever runs the site, as microdata or RDFa: its country is no other's."""
    for scope in part.xpath(".//*[@itemscope or @typeof]"):
        names = scope.xpath(".//*[@itemprop='name' or @property='name']")
        name = (names[0].get("content") or names[0].text_content()) if names else ""
        if fold(one_line(name)) == fold(owner) and scope.getparent() is not None:
            scope.drop_tree()


def entity_to_raw(entity: Entity, page: Html, *, is_alone: bool) -> RawRecord:
    """A thing's properties under our names; `is_alone` where the page is about nothing else."""
    names, descriptions = _by_language(entity.get("name") or entity.get("legalName")), _by_language(entity.get("description"))
    url = first_text(entity.get("url"))
    is_here = url is None or same_site(url, page.url)
    address = url if url and is_here and not is_alone else page.canonical or page.url
    fields = _fields_of(entity) | {
        "title": next(iter(names.values()), ""),
        "description": next(iter(descriptions.values()), ""),
        "website": _website(entity, page),
    }
    lang = next(iter(names), None) or first_text(entity.get("inLanguage")) or page.lang
    translations = {code: {"title": title, "description": descriptions.get(code, "")} for code, title in list(names.items())[1:]}
    here = page.canonical or page.url
    of_page = address if is_alone or address != here else f"{here}#{fold(str(fields['title']))}"
    return RawRecord(
        _own_id(entity, page) or address_id(of_page),
        address,
        fields,
        lang,
        tuple(entity["@type"]),
        translations,
        first_text(entity.get("dateModified")),
        {"entity": entity},
    )


def _own_id(entity: Entity, page: Html) -> str:
    """A thing's `@id`, absolute, since `#organization` is another thing on each page; empty where it has none that lasts."""
    id = first_text(entity.get("@id")) or ""
    if "://" in id:
        return id
    return "" if not id or id.startswith("_:") else joined(page.url, id)


def with_only_entity(raw: RawRecord, page: Html, recipe: Recipe) -> RawRecord:
    """A page's record, completed by the only thing that the page describes; what the thing says goes before."""
    entities = initiatives(page, (recipe.title,))
    if len(entities) == 1:
        entity_raw = entity_to_raw(entities[0], page, is_alone=True)
        raw.fields |= {name: value for name, value in entity_raw.fields.items() if value and name not in recipe.html.fields}
        raw.types, raw.translations = entity_raw.types, entity_raw.translations
        raw.source = {**raw.source, **entity_raw.source}
    return raw


def _with_contents(entities: list[Entity], page: Html, owners: NameKeys, depth: int) -> Iterator[Entity]:
    """Things, and those that pages, lists and the site's own organisation hold."""
    for entity in entities:
        yield entity
        types = set(entity["@type"])
        keys = (
            CONTENT_PROPERTIES
            if types & CONTAINERS
            else MEMBER_PROPERTIES
            if _is_site(entity, page) or _name_key(entity) in owners
            else ()
        )
        held = [value for key in keys for value in values(entity.get(key)) if isinstance(value, dict) and value.get("@type")]
        if depth < MAX_DEPTH:
            yield from _with_contents(held, page, owners, depth + 1)


def _is_initiative(entity: Entity, page: Html, owners: NameKeys) -> bool:
    return _has_known_type(entity) and bool(_name_key(entity)) and not _is_site(entity, page) and _name_key(entity) not in owners


def _is_site(entity: Entity, page: Html) -> bool:
    """Whether a thing's address is the site's own front page."""
    addresses = [address for name in ("url", "@id") if (address := first_text(entity.get(name))) and "://" in address]
    return any(same_site(address, page.url) and _FRONT_PAGE_PATH.fullmatch(urlsplit(address).path) for address in addresses)


def _owners(page: Html) -> NameKeys:
    """Folded names of whoever publishes the page."""
    names = [page.meta("og:site_name")]
    for entity in page.entities:
        if "WebSite" in entity["@type"]:
            names.append(first_text(entity.get("name")))
        if not _has_known_type(entity):
            names += [
                first_text(holder.get("name"))
                for role in OWNER_PROPERTIES
                for holder in values(entity.get(role))
                if isinstance(holder, dict)
            ]
    return frozenset(fold(name) for name in names if name)


def _has_known_type(entity: Entity) -> bool:
    return any(load().kind_of_schema_type(name) for name in entity["@type"] if name not in EXCLUDED_TYPES)


def _name_key(entity: Entity) -> str:
    return fold(_name(entity) or "")


def _name(entity: Entity) -> str | None:
    """What a thing is called; where it has no name but the one of the register, that."""
    return first_text(entity.get("name")) or first_text(entity.get("legalName"))


def _fields_of(entity: Entity) -> dict[str, Any]:
    place = _first_entity(entity.get("location"))
    address, geo = (
        (_first_entity(entity.get("address")) or _first_entity(place.get("address"))),
        _first_entity(entity.get("geo") or place.get("geo")),
    )
    contact = _first_entity(entity.get("contactPoint"))
    return {
        "summary": first_text(entity.get("slogan")) or first_text(entity.get("disambiguatingDescription")),
        "country": [name for one in _countries(entity, address) if (name := _name_or_text(one))],
        "place": _name_or_text(address.get("addressLocality")) or (first_text(place.get("name")) if not address else None),
        "region": _name_or_text(address.get("addressRegion")),
        "address": first_text(address.get("streetAddress")) or (first_text(entity.get("address")) if not address else None),
        "lat": first_text(geo.get("latitude")),
        "lon": first_text(geo.get("longitude")),
        "email": first_text(entity.get("email")) or first_text(contact.get("email")),
        "phone": first_text(entity.get("telephone")) or first_text(contact.get("telephone")),
        "start_date": first_text(entity.get("startDate")),
        "end_date": first_text(entity.get("endDate") or entity.get("applicationDeadline")),
        "tags": _keywords(entity),
        "legal_name": first_text(entity.get("legalName")),
        "registration": first_text(entity.get("taxID") or entity.get("vatID")) or first_text(entity.get("identifier")),
        "organisation": _name_or_text(entity.get("organizer") or entity.get("funder") or entity.get("parentOrganization")),
        "image": first_text(entity.get("logo")) or first_text(entity.get("image")),
        "same_as": [one for one in map(first_text, values(entity.get("sameAs"))) if one],
        "licence": first_text(entity.get("license")),
    }


def _countries(entity: Entity, address: Entity) -> list[Any]:
    """The seat's country; where it is not told, where it works."""
    return (
        values(address.get("addressCountry"))
        or values(entity.get("areaServed"))
        or values(_first_entity(entity.get("location")).get("addressCountry"))
    )


def _website(entity: Entity, page: Html) -> str | None:
    """The thing's own site: an address elsewhere."""
    addresses = [first_text(one) for name in ("url", "sameAs") for one in values(entity.get(name))]
    return next((one for one in addresses if one and "://" in one and not same_site(one, page.url)), None)


def _keywords(entity: Entity) -> list[str]:
    found = [_name_or_text(one) for name in ("keywords", "knowsAbout", "about") for one in values(entity.get(name))]
    return [part.strip() for one in found if one for part in one.split(",") if part.strip()]


def _by_language(value: Any) -> dict[str, str]:
    """Language (or empty) to text, of plain values and language-tagged ones."""
    texts: dict[str, str] = {}
    for entry in values(value):
        lang = str(entry.get("@language") or "") if isinstance(entry, dict) else ""
        if content := first_text(entry):
            texts.setdefault(lang, content)
    return {lang or "und": content for lang, content in texts.items()} if len(texts) > 1 else texts


def _first_entity(value: Any) -> Entity:
    return next((entry for entry in values(value) if isinstance(entry, dict)), {})


def _name_or_text(value: Any) -> str | None:
    first = next(iter(values(value)), None)
    return first_text(first.get("name")) if isinstance(first, dict) and "name" in first else first_text(first)


def first_text(value: Any) -> str | None:
    """The first plain text of a value; of an object its @value, its address or its @id."""
    for entry in values(value):
        if isinstance(entry, dict):
            entry = entry.get("@value") or entry.get("value") or entry.get("contentUrl") or entry.get("url") or entry.get("@id")
        if isinstance(entry, str | int | float) and str(entry).strip():
            return str(entry).strip()
    return None
