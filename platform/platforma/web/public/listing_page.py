"""The view model of a listing: its texts and facts, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.basis import BasisKind
from platforma.catalogue.listings.listing import Listing, Source, Text
from platforma.catalogue.shapes import LineField, TextListField
from platforma.i18n import gettext as _
from platforma.i18n import instant, language_name
from platforma.web.public.rows import shorten, vocabulary_label
from vocabulary import FIELD_DIMENSIONS
from vocabulary.messages import N_

DATES = ("start_date", "end_date")
BASIS_LABELS = {
    BasisKind.LEGAL_FORM: N_("legal form %(what)s"),
    BasisKind.SCHEMA_TYPE: N_("schema.org type %(what)s"),
    BasisKind.TOWN: N_("the town %(what)s"),
}
BASIS_FIELD_LABELS = {
    "title": N_("the name"), "legal_name": N_("the name in the register"), "address": N_("the address"), "place": N_("the place"),
}  # fmt: skip
"""The labels of bases that are a field as a whole (BasisKind.FIELD)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of a listing: `origin` says where it is from, `derived` what it was concluded from, None where stated."""

    label: str
    value: str
    origin: str
    derived: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One listing."""

    listing: Listing
    title: Text
    summary: Text | None
    description: Text | None
    other_language: str | None
    facts: Sequence[Fact]
    website: str | None
    sources: Sequence[Source]
    json_ld: str
    contact: str


def listing_page(listing: Listing, lang: str, json_ld: str, contact: str, platforms: dict[str, str]) -> ListingPage:
    """The view model of a listing; `platforms` are titles by id."""
    description = listing.shown("description", lang)
    if description and not listing.full_text_allowed:
        description = Text(shorten(description.text), description.lang)
    title = listing.title(lang)
    main = description or listing.shown("summary", lang) or title
    return ListingPage(
        listing=listing,
        title=title,
        summary=listing.shown("summary", lang),
        description=description,
        other_language=language_name(main.lang) if main.lang and main.lang != lang else None,
        facts=list(_facts(listing, lang, platforms)),
        website=listing.get("website"),
        sources=listing.sources,
        json_ld=json_ld,
        contact=contact,
    )


def _facts(listing: Listing, lang: str, platforms: dict[str, str]) -> Iterator[Fact]:
    """The facts of a listing that say something: ids of closed lists by their labels, then single values."""
    vocabulary_fields: tuple[tuple[str, LineField | TextListField], ...] = (
        (_("Kind"), "kind"),
        (_("Country"), "countries"),
        (_("Sector"), "sectors"),
        (_("Theme"), "themes"),
    )
    for label, name in vocabulary_fields:
        ids = listing.get(name) or ()
        labels = [vocabulary_label(FIELD_DIMENSIONS[name], id, lang) for id in ([ids] if isinstance(ids, str) else ids)]
        if labels:
            yield Fact(label, ", ".join(labels), _origin(listing, name, platforms), _derived(listing, name))
    plain: tuple[tuple[str, LineField], ...] = (
        (_("Place"), "place"),
        (_("Address"), "address"),
        (_("Legal form"), "legal_form"),
        (_("Begins"), "start_date"),
        (_("Ends"), "end_date"),
        (_("E-mail"), "email"),
        (_("Telephone"), "phone"),
    )
    for label, name in plain:
        if value := listing.get(name):
            text = instant(value) if name in DATES else value
            yield Fact(label, text, _origin(listing, name, platforms), _derived(listing, name))


def _derived(listing: Listing, name: str) -> str | None:
    """What a field's value was concluded from, in the reader's language; None where a source or a person states it.

    Names of schema.org types and words of the source are not translated.
    """
    basis = listing.basis(name)
    if basis is None:
        return None
    if basis.kind == BasisKind.TERM:
        return basis.value
    if basis.kind == BasisKind.FIELD:
        return _(BASIS_FIELD_LABELS[basis.value])
    return _(BASIS_LABELS[basis.kind], what=basis.value)


def _origin(listing: Listing, name: str, platforms: dict[str, str]) -> str:
    origin = listing.origins.get(name, "")
    return {"curator": _("our curators"), "owner": _("the organisation itself")}.get(origin, platforms.get(origin, origin))
