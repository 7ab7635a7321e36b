"""Unmapped values and fields of a platform's source: what they may stand for here, and storing a curator's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from crawlers.values.labels import FIELDS
from crawlers.values.own_fields import TECHNICAL
from platforma.catalogue import notices
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest.differences import record_name
from platforma.catalogue.ingest.reports import RecordName
from platforma.catalogue.models import Platform
from platforma.catalogue.platforms import coverage_counts, recipes
from platforma.catalogue.platforms.coverage_counts import Occurring, Sample
from platforma.catalogue.platforms.field_coverage import Asked, field_values
from search.analysis import key_tokens
from vocabulary import DIMENSIONS, Near, Vocabulary, load
from vocabulary.languages import LANGUAGES

MAX_QUESTIONS = 100
"""The maximum number of values, and of fields, that a curator is asked about at a time; the most frequent come first."""
OUR_FIELDS = frozenset(FIELDS.values())
"""Our fields that a field of a source can be mapped to."""


@dataclass(frozen=True, slots=True)
class UnmappedValue:
    """A value of the source: in how many records, some of these, and which of our ids it may mean (None: no suggestion)."""

    dimension: str
    text: str
    count: int
    records: tuple[RecordName, ...]
    suggestion: Near | None


@dataclass(frozen=True, slots=True)
class UnmappedField:
    """A field of the source that fills none of ours: in how many records, and some of its values."""

    name: str
    count: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What a curator may map, of so many `records`. `recipe_version` is the newest one, for save_answers.

    `counted_at` and `is_partial` are those of coverage_counts.Counts.
    """

    records: int
    values: tuple[UnmappedValue, ...]
    fields: tuple[UnmappedField, ...]
    recipe_version: int
    counted_at: datetime | None
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What a curator mapped: (dimension, text) to our id, or to None to leave it out; our field to the source's field."""

    values: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def unmapped(session: Session, platform_id: str) -> Unmapped:
    """The values and fields of a platform's records that are not mapped, the most frequent first, then by name."""
    asked = Asked(session.get_one(Platform, platform_id).recipe)
    counts = coverage_counts.counts_of(session, platform_id)
    values = [(pair, found) for pair, found in counts.values.items() if asked.is_value(*pair)][:MAX_QUESTIONS]
    fields = [(name, found) for name, found in counts.fields.items() if asked.is_field(name) and name not in TECHNICAL]
    ids = {id for _, found in (*values, *fields[:MAX_QUESTIONS]) for id in found.record_ids}
    samples = coverage_counts.samples(session, platform_id, ids)
    return Unmapped(
        records=counts.records,
        values=tuple(_value(pair, found, samples) for pair, found in values),
        fields=tuple(_field(name, found, samples) for name, found in fields[:MAX_QUESTIONS]),
        recipe_version=recipes.newest_version(session, platform_id),
        counted_at=counts.counted_at,
        is_partial=counts.is_partial,
    )


def _value(pair: tuple[str, str], found: Occurring, samples: Mapping[int, Sample]) -> UnmappedValue:
    """A value with those of its records that still have it."""
    sampled = [samples[id] for id in found.record_ids if id in samples and pair in samples[id].unmapped]
    names = tuple(record_name(sample.remote_id, sample.payload) for sample in sampled)
    return UnmappedValue(*pair, found.count, names, suggest(*pair))


def _field(name: str, found: Occurring, samples: Mapping[int, Sample]) -> UnmappedField:
    """A field with what those of its records say of it that still do."""
    sampled = [field_values(samples[id].payload).get(name) for id in found.record_ids if id in samples]
    return UnmappedField(name, found.count, tuple(dict.fromkeys(value for value in sampled if value)))


def suggest(dimension: str, text: str) -> Near | None:
    """The id that a text means: one whose name it is in any form of its words, or is with one letter wrong; else None.

    A short text with a letter wrong may mean a country, of which no other is near, though that is not sure; the names of the
    other lists are common words, and a short one is nearly always another word.
    """
    by_words = _ids_by_words(load(), dimension)
    matches = (by_words.get(_stemmed_words(text, lang)) for lang in LANGUAGES)
    sure = load().find(dimension, text) or next(filter(None, matches), None)
    near = Near(sure, True) if sure else load().nearest(dimension, text)
    if near is None or near.slips > 1 or not (near.is_sure or dimension == "country"):
        return None
    successors = load().successors(dimension, near.id)
    return replace(near, id=successors[0]) if len(successors) == 1 else None


@lru_cache(maxsize=len(DIMENSIONS))
def _ids_by_words(vocabulary: Vocabulary, dimension: str) -> Mapping[frozenset[str], str | None]:
    """The stemmed words of each name to its id, or to None where two ids share them; empty for countries."""
    ids: dict[frozenset[str], str | None] = {}
    for term in vocabulary.every_term(dimension) if dimension != "country" else ():
        for lang, label in term.labels.items():
            for name in (label, *term.synonyms, *term.narrower, *term.written):
                words = _stemmed_words(name, lang)
                ids[words] = term.id if ids.get(words, term.id) == term.id else None
    return {words: id for words, id in ids.items() if words}


def _stemmed_words(text: str, lang: str) -> frozenset[str]:
    return frozenset(key_tokens(text, lang))


def save_answers(session: Session, *, platform_id: str, answers: Answers, base_version: int, actor: str) -> int:
    """Add answers to the recipe as a new live version; return its number. The worker maps the stored records anew.

    Raises RecipeError, and VersionConflict where a version newer than `base_version` was saved.
    """
    recipe: dict[str, Any] = dict(session.get_one(Platform, platform_id).recipe)
    mapping = {dimension: dict(pairs) for dimension, pairs in (recipe.get("values") or {}).items()}
    for (dimension, text), id in answers.values.items():
        mapping.setdefault(dimension, {})[text] = id
    recipe |= {"values": mapping} if mapping else {}
    recipe |= {"fields": {**(recipe.get("fields") or {}), **answers.fields}} if answers.fields else {}
    version = recipes.save_live(session, platform_id=platform_id, recipe=recipe, base_version=base_version, actor=actor)
    notices.resolve_notices(session, platform_id, notices.SHAPE_TOPICS, now=utc_now())
    return version


def dismiss_changes(session: Session, platform_id: str, *, actor: str) -> None:
    """Settle the notices of unmapped values and fields: a curator has looked, and nothing need be done."""
    notices.resolve_notices(session, platform_id, notices.SHAPE_TOPICS, now=utc_now())
    record_event(session, actor=actor, action="dismiss", object_type="platform", object_id=platform_id)
