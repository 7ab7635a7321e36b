"""View models of a partner's mapping: the questions, and what the answers would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platforma.catalogue.partners.own_mapping import MappingDiff, OwnReading
from platforma.catalogue.visitors.mapped import remade
from platforma.catalogue.visitors.site_looks import DIMENSIONS, Choices
from platforma.i18n import gettext as _
from platforma.i18n import ngettext, number
from platforma.web.labels import field_label, value_text
from platforma.web.public.choice_fields import ChoiceField, choice_of_all, field_choices, word_choices

MAX_VALUE_CHARACTERS = 160
MAX_UNNAMED = 10


@dataclass(frozen=True, slots=True)
class MappingPage:
    """The questions about a platform. `seen` is the version of its recipe, `looked_at` says of how many entries they are."""

    choices: Sequence[ChoiceField]
    words: Sequence[ChoiceField]
    fields: Sequence[ChoiceField]
    seen: int
    looked_at: str


@dataclass(frozen=True, slots=True)
class DiffPage:
    """What would change: in words how many entries, by field, examples as (title, (field, before, after)), and what would have no
    name. `is_mass`: a curator decides."""

    changed: str
    looked_at: str
    by_field: Sequence[tuple[str, str]]
    examples: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
    unnamed: Sequence[str]
    unnamed_more: int
    is_mass: bool
    is_empty: bool


def mapping_page(reading: OwnReading, sent: Choices | None = None) -> MappingPage:
    """The questions, with what is chosen, or with what was sent; of fields that cannot be, the words are those read before."""
    asked = sent or reading.choices
    result = remade(reading.result, asked.fields) if sent and not sent.doubled else reading.result
    return MappingPage(
        choices=[field for name in DIMENSIONS if (field := choice_of_all(name, result, asked))],
        words=word_choices(result, asked), fields=field_choices(result, asked), seen=reading.version,
        looked_at=_looked_at(len(result.raws), reading.in_all),
    )  # fmt: skip


def diff_page(diff: MappingDiff) -> DiffPage:
    """What other choices would change."""
    return DiffPage(
        changed=ngettext("%(num)s entry would change", "%(num)s entries would change", diff.changed),
        looked_at=_looked_at(diff.compared, diff.in_all),
        by_field=[(field_label(name), number(count)) for name, count in diff.by_field.most_common()],
        examples=[(example.title, _changes(example.fields)) for example in diff.examples],
        unnamed=diff.unnamed[:MAX_UNNAMED], unnamed_more=max(0, len(diff.unnamed) - MAX_UNNAMED), is_mass=diff.is_mass,
        is_empty=not diff.changed and not diff.unnamed,
    )  # fmt: skip


def _looked_at(some: int, in_all: int) -> str:
    if some >= in_all:
        return ""
    return _("We looked at %(some)s of %(all)s entries, spread evenly.", some=number(some), all=number(in_all))


def _changes(fields: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    return [(field_label(name), _text(name, before), _text(name, after)) for name, (before, after) in fields.items()]


def _text(name: str, value: Any) -> str:
    """A value as people read it, cut to MAX_VALUE_CHARACTERS."""
    text = " · ".join(map(str, value.values())) if isinstance(value, Mapping) else value_text(name, value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[: MAX_VALUE_CHARACTERS - 1]}…"
