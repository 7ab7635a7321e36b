"""Hubs that lead to pages of prose: a heading and paragraphs, the country in a sentence, a last line or the breadcrumb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from html import escape

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Site


def _hub(site: Site, path: str, address: Callable[[Entry], str]) -> None:
    links = "".join(f'<p><a href="{address(one)}">{escape(one.name)}</a></p>' for one in site.entries)
    site.page(path, site.list_name, f"<p>{site.word('intro')}</p>{links}")


def sentence(site: Site) -> None:
    """The place stands in a sentence of the text."""

    def address(entry: Entry) -> str:
        return f"/stories/{entry.slug}/"

    site.menu.append((site.list_name, "/stories/"))
    for one in site.entries:
        placed = f"<p>{escape(site.words['placed'].format(place=one.place))}</p>" if one.place else ""
        site.page(address(one), one.name, one.html + placed + parts.around(site, one, address, "/stories/"))
    _hub(site, "/stories/", address)


def last_line(site: Site) -> None:
    """A last line "Country: X"; pages of the network stand at addresses of the same form as entries."""

    def address(entry: Entry) -> str:
        return f"/{entry.slug}.html"

    site.news_path = "/{slug}.html"
    site.menu.append((site.list_name, "/list.html"))
    for one in site.entries:
        country = f"<p>{escape(site.labels['country'])}: {escape(one.country)}</p>" if one.country else ""
        site.page(address(one), one.name, one.html + country)
    _hub(site, "/list.html", address)


def breadcrumb(site: Site) -> None:
    """Pages of countries lead to entries; an entry's country stands only in its breadcrumb."""
    site.theme = site.rng.choice(["bootstrap", "drupal", "joomla"])
    groups: dict[str, list[Entry]] = defaultdict(list)
    for one in site.entries:
        if one.country:
            groups[one.country].append(one)
    site.entries[:] = [one for group in groups.values() for one in group]
    site.menu.append((site.list_name, "/countries/"))
    links = ""
    for number, (country, group) in enumerate(groups.items()):
        path = f"/countries/{number}/"
        links += f'<li><a href="{path}">{escape(country)}</a> ({len(group)})</li>'
        items = "".join(f'<li><a href="{path}{one.slug}/">{escape(one.name)}</a></li>' for one in group)
        site.page(path, country, f"<ul>{items}</ul>", crumbs=[(site.list_name, "/countries/")])
        for one in group:
            site.page(f"{path}{one.slug}/", one.name, one.html, crumbs=[(site.list_name, "/countries/"), (country, path)])
    site.page("/countries/", site.list_name, f"<ul>{links}</ul>")


def submenu(site: Site) -> None:
    """No hub: the entries are in the menu of every page, after the network's own pages."""

    def address(entry: Entry) -> str:
        return f"/page{entry.number}.htm"

    site.entries[:] = site.entries[:20]
    site.menu.extend((one.name, address(one)) for one in site.entries)
    for one in site.entries:
        place = f"<p><i>{escape(one.place)}</i></p>" if one.place else ""
        site.page(address(one), one.name, place + one.html)


VARIANTS: dict[str, Callable[[Site], None]] = {
    "sentence": sentence,
    "last line": last_line,
    "breadcrumb": breadcrumb,
    "in the menu": submenu,
}
