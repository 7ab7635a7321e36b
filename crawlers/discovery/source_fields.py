"""The fields and values of a source by its own names, how often they occur, and what of ours they map to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.clean import one_line, shorten
from crawlers.values.labels import FIELDS, field_of
from crawlers.values.own_fields import own_fields
from crawlers.values.raw_fields import all_texts, split_texts
from vocabulary import FIELD_OF_DIMENSION, Dimension, fold, load

MAX_SAMPLES = 5
MAX_SAMPLE_CHARACTERS = 80
MIN_SIMILARITY = 78.0
"""The similarity (rapidfuzz ratio, 0 to 100) of two names from which one is suggested for the other."""


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of the source by its own name.

    `coverage` is the share of records that fill it (0 to 1), `samples` are some of its values. `ours` is the field of ours
    that it maps to; where there is none, `suggestion` is the one with the most similar usual name.
    """

    name: str
    coverage: float
    samples: tuple[str, ...]
    ours: str | None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class SourceValue:
    """A value that the source uses for a kind, sector, theme or country.

    `count` is the number of records that have it, `id` is ours for it; where there is none, `suggestion` is the id whose
    name is most similar, for a person to confirm.
    """

    dimension: Dimension
    value: str
    count: int
    id: str | None
    suggestion: str | None = None


def source_fields(raws: Iterable[RawRecord], recipe: Recipe) -> list[SourceField]:
    """Return the source's own fields, those with the highest coverage first."""
    values_by_name: dict[str, list[str]] = defaultdict(list)
    total = 0
    for raw in raws:
        total += 1
        for name, value in own_fields(raw.source).items():
            if texts := [shorten(one_line(text), MAX_SAMPLE_CHARACTERS) for text in all_texts(value)]:
                values_by_name[name].append(", ".join(texts))
    mapped = {theirs: ours for ours, theirs in recipe.fields.items()}
    fields = [_source_field(name, values, total, mapped) for name, values in values_by_name.items()]
    return sorted(fields, key=lambda field: (-field.coverage, field.name))


def source_values(raws: Iterable[RawRecord], recipe: Recipe) -> list[SourceValue]:
    """Return the source's values for kinds, sectors, themes and countries, by dimension, the most frequent first."""
    counts: dict[Dimension, Counter[str]] = {dimension: Counter() for dimension in FIELD_OF_DIMENSION}
    for raw in raws:
        for dimension, field in FIELD_OF_DIMENSION.items():
            texts = all_texts(raw.fields.get(field)) if dimension == "country" else split_texts(raw.fields.get(field))
            counts[dimension].update({one_line(text) for text in texts} - {""})
    return [
        _source_value(dimension, value, count, recipe)
        for dimension, counter in counts.items()
        for value, count in counter.most_common()
    ]


def _source_field(name: str, values: list[str], total: int, mapped: Mapping[str, str]) -> SourceField:
    ours = mapped.get(name) or field_of(name) or (name if name in FIELDS.values() else None)
    near = None if ours else process.extractOne(fold(name), list(FIELDS), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
    samples = tuple(dict.fromkeys(values))[:MAX_SAMPLES]
    return SourceField(name, round(len(values) / total, 2), samples, ours, FIELDS[near[0]] if near else None)


def _source_value(dimension: Dimension, value: str, count: int, recipe: Recipe) -> SourceValue:
    mapping = recipe.values.get(dimension, {})
    id = mapping[value] if value in mapping else load().find(dimension, value)
    nearest = None if id or value in mapping else load().nearest(dimension, value)
    return SourceValue(dimension, value, count, id, nearest.id if nearest else None)
