"""Schema.org entities as raw records: which entities of a page may be initiatives, and their properties under our names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawlers.markup import Html
from crawlers.markup.elements import Element
from crawlers.markup.entities import Entity, as_list
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.clean import one_line
from crawlers.values.addresses import absolute_address, address_id, same_site
from crawlers.values.contacts import open_licence
from vocabulary import fold, load

EXCLUDED_TYPES = frozenset({"Person", "CreativeWork", "Report", "Book", "Guide"})
"""Types that the vocabulary knows, but that nearly always describe the page or its author."""
CONTAINERS = frozenset({"WebPage", "CollectionPage", "ItemPage", "ProfilePage", "AboutPage", "SearchResultsPage", "WebSite",
                        "DataFeed", "DataFeedItem", "OfferCatalog", "ListItem", "ItemList"})  # fmt: skip
"""Types of pages and lists; the entities in their CONTENT_PROPERTIES may be initiatives."""
CONTENT_PROPERTIES = ("mainEntity", "mainEntityOfPage", "about", "hasPart", "itemListElement", "item", "dataFeedElement")
MEMBER_PROPERTIES = ("member", "members", "subOrganization", "department")
"""Properties of the organisation that runs the site whose values may be initiatives."""
OWNER_PROPERTIES = ("publisher", "copyrightHolder", "sourceOrganization", "isPartOf", "author", "creator", "sdPublisher")
"""Properties of pages and articles whose value is the organisation that runs the site."""
MAX_DEPTH = 4
_SEPARATOR = re.compile(r"\s+(?:[|–—·»«•/-]|::?)\s+|\s*[|»•]\s*")
_FRONT_PAGE_PATH = re.compile(r"/?([a-z]{2}/?)?(index\.\w+)?")
NameKeys = frozenset[str]
"""Folded names."""


def initiatives(page: Html, own_names: tuple[str, ...] = ()) -> list[Entity]:
    """The entities of a page that may be initiatives, each once, without the organisation that runs the site.

    `own_names` are further names of that organisation.
    """
    owners = frozenset(map(fold, own_names)) | _owners(page)
    by_identity: dict[str, Entity] = {}
    for entity in _with_contents(page, owners):
        if _is_initiative(entity, page, owners):
            address = property_text(entity.get("@id")) or property_text(entity.get("url"))
            by_identity.setdefault(f"{address} {_name_key(entity)}", entity)
    return list(by_identity.values())


def owner_of(page: Html) -> str | None:
    """The name of the organisation that runs the site, as its front page gives it; None where it gives none."""
    owners = (entity for entity in page.entities if _is_site(entity, page) or "WebSite" in entity["@type"])
    names = (property_text(entity.get("name")) for entity in owners)
    return page.meta("og:site_name") or next((name for name in names if name), None) or _owner_in_title(page)


def _owner_in_title(page: Html) -> str | None:
    """The name of the only entity that is a part of a front page's <title>, as in "Home | Network"; None without one."""
    parts = _SEPARATOR.split(next((fold(node.text or "") for node in page.root.iter("title")), ""))
    if len(parts) < 2 or not _FRONT_PAGE_PATH.fullmatch(urlsplit(page.url).path):
        return None
    names = {name for entity in page.entities if _has_known_type(entity) and (name := property_text(entity.get("name")))}
    owners = [name for name in names if fold(name) in parts]
    return owners[0] if len(owners) == 1 else None


def without_owner(part: Element, owner: str) -> None:
    """Remove from an element (lxml) the microdata and RDFa about the organisation of this name, which runs the site.

    Its country would else be taken for that of an initiative.
    """
    for scope in part.xpath(".//*[@itemscope or @typeof]"):
        names = scope.xpath(".//*[@itemprop='name' or @property='name']")
        name = (names[0].get("content") or names[0].text_content()) if names else ""
        if fold(one_line(name)) == fold(owner) and scope.getparent() is not None:
            scope.drop_tree()


def entity_to_raw(entity: Entity, page: Html, *, is_alone: bool) -> RawRecord:
    """The raw record of an entity; `is_alone`: it is the only initiative of its page, so that the page's address is its own."""
    names = _texts_by_language(entity.get("name") or entity.get("legalName"))
    descriptions = _texts_by_language(entity.get("description"))
    url = property_text(entity.get("url"))
    is_here = url is None or same_site(url, page.url)
    address = url if url and is_here and not is_alone else page.canonical or page.url
    fields = _fields_of(entity) | {
        "title": next(iter(names.values()), ""),
        "description": next(iter(descriptions.values()), ""),
        "website": _website(entity, page),
    }
    fields["licence"] = fields["licence"] or open_licence(page.licences)
    lang = next(iter(names), None) or property_text(entity.get("inLanguage")) or page.lang
    translations = {code: {"title": title, "description": descriptions.get(code, "")} for code, title in list(names.items())[1:]}
    here = page.canonical or page.url
    page_id = address if is_alone or address != here else f"{here}#{fold(str(fields['title']))}"
    return RawRecord(
        _own_id(entity, page) or address_id(page_id),
        address,
        fields,
        lang,
        types=_types_of(entity),
        translations=translations,
        changed_at=property_text(entity.get("dateModified")),
        source={"entity": entity},
    )


def _types_of(entity: Entity) -> tuple[str, ...]:
    """The types of an entity; behind them NGO, where it is said to be non-profit, and for a project those of its organisation."""
    types: list[str] = entity["@type"]
    further = ["NGO"] if property_text(entity.get("nonprofitStatus")) else []
    if any((derived := load().kind_of_schema_type(name)) and derived.value == "project" for name in types):
        carrier = _first_entity(entity.get("parentOrganization") or entity.get("organizer"))
        further += [name for name in as_list(carrier.get("@type")) if load().sector_of_schema_type(str(name))]
    return tuple(dict.fromkeys((*types, *further)))


def _own_id(entity: Entity, page: Html) -> str:
    """An entity's `@id` made absolute, since `#organization` is another one on each page; "" without one, or for a blank node."""
    id = property_text(entity.get("@id")) or ""
    if "://" in id:
        return id
    return "" if not id or id.startswith("_:") else absolute_address(page.url, id)


def with_only_entity(raw: RawRecord, page: Html, recipe: Recipe, *, is_block: bool = False) -> RawRecord:
    """A page's raw record, completed and overridden by the only entity of the page, if there is exactly one.

    `is_block`: the page is one block of a list, whose entity must have the title of the record: else it may be a partner.
    """
    entities = initiatives(page, (recipe.title,))
    if len(entities) == 1 and (not is_block or _name_key(entities[0]) == fold(str(raw.fields.get("title") or ""))):
        entity_raw = entity_to_raw(entities[0], page, is_alone=True)
        raw.fields |= {name: value for name, value in entity_raw.fields.items() if value and name not in recipe.html.fields}
        raw.types, raw.translations = entity_raw.types, entity_raw.translations
        raw.source = {**raw.source, **entity_raw.source}
    return raw


def _with_contents(page: Html, owners: NameKeys) -> Iterator[Entity]:
    """The entities of a page, each once, followed by those that it holds as a page, a list or the owner of the site."""
    written_out = {str(entity["@id"]): entity for entity in reversed(page.entities) if "@id" in entity}
    waiting = [(entity, 0) for entity in reversed(page.entities)]
    seen: set[int] = set()
    while waiting:
        entity, depth = waiting.pop()
        entity = written_out.get(str(entity.get("@id")), entity)
        if id(entity) in seen:
            continue
        seen.add(id(entity))
        yield entity
        if depth < MAX_DEPTH:
            names = _content_properties(entity, page, owners)
            values = [value for name in names for value in as_list(entity.get(name))]
            contents = [value for value in values if isinstance(value, dict) and value.get("@type")]
            waiting += [(value, depth + 1) for value in reversed(contents)]


def _content_properties(entity: Entity, page: Html, owners: NameKeys) -> tuple[str, ...]:
    """The properties of an entity whose values may be initiatives."""
    if CONTAINERS.intersection(entity["@type"]):
        return CONTENT_PROPERTIES
    return MEMBER_PROPERTIES if _is_site(entity, page) or _name_key(entity) in owners else ()


def _is_initiative(entity: Entity, page: Html, owners: NameKeys) -> bool:
    return _has_known_type(entity) and bool(_name_key(entity)) and not _is_site(entity, page) and _name_key(entity) not in owners


def _is_site(entity: Entity, page: Html) -> bool:
    """Whether an entity has the address of the site's front page."""
    addresses = [address for name in ("url", "@id") if (address := property_text(entity.get(name))) and "://" in address]
    return any(same_site(address, page.url) and _FRONT_PAGE_PATH.fullmatch(urlsplit(address).path) for address in addresses)


def _owners(page: Html) -> NameKeys:
    """The folded names of the organisation that runs the site, as the page gives them."""
    names = [page.meta("og:site_name")]
    for entity in page.entities:
        if "WebSite" in entity["@type"]:
            names.append(property_text(entity.get("name")))
        if not _has_known_type(entity):
            owners = (owner for name in OWNER_PROPERTIES for owner in as_list(entity.get(name)) if isinstance(owner, dict))
            names += [property_text(owner.get("name")) for owner in owners]
    return frozenset(fold(name) for name in names if name)


def _has_known_type(entity: Entity) -> bool:
    """Whether the vocabulary has a kind for one of the entity's types."""
    return any(load().kind_of_schema_type(name) for name in entity["@type"] if name not in EXCLUDED_TYPES)


def _name_key(entity: Entity) -> str:
    return fold(_name(entity) or "")


def _name(entity: Entity) -> str | None:
    """The name of an entity, else its legal name; None without either."""
    return property_text(entity.get("name")) or property_text(entity.get("legalName"))


def _fields_of(entity: Entity) -> dict[str, Any]:
    """The properties of an entity under our names, except texts and website; None or empty where it has none."""
    location = _first_entity(entity.get("location"))
    address = _first_entity(entity.get("address")) or _first_entity(location.get("address"))
    geo = _first_entity(entity.get("geo") or location.get("geo"))
    contact = _first_entity(entity.get("contactPoint"))
    return {
        "summary": property_text(entity.get("slogan")) or property_text(entity.get("disambiguatingDescription")),
        "country": [name for country in _countries(entity, address) if (name := _name_or_text(country))],
        "place": _name_or_text(address.get("addressLocality")) or (property_text(location.get("name")) if not address else None),
        "region": _name_or_text(address.get("addressRegion")),
        "address": property_text(address.get("streetAddress")) or (property_text(entity.get("address")) if not address else None),
        "lat": property_text(geo.get("latitude")),
        "lon": property_text(geo.get("longitude")),
        "email": property_text(entity.get("email")) or property_text(contact.get("email")),
        "phone": property_text(entity.get("telephone")) or property_text(contact.get("telephone")),
        "start_date": property_text(entity.get("startDate")),
        "end_date": property_text(entity.get("endDate") or entity.get("applicationDeadline")),
        "tags": _keywords(entity),
        "legal_name": property_text(entity.get("legalName")),
        "registration": property_text(entity.get("taxID") or entity.get("vatID")) or property_text(entity.get("identifier")),
        "carrier": _name_or_text(entity.get("parentOrganization") or entity.get("organizer")),
        "organisation": _name_or_text(entity.get("organizer") or entity.get("funder") or entity.get("parentOrganization")),
        "image": property_text(entity.get("logo")) or property_text(entity.get("image")),
        "same_as": [address for address in map(property_text, as_list(entity.get("sameAs"))) if address],
        "licence": property_text(entity.get("license")),
    }


def _countries(entity: Entity, address: Entity) -> list[Any]:
    """The values for the country of the seat; without any, those of the area served."""
    return (
        as_list(address.get("addressCountry"))
        or as_list(entity.get("areaServed"))
        or as_list(_first_entity(entity.get("location")).get("addressCountry"))
    )


def _website(entity: Entity, page: Html) -> str | None:
    """The first address of an entity on another site than its page; None without one."""
    addresses = [property_text(value) for name in ("url", "sameAs") for value in as_list(entity.get(name))]
    elsewhere = (url for url in addresses if url and "://" in url and not same_site(url, page.url))
    return next(elsewhere, None)


def _keywords(entity: Entity) -> list[str]:
    """The keywords and subjects of an entity, cut at commas."""
    texts = [_name_or_text(value) for name in ("keywords", "knowsAbout", "about") for value in as_list(entity.get(name))]
    return [part.strip() for text in texts if text for part in text.split(",") if part.strip()]


def _texts_by_language(value: Any) -> dict[str, str]:
    """The texts of plain and language-tagged values by language tag; a text without one is under "und", or "" if alone."""
    texts: dict[str, str] = {}
    for entry in as_list(value):
        lang = str(entry.get("@language") or "") if isinstance(entry, dict) else ""
        if content := property_text(entry):
            texts.setdefault(lang, content)
    return {lang or "und": content for lang, content in texts.items()} if len(texts) > 1 else texts


def _first_entity(value: Any) -> Entity:
    """The first entity among the values of a property; an empty one without any."""
    return next((entry for entry in as_list(value) if isinstance(entry, dict)), {})


def _name_or_text(value: Any) -> str | None:
    """The name of a property's first value if it is an entity, else its property_text."""
    first = next(iter(as_list(value)), None)
    return property_text(first.get("name")) if isinstance(first, dict) and "name" in first else property_text(first)


def property_text(value: Any) -> str | None:
    """The first text or number among the values of a property; of an object its @value, address or @id. None without any."""
    for entry in as_list(value):
        if isinstance(entry, dict):
            entry = entry.get("@value") or entry.get("value") or entry.get("contentUrl") or entry.get("url") or entry.get("@id")
        if isinstance(entry, str | int | float) and str(entry).strip():
            return str(entry).strip()
    return None
