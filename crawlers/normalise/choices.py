"""A recipe's choices: which of a source's own fields fill which of ours, where people chose otherwise than the reading did.

They are applied to what was read, never while reading: a stored source gives the same by them as a new crawl.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crawlers.record import RawRecord
from crawlers.texts.clean import one_line, shorten
from crawlers.values.headings import natural_field
from crawlers.values.own_fields import TECHNICAL, OwnFields, own_fields
from crawlers.values.raw_fields import all_texts

Choices = Mapping[str, str | None]
"""A field of the source by its own name to the field of ours that it fills, or to None: it is not taken."""
READ = "@"
"""Begins the name of what the reading found without a name of the source's own: `@title` is what it took for the title."""
MAX_SAMPLES = 3
MAX_SAMPLE_CHARACTERS = 60
COMPARED_CHARACTERS = 500
TEXTS = ("title", "summary", "description")


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the source by its own name, or READ and a name of ours: in how many records it is, some of its values, and the
    field of ours that it fills where nobody chose ("" for none)."""

    name: str
    count: int
    samples: tuple[str, ...]
    ours: str


def chosen(raw: RawRecord, choices: Choices) -> RawRecord:
    """The raw record with its fields as they were chosen. A field of ours whose chosen source is empty keeps what it had."""
    if not choices:
        return raw
    own = own_fields(raw.source)
    sources = sources_of(raw, own)
    fields = {ours: value for ours, value in raw.fields.items() if _stays(ours, sources, choices)}
    fields |= {ours: value for name, ours in choices.items() if ours and (value := _value_of(name, raw, own))}
    return replace(raw, fields=fields, translations=_translations(raw, sources, choices))


def with_named_fields(raw: RawRecord, names: Mapping[str, str]) -> RawRecord:
    """The raw record, read by an earlier recipe, with the fields that the recipe's `fields` name now (ours to the source's)."""
    own = own_fields(raw.source)
    return replace(raw, fields=raw.fields | {ours: own[theirs] for ours, theirs in names.items() if own.get(theirs)})


def own_field_list(raws: Iterable[RawRecord]) -> list[OwnField]:
    """The fields of the source that fill any of these records: those that fill ours first, the most frequent of each first."""
    counts: Counter[str] = Counter()
    samples: defaultdict[str, dict[str, None]] = defaultdict(dict)
    filled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for raw in raws:
        own = own_fields(raw.source)
        sources = sources_of(raw, own)
        named: dict[str, Any] = {name: raw.fields[name[1:]] for name in sources.values() if name.startswith(READ)} | own
        for name, value in named.items():
            counts[name] += 1
            samples[name].setdefault(_sample(value))
        for ours, name in sources.items():
            filled[name][ours] += 1
    names = (name for name in counts if filled[name] or name not in TECHNICAL)
    fields = [_own_field(name, counts[name], samples[name], filled[name]) for name in names]
    return sorted(fields, key=lambda field: (not field.ours, -field.count, field.name))


def sources_of(raw: RawRecord, own: OwnFields) -> dict[str, str]:
    """For each field of ours that is filled, the source's own field that fills it: the one with its value; else READ and ours."""
    by_value: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in own.items():
        by_value[_key(value)].append(name)
    filled = {ours: value for ours, value in raw.fields.items() if all_texts(value)}
    return {ours: _source_of(ours, by_value.get(_key(value), ()), filled) for ours, value in filled.items()}


def _source_of(ours: str, names: Iterable[str], filled: Mapping[str, Any]) -> str:
    """The name that stands for the field, else one that stands for none that is filled."""
    known = {name: natural_field(name) for name in names}
    free = (name for name, field in known.items() if field not in filled)
    return next((name for name, field in known.items() if field == ours), next(free, READ + ours))


def _stays(ours: str, sources: Mapping[str, str], choices: Choices) -> bool:
    source = sources.get(ours, "")
    return source not in choices or choices[source] == ours


def _value_of(name: str, raw: RawRecord, own: OwnFields) -> Any:
    return raw.fields.get(name.removeprefix(READ)) if name.startswith(READ) else own.get(name)


def _translations(raw: RawRecord, sources: Mapping[str, str], choices: Choices) -> dict[str, dict[str, str]]:
    """The translations, in which only what the reading found has other languages; what is chosen instead has none."""
    read = {ours: name.removeprefix(READ) for name, ours in choices.items() if ours and name.startswith(READ)}
    kept = {ours: ours for ours in TEXTS if _stays(ours, sources, choices) and ours not in choices.values()} | read
    return {lang: {ours: texts[name] for ours, name in kept.items() if name in texts} for lang, texts in raw.translations.items()}


def _own_field(name: str, count: int, samples: Iterable[str], filled: Counter[str]) -> OwnField:
    ours = filled.most_common(1)[0][0] if filled else ""
    return OwnField(name, count, tuple(samples)[:MAX_SAMPLES], ours)


def _sample(value: Any) -> str:
    return shorten(one_line(", ".join(all_texts(value))), MAX_SAMPLE_CHARACTERS)


def _key(value: Any) -> str:
    return ", ".join(all_texts(value))[:COMPARED_CHARACTERS].strip()
