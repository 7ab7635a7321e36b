"""Names of fields and dimensions, and values of fields, in the reader's language."""

from __future__ import annotations

from platforma.catalogue.listings.listing import ShownValue
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from vocabulary import FIELD_DIMENSIONS, load


def dimension_label(dimension: str) -> str:
    """The name of a dimension of the vocabulary."""
    return {"kind": _("Kind"), "sector": _("Sector"), "theme": _("Theme"), "country": _("Country")}.get(dimension, dimension)


def field_label(name: str) -> str:
    """The name of a record's field; the field's id where it has none."""
    return {
        "title": _("Title"), "summary": _("Summary"), "description": _("Description"), "kind": _("Kind"),
        "country": _("Country"), "countries": _("Countries"), "region": _("Region"), "place": _("Place"),
        "address": _("Address"), "lat": _("Latitude"), "lon": _("Longitude"), "sectors": _("Sectors"),
        "themes": _("Themes"), "legal_form": _("Legal form"), "legal_name": _("Legal name"),
        "identifiers": _("Register number"),
        "registration": _("Register number"), "organisation": _("Organisation"), "tags": _("Tags"),
        "website": _("Website"), "email": _("E-mail"), "phone": _("Phone"), "image": _("Image"),
        "start_date": _("Beginning"), "end_date": _("End"), "languages": _("Languages"), "licence": _("Licence"),
        "url": _("Address at the source"), "same_as": _("Other addresses"),
    }.get(name, name)  # fmt: skip


def value_text(field: str, value: ShownValue) -> str:
    """A value of a field in one line, in the reader's language; a dash for none."""
    entries = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    return ", ".join(_entry_text(field, entry) for entry in entries) or "–"


def _entry_text(field: str, entry: object) -> str:
    if isinstance(entry, dict):
        return f"{entry['scheme']} {entry['value']}"
    dimension = FIELD_DIMENSIONS.get(field)
    return load().label(dimension, str(entry), current_language()) if dimension else str(entry)


def listed_text(field: str, text: str) -> str:
    """What a report says of a field's value (ids are joined with commas), in the reader's language; a dash for nothing."""
    return value_text(field, text.split(", ") if text and field in FIELD_DIMENSIONS else text)
