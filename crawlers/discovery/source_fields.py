"""What a source calls its fields and values, how often they are there, and what of ours they are or could be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.clean import one_line, shorten
from crawlers.values.fields import many, split
from crawlers.values.labels import FIELDS, field_of
from vocabulary import FIELD_OF_DIMENSION, Dimension, fold, load

SAMPLES = 5
SAMPLE_CHARACTERS = 80
ALIKE = 78.0
"""How alike (0 to 100) two names are for one to be suggested for the other."""


@dataclass(frozen=True, slots=True)
class FieldFound:
    """A field of the source by its own name: the share of records that fill it, some values, what of ours it fills.

    `suggestion` is a field of ours whose usual names are like this one's, where it fills none.
    """

    name: str
    coverage: float
    samples: tuple[str, ...]
    ours: str | None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class ValueFound:
    """A value of the source for a kind, sector, theme or country: how many records have it, our id for it or None.

    `suggestion` is the id whose name the value misspells, where there is no id; a person decides.
    """

    dimension: Dimension
    value: str
    count: int
    id: str | None
    suggestion: str | None = None


def fields_found(raws: Iterable[RawRecord], recipe: Recipe) -> list[FieldFound]:
    """The source's own fields, the fullest first."""
    found: dict[str, list[str]] = defaultdict(list)
    total = 0
    for raw in raws:
        total += 1
        for name, value in _own_fields(raw).items():
            if texts := [shorten(one_line(text), SAMPLE_CHARACTERS) for text in many(value)]:
                found[name].append(", ".join(texts))
    mapped = {theirs: ours for ours, theirs in recipe.fields.items()}
    listed = [_field(name, values, total, mapped) for name, values in found.items()]
    return sorted(listed, key=lambda one: (-one.coverage, one.name))


def values_found(raws: Iterable[RawRecord], recipe: Recipe) -> list[ValueFound]:
    """What the source writes for kinds, sectors, themes and countries, by dimension, the most frequent first."""
    counts: dict[Dimension, Counter[str]] = {dimension: Counter() for dimension in FIELD_OF_DIMENSION}
    for raw in raws:
        for dimension, field in FIELD_OF_DIMENSION.items():
            said = many(raw.fields.get(field)) if dimension == "country" else split(raw.fields.get(field))
            counts[dimension].update({one_line(text) for text in said} - {""})
    return [_value(dimension, *pair, recipe) for dimension, of in counts.items() for pair in of.most_common()]


def _own_fields(raw: RawRecord) -> Mapping[str, Any]:
    """What the source says by its own names: labelled facts, properties, columns or keys."""
    for name in ("facts", "entity", "fields"):
        if isinstance(raw.source.get(name), dict):
            return {key: value for key, value in raw.source[name].items() if not key.startswith("@")}
    return raw.source


def _field(name: str, values: list[str], total: int, mapped: Mapping[str, str]) -> FieldFound:
    ours = mapped.get(name) or field_of(name) or (name if name in FIELDS.values() else None)
    near = None if ours else process.extractOne(fold(name), list(FIELDS), scorer=fuzz.ratio, score_cutoff=ALIKE)
    samples = tuple(dict.fromkeys(values))[:SAMPLES]
    return FieldFound(name, round(len(values) / total, 2), samples, ours, FIELDS[near[0]] if near else None)


def _value(dimension: Dimension, value: str, count: int, recipe: Recipe) -> ValueFound:
    mapping = recipe.values.get(dimension, {})
    id = mapping[value] if value in mapping else load().find(dimension, value)
    return ValueFound(dimension, value, count, id, None if id or value in mapping else _suggested(dimension, value))


def _suggested(dimension: Dimension, value: str) -> str | None:
    near = load().nearest(dimension, value)
    return near.id if near else None
