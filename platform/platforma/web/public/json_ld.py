"""The page of a listing as schema.org JSON-LD, for search engines: the page, what it is about, and the way to it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from platforma.catalogue.listings.listing import Listing, Source
from platforma.catalogue.listings.relations import Relations
from platforma.i18n import fixed_url
from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.public.licence_addresses import licence_address
from platforma.web.public.rows import listing_url
from platforma.web.public.schema_org import NO_RELATIONS, Data, listing_id, schema_org, without_empty

Crumb = tuple[str, str]
"""The label of a page on the way to this one, and its address without a host."""


def json_ld(listing: Listing, lang: str, crumbs: Sequence[Crumb] = (), relations: Relations = NO_RELATIONS) -> str:
    """A JSON-LD graph of the page and the listing in an interface language, safe inside a script element."""
    graph = [_page(listing, lang, crumbs), schema_org(listing, lang, relations)]
    return script_text({"@context": "https://schema.org", "@graph": graph})


def crumbs_json_ld(way: Sequence[Crumb]) -> str:
    """The way to a page, which is its last step, as a BreadcrumbList that is safe inside a script element."""
    return script_text({"@context": "https://schema.org", **_breadcrumbs(way)})


def script_text(data: Data) -> str:
    """JSON that is safe inside a script element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _page(listing: Listing, lang: str, crumbs: Sequence[Crumb]) -> Data:
    """The page itself: a part of this site, made of what the sources say."""
    address = absolute(listing_url(listing))
    way = [*crumbs, (listing.title(lang).text, listing_url(listing))]
    return without_empty(
        {
            "@type": "WebPage",
            "@id": address,
            "url": address,
            "name": listing.title(lang).text,
            "inLanguage": lang,
            "isPartOf": {"@type": "WebSite", "name": _("Platform of Platforms"), "url": absolute(fixed_url("directory.start"))},
            "mainEntity": {"@id": listing_id(listing)},
            "datePublished": listing.published_at.isoformat() if listing.published_at else None,
            "dateModified": listing.changed_at.isoformat() if listing.changed_at else None,
            "isBasedOn": [_source(source, listing.get("licence")) for source in listing.sources],
            "breadcrumb": _breadcrumbs(way),
        }
    )


def _source(source: Source, licence: str | None) -> Data:
    publisher: Data = {"@type": "Organization", "name": source.platform_title}
    known = without_empty({"url": source.url, "license": licence_address(licence)})
    return {"@type": "CreativeWork", "publisher": publisher, **known}


def _breadcrumbs(way: Sequence[Crumb]) -> Data:
    return {"@type": "BreadcrumbList", "itemListElement": [_step(*step) for step in enumerate(way, 1)]}


def _step(position: int, crumb: Crumb) -> Data:
    label, address = crumb
    return {"@type": "ListItem", "position": position, "name": label, "item": absolute(address)}
