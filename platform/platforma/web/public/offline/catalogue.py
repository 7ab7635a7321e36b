"""The catalogue for a device: what pages show of each listing, and the keys of their words, as one JSON object.

The keys are those of our own analysis, so that the forms of a word are found on the device as they are here: `words` are
the folded words of all texts, `keys` the numbers of the keys that each of them has, and `alike` the names of each concept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.whereabouts import countries_of
from platforma.web.public.rows import shorten
from search.word_keys import WordKeys, light_stemming
from vocabulary import load
from vocabulary.languages import LANGUAGES

FORMAT = 1
"""Counted up when the meaning of a member changes: scripts leave alone what they do not know."""
FILTERS = ("kind", "country", "theme")


def catalogue(listings: Iterable[Listing], platforms: Mapping[str, str], today: date) -> dict[str, Any]:
    """The listings as a device keeps them; `platforms` are the titles of the platforms by id, `today` is when it is made.

    A listing has its id, slug and texts by language, ids of the vocabulary, dates as ISO 8601, contact, the titles of the
    platforms that it is from, and the keys of its title, of its summary and names, and of the rest.
    """
    keys = WordKeys()
    entries = [_entry(listing, keys, platforms) for listing in listings]
    alike = keys.names_alike()
    return {
        "format": FORMAT,
        "made_on": today.isoformat(),
        "stemming": light_stemming(),
        "labels": {lang: {name: _labels(name, lang, entries) for name in FILTERS} for lang in LANGUAGES},
        "words": list(keys.by_word),
        "keys": [list(numbers) for numbers in keys.by_word.values()],
        "alike": alike,
        "listings": entries,
    }


def _entry(listing: Listing, keys: WordKeys, platforms: Mapping[str, str]) -> dict[str, Any]:
    texts = {name: dict(_texts(listing, name)) for name in ("title", "summary", "description")}
    sources = [platforms.get(source.platform_id, source.platform_title) for source in listing.sources]
    entry = {
        "id": listing.public_id,
        "slug": listing.slug,
        **texts,
        "original": listing.original_lang,
        "kind": listing.get("kind"),
        "country": list(countries_of(listing)),
        "theme": list(listing.get("themes")),
        "place": listing.get("place"),
        "address": listing.get("address"),
        "organisation": listing.get("organisation"),
        "starts": listing.get("start_date"),
        "ends": listing.get("end_date"),
        "website": listing.get("website"),
        "email": listing.get("email"),
        "phone": listing.get("phone"),
        "sources": list(dict.fromkeys(sources)),
        "keys": [
            keys.of(_tagged(texts["title"])),
            keys.of(_of_second_weight(listing, texts)),
            keys.of(_tagged(texts["description"])),
        ],
    }
    return {name: value for name, value in entry.items() if value not in (None, [], {}, "")}


def _texts(listing: Listing, name: str) -> Iterator[tuple[str, str]]:
    """A text by language, the description only as far as its licence lets us show it."""
    for lang, text in listing.texts.get(name, {}).items():
        yield lang, text if name != "description" or listing.full_text_allowed else shorten(text)


def _of_second_weight(listing: Listing, texts: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str | None]]:
    """The summary, the names beside the title, and what kind, themes and countries are called."""
    yield from _tagged(texts["summary"])
    yield from ((text, None) for name in ("place", "organisation") if isinstance(text := listing.get(name), str))
    filed = [
        ("kind", listing.get("kind")),
        *(("theme", id) for id in listing.get("themes")),
        *(("country", id) for id in countries_of(listing)),
    ]
    yield from ((load().label(name, id, lang), lang) for name, id in filed if id for lang in LANGUAGES)


def _tagged(texts: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    return ((text, None if lang == "und" else lang) for lang, text in texts.items())


def _labels(name: str, lang: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The labels of the ids that some listing has."""
    values = (entry.get(name) or () for entry in entries)
    ids = {id for value in values for id in ([value] if isinstance(value, str) else value)}
    return {id: load().label(name, id, lang) for id in sorted(ids)}
