"""Cells: values as text that a spreadsheet opens safely, and back."""

from __future__ import annotations

import json
from typing import Any

from crawlers.record_checks import InvalidRecord, parse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SEPARATOR = "; "


def safe_cell(value: object) -> str:
    """A value as a cell: lists are joined with semicolons, and a text that is a formula gets an apostrophe before it.

    A text that has an apostrophe before a formula gets a second one, so that text_of_cell gives the text back.
    """
    text = SEPARATOR.join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def text_of_cell(cell: str) -> str:
    """The text of a cell that safe_cell made."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def list_cell(items: list[str]) -> str:
    """A list as a cell: joined with semicolons, or as JSON where splitting would not give the list back."""
    text = SEPARATOR.join(items)
    return safe_cell(text if _split(text) == items and not text.startswith("[") else json.dumps(items, ensure_ascii=False))


def list_of_cell(cell: str) -> Any:
    """The list of a cell that list_cell made; a text that starts like a JSON list and is no JSON, as it is."""
    text = text_of_cell(cell)
    return json_of_cell(cell) if text.startswith("[") else _split(text)


def json_cell(value: object) -> str:
    """A value as JSON in a cell; an empty cell for None and empty values."""
    return safe_cell(json.dumps(value, ensure_ascii=False) if value not in (None, [], {}) else "")


def json_of_cell(cell: str) -> Any:
    """The JSON value of a cell; None for an empty cell; a text that is no JSON, as it is."""
    text = text_of_cell(cell)
    try:
        return parse(text) if text else None
    except InvalidRecord:
        return text


def _split(text: str) -> list[str]:
    return [item for item in (item.strip() for item in text.split(SEPARATOR.strip())) if item]


def _is_formula(text: str) -> bool:
    return text.startswith(FORMULA_STARTS)
