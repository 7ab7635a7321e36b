"""The columns of our template and the fields that a column can be given, in the reader's language."""

from __future__ import annotations

from crawlers.owner_tables.columns import FIELDS, TEXT_FIELDS
from platforma.i18n import current_language, language_name
from platforma.i18n import gettext as _
from platforma.web.labels import field_label
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

EXAMPLE_NAME = N_("Example: the name of your initiative")
TEMPLATE_FIELDS = (
    "id", "title", "title_other", "description", "description_other", "kind", "sectors", "themes", "country", "place", "address",
    "lat", "lon", "website", "email", "phone", "registration", "start_date", "end_date", "image",
)  # fmt: skip
"""The columns of the template, in their order; `_other` stands for the interface language that is not the reader's."""
HINTS = {
    "id": N_("What names a row for good, such as a number that never changes; leave it empty if you have none"),
    "title": N_("The name; it must not be empty"),
    "description": N_("What it does and for whom, in a few sentences"),
    "kind": N_("One of the kinds in the list"),
    "sectors": N_("One of the sectors in the list"),
    "themes": N_("One or several themes in the list, with semicolons between them"),
    "country": N_("The name of the country where it has its seat"),
    "place": N_("Town, village or municipality"),
    "lat": N_("Degrees such as 56.9496; leave it empty if you do not know it"),
    "lon": N_("Degrees such as 24.1052; leave it empty if you do not know it"),
    "website": N_("Its own web address"),
    "email": N_("An address of the organisation, not of a person"),
    "phone": N_("With the country's code, such as +371 67000000"),
    "start_date": N_("For projects and events: year, month, day, such as 2026-05-31"),
    "end_date": N_("For projects and events: year, month, day, such as 2026-05-31"),
    "image": N_("The web address of a picture or logo"),
}


def template_fields() -> list[str]:
    """The fields of the template's columns, with the language of the other texts in their names."""
    return [name.replace("_other", f"_{_other_language()}") for name in TEMPLATE_FIELDS]


def heading(field: str) -> str:
    """What stands above a column, in the reader's language."""
    base, _mark, lang = field.partition("_")
    if field in FIELDS or not lang:
        own = {"id": "ID", "title": _("Name"), "kind": _("Kind"), "sectors": _("Sector"), "themes": _("Themes")}
        return own.get(field) or field_label(field)
    return f"{heading(base)} ({language_name(lang)})"


def hint(field: str) -> str:
    """What to write into a column; empty where its heading says it."""
    return _(HINTS[field]) if field in HINTS else ""


def column_choices() -> list[tuple[str, str]]:
    """(field, heading) of everything that a column can hold."""
    texts = [f"{name}_{lang}" for lang in LANGUAGES for name in TEXT_FIELDS]
    return [(field, heading(field)) for field in (*FIELDS, *texts)]


def example_row() -> dict[str, str]:
    """The example of the template, by field."""
    lang = current_language()
    return {
        "title": _(EXAMPLE_NAME),
        "description": _("What it does and for whom, in a few sentences"),
        "kind": load().label("kind", "organisation", lang),
        "sectors": load().label("sector", "ngo", lang),
        "themes": "; ".join(load().label("theme", id, lang) for id in ("education", "youth")),
        "country": load().label("country", "LV", lang),
        "website": "https://organisation.lv",
        "email": "info@organisation.lv",
        "phone": "+371 67000000",
    }


def allowed_values() -> list[tuple[str, list[str]]]:
    """The heading of each column with a closed list, and the words of the list."""
    lang = current_language()
    names = ("kind", "sectors", "themes", "country")
    return [(heading(name), [term.label(lang) for term in load().terms(FIELD_DIMENSIONS.get(name, name))]) for name in names]


def _other_language() -> str:
    return next(code for code in LANGUAGES if code != current_language())
