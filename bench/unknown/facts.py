"""Lists with next pages that lead to entry pages with labelled facts."""

from __future__ import annotations

from collections.abc import Callable

from bench.unknown import parts
from bench.unknown.entries import Entry
from bench.unknown.site import Site


def _build(
    site: Site, list_path: str, address: Callable[[Entry], str], layout: str, item: parts.Item, pager: parts.Pager, before: bool
) -> None:
    site.menu.append((site.list_name, list_path))
    parts.entry_pages(site, address, list_path, layout, before)
    parts.lists(site, list_path, address, item, pager)


def dl(site: Site) -> None:
    """Cards, numbered pages, a definition list before the text."""
    _build(site, "/members/", lambda one: f"/members/{one.slug}/", "dl", parts.card_item, parts.numbers, True)


def table(site: Site) -> None:
    """A plain list, an arrow to the next page, a table after the text; the entries stand beside the list in the tree."""
    _build(site, "/katalogs", lambda one: f"/katalogs/{one.number}-{one.slug}", "table", parts.plain_item, parts.bare_next, False)


def old(site: Site) -> None:
    """A home-made system: tables for everything, upper-case folders, pages by query."""
    _build(
        site,
        "/LV/Biedri.html",
        lambda one: f"/LV/Biedrs.php?id={one.number}",
        "old table",
        parts.plain_item,
        parts.next_link,
        True,
    )


def drupal(site: Site) -> None:
    """Views and fields as Drupal prints them, pages counted from 0."""
    _build(site, "/organisations", lambda one: f"/node/{one.number}", "drupal", parts.row_item, parts.next_link, False)


def old_drupal(site: Site) -> None:
    """Fields as Drupal 7 printed them, at pretty addresses."""
    _build(site, "/content/list", lambda one: f"/content/{one.slug}", "old drupal", parts.row_item, parts.bare_next, True)


def lines(site: Site) -> None:
    """One paragraph of "Label: value" lines; the list links only by "Read more", with tracking parameters."""
    _build(site, "/projects/", lambda one: f"/{one.slug}/", "lines", parts.teaser_item, parts.next_link, False)


def strong(site: Site) -> None:
    """Strong labels, news at addresses of the same form as entries."""
    site.news_path = "/content/{slug}/"
    _build(site, "/our-members/", lambda one: f"/content/{one.slug}/", "strong", parts.card_item, parts.next_link, False)


def icons(site: Site) -> None:
    """Two columns of divs, as page builders print them."""
    _build(site, "/inicjatywy/", lambda one: f"/inicjatywa/{one.slug}", "icons", parts.card_item, parts.numbers, True)


def headings(site: Site) -> None:
    """Each label a small heading, its value a paragraph below."""
    _build(
        site, "/directory/", lambda one: f"/directory/{one.number}/{one.slug}/", "headings", parts.row_item, parts.numbers, False
    )


VARIANTS: dict[str, Callable[[Site], None]] = {
    "definition list": dl,
    "table": table,
    "tables of old, query": old,
    "Drupal": drupal,
    "Drupal 7": old_drupal,
    "lines": lines,
    "strong labels": strong,
    "columns": icons,
    "small headings": headings,
}
