"""The layers of a value: sources, then owners, then curators; who speaks, and what a composed listing shows of a field.

The owner's word comes in with an import or an addition (`owner`), or is written by whoever claimed the listing (`claim`): a layer
of its own, so that nothing else is lost when the claim ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, cast

from platforma.catalogue.models import Value
from platforma.catalogue.shapes import Composed, FieldValue

Key: TypeAlias = tuple[str, str]
"""A field, and the BCP 47 tag of a text field's language; empty for other fields."""
CLAIM = "claim"
LAYERS = ("owner", CLAIM, "curator")
"""The layers of what people say, the weaker first; all stand over all records."""
CURATOR_ELSEWHERE = "import: desk"
"""`by` of a value in the owner's layer that came with an export, in which it was a curator's."""
BY_PLATFORM = "platform"
"""`by` of the values of a platform's own listing that follow the platform."""
NOTHING: tuple[FieldValue | dict[str, str], ...] = ("", None, [], {})
"""Values of a field that say nothing."""


def author_of(value: Value) -> str:
    """Whose word a value is, `owner` or `curator`; after an import, curators' values stand in the owner's layer, too."""
    return "curator" if value.by == CURATOR_ELSEWHERE else origin_of(value.layer)


def origin_of(layer: str) -> str:
    """What the origins of a composed listing say of a layer: `owner` or `curator`."""
    return "owner" if layer == CLAIM else layer


def strongest(values: Iterable[Value]) -> dict[tuple[str, str], Value]:
    """Of the values of a listing the one that is shown, by field and language."""
    by_layer = sorted(values, key=lambda value: (value.field, value.lang, LAYERS.index(value.layer)))
    return {(value.field, value.lang): value for value in by_layer}


def shown_value(composed: Composed, field: str, lang: str) -> FieldValue:
    """What a listing shows of a field (in a language for texts); None where it shows nothing."""
    if lang:
        return composed["texts"].get(field, {}).get(lang)
    return cast(dict[str, FieldValue], composed["fields"]).get(field)


def is_same(value: FieldValue, other: FieldValue) -> bool:
    """Whether two values say the same; all that say nothing do."""
    return value == other or (value in NOTHING and other in NOTHING)


def origin_key(name: str, lang: str) -> str:
    """The key of a field (in a language for texts) among the origins of a composed listing."""
    return f"{name}/{lang}" if lang else name
