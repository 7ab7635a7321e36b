"""One page that holds all initiatives, in the manners in which people write such pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from html import escape

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Site


def _put(site: Site, body: str, path: str = "/members/") -> None:
    site.menu.append((site.list_name, path))
    site.page(path, site.list_name, f"<p>{site.word('intro')}</p>{body}")


def _site_link(site: Site, entry: Entry, text: str = "") -> str:
    if not entry.website:
        return ""
    href = entry.website if entry.website.startswith("http") else f"http://{entry.website}"
    return f'<a href="{escape(href)}" rel="noopener">{escape(text or site.labels["website"])}</a>'


def cards(site: Site) -> None:
    """Cards with a line of place below the name."""
    _put(
        site,
        "<div class='grid'>"
        + "".join(
            f'<div class="grid-item"><div class="inner"><img src="/logo.png" alt=""><h3>{escape(one.name)}</h3><p class="loc">{escape(one.place)}</p>'
            f'<div class="txt">{one.html}</div>{_site_link(site, one, site.words["more"])}</div></div>'
            for one in site.entries
        )
        + "</div>",
    )


def grouped_cards(site: Site) -> None:
    """Cards under a heading for each country; nothing in the card repeats the country."""
    groups: dict[str | None, list[Entry]] = defaultdict(list)
    for one in site.entries:
        groups[one.country].append(one)
    groups.pop(None, None)
    site.entries[:] = [one for group in groups.values() for one in group]
    body = ""
    for country, group in groups.items():
        items = "".join(
            f'<li class="blocks-gallery-item"><strong class="name">{escape(one.name)}</strong>{one.html}</li>' for one in group
        )
        body += f'<h2>{escape(country or "")}</h2><ul class="wp-block-gallery">{items}</ul>'
    _put(site, body)


def table(site: Site) -> None:
    """A table with a header; names are links to the initiatives' own sites."""
    labels = site.labels
    lines = "".join(
        f"<tr><td>{n}.</td><td>{_site_link(site, one, one.name) or escape(one.name)}</td><td>{escape(one.country or '')}</td>"
        f"<td>{escape(one.city or '–')}</td><td>{escape(one.teaser(200))}</td></tr>"
        for n, one in enumerate(site.entries, 1)
    )
    header = "".join(
        f"<th>{escape(name)}</th>" for name in ("No.", labels["name"], labels["country"], labels["city"], labels["text"])
    )
    _put(site, f'<figure class="wp-block-table"><table><thead><tr>{header}</tr></thead><tbody>{lines}</tbody></table></figure>')


def old_table(site: Site) -> None:
    """A table whose header is a row of bold cells, with rows that are not closed."""
    labels = site.labels
    header = "".join(f"<td><b>{escape(labels[key])}</b></td>" for key in ("name", "field", "country", "text"))
    lines = "".join(
        f"<tr><td>{escape(one.name)}<td>{escape(one.topics)}<td>{escape(one.country or '')}<td>{escape(one.teaser(160))}"
        for one in site.entries
    )
    _put(site, f'<table border="1" cellpadding="3"><tr>{header}</tr>{lines}</table>')


def headings(site: Site) -> None:
    """Headings and paragraphs one after another, without anything around each."""
    body = "".join(f"<h3>{escape(one.name)}</h3>{one.html}{parts.facts(site, one, 'strong')}" for one in site.entries)
    _put(site, f"<h2>{escape(site.list_name)} 2024</h2>{body}")


def definitions(site: Site) -> None:
    """A definition list: the name is the term."""
    body = "".join(
        f"<dt>{escape(one.name)}</dt><dd>{escape(' '.join(one.paragraphs))}{' (' + escape(one.place) + ')' if one.place else ''}</dd>"
        for one in site.entries
    )
    _put(site, f"<dl>{body}</dl>")


def accordion(site: Site) -> None:
    """<details> with the name as summary."""
    body = "".join(
        f"<details><summary>{escape(one.name)}</summary>{parts.facts(site, one, 'lines')}{one.html}</details>"
        for one in site.entries
    )
    _put(site, body)


def numbered(site: Site) -> None:
    """A numbered list: bold name, dash, text, place in brackets."""
    items = "".join(
        f"<li><b>{escape(one.name)}</b> – {escape(' '.join(one.paragraphs))}{f' ({escape(one.place)})' if one.place else ''} {_site_link(site, one, 'www')}</li>"
        for one in site.entries
    )
    _put(site, f"<ol>{items}</ol>")


def front_bold(site: Site) -> None:
    """The front page itself: paragraphs that begin with a bold name, divided by rules; no list page."""
    body = "<hr>".join(
        f"<p><strong>{escape(one.name)}</strong><br>{parts.facts(site, one, 'lines')[3:-4]}{escape(' '.join(one.paragraphs))}</p>"
        for one in site.entries
    )
    site.page("/", site.list_name, f"<p>{site.word('intro')}</p>{body}")


def tabs(site: Site) -> None:
    """Names in a row of buttons, texts in panels elsewhere on the page (Bootstrap's collapse)."""
    body = "".join(
        f'<div class="accordion-item"><h2 class="accordion-header"><button class="accordion-button collapsed" data-bs-target="#c{one.number}">{escape(one.name)}</button></h2>'
        f'<div id="c{one.number}" class="accordion-collapse collapse"><div class="accordion-body">{one.html}{parts.facts(site, one, "list")}</div></div></div>'
        for one in site.entries
    )
    _put(site, f'<div class="accordion">{body}</div>')


VARIANTS: dict[str, Callable[[Site], None]] = {
    "cards": cards,
    "grouped by country": grouped_cards,
    "table": table,
    "old table": old_table,
    "headings": headings,
    "definition list": definitions,
    "details": accordion,
    "numbered list": numbered,
    "bold names on the front": front_bold,
    "collapse": tabs,
}
