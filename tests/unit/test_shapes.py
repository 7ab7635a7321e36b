"""The shapes of the catalogue's JSON, against the record format that they follow."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from crawlers.record import Identifier, Record
from platforma.catalogue.listings.compose import compose
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.shapes import Composed, ListField, ListingFields, PlainField, RecordPayload, RegisterNumber, TextField


def test_a_payload_has_the_fields_of_the_record_in_their_order() -> None:
    names = [field.name for field in fields(Record)]
    assert list(RecordPayload.__annotations__) == list(Record("1").to_json()) == names
    assert list(RegisterNumber.__annotations__) == [field.name for field in fields(Identifier)]


def test_every_kind_of_field_is_named_once() -> None:
    assert set(get_args(PlainField)) == set(PLAIN_FIELDS)
    assert get_args(ListField) == LIST_FIELDS
    assert get_args(TextField) == TEXT_FIELDS
    assert set(ListingFields.__annotations__) == {*PLAIN_FIELDS, *LIST_FIELDS}
    assert len(get_args(PlainField)) == len(PLAIN_FIELDS)


def test_a_composed_listing_has_all_parts_in_their_order() -> None:
    assert list(compose([], [])) == list(Composed.__annotations__)
