"""The facts of a listing: labelled values, each with the search, the page or the person that it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

import phonenumbers

from crawlers.values.addresses import is_web_address, written_host_of
from platforma.catalogue.listings.documents import facets_of
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.web.public.filters import label_of
from platforma.web.public.listing_basis import derived_from
from platforma.web.public.listing_dates import countdown, dates_label, period
from platforma.web.public.registers import register_name, register_page
from platforma.web.public.search_addresses import query_address
from search.port import Filter, Query
from vocabulary.messages import N_

FILTERED = (
    ("kind", "kind", N_("Kind")),
    ("countries", "country", N_("Country")),
    ("region", "region", N_("Region")),
    ("place", "place", N_("Place")),
    ("sectors", "sector", N_("Sector")),
    ("themes", "theme", N_("Theme")),
    ("legal_form", "legal_form", N_("Legal form")),
)
"""Field, facet and label of the facts that lead to the search for all listings that have them in common."""


@dataclass(frozen=True, slots=True)
class FactValue:
    """One value as a reader sees it. `note` is said after it in quiet letters; `is_outside` leads to another site."""

    text: str
    url: str | None = None
    note: str | None = None
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """The values of one field; `derived` says what they were concluded from, None where somebody states them."""

    field: str
    label: str
    values: Sequence[FactValue]
    derived: str | None = None


@dataclass(frozen=True, slots=True)
class Website:
    """The address of a listing's own site, and its host as people write it; `unanswered_at` is when it was tried last, where it
    is dead."""

    url: str
    host: str
    unanswered_at: datetime | None = None


def facts(listing: Listing, lang: str, today: date) -> list[Fact]:
    """The facts that say something, in the order in which a reader asks for them."""
    found = (*_filtered(listing, lang, today), *_plain(listing, today), *_contacts(listing))
    return [fact for fact in found if fact.values]


def website(listing: Listing, unanswered_at: datetime | None) -> Website | None:
    """The listing's own site; None without one."""
    url = listing.get("website")
    return Website(url, host_name(url), unanswered_at) if url and is_web_address(url) else None


def host_name(url: str) -> str:
    """The host of an address in readable letters, without www."""
    return written_host_of(url) or url


def _filtered(listing: Listing, lang: str, today: date) -> Iterator[Fact]:
    """Facts that filters know: the very values by which the index finds the listing; for what is over, among all times."""
    facets, base = facets_of(listing), Query(when="all" if listing.is_over(today) else "current")
    for field, facet, label in FILTERED:
        ids = facets.get(facet, ())
        addresses = (query_address(replace(base, filters={facet: Filter((id,))})) for id in ids)
        values = [FactValue(label_of(facet, id, lang, {}), address) for id, address in zip(ids, addresses, strict=True)]
        text = listing.get(field)
        if not values and isinstance(text, str):
            values = [FactValue(text)]
        yield Fact(field, _(label), values, derived_from(listing, field))


def _plain(listing: Listing, today: date) -> Iterator[Fact]:
    address, organisation, text = listing.get("address"), listing.get("organisation"), period(listing)
    dated = "start_date" if listing.get("start_date") else "end_date"
    years = derived_from(listing, "start_date") or derived_from(listing, "end_date")
    yield Fact(dated, dates_label(listing), [FactValue(text, note=countdown(listing, today))] if text else [], years)
    yield Fact("address", _("Address"), [FactValue(address)] if address else [])
    yield Fact("organisation", _("Organisation"), [FactValue(organisation)] if organisation else [])
    numbers = [
        FactValue(number["value"], register_page(number), register_name(number), is_outside=True)
        for number in listing.get("identifiers")
    ]
    yield Fact("identifiers", _("Register number"), numbers)


def _contacts(listing: Listing) -> Iterator[Fact]:
    email, phone = listing.get("email"), listing.get("phone")
    yield Fact("email", _("E-mail"), [FactValue(email, f"mailto:{quote(email, safe='@+')}")] if email else [])
    yield Fact("phone", _("Telephone"), [_telephone(phone)] if phone else [])
    others = [url for url in dict.fromkeys(listing.get("same_as")) if is_web_address(url) and url != listing.get("website")]
    yield Fact("same_as", _("Elsewhere on the web"), [FactValue(host_name(url), url, is_outside=True) for url in others])


def _telephone(text: str) -> FactValue:
    """A number with its groups apart, that a telephone calls; the text alone where it is no whole number."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return FactValue(text)
    written, called = phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.RFC3966
    return FactValue(phonenumbers.format_number(number, written), phonenumbers.format_number(number, called))
