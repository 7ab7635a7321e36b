"""Wording of reasons: sentences in a reader's language, in which names stand in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

DOUBLE_MARKS = '"„“”‟«»'
_OPENING = re.compile(rf"(?<![^\s(\[–—-])[{DOUBLE_MARKS}]")
_CLOSING = re.compile(f"[{DOUBLE_MARKS}]")


def sentences(reasons: Iterable[tuple[str, Mapping[str, str]]], translate: Callable[..., str]) -> list[str]:
    """The reasons as `translate` says a message with its values; the marks of names are single ones within ours."""
    return [translate(text, **{name: inner_marks(value) for name, value in values.items()}) for text, values in reasons]


def inner_marks(text: str) -> str:
    """The text with single quotation marks for double ones, of whatever language: biedrība ‘Saules maize’."""
    return _CLOSING.sub("’", _OPENING.sub("‘", text))
