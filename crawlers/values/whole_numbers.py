"""Whole numbers as programs write them: a number of JSON, or its digits as a text."""

from __future__ import annotations

from typing import Any

MAX_DIGITS = 15


def whole_number(value: Any) -> int:
    """The number that a value is, or that a text of at most MAX_DIGITS digits writes; 0 for anything else."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0
