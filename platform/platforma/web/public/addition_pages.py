"""View models of listings that are added by hand: the form, and the listing as a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from crawlers.record import Record
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.shapes import ListingFields
from platforma.i18n import current_language, today
from platforma.web.public.addition_forms import AddForm
from platforma.web.public.rows import Row, row
from vocabulary import FIELD_DIMENSIONS, load, name_key
from vocabulary.languages import LANGUAGES

REGION = ("LV", "EE", "LT", "DK", "FI", "IS", "NO", "PL", "SE", "DE")
"""The countries around the Baltic Sea and beside it, which are offered first."""

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AddPage:
    """The form with its choices; `alike` are listings that may be the same, `other_lang` the language of the second name."""

    form: AddForm
    errors: Mapping[str, str]
    kinds: Choices
    countries: Choices
    sectors: Choices
    themes: Choices
    legal_forms: Choices
    other_lang: str
    alike: Sequence[Row]


def add_page(form: AddForm, alike: Sequence[Listing] = ()) -> AddPage:
    """The view model of the form."""
    lang = current_language()
    return AddPage(
        form=form,
        errors=form.error_texts,
        kinds=_choices("kind", is_sorted=False),
        countries=_countries(),
        sectors=_choices("sectors", is_sorted=False),
        themes=_choices("themes"),
        legal_forms=_choices("legal_form"),
        other_lang=next(code for code in LANGUAGES if code != lang),
        alike=[row(listing, lang, today=today()) for listing in alike],
    )


def preview(record: Record) -> Row:
    """The record as the row that it would be."""
    names = ("kind", "country", "countries", "place", "sectors", "themes", "start_date", "end_date")
    fields = cast(ListingFields, {name: getattr(record, name) for name in names if getattr(record, name)})
    texts = {"title": record.title, "summary": record.summary, "description": record.description}
    listing = Listing("new", "-", "new", 1, texts, fields, (), next(iter(record.title), None))
    return row(listing, current_language(), today=today())


def _countries() -> list[tuple[str, str]]:
    """All countries, those of the region first."""
    return sorted(_choices("country"), key=lambda term: term[0] not in REGION)


def _choices(field: str, *, is_sorted: bool = True) -> list[tuple[str, str]]:
    """(id, label) of each term of a field's closed list, in the reader's language."""
    terms = [(term.id, term.label(current_language())) for term in load().terms(FIELD_DIMENSIONS.get(field, field))]
    return sorted(terms, key=lambda term: name_key(term[1], current_language())) if is_sorted else terms
