"""Sites that describe their entries with schema.org, while the network describes itself on every page too."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Site

PUBLISHER = {
    "@type": "Organization",
    "name": "",
    "logo": "",
    "address": {"@type": "PostalAddress", "addressLocality": "Rīga", "addressCountry": "LV"},
}


def script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def publisher(site: Site) -> dict[str, Any]:
    return {
        **PUBLISHER,
        "@id": f"{site.base}/#organization",
        "name": site.name,
        "url": site.base,
        "logo": f"{site.base}/logo.png",
    }


def described(entry: Entry, kind: str = "NGO") -> dict[str, Any]:
    """The entry in schema.org's words; what is unknown is left out."""
    address = {"@type": "PostalAddress", "addressLocality": entry.city, "addressCountry": entry.country}
    known = {key: value for key, value in address.items() if value}
    data = {
        "@type": kind, "name": entry.name, "description": " ".join(entry.paragraphs), "address": known if len(known) > 1 else None,
        "sameAs": entry.website, "keywords": list(entry.types), "geo": {"@type": "GeoCoordinates", "latitude": entry.lat, "longitude": entry.lon},
    }  # fmt: skip
    return {key: value for key, value in data.items() if value}


def graph(site: Site) -> None:
    """A Yoast-like graph on every page: WebSite, WebPage, BreadcrumbList, the publisher; on entries one node more."""

    def address(entry: Entry) -> str:
        return f"/directory/{entry.slug}/"

    website = {
        "@type": "WebSite",
        "@id": f"{site.base}/#website",
        "name": site.name,
        "url": site.base,
        "publisher": {"@id": f"{site.base}/#organization"},
    }
    site.head += script({"@context": "https://schema.org", "@graph": [website, publisher(site)]})
    site.menu.append((site.list_name, "/directory/"))
    for entry in site.entries:
        page = {
            "@type": "WebPage",
            "@id": site.base + address(entry),
            "name": f"{entry.name} – {site.name}",
            "isPartOf": {"@id": f"{site.base}/#website"},
        }
        nodes = [
            page,
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": site.list_name}]},
            described(entry),
        ]
        site.page(
            address(entry),
            entry.name,
            entry.html + parts.around(site, entry, address, "/directory/"),
            head=script({"@context": "https://schema.org", "@graph": nodes}),
        )
    parts.lists(site, "/directory/", address, parts.card_item)


def microdata(site: Site) -> None:
    """Microdata on the entry pages; the footer of all pages holds the publisher's."""

    def address(entry: Entry) -> str:
        return f"/org/{entry.number}"

    site.menu.append((site.list_name, "/orgs"))
    site.everywhere = (
        f'<div itemscope itemtype="http://schema.org/Organization"><span itemprop="name">{escape(site.name)}</span>'
        '<div itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><span itemprop="addressLocality">Rīga</span>, '
        '<span itemprop="addressCountry">Latvia</span></div></div>'
    )
    for entry in site.entries:
        site.page(address(entry), entry.name, _scope(entry) + parts.around(site, entry, address, "/orgs"))
    parts.lists(site, "/orgs", address, parts.row_item)


def _scope(entry: Entry) -> str:
    country = f'<span itemprop="addressCountry">{escape(entry.country)}</span>' if entry.country else ""
    city = f'<span itemprop="addressLocality">{escape(entry.city)}</span>' if entry.city else ""
    return (
        f'<div itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="{escape(entry.name)}">'
        f'<div itemprop="description">{entry.html}</div>'
        f'<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">{city} {country}</div></div>'
    )


def rdfa(site: Site) -> None:
    """RDFa Lite in the text of the entry pages."""

    def address(entry: Entry) -> str:
        return f"/lv/uznemumi/{entry.slug}.html"

    site.menu.append((site.list_name, "/lv/uznemumi/"))
    for entry in site.entries:
        country = f'<span property="addressCountry">{escape(entry.country)}</span>' if entry.country else ""
        body = (
            f'<div vocab="https://schema.org/" typeof="LocalBusiness"><h3 property="name">{escape(entry.name)}</h3><div property="description">{entry.html}</div>'
            f'<p property="address" typeof="PostalAddress"><span property="addressLocality">{escape(entry.city or "")}</span> {country}</p></div>'
        )
        site.page(address(entry), entry.name, body + parts.around(site, entry, address, "/lv/uznemumi/"))
    parts.lists(site, "/lv/uznemumi/", address, parts.plain_item, parts.bare_next)


def item_list(site: Site) -> None:
    """One list page whose ItemList holds every entry whole; there are no pages of entries."""
    site.menu.append((site.list_name, "/members/"))
    items = [
        {"@type": "ListItem", "position": n, "item": described(entry, "Organization")} for n, entry in enumerate(site.entries, 1)
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": site.list_name,
        "numberOfItems": len(items),
        "itemListElement": items,
    }
    body = "".join(f'<div class="tile"><p class="tile-name">{escape(entry.name)}</p></div>' for entry in site.entries)
    site.page("/members/", site.list_name, body, head=script(data))
    site.head += script({"@context": "https://schema.org", **publisher(site)})


def projects(site: Site) -> None:
    """Project nodes with the country as a Country node inside a place, each page at a second address with a canonical link."""

    def address(entry: Entry) -> str:
        return f"/projects/{entry.slug}/"

    site.menu.append((site.list_name, "/projects/"))
    for entry in site.entries:
        data = {"@context": "http://schema.org/", **described(entry, "Project")}
        data.pop("address", None)
        data.pop("geo", None)
        if entry.country:
            data["location"] = {
                "@type": "Place",
                "address": {"@type": "PostalAddress", "addressCountry": {"@type": "Country", "name": entry.country}},
            }
        head = script(data) + f'<link rel="canonical" href="{site.base}{address(entry)}">'
        site.page(address(entry), entry.name, entry.html, head=head)
        site.page(f"/featured/{entry.number}/", entry.name, entry.html, head=head)
    featured = "".join(parts.plain_item(site, entry, f"/featured/{entry.number}/") for entry in site.entries[:8])
    site.page("/", site.words["home"], f"<p>{site.word('intro')}</p><ul>{featured}</ul>")
    parts.lists(site, "/projects/", address, parts.card_item, parts.next_link)
    news = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": site.words["news_items"][0][0],
        "publisher": publisher(site),
    }
    title, text = site.words["news_items"][0]
    site.page(site.news_address(title), title, f"<p>{escape(text)}</p>", head=script(news))


VARIANTS: dict[str, Callable[[Site], None]] = {
    "JSON-LD graph": graph,
    "microdata": microdata,
    "RDFa": rdfa,
    "ItemList on one page": item_list,
    "Project, two addresses": projects,
}
