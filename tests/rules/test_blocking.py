"""Blocking keys: which records meet, and which are never compared."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue.matching.blocking import MAX_CHARACTERS, blocking_keys
from platforma.catalogue.matching.profiles import material, profile_of
from platforma.catalogue.shapes import RecordPayload

POINT = {"lat": 56.95123, "lon": 24.11345}
MOST_KEYS = 30


def keys(title: str | dict[str, str], **fields: Any) -> frozenset[str]:
    titles = {"und": title} if isinstance(title, str) else title
    return blocking_keys(profile_of(cast(RecordPayload, {"title": titles, **fields})))


def kinds(shared: frozenset[str]) -> set[str]:
    return {key.partition(":")[0] for key in shared}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (("SIA „Ozola darbnīca”", {}), ("Darbnīca Ozola", {}), "n"),
        (("Ozola darbnīca", {}), ("Ozola skola", {}), "w"),
        (("Ozoldarbnīca", {"country": "LV"}), ("Ozoldrbnīca", {"country": "LV"}), "b"),
        (("Ozoldarbnīca", {"country": "LV"}), ("Ozldarbnīca", {"country": "LV"}), "f"),
        (("LJK", {}), ("Latgales jauniešu kopiena", {}), "a"),
        (("A", {"website": "https://www.ozols.example/lv"}), ("B", {"website": "http://ozols.example"}), "d"),
        (("A", {"website": "https://ozols.example/lv"}), ("B", {"email": "info@ozols.example"}), "d"),
        (("A", {"website": "https://facebook.com/Ozols"}), ("B", {"website": "http://www.facebook.com/ozols/"}), "u"),
        (("A", {"identifiers": [{"scheme": "LV-RE", "value": "4000 1"}]}),
         ("B", {"identifiers": [{"scheme": "LV-RE", "value": "40001"}]}), "i"),
        (("A", {"email": "Ozols@gmail.com"}), ("B", {"email": "ozols@gmail.com"}), "e"),
        (("A", {"phone": "+371 60000001"}), ("B", {"phone": "60 000 001"}), "t"),
        (("A", POINT), ("B", {"lat": 56.95353, "lon": 24.11345}), "c"),
    ],
)  # fmt: skip
def test_records_that_may_be_the_same_share_a_key(left: tuple[str, Any], right: tuple[str, Any], expected: str) -> None:
    assert expected in kinds(keys(left[0], **left[1]) & keys(right[0], **right[1]))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"website": "https://facebook.com/ozols"}, {"website": "https://facebook.com/berzs"}),
        ({"email": "ozols@gmail.com"}, {"email": "berzs@gmail.com"}),
        (POINT, POINT | {"lat": 56.98}),
        ({"lat": 56.95, "lon": 24.11}, {"lat": 56.95, "lon": 24.11}),
        (POINT | {"derived": {"lat": "town Rīga", "lon": "town Rīga"}}, POINT),
        ({"identifiers": [{"scheme": "LV-RE", "value": "4000"}]}, {"identifiers": [{"scheme": "EE-RIK", "value": "4000"}]}),
    ],
)
def test_what_everybody_shares_is_no_key(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert not keys("Ozols", **left) & keys("Bērzs", **right)


def test_words_that_many_names_share_and_legal_forms_are_no_keys() -> None:
    assert kinds(keys("Biedrība Kopienu centrs") & keys("Nodibinājums Jauniešu centrs")) == set()


@given(st.floats(-60, 70), st.floats(-179, 179), st.floats(-1, 1), st.floats(-1, 1))
def test_points_within_300_metres_share_a_cell(lat: float, lon: float, north: float, east: float) -> None:
    metres = 300 / max(1.0, (north**2 + east**2) ** 0.5)
    degrees = metres / 111_200
    other = {"lat": lat + north * degrees, "lon": lon + east * degrees}  # a degree of longitude is shorter: nearer still
    left, right = keys("A", lat=lat, lon=lon), keys("B", **other)
    is_area = not ("c" in kinds(left) and "c" in kinds(right))
    assert is_area or "c" in kinds(left & right)


TITLES = st.dictionaries(
    st.sampled_from(["lv", "en", "et", "lt"]), st.text(min_size=1, max_size=300).filter(str.strip), min_size=1
)


@given(TITLES, st.text(max_size=300))
def test_keys_are_short_and_few_for_any_name(titles: dict[str, str], host: str) -> None:
    found = keys(titles, website=f"https://{host}/", email=f"{host}@x.example", **POINT)
    assert all(len(key) <= MAX_CHARACTERS for key in found)
    assert len(found) <= MOST_KEYS


def test_long_keys_that_differ_at_their_end_stay_apart() -> None:
    long = "gandrīz " * 3 + "nebeidzams nosaukums par visu ko pasaulē var darīt kopā ar kaimiņiem "
    left, right = keys(long + "ziemā"), keys(long + "vasarā")
    assert "n" not in kinds(left & right)


def test_material_changes_with_what_is_compared_and_with_nothing_else() -> None:
    base: dict[str, Any] = {"title": {"lv": "Ozola darbnīca"}, "website": "https://ozols.example/", "country": "LV", **POINT}

    def hash_of(**fields: Any) -> str:
        return material(profile_of(cast(RecordPayload, {**base, **fields})))

    same: list[dict[str, Any]] = [{}, {"description": {"lv": "Garš apraksts par darbnīcu"}}, {"fetched_at": "2026-01-01T00:00:00Z"}, {"image": "https://x.example/a.png"},
            {"website": "http://www.ozols.example"}, {"lat": 56.951231}, {"tags": ["a"]}]  # fmt: skip
    other: list[dict[str, Any]] = [{"title": {"lv": "Ozola skola"}}, {"website": "https://berzs.example/"}, {"lat": 56.96}, {"country": "EE"}, {"place": "Rīga"},
             {"identifiers": [{"scheme": "LV-RE", "value": "1"}]}, {"kind": "event"}, {"start_date": "2024"}, {"phone": "60000001"},
             {"email": "a@b.example"}, {"address": "Miera iela 1"}, {"organisation": "Ozols"}]  # fmt: skip
    assert {hash_of(**fields) for fields in same} == {hash_of()}
    assert len({hash_of(**fields) for fields in other} | {hash_of()}) == len(other) + 1
