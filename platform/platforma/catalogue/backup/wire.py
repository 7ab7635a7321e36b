"""Values of columns as JSON, alike for all databases: instants as ISO 8601 text, bytes as base64, JSON as it is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Float, Integer, LargeBinary, String, types

from platforma.catalogue.column_types import UtcDateTime

TEXT, INSTANT, BYTES, JSON_VALUE, JSON_OR_NULL = "text", "instant", "bytes", "json", "json-or-null"
TYPES: dict[str, types.TypeEngine[Any]] = {
    TEXT: String(),
    "integer": BigInteger(),
    "number": Double(),
    "boolean": Boolean(),
    INSTANT: UtcDateTime(),
    BYTES: LargeBinary(),
    JSON_VALUE: JSON(),
    JSON_OR_NULL: JSON(none_as_null=True),
}
"""The kinds of columns, each with the type by which its values are stored."""
_KINDS: tuple[tuple[type[types.TypeEngine[Any]], str], ...] = (
    (UtcDateTime, INSTANT),
    (LargeBinary, BYTES),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "number"),
    (String, TEXT),
)
_TO_JSON: dict[str, Callable[[Any], Any]] = {
    INSTANT: lambda value: value.isoformat(),
    BYTES: lambda value: base64.b64encode(value).decode("ascii"),
}
_FROM_JSON: dict[str, Callable[[Any], Any]] = {INSTANT: datetime.fromisoformat, BYTES: base64.b64decode}


def kind_of(column: Column[Any]) -> str:
    """The kind of a column of the models. Raises StopIteration for a type that no table has yet: name it in _KINDS."""
    if isinstance(column.type, JSON):
        return JSON_OR_NULL if column.nullable else JSON_VALUE
    return next(kind for type_, kind in _KINDS if isinstance(column.type, type_))


def to_json(row: Sequence[Any], kinds: Sequence[str]) -> list[Any]:
    """The JSON values of a row, whose columns are of these kinds, in their order."""
    return [_converted(value, _TO_JSON.get(kind)) for value, kind in zip(row, kinds, strict=True)]


def from_json(row: Sequence[Any], kinds: Sequence[str]) -> list[Any]:
    """The values of a row of JSON values. Raises ValueError and TypeError for what no backup holds."""
    return [_converted(value, _FROM_JSON.get(kind)) for value, kind in zip(row, kinds, strict=True)]


def _converted(value: Any, convert: Callable[[Any], Any] | None) -> Any:
    return value if value is None or convert is None else convert(value)
