"""Sites whose interface is closed or missing, but which name their pages in sitemaps."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from html import escape

from bench.unknown import parts, wordpress
from bench.unknown.entries import Entry
from bench.unknown.site import Answer, Site

XML = "application/xml; charset=utf-8"
OWN_PAGES = ("/", "/about/", "/contact/", "/privacy/", "/team/", "/news/")
CLOSED = b'{"code":"rest_login_required","message":"REST API restricted to authenticated users.","data":{"status":401}}'


def urlset(site: Site, paths: Sequence[str]) -> str:
    items = "".join(
        f"<url><loc>{escape(site.base + path)}</loc><lastmod>2024-04-02T08:00:00+00:00</lastmod></url>" for path in paths
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def index(site: Site, paths: Sequence[str]) -> str:
    items = "".join(f"<sitemap><loc>{site.base}{path}</loc></sitemap>" for path in paths)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="main-sitemap.xsl"?>'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</sitemapindex>'
    )


def closed(path: str, query: dict[str, str]) -> Answer | None:
    """A REST interface for people who are signed in."""
    refused = path.startswith("/wp-json") or "rest_route" in query
    return Answer(CLOSED, "application/json", 401) if refused else None


def news_pages(site: Site) -> list[str]:
    return [site.news_address(title) for title, _ in site.words["news_items"]]


def yoast(site: Site) -> None:
    """An index with a sitemap a post type, also of authors and categories; the interface answers 401."""

    def address(entry: Entry) -> str:
        return f"/organisation/{entry.slug}/"

    wordpress.dress(site)
    site.routes.append(closed)
    site.head += f'<link rel="https://api.w.org/" href="{site.base}/wp-json/">'
    site.menu.append((site.list_name, "/organisations/"))
    parts.entry_pages(site, address, "/organisations/", "list", before=True)
    parts.lists(site, "/organisations/", address, parts.card_item)
    site.page("/author/admin/", "admin", "<p>admin</p>")
    site.page("/category/general/", "General", "")
    groups = {
        "post": ["/news/", *news_pages(site)],
        "page": [*OWN_PAGES[:-1], "/organisations/"],
        "organisation": [address(entry) for entry in site.entries],
        "category": ["/category/general/"],
        "author": ["/author/admin/"],
    }
    for name, paths in groups.items():
        site.add(f"/{name}-sitemap.xml", urlset(site, paths), XML)
    site.add("/sitemap_index.xml", index(site, [f"/{name}-sitemap.xml" for name in groups]), XML)
    site.robots = f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {site.base}/sitemap_index.xml\n"


def mixed(site: Site) -> None:
    """One flat sitemap in which entries, news and pages of the network stand under addresses of one form."""

    def address(entry: Entry) -> str:
        return f"/{entry.slug}/"

    site.news_path = "/network-{slug}/"
    site.menu.append((site.list_name, "/members/"))
    parts.entry_pages(site, address, "/members/", "strong")
    parts.lists(site, "/members/", address, parts.plain_item, parts.next_link, size=12)
    paths = [*OWN_PAGES, *news_pages(site), "/members/", *(address(entry) for entry in site.entries)]
    site.rng.shuffle(paths)
    site.add("/sitemap.xml", urlset(site, paths), XML)


def core_hreflang(site: Site) -> None:
    """WordPress's own sitemap, named nowhere; each entry in two languages under translated folders, bound by hreflang."""
    first, second = site.lang, "en" if site.lang != "en" else "lv"
    folders = {first: "projekti", second: "projects"}
    site.menu.append((site.list_name, f"/{first}/projekti/"))
    wordpress.dress(site)
    site.routes.append(closed)
    for code, folder in folders.items():
        for entry in site.entries:
            alternates = "".join(
                f'<link rel="alternate" hreflang="{one}" href="{site.base}/{one}/{name}/{entry.slug}/">'
                for one, name in folders.items()
            )
            body = entry.html + parts.facts(site, entry, "table")
            site.page(f"/{code}/{folder}/{entry.slug}/", entry.name, body, head=alternates, lang=code)
    for code, folder in folders.items():
        cards = "".join(parts.row_item(site, entry, f"/{code}/{folder}/{entry.slug}/") for entry in site.entries)
        site.page(f"/{code}/{folder}/", site.list_name, cards, lang=code)
    site.add("/wp-sitemap-posts-post-1.xml", urlset(site, news_pages(site)), XML)
    site.add("/wp-sitemap-posts-page-1.xml", urlset(site, OWN_PAGES), XML)
    paths = [f"/{code}/{folder}/{entry.slug}/" for entry in site.entries for code, folder in folders.items()]
    site.add("/wp-sitemap-posts-projekti-1.xml", urlset(site, paths), XML)
    names = ("post-1", "page-1", "projekti-1")
    site.add("/wp-sitemap.xml", index(site, [f"/wp-sitemap-posts-{name}.xml" for name in names]), XML)


def zipped(site: Site) -> None:
    """A home-made system: addresses are queries, the sitemap is compressed, no page links to the entries."""

    def address(entry: Entry) -> str:
        return f"/index.php?id={entry.number}"

    site.news_path = "/index.php?id={number}"
    for entry in site.entries:
        site.page(address(entry), entry.name, parts.facts(site, entry, "lines") + entry.html)
    paths = [*OWN_PAGES, *news_pages(site), *(address(entry) for entry in site.entries)]
    site.add("/sitemap.xml.gz", gzip.compress(urlset(site, paths).encode()), "application/gzip")
    site.robots = f"User-agent: *\nDisallow: /search\nSitemap: {site.base}/sitemap.xml.gz\n"


VARIANTS: dict[str, Callable[[Site], None]] = {
    "index of types": yoast,
    "all mixed": mixed,
    "two languages": core_hreflang,
    "compressed, by query": zipped,
}
