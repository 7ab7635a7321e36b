"""Values as cells of a table that spreadsheets open safely, and back."""

from __future__ import annotations

import json
from typing import Any

from crawlers.record_checks import InvalidRecord, parse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SEPARATOR = "; "


def safe_cell(value: Any) -> str:
    """A cell; what a spreadsheet would run as a formula begins with an apostrophe, lists are parted by semicolons.

    An apostrophe of the text's own is doubled only where it could be taken for such a one.
    """
    text = SEPARATOR.join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def text_of_cell(cell: str) -> str:
    """The text that safe_cell made a cell of."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def list_cell(items: list[str]) -> str:
    """A list as a cell: parted by semicolons, or JSON where a reader would part it otherwise."""
    text = SEPARATOR.join(items)
    return safe_cell(text if _parted(text) == items and not text.startswith("[") else json.dumps(items, ensure_ascii=False))


def list_of_cell(cell: str) -> Any:
    """The list that a cell holds; the text itself where it begins like JSON and is none."""
    text = text_of_cell(cell)
    return json_of_cell(cell) if text.startswith("[") else _parted(text)


def json_cell(value: Any) -> str:
    """What is no text and no list of texts, as JSON; empty where there is nothing."""
    return safe_cell(json.dumps(value, ensure_ascii=False) if value not in (None, [], {}) else "")


def json_of_cell(cell: str) -> Any:
    """The JSON value of a cell, None of an empty one; the text itself where it is none."""
    text = text_of_cell(cell)
    try:
        return parse(text) if text else None
    except InvalidRecord:
        return text


def _parted(text: str) -> list[str]:
    return [item for item in (item.strip() for item in text.split(SEPARATOR.strip())) if item]


def _is_formula(text: str) -> bool:
    return text.startswith(FORMULA_STARTS)
