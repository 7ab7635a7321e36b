"""Comparing two records: a table of cases with invented names, and what holds for all records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from platforma.catalogue import matching
from platforma.catalogue.matching.profiles import Profile, profile_of
from platforma.catalogue.matching.scoring import Verdict, compare, compare_from
from platforma.catalogue.shapes import RecordPayload

WEIGHTS = Path(next(iter(matching.__path__))) / "weights.yaml"
SAME, UNSURE, DIFFERENT = Verdict.SAME, Verdict.UNSURE, Verdict.DIFFERENT
RIGA = {"country": "LV", "place": "Rīga", "lat": 56.95123, "lon": 24.11345, "address": "Miera iela 14, Rīga"}
"""An exact point with its address."""
NEAR_RIGA = RIGA | {"lat": 56.96383}
"""The same, its point 1.4 km to the north."""
CESIS = {"country": "LV", "place": "Cēsis", "lat": 57.31278, "lon": 25.27456, "address": "Rīgas iela 3, Cēsis"}
JELGAVA = {"country": "LV", "place": "Jelgava", "lat": 56.64987, "lon": 23.71234, "address": "Lielā iela 8, Jelgava"}
OAK = {"website": "https://ozols.example/", **RIGA}
FORUM = {"kind": "event", "website": "https://forums.example/"}
TEXT = {
    "description": {
        "lv": "Pagalmā darbojas darbnīcas, maiņas punkts un kopienas virtuve, kur jaunieši gatavo kopā ar senioriem pusdienas"
    }
}


def profile(title: str | Mapping[str, str], fields: Mapping[str, Any]) -> Profile:
    titles = {"und": title} if isinstance(title, str) else dict(title)
    return profile_of(cast(RecordPayload, {"title": titles, **fields}))


CASES: list[tuple[str | Mapping[str, str], Mapping[str, Any], str | Mapping[str, str], Mapping[str, Any], set[Verdict]]] = [
    # the same thing, told in two ways
    ("Ozola darbnīca", OAK, "Ozola darbnīca", OAK, {SAME}),
    ("Ozola darbnīca", OAK, "Ozola darbnīca", OAK | {"website": "http://www.ozols.example"}, {SAME}),
    ("Ozola darbnīca", OAK, "Ozola darbnīca", OAK | NEAR_RIGA, {SAME}),
    ("Ozola darbnīca", OAK, "Ozola darbnīca", RIGA, {SAME}),
    ("Ozola darbnīca", OAK, "Ozola drbnīca", OAK, {SAME, UNSURE}),
    ("Ozola darbnīca", OAK, "Darbnīca Ozola", OAK, {SAME}),
    ("SIA „Ozola darbnīca”", OAK, "Ozola darbnīca, SIA", OAK, {SAME}),
    ("Ozola darbnīca", OAK, "Sabiedrība ar ierobežotu atbildību \"Ozola darbnīca\"", OAK, {SAME}),
    ("Mežābele & partneri", OAK, "Mežābele un partneri", OAK, {SAME}),
    ("The Willow Yard", OAK, "Willow Yard", OAK, {SAME}),
    ("Vītolu un Bērzu biedrība", OAK, "Vītolu Bērzu biedrība", OAK, {SAME}),
    ("Weidenhof e. V.", OAK, "Weidenhof", OAK, {SAME}),
    ("Чайка", OAK, "Chaika", OAK, {SAME}),
    ("Pagalmu kopiena", OAK, "Pagalmukopiena", OAK, {SAME, UNSURE}),
    ("LJK – Latgales jauniešu kopiena", OAK, "Latgales jauniešu kopiena", OAK, {SAME}),
    ("LJKA", OAK, "Latgales jauniešu kultūras apvienība", OAK, {SAME, UNSURE}),
    ("Rīgas Ozola darbnīca", OAK, "Ozola darbnīca", OAK, {SAME}),
    ("Ozola darbnīca", OAK | {"legal_form": "biedrība"}, "Biedrība „Ozola darbnīca”", OAK, {SAME}),
    ("Kopienu konkurss", FORUM | {"kind": "funding", "end_date": "2024-05-03"}, "Kopienu konkurss",
     FORUM | {"kind": "funding", "end_date": "2024-05-03"}, {SAME}),
    ("Ozola darbnīca Rīga", OAK, "Ozola darbnīca", OAK, {SAME}),
    ("Ozola darbnīca", {"website": "https://ozols.example/"}, "Ozola darbnīca", {"website": "https://ozols.example/"}, {SAME}),
    ("Ozola darbnīca", {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}, "Ozola darbnīca",
     {"identifiers": [{"scheme": "LV-RE", "value": "4000 0000 001"}]}, {SAME}),
    ("Ozola darbnīca", {"phone": "+371 60000001", **RIGA}, "Ozola darbnīca", {"phone": "60000001", "place": "Rīga"}, {SAME}),
    ("Ozola darbnīca", {"website": "https://www.facebook.com/ozoladarbnica"}, "Ozola darbnīca",
     {"website": "http://facebook.com/ozoladarbnica/"}, {SAME}),
    ("Ozola darbnīca", OAK, "Ozola darbnīca", OAK | {"lat": 24.11345, "lon": 56.95123}, {SAME}),
    # asked: something is missing or contradicts
    ("Ozola darbnīca", {}, "Ozola darbnīca", {}, {UNSURE}),
    ("Ozola darbnīca", {}, "SIA Ozola darbnīca", {}, {UNSURE}),
    ("Ozola darbnīca", OAK, "Ozola darbnīcas veikals", OAK, {UNSURE}),
    ("Ozola darbnīca", OAK, "Ozola darbnīca", OAK | NEAR_RIGA | {"address": "Brīvības iela 200, Rīga"}, {UNSURE}),
    ("Ozola darbnīca", RIGA | {"website": "https://ozols.example/"}, "Ozola darbnīca",
     RIGA | {"website": "https://mezs.example/", "address": None, "lat": None, "lon": None}, {UNSURE}),
    ({"lv": "Ozola darbnīca"}, OAK, {"en": "Oak Workshop"}, OAK, {UNSURE}),
    ("Ozola darbnīca", {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}, "Pavisam cits vārds",
     {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}, {UNSURE}),
    ("Biedrība Ozola darbnīca", OAK, "SIA Ozola darbnīca", OAK, {UNSURE}),
    ("Ozola darbnīca", OAK | {"legal_form": "biedrība"}, "SIA Ozola darbnīca", OAK, {UNSURE}),
    ("Kopienu forums", FORUM | {"start_date": "2024-05-03"}, "Kopienu forums", FORUM, {UNSURE}),
    ("Ozola darbnīca", {"website": "https://saraksts.example/1"}, "Ozola darbnīca", {"website": "https://saraksts.example/2"}, {UNSURE}),
    ("Kopienu mācības", {"kind": "project", "start_date": "2023-11", **OAK}, "Kopienu mācības",
     {"kind": "project", "start_date": "2024-01", **OAK}, {UNSURE}),
    ("Senioru klubs", {"website": "https://klubi.example/"}, "Senioru klubs", {"website": "https://klubi.example/"}, {UNSURE}),
    # two things
    ("Ozola darbnīca", OAK | {"address": None}, "Ozola darbnīca", OAK | {"address": None, "lat": 24.11345, "lon": 56.95123}, {DIFFERENT, UNSURE}),
    ("Ozola darbnīca", OAK | {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}, "Ozola darbnīca",
     OAK | {"identifiers": [{"scheme": "LV-RE", "value": "40000000002"}]}, {DIFFERENT}),
    ("Ozola darbnīca", OAK | TEXT, "Ozola darbnīca", OAK | TEXT | CESIS, {DIFFERENT}),
    ("Ozola darbnīca", OAK | TEXT, "Ozola darbnīca", OAK | TEXT | JELGAVA, {DIFFERENT}),
    ("Labošanas kafejnīca Rīgā", OAK | TEXT, "Labošanas kafejnīca Cēsīs", OAK | TEXT | CESIS, {DIFFERENT}),
    ("Repair Café", {"place": "Rīga", "country": "LV"}, "Repair Café", {"place": "Cēsis", "country": "LV"}, {DIFFERENT}),
    ("Lēnā ēdiena kopa Gauja", {"website": "https://lena.example/", **TEXT}, "Lēnā ēdiena kopa Venta",
     {"website": "https://lena.example/", **TEXT}, {DIFFERENT}),
    ("Bērnudārzs Nr. 5", OAK, "Bērnudārzs Nr. 7", OAK, {DIFFERENT}),
    ("Kopienu fonds II", RIGA, "Kopienu fonds III", RIGA, {DIFFERENT}),
    ("Ozola darbnīca", {"country": "LV"}, "Ozola darbnīca", {"country": "LT"}, {DIFFERENT}),
    ("Ozola darbnīca", OAK, "Bērzu skola", OAK, {DIFFERENT}),
    ("!!!", OAK, "???", OAK, {DIFFERENT}),
    ("Ozola darbnīca", {"website": "https://www.facebook.com/"} | {"place": "Rīga"}, "Ozola klase",
     {"website": "https://www.facebook.com/ozolaklase", "place": "Rīga"}, {DIFFERENT}),
    ("Ozola darbnīca", OAK | {"kind": "organisation"}, "Ozola darbnīca", OAK | {"kind": "project"}, {UNSURE}),
    ("Ozola darbnīca", OAK | {"kind": "organisation"}, "Ozola darbnīca jauniešiem", OAK | {"kind": "project"}, {DIFFERENT, UNSURE}),
    ("Kopienu forums", FORUM | {"start_date": "2024-05-03"}, "Kopienu forums", FORUM | {"start_date": "2025-05-02"}, {DIFFERENT}),
    ("Kopienu forums 2024", FORUM, "Kopienu forums 2025", FORUM, {DIFFERENT}),
    ("Kopienu forums 2024", {}, "Kopienu forums 2025", {}, {DIFFERENT}),
    ("Jauniešu kopa 4", {}, "Jauniešu kopa 5", {}, {UNSURE}),
    ("Kopienu forums", FORUM | {"start_date": "2024-05-03"}, "Kopienu forums", FORUM | {"start_date": "2024-05"}, {SAME}),
]  # fmt: skip


@pytest.mark.parametrize(("left", "left_fields", "right", "right_fields", "expected"), CASES)
def test_the_verdict_on_two_records(
    left: str, left_fields: Mapping[str, Any], right: str, right_fields: Mapping[str, Any], expected: set[Verdict]
) -> None:
    comparison = compare(profile(left, left_fields), profile(right, right_fields))
    assert comparison.verdict in expected, comparison


@pytest.mark.parametrize(("left", "left_fields", "right", "right_fields", "expected"), CASES)
def test_it_does_not_matter_which_record_comes_first(
    left: str, left_fields: Mapping[str, Any], right: str, right_fields: Mapping[str, Any], expected: set[Verdict]
) -> None:
    one, other = profile(left, left_fields), profile(right, right_fields)
    there, back = compare(one, other), compare(other, one)
    assert (there.score, there.verdict) == (back.score, back.verdict)
    assert [message for message, _ in there.reasons] == [message for message, _ in back.reasons]


def assert_nothing_is_missed(left: Profile, right: Profile) -> None:
    """Comparing only from a verdict on gives the same, or nothing where the verdict is less."""
    whole = compare(left, right)
    for least, reaching in ((UNSURE, {UNSURE, SAME}), (SAME, {SAME})):
        found = compare_from(least, left, right)
        assert found == whole or (found is None and whole.verdict not in reaching)


@pytest.mark.parametrize(("left", "left_fields", "right", "right_fields", "expected"), CASES)
def test_comparing_from_a_verdict_on_misses_nothing(
    left: str, left_fields: Mapping[str, Any], right: str, right_fields: Mapping[str, Any], expected: set[Verdict]
) -> None:
    assert expected
    assert_nothing_is_missed(profile(left, left_fields), profile(right, right_fields))


def test_the_reasons_tell_what_agrees_and_what_differs() -> None:
    left = profile("Ozola darbnīca", OAK | {"identifiers": [{"scheme": "LV-RE", "value": "4000"}], "email": "info@ozols.example"})
    right = profile("Ozola drbnīca 2", CESIS | {"website": "https://ozols.example/cesis", "email": "cesis@ozols.example"})
    reasons = [message % dict(values) for message, values in compare(left, right).reasons]
    assert reasons == [
        "the names are spelt differently: “Ozola darbnīca”, “Ozola drbnīca 2”",
        "81 km apart",
        "only one name has a number: 2",
        "the same website: ozols.example",
    ]


def test_what_agrees_most_comes_first() -> None:
    reasons = [message for message, _ in compare(profile("Ozola darbnīca", OAK), profile("Ozola darbnīca", OAK)).reasons]
    assert reasons[:2] == ["the names are the same: “%(left)s”, “%(right)s”", "the same web address: %(address)s"]


def test_a_record_without_a_title_is_the_same_as_nothing() -> None:
    number = {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}
    nameless = profile_of(cast(RecordPayload, {"title": {}, **OAK, **number}))
    assert compare(nameless, nameless).verdict == DIFFERENT
    assert compare(nameless, nameless).score == 0


@pytest.mark.parametrize("name", ["Ozola darbnīca", "Biedrība „Saules dārzs”", "Kopienu fonds II", "Senioru klubs", "X"])
def test_a_name_alone_is_never_joined_without_asking(name: str) -> None:
    assert compare(profile(name, {}), profile(name, {})).verdict == UNSURE


def test_every_weight_has_a_reason_and_every_reason_a_weight() -> None:
    data = yaml.safe_load(WEIGHTS.read_text(encoding="utf-8"))
    entries = [entry for part in data.values() for entry in part.values()]
    assert all(entry["because"].endswith(".") for entry in entries)
    used = set(re.findall(r'"([a-z_]+)"', (WEIGHTS.parent / "observations.py").read_text(encoding="utf-8")))
    assert data["weights"].keys() - used == {"start"}


NAMES = st.text("aābcdeēlmnoprsštuvzž 0123456789&-.()\"'/Яж", min_size=1, max_size=30).filter(str.strip)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["organisation", "project", "event", None]),
        "country": st.sampled_from(["LV", "EE", None]),
        "place": st.sampled_from(["Rīga", "Cēsis", "", None]) | NAMES,
        "address": st.none() | NAMES,
        "lat": st.none() | st.floats(-90, 90),
        "lon": st.none() | st.floats(-180, 180),
        "website": st.sampled_from(["https://ozols.example/", "https://facebook.com/x", "https://[", None]),
        "email": st.sampled_from(["info@ozols.example", "ozols@gmail.com", None]),
        "phone": st.none() | st.text("0123456789+ -/", max_size=20),
        "identifiers": st.lists(st.fixed_dictionaries({"scheme": st.just("LV-RE"), "value": st.text("0123", min_size=1)}), max_size=2),
        "start_date": st.sampled_from(["2024", "2024-05", "2024-05-03", None]),
        "description": st.dictionaries(st.just("lv"), NAMES),
        "organisation": st.none() | NAMES,
    },
)  # fmt: skip
PROFILES = st.builds(profile, st.dictionaries(st.sampled_from(["lv", "en", "und"]), NAMES, min_size=1, max_size=2), FIELDS)


@given(PROFILES, PROFILES)
def test_any_two_records_have_a_score_between_0_and_1_whichever_comes_first(left: Profile, right: Profile) -> None:
    there, back = compare(left, right), compare(right, left)
    assert 0 <= there.score <= 1
    assert (there.score, there.verdict) == (back.score, back.verdict)
    assert all(message % dict(values) for message, values in there.reasons)


@given(PROFILES, PROFILES)
def test_comparing_any_two_records_from_a_verdict_on_misses_nothing(left: Profile, right: Profile) -> None:
    assert_nothing_is_missed(left, right)
    assert_nothing_is_missed(left, left)


@given(PROFILES)
def test_a_record_and_its_copy_are_never_told_apart(record: Profile) -> None:
    numbers = [scheme for scheme, _ in record.registers]
    assert compare(record, record).verdict in (SAME, UNSURE) or numbers.count("LV-RE") > 1, compare(record, record)


@pytest.mark.parametrize("title", ["\u0301", "\u0301\u0302", "\u200b", "…", "-"])
def test_a_name_of_which_nothing_can_be_read_is_compared_all_the_same(title: str) -> None:
    unread, named = (profile(text, {}) for text in (title, "Kopienas nams"))
    assert all(word for name in unread.names for word in name.words)
    assert compare(unread, named).verdict == Verdict.DIFFERENT
    assert compare(unread, unread).verdict in (SAME, UNSURE)
