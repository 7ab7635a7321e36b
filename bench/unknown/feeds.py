"""Sites whose entries are only in a feed, beside feeds of news and comments."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Site

SHELL = '<div id="app" data-reactroot></div><noscript>JavaScript</noscript><script src="/app.js"></script>'


def _link(site: Site, path: str, title: str, kind: str = "application/rss+xml") -> None:
    site.head += f'<link rel="alternate" type="{kind}" title="{escape(title)}" href="{site.base}{path}">'


def _rss(site: Site, title: str, items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:georss="http://www.georss.org/georss">'
        f"<channel><title>{escape(title)}</title><link>{site.base}</link><description>{site.word('intro')}</description><language>en-US</language>{items}</channel></rss>"
    )


def _shells(site: Site, address: Callable[[Entry], str]) -> None:
    """Pages that a browser fills: the same empty shell at every address."""
    site.menu.append((site.list_name, "/catalogue/"))
    for entry in site.entries:
        site.page(address(entry), site.list_name, SHELL)
    site.page("/catalogue/", site.list_name, SHELL)


def rss(site: Site) -> None:
    """RSS named in the head, after a feed of news; facts as paragraphs in the description."""

    def address(entry: Entry) -> str:
        return f"/catalogue/{entry.slug}/"

    _link(site, "/news.rss", f"{site.name} » {site.words['news']}")
    _link(site, "/catalogue.rss", site.list_name)
    site.add("/news.rss", site.news_rss(), "application/rss+xml; charset=utf-8")
    items = "".join(
        f'<item><title>{escape(entry.name)}</title><link>{site.base}{address(entry)}</link><guid isPermaLink="false">c-{entry.number}</guid>'
        f"<description>{escape(entry.html + parts.facts(site, entry, 'paragraphs'))}</description><category>{escape(entry.topics)}</category>"
        f"<georss:point>{entry.lat} {entry.lon}</georss:point></item>"
        for entry in site.entries
    )
    site.add("/catalogue.rss", _rss(site, site.list_name, items), "application/rss+xml; charset=utf-8")
    _shells(site, address)


def atom(site: Site) -> None:
    """Atom in pages of ten; the country is a category with a scheme."""

    def address(entry: Entry) -> str:
        return f"/catalogue/{entry.number}"

    chunks = [site.entries[start : start + 10] for start in range(0, len(site.entries), 10)]
    for number, chunk in enumerate(chunks, 1):
        items = "".join(_atom_entry(site, entry, address(entry)) for entry in chunk)
        following = f'<link rel="next" href="{site.base}/catalogue.atom?page={number + 1}"/>' if number < len(chunks) else ""
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(site.list_name)}</title><id>{site.base}/</id>'
            f'<updated>2024-04-02T08:00:00Z</updated><link rel="self" href="{site.base}/catalogue.atom"/>{following}{items}</feed>'
        )
        site.add("/catalogue.atom" if number == 1 else f"/catalogue.atom?page={number}", body, "application/atom+xml")
    _link(site, "/catalogue.atom", site.list_name, "application/atom+xml")
    _shells(site, address)


def _atom_entry(site: Site, entry: Entry, path: str) -> str:
    country = (
        f'<category scheme="{site.base}/country" term="{escape(entry.country)}" label="{escape(entry.country)}"/>'
        if entry.country
        else ""
    )
    return (
        f'<entry><title type="text">{escape(entry.name)}</title><id>urn:catalogue:{entry.number}</id><link href="{site.base}{path}"/>'
        f'<updated>2024-04-02T08:00:00Z</updated>{country}<content type="html">{escape(entry.html)}</content></entry>'
    )


def json_feed(site: Site) -> None:
    """JSON Feed 1.1, linked from the foot of the page; facts in an extension."""

    def address(entry: Entry) -> str:
        return f"/catalogue/{entry.slug}"

    items = [
        {
            "id": str(entry.number),
            "url": site.base + address(entry),
            "title": entry.name,
            "content_html": entry.html,
            "tags": list(entry.types),
            "_directory": {"country": entry.country, "city": entry.city, "website": entry.website},
        }
        for entry in site.entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.list_name,
        "home_page_url": site.base,
        "feed_url": f"{site.base}/feed.json",
        "items": items,
    }
    site.add("/feed.json", feed)
    site.everywhere += '<p><a href="/feed.json">JSON Feed</a></p>'
    site.add("/rss.xml", site.news_rss(), "application/rss+xml; charset=utf-8")
    _link(site, "/rss.xml", site.words["news"])
    _shells(site, address)


VARIANTS: dict[str, Callable[[Site], None]] = {"RSS beside news": rss, "Atom in pages": atom, "JSON Feed": json_feed}
