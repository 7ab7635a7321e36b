"""The basis of a concluded value, read from the record format and written to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.basis import BASIS_FIELDS, PREFIXED_KINDS, Basis, BasisKind
from platforma.catalogue.listings.listing import Listing
from platforma.web.public.listing_basis import BASIS_FIELD_LABELS, BASIS_LABELS

TEXTS = [
    ("legal form SIA", Basis(BasisKind.LEGAL_FORM, "SIA")),
    ("schema.org type NGO", Basis(BasisKind.SCHEMA_TYPE, "NGO")),
    ("town Rīga", Basis(BasisKind.TOWN, "Rīga")),
    ("town ", Basis(BasisKind.TOWN, "")),
    ("legal_name", Basis(BasisKind.FIELD, "legal_name")),
    ("Event", Basis(BasisKind.TERM, "Event")),
    ("townhall", Basis(BasisKind.TERM, "townhall")),
    ("", Basis(BasisKind.TERM, "")),
]


@pytest.mark.parametrize(("text", "basis"), TEXTS)
def test_a_basis_is_read_from_its_text_in_the_record_format(text: str, basis: Basis) -> None:
    assert Basis.parse(text) == basis
    assert str(basis) == text


@given(st.builds("{}{}".format, st.sampled_from(["", *(f"{kind} " for kind in BasisKind)]), st.text(max_size=20)))
def test_every_text_of_a_record_is_written_back_as_it_was_read(text: str) -> None:
    assert str(Basis.parse(text)) == text


def test_pages_have_a_label_for_every_basis() -> None:
    assert BASIS_LABELS.keys() == {*PREFIXED_KINDS, BasisKind.TERM}
    assert BASIS_FIELD_LABELS.keys() == set(BASIS_FIELDS)
    assert set(BasisKind) == {*PREFIXED_KINDS, BasisKind.FIELD, BasisKind.TERM}


@pytest.mark.parametrize(
    ("origin", "basis"),
    [
        ("a", Basis(BasisKind.TOWN, "Cēsis")),
        (None, Basis(BasisKind.TOWN, "Cēsis")),
        ("curator", None),
        ("owner", None),
    ],
)
def test_the_countries_have_the_basis_of_the_seat_unless_people_said_them(origin: str | None, basis: Basis | None) -> None:
    origins = {"countries": origin} if origin else {}
    listing = Listing(
        public_id="x", slug="x", state="published", version=1, texts={}, fields={}, sources=(), original_lang="lv",
        origins=origins, derived={"country": "town Cēsis"},
    )  # fmt: skip
    assert listing.basis("countries") == basis
    assert listing.basis("country") == Basis(BasisKind.TOWN, "Cēsis")
    assert listing.basis("sectors") is None
