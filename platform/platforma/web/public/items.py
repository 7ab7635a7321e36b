"""Listings as JSON objects: what the API, exports of searches and dumps say of one initiative."""

from __future__ import annotations

from datetime import UTC, datetime

from platforma.catalogue.listings.listing import Listing, Source
from platforma.catalogue.listings.relations import Relations
from platforma.web.context import absolute
from platforma.web.public.rows import listing_url


def item(listing: Listing, lang: str) -> dict[str, object]:
    """A listing as a JSON object: texts for a reader of `lang`, ids of the vocabulary, dates as ISO 8601 to the precision known.

    Its description is there only where the licence of its source lets us show the whole of it.
    """
    title, summary = listing.title(lang), listing.shown("summary", lang)
    return {
        "id": listing.public_id,
        "slug": listing.slug,
        "title": title.text,
        "title_lang": title.lang,
        "summary": summary.text if summary else None,
        "texts": _texts(listing),
        "kind": listing.get("kind"),
        "country": listing.get("country"),
        "countries": list(listing.get("countries")),
        "region": listing.get("region"),
        "place": listing.get("place"),
        "address": listing.get("address"),
        "lat": listing.get("lat"),
        "lon": listing.get("lon"),
        "sectors": list(listing.get("sectors")),
        "themes": list(listing.get("themes")),
        "legal_form": listing.get("legal_form"),
        "identifiers": [dict(identifier) for identifier in listing.get("identifiers")],
        "organisation": listing.get("organisation"),
        "start_date": listing.get("start_date"),
        "end_date": listing.get("end_date"),
        "website": listing.get("website"),
        "email": listing.get("email"),
        "phone": listing.get("phone"),
        "languages": list(listing.get("languages")),
        "licence": listing.get("licence"),
        "url": absolute(listing_url(listing)),
        "published_at": instant_text(listing.published_at),
        "changed_at": instant_text(listing.changed_at),
        "last_seen_at": instant_text(listing.last_seen_at),
        "sources": [_source(source) for source in listing.sources],
    }


def related_items(relations: Relations, lang: str) -> dict[str, object]:
    """What a listing is a part of, and its parts, each by id, title for a reader of `lang`, and address."""
    return {name: [_related(one, lang) for one in getattr(relations, name)] for name in ("part_of", "parts")}


def _related(listing: Listing, lang: str) -> dict[str, object]:
    title = listing.title(lang)
    return {"id": listing.public_id, "title": title.text, "title_lang": title.lang, "url": absolute(listing_url(listing))}


def instant_text(at: datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC to the second, with `Z`; None for None."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _texts(listing: Listing) -> dict[str, dict[str, str]]:
    texts = {name: dict(listing.texts.get(name, {})) for name in ("title", "summary")}
    return texts | ({"description": dict(listing.texts.get("description", {}))} if listing.full_text_allowed else {})


def _source(source: Source) -> dict[str, object]:
    return {"platform": source.platform_id, "remote_id": source.remote_id, "url": source.url}
