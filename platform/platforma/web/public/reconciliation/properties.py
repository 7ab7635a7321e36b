"""Properties of listings that clients compare by or fetch: one table from id to label and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.public.rows import listing_url, vocabulary_label
from vocabulary.messages import N_

Value = str | float


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its label as a message id, and its values for a reader of an interface language."""

    label: str
    values: Callable[[Listing, str], Sequence[Value]]

    @property
    def heading(self) -> str:
        """The label in the reader's language."""
        return _(self.label)


def _plain(name: str) -> Callable[[Listing, str], Sequence[Value]]:
    """The values of a field as they are."""

    def values(listing: Listing, _lang: str) -> Sequence[Value]:
        value = listing.get(name)
        found = value if isinstance(value, list | tuple) else [value]
        return [one for one in found if isinstance(one, str | float | int) and one != ""]

    return values


def _labels(name: str, dimension: str) -> Callable[[Listing, str], Sequence[Value]]:
    """The labels of a field's ids."""

    def values(listing: Listing, lang: str) -> Sequence[Value]:
        return [vocabulary_label(dimension, str(id), lang) for id in _plain(name)(listing, lang)]

    return values


def _summary(listing: Listing, lang: str) -> Sequence[Value]:
    text = listing.shown("summary", lang)
    return [text.text] if text else []


def _numbers(listing: Listing, _lang: str) -> Sequence[Value]:
    """Numbers of registers, such as LV-RE-40008000000."""
    return [f"{one['scheme']}-{one['value']}" for one in listing.get("identifiers")]


def _page(listing: Listing, _lang: str) -> Sequence[Value]:
    return [absolute(listing_url(listing))]


PROPERTIES = {
    "country": Property(N_("Country"), _plain("country")),
    "country_name": Property(N_("Name of the country"), _labels("country", "country")),
    "region": Property(N_("Region"), _plain("region")),
    "place": Property(N_("Town"), _plain("place")),
    "address": Property(N_("Address"), _plain("address")),
    "kind": Property(N_("Kind"), _labels("kind", "kind")),
    "sectors": Property(N_("Sector"), _labels("sectors", "sector")),
    "themes": Property(N_("Theme"), _labels("themes", "theme")),
    "organisation": Property(N_("Organisation"), _plain("organisation")),
    "legal_form": Property(N_("Legal form"), _plain("legal_form")),
    "identifiers": Property(N_("Registration number"), _numbers),
    "website": Property(N_("Website"), _plain("website")),
    "email": Property(N_("E-mail"), _plain("email")),
    "phone": Property(N_("Phone"), _plain("phone")),
    "summary": Property(N_("Summary"), _summary),
    "start_date": Property(N_("First day"), _plain("start_date")),
    "end_date": Property(N_("Last day"), _plain("end_date")),
    "lat": Property(N_("Latitude"), _plain("lat")),
    "lon": Property(N_("Longitude"), _plain("lon")),
    "page": Property(N_("Page in this directory"), _page),
}
"""The properties by id."""
