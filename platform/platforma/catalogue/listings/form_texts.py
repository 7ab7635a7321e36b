"""Values as forms show them: each value as one text, and the mark by which a form remembers what stood in a field."""

from __future__ import annotations

import hashlib

from platforma.catalogue.listings.layers import NOTHING
from platforma.catalogue.listings.listing import LIST_FIELDS
from platforma.catalogue.shapes import FieldValue

PROSE = ("summary", "description")
"""Fields whose texts have several lines."""
SETS = ("countries", "sectors", "themes", "languages")
"""Lists whose order tells nothing: their entries are ticked."""
DEGREES = ("lat", "lon")
MARK_CHARACTERS = 16


def text_of(field: str, value: FieldValue) -> str:
    """The text of a value, as `as_typed` gives it; `field_rules.checked` makes the same value of it again."""
    if value in NOTHING:
        return ""
    entries = value if isinstance(value, list) else [value]
    lines = [f"{entry['scheme']} {entry['value']}" if isinstance(entry, dict) else str(entry) for entry in entries]
    return as_typed(field, "\n".join(lines))


def as_typed(field: str, text: str) -> str:
    """A typed text as it counts: what browsers and blanks add to it is no change of it."""
    text = text.replace("\r\n", "\n")
    if field in LIST_FIELDS:
        lines = [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
        return "\n".join(sorted(set(lines)) if field in SETS else lines)
    if field in PROSE:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    text = " ".join(text.split())
    return text.replace(",", ".") if field in DEGREES else text


def mark(field: str, text: str) -> str:
    """A short hash of a text, so that a form can tell whether its field still shows what it showed when it was opened."""
    return hashlib.sha256(as_typed(field, text).encode()).hexdigest()[:MARK_CHARACTERS]
