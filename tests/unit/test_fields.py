"""The table of a record's fields that take ids of a closed list."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from crawlers.record import Record
from vocabulary import DIMENSIONS, FIELD_DIMENSIONS, FIELD_OF_DIMENSION, Dimension, load


def test_every_dimension_is_a_closed_list_of_the_vocabulary_with_fields_of_the_record() -> None:
    assert get_args(Dimension) == DIMENSIONS
    assert all(load().ids(dimension) for dimension in DIMENSIONS)
    assert FIELD_DIMENSIONS.keys() <= {field.name for field in fields(Record)}
    assert set(FIELD_DIMENSIONS.values()) == set(DIMENSIONS)


@pytest.mark.parametrize(
    ("dimension", "field"), [("kind", "kind"), ("sector", "sectors"), ("theme", "themes"), ("country", "country")]
)
def test_what_a_source_writes_for_a_dimension_stands_in_one_field(dimension: Dimension, field: str) -> None:
    assert FIELD_OF_DIMENSION[dimension] == field
