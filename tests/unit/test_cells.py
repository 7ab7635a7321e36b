"""Cells that spreadsheets open safely are read back as the very values that they were made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue.files.cells import (
    FORMULA_STARTS,
    json_cell,
    json_of_cell,
    list_cell,
    list_of_cell,
    safe_cell,
    text_of_cell,
)
from vocabulary.characters import without_controls

MARKS = st.text(st.sampled_from("='+-@;[]\" \t\r\n\\aā"), max_size=8)
TEXTS = st.text(max_size=8) | MARKS
STORABLE = TEXTS.map(without_controls)


@given(TEXTS)
def test_a_text_comes_back_and_is_never_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert text_of_cell(cell) == text
    assert not cell.startswith(FORMULA_STARTS)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'Sveiki'", "'Sveiki'"),
        ("'", "'"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_only_what_could_be_taken_for_a_formula_is_escaped(text: str, cell: str) -> None:
    assert (safe_cell(text), text_of_cell(cell)) == (cell, text)


@given(st.lists(STORABLE))
def test_a_list_comes_back_and_is_never_a_formula(items: list[str]) -> None:
    cell = list_cell(items)
    assert list_of_cell(cell) == items
    assert not cell.startswith(FORMULA_STARTS)


@pytest.mark.parametrize(
    ("items", "cell"), [(["a", "b"], "a; b"), (["a; b"], '["a; b"]'), (["[a"], '["[a"]'), (["=a", "b"], "'=a; b"), ([], "")]
)
def test_a_list_is_as_people_write_one_where_that_is_clear(items: list[str], cell: str) -> None:
    assert (list_cell(items), list_of_cell(cell)) == (cell, items)


def test_a_list_that_people_wrote_may_be_parted_narrowly() -> None:
    assert list_of_cell("LV;EE ; ") == ["LV", "EE"]


@given(st.none() | st.lists(st.dictionaries(STORABLE, STORABLE, max_size=2), min_size=1, max_size=2))
def test_json_comes_back(value: object) -> None:
    assert json_of_cell(json_cell(value)) == value


def test_broken_json_stays_a_text_so_that_the_field_is_refused() -> None:
    assert json_of_cell('[{"a": ') == '[{"a": '
    assert list_of_cell("[a") == "[a"
