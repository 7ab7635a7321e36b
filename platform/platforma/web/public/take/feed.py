"""Listings as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template

from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.public.rows import listing_url, vocabulary_label
from platforma.web.public.take.plain_text import printable

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was changed, where nothing else is known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing; instants are ISO 8601 with an offset, `categories` are (id, label)."""

    id: str
    title: Text
    address: str
    published: str
    updated: str
    summary: Text
    categories: Sequence[tuple[str, str]]
    authors: Sequence[str]
    rights: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: addresses are absolute; `address` is that of the page with the same listings."""

    id: str
    title: str
    address: str
    own_address: str
    updated: str
    entries: Sequence[Entry]


def entry(listing: Listing, lang: str, licence: str | None) -> Entry:
    """A listing as an entry, for a reader of `lang`."""
    published = listing.published_at or NEVER
    ids = [("kind", listing.get("kind")), *(("theme", theme) for theme in listing.get("themes"))]
    return Entry(
        id=absolute(f"/initiatives/{listing.public_id}"),
        title=_printable(listing.title(lang)),
        address=absolute(listing_url(listing)),
        published=_instant(published),
        updated=_instant(max(published, listing.changed_at or NEVER)),
        summary=_printable(listing.shown("summary", lang) or Text(_facts(listing, lang), lang)),
        categories=[(id, vocabulary_label(dimension, id, lang)) for dimension, id in ids if id],
        authors=list(dict.fromkeys(printable(source.platform_title) for source in listing.sources)),
        rights=printable(licence) if licence else None,
    )


def _facts(listing: Listing, lang: str) -> str:
    """What stands for a summary where there is none: kind, place and country."""
    labels = (vocabulary_label(name, listing.get(name), lang) for name in ("kind", "country"))
    kind, country = labels
    return ", ".join(filter(None, (kind, listing.get("place"), country)))


def feed_xml(feed: Feed) -> str:
    """The feed as XML."""
    return render_template("feeds/atom.xml", feed=feed)


def feed_of(
    entries: Sequence[Entry], *, id: str, title: str, address: str, own_address: str, updated_at: datetime | None = None
) -> Feed:
    """A feed of these entries; without any it was changed at `updated_at`."""
    updated = max((entry.updated for entry in entries), default=_instant(updated_at or NEVER))
    return Feed(id, printable(f"{_('Platform of Platforms')}: {title}"), address, own_address, updated, entries)


def _printable(text: Text) -> Text:
    return Text(printable(text.text), text.lang)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
