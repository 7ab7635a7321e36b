"""Parts of pages that several kinds of sites share: labelled facts, lists over several pages, what stands around an entry."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bench.unknown.entries import Entry
from bench.unknown.site import Site

Address = Callable[[Entry], str]
Item = Callable[[Site, Entry, str], str]
Pager = Callable[[Site, str, int, int], str]


def known(site: Site, entry: Entry, skip: str = "") -> list[tuple[str, str]]:
    """Label and value, as HTML, of the facts that the entry has, in the order in which people print them."""
    site_link = (
        f'<a href="{escape(_absolute(entry.website))}" target="_blank">{escape(entry.website)}</a>' if entry.website else ""
    )
    values = {
        "field": escape(entry.topics),
        "city": escape(entry.city or ""),
        "country": escape(entry.country or ""),
        "website": site_link,
    }
    return [(site.labels[key], value) for key, value in values.items() if value and key != skip]


def _absolute(website: str) -> str:
    return website if website.startswith("http") else f"http://{website}"


def facts(site: Site, entry: Entry, layout: str) -> str:
    """The facts of an entry in one of the layouts of LAYOUTS; empty where there are none."""
    pairs = known(site, entry)
    before, item, after = LAYOUTS[layout]
    return before + "\n".join(item.format(*pair) for pair in pairs) + after if pairs else ""


LAYOUTS = {
    "dl": ('<dl class="facts">', "<dt>{0}</dt><dd>{1}</dd>", "</dl>"),
    "table": ('<table class="table"><tbody>', "<tr><th>{0}</th><td>{1}</td></tr>", "</tbody></table>"),
    "old table": ("<table border=1>", "<tr><td><b>{0}:</b><td>{1}", "</table>"),
    "paragraphs": ("", "<p>{0}: {1}</p>", ""),
    "lines": ("<p>", "{0}: {1}<br>", "</p>"),
    "strong": ("", "<p><strong>{0}:</strong> {1}</p>", ""),
    "strong lines": ("<div>", "<strong>{0}</strong>: {1}<br/>", "</div>"),
    "list": ('<ul class="meta">', '<li><span class="meta-label">{0}</span> <span class="meta-value">{1}</span></li>', "</ul>"),
    "drupal": (
        "",
        '<div class="field field--type-string field--label-above"><div class="field__label">{0}</div><div class="field__item">{1}</div></div>',
        "",
    ),
    "old drupal": (
        "",
        '<div class="field field-type-text field-label-inline clearfix"><div class="field-label">{0}:&nbsp;</div>'
        '<div class="field-items"><div class="field-item even">{1}</div></div></div>',
        "",
    ),
    "icons": (
        '<div class="infobox">',
        '<div class="row"><div class="col-4 text-muted">{0}</div><div class="col-8">{1}</div></div>',
        "</div>",
    ),
    "headings": ("", "<h4>{0}</h4><p>{1}</p>", ""),
}


def around(site: Site, entry: Entry, address: Address, list_path: str) -> str:
    """What follows an entry on its page: back, share and, on every second site, cards of other entries."""
    back = f'<p><a href="{list_path}">« {site.word("back")}</a></p>'
    share = f'<div class="share"><a href="https://www.facebook.com/sharer.php?u={site.base}{address(entry)}">{site.word("share")}</a></div>'
    if len(site.list_name) % 2:
        return share + back
    others = [other for other in site.entries if other is not entry][entry.number % 5 :][:3]
    cards = "".join(
        f'<div class="related-item"><h4><a href="{address(other)}">{escape(other.name)}</a></h4></div>' for other in others
    )
    return f'{share}<div class="related"><h3>{site.word("related")}</h3>{cards}</div>{back}'


def card_item(site: Site, entry: Entry, href: str) -> str:
    return (
        f'<div class="card mb-3"><a href="{href}"><img src="/logo.png" alt=""></a><div class="card-body"><h3 class="card-title"><a href="{href}">'
        f'{escape(entry.name)}</a></h3><p>{escape(entry.teaser())}</p><a class="btn" href="{href}">{site.word("more")}</a></div></div>'
    )


def plain_item(_site: Site, entry: Entry, href: str) -> str:
    return f'<li><a href="{href}">{escape(entry.name)}</a></li>'


def row_item(_site: Site, entry: Entry, href: str) -> str:
    return f'<div class="views-row"><span class="field-content"><a href="{href}">{escape(entry.name)}</a></span><p>{escape(entry.teaser(90))}</p></div>'


def teaser_item(site: Site, entry: Entry, href: str) -> str:
    link = f'<a href="{href}?utm_source=list&amp;utm_medium=web">{site.word("more")} &raquo;</a>'
    return f"<article><h2>{escape(entry.name)}</h2><p>{escape(entry.teaser(110))} {link}</p></article>"


def numbers(_site: Site, path: str, page: int, last: int) -> str:
    links = "".join(f'<a class="page-numbers" href="{paged(path, n)}">{n}</a> ' for n in range(1, last + 1) if n != page)
    return f'<div class="nav-links">{links}</div>'


def next_link(site: Site, path: str, page: int, last: int) -> str:
    return f'<p><a rel="next" href="{paged(path, page + 1)}">{site.word("next")} ›</a></p>' if page < last else ""


def bare_next(_site: Site, path: str, page: int, last: int) -> str:
    """A link without rel, whose text is only an arrow."""
    return f'<ul class="pager"><li><a href="{paged(path, page + 1)}">&raquo;</a></li></ul>' if page < last else ""


def paged(path: str, page: int) -> str:
    """The address of a page of a list: `/list/`, then `/list/page/2/`; for lists with a query, `?page=1` counted from 0."""
    if path.endswith("/"):
        return path if page == 1 else f"{path}page/{page}/"
    return path if page == 1 else f"{path}?page={page - 1}"


def lists(site: Site, path: str, address: Address, item: Item, pager: Pager = numbers, size: int = 10) -> None:
    """Add the pages that list all entries, and a link to them in the menu."""
    chunks = [site.entries[start : start + size] for start in range(0, len(site.entries), size)]
    for number, chunk in enumerate(chunks, 1):
        items = "".join(item(site, entry, address(entry)) for entry in chunk)
        body = f"<p>{site.word('intro')}</p>{f'<ul>{items}</ul>' if item is plain_item else items}{pager(site, path, number, len(chunks))}"
        site.page(paged(path, number), site.list_name, body)


def entry_pages(site: Site, address: Address, list_path: str, layout: str, before: bool = False) -> None:
    """A page for each entry with its text and its facts, the facts first where `before` is true; on some sites the front shows three."""
    if site.rng.random() < 0.4:
        site.front = f"<h2>{escape(site.list_name)}</h2>" + "".join(
            card_item(site, entry, address(entry)) for entry in site.entries[:3]
        )
    for entry in site.entries:
        known_facts = facts(site, entry, layout)
        body = known_facts + entry.html if before else entry.html + known_facts
        site.page(
            address(entry), entry.name, body + around(site, entry, address, list_path), crumbs=[(site.list_name, list_path)]
        )
