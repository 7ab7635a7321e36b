"""What people may say of each field, and how it is stored; all else is refused with a reason, never by an accident."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue.errors import BadValue
from platforma.catalogue.listings import field_rules
from platforma.catalogue.listings.field_rules import checked
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS

FIELDS = [(name, "lv") for name in TEXT_FIELDS] + [(name, "") for name in (*PLAIN_FIELDS, *LIST_FIELDS)]
IDENTIFIER = {"scheme": "LV-RE", "value": "40003032949"}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["scheme", "value", "x"]), inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("place", "  Lielā \r\n iela ", "Lielā iela"),
        ("place", "a\x00b\x0bc\ud800", "abc"),
        ("kind", "project", "project"),
        ("country", "EE", "EE"),
        ("lat", "56,95", 56.95),
        ("lat", "-90", -90.0),
        ("lat", 90, 90.0),
        ("lon", 180.0, 180.0),
        ("lat", "0", 0.0),
        ("website", "https://Saule.example/x", "https://saule.example/x"),
        ("image", "http://saule.example/x.png", "http://saule.example/x.png"),
        ("email", "info@saule.example", "info@saule.example"),
        ("start_date", "2024", "2024"),
        ("start_date", "2024-02-29", "2024-02-29"),
        ("end_date", "2024-05-31T10:00+03:00", "2024-05-31T10:00+03:00"),
        ("end_date", "31.05.2024", "2024-05-31"),
        ("sectors", "ngo; public\nngo", ["ngo", "public"]),
        ("themes", ("youth",), ["youth"]),
        ("countries", ["LV", "EE"], ["LV", "EE"]),
        ("tags", "maize, siers\n\n vide ", ["maize, siers", "vide"]),
        ("same_as", "https://a.example/1", ["https://a.example/1"]),
        ("languages", "lv\nen-GB", ["lv", "en-GB"]),
        ("identifiers", "LV-RE 40003032949\nLV-RE: 40003032949", [IDENTIFIER]),
        ("identifiers", [IDENTIFIER], [IDENTIFIER]),
    ],
)
def test_what_is_typed_is_stored_in_one_form_that_stays_as_it_is(field: str, typed: Any, stored: Any) -> None:
    assert checked(field, "", typed) == stored
    assert checked(field, "", stored) == stored


@pytest.mark.parametrize(
    ("field", "bad", "reason"),
    [
        ("title", " ", field_rules.NO_TITLE),
        ("title", "x" * 20_001, field_rules.TOO_LONG),
        ("summary", ["x"], field_rules.NO_TEXT),
        ("place", 5, field_rules.NO_TEXT),
        ("kind", "nope", field_rules.NOT_LISTED),
        ("country", "XX", field_rules.NOT_LISTED),
        ("country", ["LV"], field_rules.NO_TEXT),
        ("lat", "abc", field_rules.NO_DEGREES),
        ("lat", "90.1", field_rules.NO_DEGREES),
        ("lon", "-180.1", field_rules.NO_DEGREES),
        ("lat", "nan", field_rules.NO_DEGREES),
        ("lat", "1e400", field_rules.NO_DEGREES),
        ("lat", True, field_rules.NO_DEGREES),
        ("lat", [1.0], field_rules.NO_DEGREES),
        ("lat", 10**400, field_rules.NO_DEGREES),
        ("website", "saule.example", field_rules.NO_ADDRESS),
        ("website", "http://[", field_rules.NO_ADDRESS),
        ("website", "javascript:alert(1)", field_rules.NO_ADDRESS),
        ("website", "https://a.example b", field_rules.NO_ADDRESS),
        ("image", "x.png", field_rules.NO_ADDRESS),
        ("same_as", ["https://a.example", "nope"], field_rules.NO_ADDRESS),
        ("email", "a@b", field_rules.NO_EMAIL),
        ("start_date", "2024-13-01", field_rules.NO_DATE),
        ("start_date", "kaut kad", field_rules.NO_DATE),
        ("end_date", 2024, field_rules.NO_TEXT),
        ("sectors", "ngo, public", field_rules.NOT_LISTED),
        ("sectors", {"ngo": 1}, field_rules.NO_LIST),
        ("sectors", [["ngo"]], field_rules.NO_TEXT),
        ("tags", ["x"] * 201, field_rules.TOO_LONG),
        ("languages", "latviešu", field_rules.NO_LANGUAGES),
        ("identifiers", "40003032949", field_rules.NO_IDENTIFIERS),
        ("identifiers", [{"scheme": "LV-RE"}], field_rules.NO_IDENTIFIERS),
        ("identifiers", [{"scheme": "LV-RE", "value": 1}], field_rules.NO_IDENTIFIERS),
        ("identifiers", [5], field_rules.NO_IDENTIFIERS),
    ],
)
def test_what_a_field_cannot_take_is_refused_with_its_reason(field: str, bad: Any, reason: str) -> None:
    with pytest.raises(BadValue) as refusal:
        checked(field, "lv" if field in TEXT_FIELDS else "", bad)
    assert (refusal.value.field, refusal.value.reason) == (field, reason)


@pytest.mark.parametrize(("field", "lang"), [("nope", ""), ("place", "lv"), ("title", ""), ("title", "LV!"), ("slug", "")])
def test_a_field_that_there_is_not_is_refused(field: str, lang: str) -> None:
    with pytest.raises(BadValue, match="There is no such field"):
        checked(field, lang, "x")


@pytest.mark.parametrize(("field", "lang"), FIELDS)
@pytest.mark.parametrize("empty", ["", " ", None])
def test_every_field_but_the_title_can_be_emptied(field: str, lang: str, empty: Any) -> None:
    if field == "title":
        with pytest.raises(BadValue):
            checked(field, lang, empty)
    else:
        assert checked(field, lang, empty) == ([] if field in LIST_FIELDS else None if field in ("lat", "lon") else "")


@given(st.sampled_from(FIELDS), JSON)
def test_any_value_is_stored_for_good_or_refused(where: tuple[str, str], value: Any) -> None:
    try:
        stored = checked(*where, value)
    except BadValue:
        return
    assert checked(*where, stored) == stored
