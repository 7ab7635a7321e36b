"""Dates as the region writes them, read into ISO 8601 to the precision known."""

from __future__ import annotations

import re
from datetime import datetime

import dateparser

DATE_LANGUAGES = ["lv", "en", "et", "lt", "pl", "da", "sv", "de", "fi", "nb"]
_ISO_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}.*)?)?)?$")
_LATVIAN_DATE = re.compile(r"(\d{4})\. gada (\d{1,2})\. (\w+)")


def parse_date(text: str) -> str | None:
    """ISO 8601 to the precision known, from the ways the region writes dates; None rather than a guess."""
    text = text.strip().rstrip(".")
    if _ISO_DATE.match(text):
        return text if _is_real(text) else None
    if match := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text):
        iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
        return iso if _is_real(iso) else None
    settings = {"STRICT_PARSING": True, "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}
    cleaned = _LATVIAN_DATE.sub(_nominative, text)
    found = dateparser.parse(cleaned, languages=DATE_LANGUAGES, settings=settings) if len(text) < 60 else None
    return found.date().isoformat() if found else None


def _nominative(match: re.Match[str]) -> str:
    """A Latvian date with its month as dictionaries have it: septembrī is septembris, martā marts."""
    month = re.sub("ī$", "is", re.sub("ā$", "s", match[3]))
    return f"{match[2]} {month} {match[1]}"


def _is_real(iso: str) -> bool:
    try:
        datetime.fromisoformat(iso + "-01-01"[len(iso) - 4 :] if len(iso) < 10 else iso)
    except ValueError:
        return False
    return True
