"""Mapping as data: what a platform writes that stands for no id or field of ours, with suggestions, and saving answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from crawlers.values.labels import FIELDS
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.reports import Named
from platforma.catalogue.models import Platform
from platforma.catalogue.platforms import recipes
from platforma.catalogue.platforms.field_coverage import coverage_of
from search.analysis import key_tokens
from vocabulary import Near, load
from vocabulary.languages import LANGUAGES

MAX_SHOWN = 100
"""So many are asked about at a time, the most frequent first."""
OUR_FIELDS = frozenset(FIELDS.values())
"""Fields of ours that a field of a source can be mapped to."""
NOT_FIELDS = frozenset({"id", "ids", "uuid", "guid", "url", "link", "modified", "created", "published"})


@dataclass(frozen=True, slots=True)
class UnmappedValue:
    """A value of the source: in how many records, three of them, and the id of ours that may be meant by it."""

    dimension: str
    text: str
    count: int
    records: tuple[Named, ...]
    suggestion: Near | None


@dataclass(frozen=True, slots=True)
class UnmappedField:
    """A field of the source that fills none of ours: in how many records, and three of its values."""

    name: str
    count: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What a curator may map; `seen` is the newest recipe version, for saving."""

    records: int
    values: tuple[UnmappedValue, ...]
    fields: tuple[UnmappedField, ...]
    seen: int


def unmapped(session: Session, platform_id: str) -> Unmapped:
    """The values and fields of a platform's records that are not mapped, the most frequent first, then by name."""
    shape = coverage_of(session, platform_id)
    values = sorted(shape.unmapped.items(), key=lambda item: (-item[1].count, item[0]))
    fields = sorted(shape.source_fields.items(), key=lambda item: (-item[1].count, item[0]))
    return Unmapped(
        records=shape.records,
        values=tuple(
            UnmappedValue(dimension, text, seen.count, tuple(seen.records), suggest(dimension, text))
            for (dimension, text), seen in values[:MAX_SHOWN]
        ),
        fields=tuple(
            UnmappedField(name, seen.count, tuple(seen.values)) for name, seen in fields[:MAX_SHOWN] if name not in NOT_FIELDS
        ),
        seen=recipes.newest_version(session, platform_id),
    )


def suggest(dimension: str, text: str) -> Near | None:
    """The id that a text means: surely by a name of ours, in any form of its words, maybe by a misspelt one; else None."""
    by_words = _by_words(dimension)
    sure = load().find(dimension, text) or next(filter(None, (by_words.get(_forms(text, lang)) for lang in LANGUAGES)), None)
    return Near(sure, True) if sure else load().nearest(dimension, text)


@cache
def _by_words(dimension: str) -> Mapping[frozenset[str], str | None]:
    """The words of each name, apart from their form, to its id, or None where two have them; countries are found by case."""
    found: dict[frozenset[str], str | None] = {}
    for term in load().terms(dimension) if dimension != "country" else ():
        for lang, label in term.labels.items():
            for name in (label, *term.synonyms):
                words = _forms(name, lang)
                found[words] = term.id if found.get(words, term.id) == term.id else None
    return {words: id for words, id in found.items() if words}


def _forms(text: str, lang: str) -> frozenset[str]:
    return frozenset(key_tokens(text, lang))


def save_answers(
    session: Session,
    *,
    platform_id: str,
    values: Mapping[tuple[str, str], str | None],
    fields: Mapping[str, str],
    seen: int,
    actor: str,
) -> int:
    """Take answers into a new live version of the recipe: (dimension, text) to an id or None (left out), our field to theirs.

    Stored records are mapped anew by the worker. Raises VersionConflict.
    """
    recipe: dict[str, Any] = dict(session.get_one(Platform, platform_id).recipe)
    mapping = {dimension: dict(pairs) for dimension, pairs in (recipe.get("values") or {}).items()}
    for (dimension, text), id in values.items():
        mapping.setdefault(dimension, {})[text] = id
    recipe |= {"values": mapping} if mapping else {}
    recipe |= {"fields": {**(recipe.get("fields") or {}), **fields}} if fields else {}
    version = recipes.save_live(session, platform_id=platform_id, recipe=recipe, seen=seen, actor=actor)
    notices.resolve_notices(session, platform_id, notices.SHAPE_TOPICS, now=utc_now())
    return version


def shape_is_seen(session: Session, platform_id: str) -> None:
    """A curator has looked at how the platform's shape changed, and nothing need be done."""
    notices.resolve_notices(session, platform_id, notices.SHAPE_TOPICS, now=utc_now())
