"""The facts by which the staff's list searches, filters and sorts listings: written wherever listings are composed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crawlers.values.addresses import host_of
from platforma.catalogue.listings.listing import text_for
from platforma.catalogue.models import SORT_KEY_CHARACTERS, Initiative, ListingFacts, ListingTitle
from platforma.catalogue.shapes import Composed
from vocabulary import fold
from vocabulary.folding import name_key
from vocabulary.languages import LANGUAGES

COLUMNS = ("words", "kind", "sectors", "themes", "countries", "languages", "has_place")
Facts = Mapping[str, Any]
"""The columns of a row of ListingFacts."""


def keep(session: Session, composed: Mapping[int, tuple[str, Composed]]) -> None:
    """Write the facts of these listings where they changed: row id to public id and what it shows, nothing for a removed one."""
    facts = {id: facts_of(public_id, shown) for id, (public_id, shown) in composed.items()}
    changed = [id for id, known in _known(session, composed).items() if known != facts[id]]
    titles = {id: sort_keys(*composed[id]) for id in composed}
    stale = [id for id, known in _known_titles(session, composed).items() if known != titles[id]]
    _replace(session, ListingFacts, changed, [{"initiative_id": id, **facts[id]} for id in changed])
    rows = [{"initiative_id": id, "lang": lang, "sort_key": key} for id in stale for lang, key in titles[id].items()]
    _replace(session, ListingTitle, stale, rows)


def facts_of(public_id: str, composed: Composed) -> Facts:
    """The facts of a listing that shows this; in whatever order its sources gave the languages."""
    fields, titles = composed.get("fields", {}), composed.get("texts", {}).get("title", {})
    return {
        "words": _words(public_id, composed),
        "kind": fields.get("kind", ""),
        "sectors": marked(fields.get("sectors", ())),
        "themes": marked(fields.get("themes", ())),
        "countries": marked(fields.get("countries", ())),
        "languages": marked(sorted(titles)),
        "has_place": bool(fields.get("place")),
    }


def sort_keys(public_id: str, composed: Composed) -> dict[str, str]:
    """What a listing is sorted by, by interface language: the key of the title that its readers see."""
    titles, original = composed.get("texts", {}).get("title", {}), composed.get("original_lang")
    shown = {lang: text_for(lang, titles, original) for lang in LANGUAGES}
    return {lang: _sort_key(text.text if text else public_id, lang) for lang, text in shown.items()}


def _sort_key(title: str, lang: str) -> str:
    """The letters of the key alone, without the title that ends it: the id of the listing makes the order total."""
    return name_key(title, lang).partition("\0")[0][:SORT_KEY_CHARACTERS]


def marked(entries: Iterable[str]) -> str:
    """A list as one text, `|a|b|`, in which each entry can be looked for; an empty text for an empty list."""
    joined = "|".join(entries)
    return f"|{joined}|" if joined else ""


def _words(public_id: str, composed: Composed) -> str:
    """The folded names and numbers by which a listing can be found; no sort of text that describes it."""
    fields, titles = composed.get("fields", {}), composed.get("texts", {}).get("title", {})
    hosts = (host_of(address) for address in (fields.get("website", ""), *fields.get("same_as", ())))
    numbers = (number["value"] for number in fields.get("identifiers", ()))
    said = (
        *(titles[lang] for lang in sorted(titles)),
        fields.get("organisation"),
        fields.get("email"),
        *numbers,
        *hosts,
        public_id,
    )
    return "\n".join(dict.fromkeys(fold(text) for text in said if text))


def _known(session: Session, ids: Collection[int]) -> dict[int, Facts | None]:
    """The facts that stand of each listing; None where there are none."""
    query = select(ListingFacts.initiative_id, *(getattr(ListingFacts, name) for name in COLUMNS))
    rows = {
        row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in session.execute(query.where(_is_among(ListingFacts, ids)))
    }
    return {id: rows.get(id) for id in ids}


def _known_titles(session: Session, ids: Collection[int]) -> dict[int, dict[str, str]]:
    known: dict[int, dict[str, str]] = {id: {} for id in ids}
    query = select(ListingTitle.initiative_id, ListingTitle.lang, ListingTitle.sort_key)
    for id, lang, key in session.execute(query.where(_is_among(ListingTitle, ids))):
        known[id][lang] = key
    return known


def _is_among(table: type[ListingFacts | ListingTitle], ids: Collection[int]) -> Any:
    return table.initiative_id.in_(ids)


def _replace(session: Session, table: type[ListingFacts | ListingTitle], ids: Sequence[int], rows: list[dict[str, Any]]) -> None:
    """Put the rows in place of those of the listings."""
    if ids:
        session.execute(delete(table).where(_is_among(table, ids)))
        session.execute(insert(table), rows)


def forget(session: Session, listings: Iterable[Initiative]) -> None:
    """Leave nothing of removed listings but their public ids."""
    keep(session, {listing.id: (listing.public_id, {}) for listing in listings})
