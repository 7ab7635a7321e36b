"""Whether the records of a list are likely to be initiatives: by their facts, their addresses, and the names of the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from crawlers.reading.selections import is_of_menu
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.initiative_words import is_about_initiatives, is_excluded_list
from crawlers.values.labels import is_initiative_page
from crawlers.values.site_pages import legal_part, names_list, names_own, parts_of_title
from vocabulary import fold

Thing = TypeVar("Thing")
SEAT_FIELDS = ("country", "place", "address", "lat", "identifiers", "legal_form")
"""Fields that an organisation or project has and a page about the site itself has not."""
FACTS = (*SEAT_FIELDS, "website", "email", "phone", "themes", "start_date")
"""Fields that an initiative has and an article has not."""
OWN_FIELDS = ("website", "email", "phone")
"""Facts that are each initiative's own: a value that many records share is one of the site, or of what it is about."""
DOUBT_FACTOR = 0.25
"""The factor for the score of a list whose name suggests news or staff."""
MIN_SHARE_WITH_FACTS = 0.5
MAX_SHARE_OF_FACTLESS = 0.1
"""A list has facts where so many of its records have one, and is without facts where no more have one."""
MAX_SHARE_OF_OWN = 0.2
"""A value of OWN_FIELDS that a larger share of the records has, and more than one of them, is no fact."""
MIN_SHARE_OF_ONE_ADDRESS = 0.8
"""An address that so many of the records have is that of the site."""
MIN_DISTINCT = 0.5
"""Where fewer of these values are different ones, none of them is a fact: the entries are about a few things that have them."""
MIN_ON_SITE = 3
"""Fewer records on a whole site (SITE_WIDE_ADAPTERS) are those of pages that only look like one."""
SITE_WIDE_ADAPTERS = ("structured", "sitemap")
PLACE_FIELDS = ("country", "place", "address", "lat")
MIN_DEPTH_IN_FOLDER = 2
"""Pages with fewer parts in their paths stand at the top of a site."""
DAY_LENGTH = len("2026-05-01")
PROSE_ADAPTERS = ("html", "sitemap", "feed", "wordpress")
"""Adapters that read pages made for people, which may be about anything; the others read data made for programs."""
_OF_DATE = re.compile(r"/(19|20)\d\d/(0?[1-9]|1[0-2])/")
"""The folders of the month in which a post was published."""
_OF_HEADINGS = re.compile(r"> h[2-6][^ ]*$")
_OF_TRACKER = re.compile(
    r"/(issues?|pulls?|merge_requests|commits?|releases|discussions|tickets?|bugs?)/(-/)?([0-9a-f]+|tag/.*)$|show_bug\.cgi|/browse/[A-Z]{2,10}-\d+$"
)
"""The end of the address of something that a tracker of software counts."""


def likelihood(
    recipe: Recipe, records: Sequence[Record], raws: Sequence[RawRecord], called: Sequence[str], expected: int, day: str = ""
) -> float:
    """Return 1 if records are likely to be initiatives, DOUBT_FACTOR if that is doubtful, 0 if they are something else.

    `expected` is the number of records in the whole list, `day` the day on which it was read.
    They are something else if they are legal pages or entries of a tracker; also if they have no facts, and either the name
    of the list suggests news or staff, or no name of it (`called`) suggests initiatives. Links in a menu are doubtful, and those
    of a main menu, which lead to the top of the site, are its own pages.
    """
    if not records or _share(records, _is_no_initiative) > 0.5 or (day and _are_reports(recipe, records, day)):
        return 0.0
    if recipe.adapter in SITE_WIDE_ADAPTERS and expected < MIN_ON_SITE and _is_front(recipe.url):
        return 0.0
    if is_of_menu(recipe.html.entries):
        is_main_menu = _share(records, lambda record: _depth(record.url or "", recipe.url) < MIN_DEPTH_IN_FOLDER) > 0.5
        return 1.0 if _share(records, _has_seat) >= MIN_SHARE_WITH_FACTS else 0.0 if is_main_menu else DOUBT_FACTOR
    if recipe.adapter in PROSE_ADAPTERS and _are_posts(recipe, records):
        return 1.0 if _share(records, _has_seat) >= MIN_SHARE_WITH_FACTS else 0.0
    other_share = _share(records, lambda record: is_excluded_list(urlsplit(record.url or "").path))
    if other_share > 0.5 or is_excluded_list(_list_name(recipe)):
        return 1.0 if has_facts(records, raws) else 0.0 if is_factless(records, raws) else DOUBT_FACTOR
    return 1.0 if not _needs_name(recipe, records, raws, called) or _is_called_list(recipe, records, called) else 0.0


def _needs_name(recipe: Recipe, records: Sequence[Record], raws: Sequence[RawRecord], called: Sequence[str]) -> bool:
    """Whether only the name of a list can show that its records are initiatives.

    Pages for people must give facts of half of the records, and more than names that are links, which may lead to anything;
    headings of one text must give their seats or dates, since links and mail addresses stand in any text. Places on the map
    of a page may be those of anything.
    """
    if recipe.adapter == "json":
        return bool(called) and _share(records, lambda record: _is_bare_place(record, recipe)) > 0.5
    if recipe.adapter not in PROSE_ADAPTERS or len(records) < 2:
        return False
    if _OF_HEADINGS.search(recipe.html.blocks):
        return _share(records, lambda record: _has_seat(record) or bool(record.start_date)) < MIN_SHARE_WITH_FACTS
    return not has_facts(records, raws) or (bool(recipe.html.blocks) and _share(records, _is_bare_link) > 0.5)


def _is_bare_place(record: Record, recipe: Recipe) -> bool:
    """Whether a record has a name and a place alone, and no page of its own."""
    has_more = record.description or record.summary or any(getattr(record, name) for name in FACTS if name not in PLACE_FIELDS)
    return not has_more and record.url in recipe.addresses


def _is_bare_link(record: Record) -> bool:
    """Whether a record has a name and a website alone."""
    return not (record.description or record.summary) and not any(getattr(record, name) for name in FACTS if name != "website")


def _are_posts(recipe: Recipe, records: Sequence[Record]) -> bool:
    """Whether records lie in folders of dates, or are listed on a page that does, as posts of a blog are."""
    in_folders = _share(records, lambda record: bool(_OF_DATE.search(urlsplit(record.url or "").path)))
    return in_folders > 0.5 or any(_OF_DATE.search(urlsplit(address).path) for address in recipe.addresses)


def _are_reports(recipe: Recipe, records: Sequence[Record], day: str) -> bool:
    """Whether records are reports of what took place: events that are over, with neither an hour, a place nor a page."""
    return recipe.adapter == "html" and all(
        record.kind == "event"
        and (record.start_date or day) < day
        and len(record.start_date or "") == DAY_LENGTH
        and not (record.place or record.address or record.website or record.lat)
        and record.url in recipe.addresses
        for record in records
    )


def _has_seat(record: Record) -> bool:
    return any(getattr(record, name) for name in SEAT_FIELDS)


def has_facts(records: Sequence[Record], raws: Sequence[RawRecord]) -> bool:
    """Return whether at least half of the records have a fact, besides name and text."""
    return _share_with_facts(records, raws) >= MIN_SHARE_WITH_FACTS


def is_factless(records: Sequence[Record], raws: Sequence[RawRecord]) -> bool:
    """Return whether hardly any record has a fact, besides name and text."""
    return _share_with_facts(records, raws) <= MAX_SHARE_OF_FACTLESS


def _share_with_facts(records: Sequence[Record], raws: Sequence[RawRecord]) -> float:
    """Return the share of the records with a fact; or of what the source itself says of a seat, if that share is larger."""
    counts = Counter(value for record in records for value in _own_values(record))
    most = max(1, MAX_SHARE_OF_OWN * len(records)) if len(counts) >= MIN_DISTINCT * counts.total() else 0
    of_site = {"address"} if _have_one_address(records) else set()
    facts = [name for name in FACTS if name not in {*OWN_FIELDS, *of_site}]
    seats = [name for name in SEAT_FIELDS if name not in of_site]

    def has_fact(record: Record) -> bool:
        return any(getattr(record, name) for name in facts) or any(counts[value] <= most for value in _own_values(record))

    return max(_share(records, has_fact), _share(raws, lambda raw: any(raw.fields.get(name) for name in seats)))


def _have_one_address(records: Sequence[Record]) -> bool:
    """Whether nearly all records have the same address, which is then that of the site."""
    counts = Counter(record.address for record in records if record.address)
    return bool(counts) and counts.most_common(1)[0][1] >= max(MIN_ON_SITE, MIN_SHARE_OF_ONE_ADDRESS * len(records))


def _own_values(record: Record) -> list[str]:
    return [value for name in OWN_FIELDS if (value := getattr(record, name))]


def _is_called_list(recipe: Recipe, records: Sequence[Record], called: Sequence[str]) -> bool:
    """Whether a list without facts has a name that suggests initiatives.

    Parts of one page, and pages at the top of a site, are mostly something else, so that there a title or heading must name
    a list; for pages in a folder a word for initiatives is enough, also in the name of the folder. The name of the site says
    nothing of its lists.
    """
    if any(map(names_list, called)):
        return True
    is_parts = bool(recipe.html.blocks or recipe.html.lines)
    is_top = _share(records, lambda record: _depth(record.url or "", recipe.url) < MIN_DEPTH_IN_FOLDER) > 0.5
    if is_parts or is_top:
        return False
    folders = [part for part in f"{_folders(records)} {_list_name(recipe)}".replace(" ", "/").split("/") if not names_own(part)]
    parts = [part for name in called for part in parts_of_title(name)]
    of_list = [part for part in parts if fold(part) != fold(recipe.title) and not names_own(part)]
    return is_about_initiatives(" ".join([*of_list, *folders]))


def _is_front(url: str) -> bool:
    return not is_initiative_page(url)


def _depth(url: str, site_url: str) -> int:
    """The number of parts of an address's path, below the folder of the site where it is in it."""
    path, folder = urlsplit(url).path.strip("/"), urlsplit(site_url).path.strip("/")
    is_below = _is_front(site_url) or not folder
    return len([part for part in path.removeprefix(folder if is_below else "").split("/") if part])


def _is_no_initiative(record: Record) -> bool:
    addresses = [address.split("?")[0] for address in (record.url, record.website) if address]
    return any(_OF_TRACKER.search(address[-200:]) for address in addresses) or bool(legal_part(urlsplit(record.url or "").path))


def _share(things: Sequence[Thing], has: Callable[[Thing], bool]) -> float:
    return sum(map(has, things)) / len(things) if things else 0.0


def _folders(records: Sequence[Record]) -> str:
    """Return the folders of the records' addresses."""
    return " ".join(sorted({urlsplit(record.url or "").path.rstrip("/").rpartition("/")[0] for record in records}))


def _list_name(recipe: Recipe) -> str:
    """Return the name of a recipe's list: its types, and the paths of its addresses."""
    return " ".join([*recipe.types, *recipe.include, *(urlsplit(address).path for address in recipe.addresses)])
