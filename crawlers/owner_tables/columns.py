"""Columns of owners' tables: which of our fields a heading names, by choice, by recipe, or as usual."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawlers.values.heading_languages import languages_of
from crawlers.values.headings import column_field
from vocabulary import fold

NAME = "title"
TEXT_FIELDS = ("title", "summary", "description")
"""Fields that a table may have in several languages, as `title_lv` beside `title`."""
FIELDS = (
    "id", "title", "summary", "description", "kind", "sectors", "themes", "country", "place", "region", "address", "lat", "lon",
    "website", "email", "phone", "registration", "legal_form", "organisation", "start_date", "end_date", "image", "tags",
)  # fmt: skip
"""The fields that a table can give, without those that have a language in their name."""
ID_HEADINGS = frozenset({"id", "identifikators", "identifier", "remote id", "ieraksta id", "unikals id", "unique id"})
"""Headings of what identifies a row for good. `Nr.` is none of them: running numbers change when a table is sorted."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet: `index` from 0, the heading, our field for it or None, and the first value below it."""

    sheet: str
    index: int
    text: str
    field: str | None
    sample: str

    @property
    def letter(self) -> str:
        """The letters by which spreadsheets name the column, such as `B` or `AA`."""
        return column_letters(self.index)


def field_named(heading: str) -> str | None:
    """Our field for a heading, such as `place`, or `title_en` for one that names a language; None where it is unknown."""
    key = _key(heading)
    if key in ID_HEADINGS:
        return "id"
    for lang, rest in languages_of(heading):
        if (field := _known(rest)) in TEXT_FIELDS:
            return f"{field}_{lang}"
    return _known(heading)


def fields_of(header: Sequence[str], recipe_fields: Mapping[str, str], chosen: Mapping[int, str]) -> list[str | None]:
    """Our field of each column of a header: what was chosen for its index ("" for none), else what the recipe maps to its
    heading, else what the heading says. No field is taken twice, and a table without names takes those of organisations."""
    by_heading = {heading: field for field, heading in recipe_fields.items()}
    said = [chosen[index] or None if index in chosen else by_heading.get(text) for index, text in enumerate(header)]
    fields = [
        one if one is not None or index in chosen or not header[index] else field_named(header[index])
        for index, one in enumerate(said)
    ]
    unique = [field if field not in fields[:index] or field is None else None for index, field in enumerate(fields)]
    if "organisation" in unique and not any(is_name(field) for field in unique):
        unique[unique.index("organisation")] = NAME
    return unique


def is_name(field: str | None) -> bool:
    """Whether a field is the name of a row, in any language."""
    return field is not None and field.partition("_")[0] == NAME


def column_letters(index: int) -> str:
    """The letters of the column of an index from 0."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters


def _known(heading: str) -> str | None:
    field = column_field(heading)
    return field if field in FIELDS else None


def _key(heading: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(heading)).strip(" :?*")
