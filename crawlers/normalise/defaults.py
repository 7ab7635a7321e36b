"""A recipe's defaults: the values of fields that a source leaves empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawlers.record import Record


def with_defaults(record: Record, defaults: Mapping[str, Any]) -> Record:
    """Return the record with the defaults in its empty fields, and with its country among its countries."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in defaults.items()}
    missing: dict[str, Any] = {
        name: value for name, value in values.items() if hasattr(record, name) and not getattr(record, name)
    }
    filled = replace(record, **missing)
    if filled.country and filled.country not in filled.countries:
        filled = replace(filled, countries=(filled.country, *filled.countries))
    return filled
