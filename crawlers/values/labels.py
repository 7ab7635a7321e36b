"""What sources call our fields: columns, labels and keys in the region's languages, and pages that are no initiative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from crawlers.values.not_initiatives import is_own_page
from vocabulary import fold


def _read_labels() -> dict[str, str]:
    """Folded name to our field; a name that stands under two fields is the first one's."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    field_of_name: dict[str, str] = {}
    for field, names in yaml.safe_load(text).items():
        for name in names:
            field_of_name.setdefault(str(name), field)
    return field_of_name


FIELDS: Mapping[str, str] = _read_labels()
LAST_WORDS = frozenset({"country", "place", "region", "address", "website", "email", "phone", "legal_form", "registration"})
"""Fields that the last word of a key in small letters names: `se_country`, `org-email`."""


def field_of(label: str) -> str | None:
    """Our field for a label, column or key of a source; None where it is none of ours."""
    if ours := FIELDS.get(_words(label)):
        return ours
    if re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)+", label):
        last = FIELDS.get(re.split(r"[_-]", label)[-1])
        return last if last in LAST_WORDS else None
    several = {FIELDS.get(_words(part)) for part in re.split(r"[/()|]", label) if part.strip()}
    return several.pop() if len(several) == 1 else None


def _words(label: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(label)).strip(" :.?*")


def map_fields(source_fields: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, object]:
    """A source's own fields under our names: by the recipe's mapping first, else by what they are usually called."""
    fields: dict[str, object] = {ours: source_fields[theirs] for ours, theirs in mapping.items() if source_fields.get(theirs)}
    for theirs, value in source_fields.items():
        ours = field_of(theirs)
        if ours and value not in (None, "") and ours not in fields and theirs not in mapping.values():
            fields[ours] = value
    return fields


def is_initiative_page(url: str, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> bool:
    """Whether a page may be about one initiative, by its address alone: not the front page, no about, contact, archive.

    With patterns to `include`, just those that match one.
    """
    path = urlsplit(url).path
    if any(re.search(pattern, url) for pattern in exclude):
        return False
    if include := tuple(include):
        return any(re.search(pattern, url) for pattern in include)
    if re.fullmatch(r"/?([a-z]{2}/?)?(index\.(html?|php))?", path) and not urlsplit(url).query:
        return False
    return not is_own_page(path) and not re.search(r"\.(jpe?g|png|gif|svg|pdf|css|js|xml|zip|docx?|ico|csv|gz)$", path)
