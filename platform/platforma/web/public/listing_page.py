"""The view model of a listing's page: what it is, its texts and facts, where each is from, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.listings.relations import Relations
from platforma.catalogue.platforms.platform_queries import PlatformName
from platforma.i18n import fixed_url
from platforma.i18n import gettext as _
from platforma.web.public.geography.mini_map import MiniMap, mini_map
from platforma.web.public.json_ld import Crumb, json_ld
from platforma.web.public.landings import landing_address
from platforma.web.public.listing_facts import Fact, FactValue, Website, facts, host_name, website
from platforma.web.public.listing_origins import Origins, origins
from platforma.web.public.listing_texts import ListingTexts, Translation, listing_texts, translations
from platforma.web.public.neighbours import Neighbours
from platforma.web.public.pictures import Picture, shown_picture
from platforma.web.public.rows import Row, place_text, row, vocabulary_label
from platforma.web.public.search_addresses import query_address, search_address
from platforma.web.public.search_titles import search_title
from platforma.web.public.take.ics import happening_of
from search.port import Filter, Query, When
from vocabulary import collation_key

MIN_PICTURE_WIDTH = 320
"""Pictures narrower than these CSS pixels stand beside the title only."""


@dataclass(frozen=True, slots=True)
class Link:
    """A label and the address that it leads to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside a listing: what people judged it to be a part of, and its parts; what is found by name; when its
    website was tried last, where that is dead; and since when its organisation keeps it itself, where it does."""

    relations: Relations
    neighbours: Neighbours
    unanswered_at: datetime | None
    kept_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a listing as rows, each in one group only. `part_of` and `parts`, by title, are judged; `are_members`:
    the parts are those of a network. `runs_it` is a link where the organisation has no listing of its own; `all_url` leads to
    all listings of the platform, of which there are `platform_total`."""

    part_of: Sequence[Row]
    parts: Sequence[Row]
    are_members: bool
    organisation: Row | None
    runs_it: Link | None
    work: Sequence[Row]
    similar: Sequence[Row]
    of_platform: Sequence[Row]
    platform: Link | None
    all_url: str
    platform_total: int


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One listing. `head` is the listing as a row, `is_over` whether it is a past event or a closed call,
    `current_url` the search for those that are not, `full_text` leads to
    the source of a text that is shown in part, `own_platform` to the page of the platform that the listing is of."""

    listing: Listing
    title: Text
    head: Row
    crumbs: Sequence[Crumb]
    kind_url: str | None
    place_url: str | None
    is_over: bool
    current_url: str | None
    texts: ListingTexts
    translations: Sequence[Translation]
    picture: Picture | None
    calendar_url: str | None
    full_text: Link | None
    facts: Sequence[Fact]
    themes: Sequence[FactValue]
    website: Website | None
    map: MiniMap | None
    origins: Origins
    own_platform: Link | None
    beside: Beside
    json_ld: str
    kept_since: datetime | None = None


def listing_page(
    listing: Listing, lang: str, today: date, around: Surroundings, platforms: Mapping[str, PlatformName]
) -> ListingPage:
    """The view model of a listing; `platforms` are names by id."""
    found = facts(listing, lang, today)
    crumbs = _crumbs(listing, lang)
    texts = listing_texts(listing, lang)
    first_urls = {fact.field: fact.values[0].url for fact in found}
    return ListingPage(
        listing=listing,
        title=listing.title(lang),
        head=row(listing, lang, today=today),
        crumbs=crumbs,
        kind_url=first_urls.get("kind"),
        place_url=first_urls.get("place") or first_urls.get("countries"),
        is_over=listing.is_over(today),
        current_url=_current_url(listing),
        texts=texts,
        translations=translations(listing, lang),
        picture=_picture(listing),
        calendar_url=_calendar_url(listing),
        full_text=_full_text(listing) if texts.is_cut else None,
        facts=found,
        themes=[value for fact in found if fact.field == "themes" for value in fact.values],
        website=website(listing, around.unanswered_at),
        map=_map(listing, lang),
        origins=origins(listing, found, {id: name.title for id, name in platforms.items()}),
        own_platform=_platform_link(own_platform(listing, platforms)),
        beside=_beside(listing, around, lang, today, platforms),
        json_ld=json_ld(listing, lang, crumbs, around.relations),
        kept_since=around.kept_since,
    )


def _crumbs(listing: Listing, lang: str) -> list[Crumb]:
    """The way to the listing: all, those of its kind, those of its kind in its country."""
    kind, countries = listing.get("kind"), listing.get("countries")
    way = [(_("All initiatives"), fixed_url("directory.search"))]
    chosen = {"kind": kind} if kind else {}
    if kind:
        of_kind = Query(lang=lang, filters={"kind": Filter((kind,))})
        way.append((search_title(of_kind, {}), landing_address(chosen)))
    if countries:
        way.append((vocabulary_label("country", countries[0], lang), landing_address({**chosen, "country": countries[0]})))
    return way


def _map(listing: Listing, lang: str) -> MiniMap | None:
    town, place = listing.get("place") or "", place_text(listing, lang)
    return mini_map(listing.get("lat"), listing.get("lon"), listing.get("country"), town, place)


def _picture(listing: Listing) -> Picture | None:
    """The picture where it is wide enough to tell more than the small one beside the title."""
    picture = shown_picture(listing, "page")
    return picture if picture and picture.width >= MIN_PICTURE_WIDTH else None


def _calendar_url(listing: Listing) -> str | None:
    """The file for a calendar; None for what has no day in one."""
    if happening_of(listing) is None:
        return None
    return url_for("take.calendar", public_id=listing.public_id, slug=listing.slug)


def _current_url(listing: Listing) -> str | None:
    """The search for the events that are to come, or for the calls that are open; None for other kinds."""
    kind = listing.get("kind")
    whens: dict[str | None, When] = {"event": "upcoming", "funding": "open"}
    when = whens.get(kind)
    return query_address(Query(filters={"kind": Filter((kind,))}, when=when)) if kind and when else None


def _full_text(listing: Listing) -> Link | None:
    """Where the whole of a text is that is shown in part: at a source, else on its own site."""
    addresses = (*(source.url for source in listing.sources), listing.get("website"))
    url = next((address for address in addresses if address), None)
    return Link(host_name(url), url) if url else None


def own_platform(listing: Listing, platforms: Mapping[str, PlatformName]) -> PlatformName | None:
    """The platform that the listing is of, where it is the listing of a platform."""
    return next((name for name in platforms.values() if name.listing_id == listing.public_id), None)


def _platform_link(name: PlatformName | None) -> Link | None:
    return Link(name.title, url_for("directory.platform", public_id=name.public_id, slug=name.slug)) if name else None


def _beside(listing: Listing, around: Surroundings, lang: str, today: date, platforms: Mapping[str, PlatformName]) -> Beside:
    relations, neighbours, related_ids = around.relations, around.neighbours, around.relations.public_ids

    def judged(listings: Sequence[Listing]) -> list[Row]:
        return [row(one, lang, today=today) for one in sorted(listings, key=lambda one: collation_key(one.title(lang).text))]

    def rows(listings: Sequence[Listing]) -> list[Row]:
        return [row(one, lang, today=today) for one in listings if one.public_id not in related_ids]

    name, platform_id = listing.get("organisation"), neighbours.platform_id or ""
    return Beside(
        part_of=judged(relations.part_of),
        parts=judged(relations.parts),
        are_members=listing.get("kind") == "network",
        organisation=next(iter(rows([neighbours.organisation] if neighbours.organisation else [])), None),
        runs_it=Link(name, query_address(Query(text=f'"{name}"'))) if name and not neighbours.organisation else None,
        work=rows(neighbours.work),
        similar=rows(neighbours.similar),
        of_platform=rows(neighbours.of_platform),
        platform=_platform_link(platforms.get(platform_id)),
        all_url=search_address("platform", platform_id),
        platform_total=neighbours.of_platform_total,
    )
