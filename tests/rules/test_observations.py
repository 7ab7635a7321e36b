"""What is seen in two records: how alike names are, how near places, and for what each observation counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import pytest

from platforma.catalogue.matching.likeness import compare_names
from platforma.catalogue.matching.names import read_name
from platforma.catalogue.matching.observations import farness
from platforma.catalogue.matching.profiles import Profile, profile_of
from platforma.catalogue.matching.scoring import Verdict, amounts, compare, load_weights, observe
from platforma.catalogue.shapes import RecordPayload

POINT = {"lat": 56.95123, "lon": 24.11345}
KM = 1 / 111.195
"""A kilometre to the north, in degrees."""
NUMBER = {"identifiers": [{"scheme": "LV-RE", "value": "40000000001"}]}
EVENT, PROJECT = {"kind": "event"}, {"kind": "project"}
SITE, PAGE = {"website": "https://ozols.example/"}, {"website": "https://ozols.example/par"}
MAIL, PHONE = {"email": "info@ozols.example"}, {"phone": "+371 60000001"}
TOWN, STREET = {"place": "Rīga", "country": "LV"}, {"address": "Miera iela 14"}
WORDS = "darbnīcas maiņas punkts kopienas virtuve jaunieši gatavo seniori pusdienas vakari"
EVERYTHING = {**SITE, **NUMBER, **MAIL, **PHONE, **POINT, **TOWN, **STREET, "legal_form": "biedrība", "kind": "organisation"}


def profile(title: str | Mapping[str, str], **fields: Any) -> Profile:
    titles = {"und": title} if isinstance(title, str) else dict(title)
    return profile_of(cast(RecordPayload, {"title": titles, **fields}))


def twice(title: str, **fields: Any) -> tuple[Profile, Profile]:
    return profile(title, **fields), profile(title, **fields)


def seen(left: Profile, right: Profile) -> dict[str, float]:
    return amounts(observe(left, right)[0])


def of_fields(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, float]:
    return seen(profile("Ozols", **left), profile("Ozols", **right))


@pytest.mark.parametrize(
    ("left", "right", "share", "clash", "extra"),
    [
        ("Saules maize", "Maize, Saules", 1, 0, 0),
        ("Saules maize", "Saules maze", 0.95, 0, 0),
        ("Saulgrieži", "Saulgriezz", 0.95, 0, 0),
        ("Saulgrieži", "Saulgrrezz", 0.8, 0, 0),
        ("Mākslas deli", "Mākslas delikateses", 0.9, 0, 0),
        ("Intl Ozols", "International Ozols", 0.9, 0, 0),
        ("Intr Ozols", "International Ozols", 2 / 3.25, 0.5, 0.75),
        ("Pūces ligzda", "Pūcesligzda", 1, 0, 0),
        ("Vētra un Ozols", "Vētra Ozols", 1, 0, 0),
        ("VOB", "Vētra Ozols Bērzs", 0.9, 0, 0),
        ("VOB – Vētra Ozols Bērzs", "Vētra Ozols Bērzs", 1, 0, 0),
        ("Vētra (VOB) Ozols Bērzs", "Vētra Ozols Bērzs", 1, 0, 0),
        ("Ozols (Vētra)", "Ozols", 0.8, 0, 0.5),
        ("Ozols Vētra", "Ozols", 2 / 3, 0, 1),
        ("Ozols centrs", "Ozols", 2 / 2.25, 0, 0.25),
        ("Ozols xy", "Ozols", 2 / 2.6, 0, 0.6),
        ("Ozols Kiel", "Ozols Harz", 0.5, 1, 0),
        ("Ozols Kiel", "Ozols centrs", 2 / 3.25, 0.5, 0.75),
        ("Kiel Ozols Ozols", "Kiel Ozols", 1, 0, 0),
        ("ABC", "CBA", 0, 1, 0),
        ("Z.A.B. Ozols", "ZAB Ozols", 1, 0, 0),
    ],
)
def test_the_likeness_of_two_names(left: str, right: str, share: float, clash: float, extra: float) -> None:
    there, back = (compare_names(read_name(a), read_name(b)) for a, b in ((left, right), (right, left)))
    assert (there.share, there.clash, there.extra) == pytest.approx((share, clash, extra))
    assert (there.left_only, there.right_only) == (back.right_only, back.left_only)


@pytest.mark.parametrize("name", ["Ozols Liepāja", "Ozols Liepājas", "Ozols Liepājā"])
def test_the_place_where_both_are_tells_nothing_unless_both_names_say_more(name: str) -> None:
    place = frozenset({"liepaja"})
    assert compare_names(read_name(name), read_name("Ozols"), place).extra == pytest.approx(0.05)
    assert compare_names(read_name(name), read_name("Ozols Harz"), place).clash == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("SIA „Saules maize”", "saules maize", ""),
        ("Saules maize, Sabiedrība ar ierobežotu atbildību", "saules maize", ""),
        ("Weidenhof e. V.", "weidenhof", ""),
        ("Ozols Sp. z o.o.", "ozols", ""),
        ("The Oak & the Elm Ltd", "oak elm", ""),
        ("SIA", "sia", ""),
        ("Pão a pão", "pao pao", ""),
        ("Kopa Forty-Four", "kopa", "44"),
        ("Fonds XIV", "fonds", "14"),
        ("Fonds V L.P.", "fonds", "5"),
        ("1st Oak Co-operative", "oak cooperative", "1"),
        ("L'Arka", "arka", ""),
        ("Ozola's", "ozolas", ""),
        ("Дом", "dom", ""),
    ],
)
def test_a_name_is_read_as_words_and_numbers(text: str, words: str, numbers: str) -> None:
    name = read_name(text)
    assert (" ".join(name.words), " ".join(name.numbers)) == (words, numbers)


PAIRS: list[tuple[str, bool, Profile, Profile]] = [
    ("name", True, profile("Ozols"), profile("Ozols")),
    ("name_clash", False, profile("Ozols Kiel"), profile("Ozols Harz")),
    ("name_extra", False, profile("Ozols Kiel"), profile("Ozols")),
    ("numbers_differ", False, profile("Ozols 1"), profile("Ozols 2")),
    ("number_missing", False, profile("Ozols 1"), profile("Ozols")),
    ("name_common", False, profile("Senioru klubs"), profile("Senioru klubs")),
    ("legal_form_differs", False, profile("SIA Ozols"), profile("Ozols", legal_form="biedrība")),
    ("page_same", True, profile("Ozols", **PAGE), profile("Ozols", **PAGE)),
    ("page_same", True, profile("Ozols", **SITE), profile("Ozols", same_as=["http://www.ozols.example"])),
    ("common_page_same", True, *twice("Ozols", website="https://facebook.com/ozols")),
    ("page_same", True, *twice("Ozols", website="https://ozols.wordpress.com/")),
    ("site_same", True, profile("Ozols", **SITE), profile("Ozols", **PAGE)),
    ("site_differs", False, profile("Ozols", **SITE), profile("Ozols", website="https://berzs.example/")),
    ("register_same", True, profile("Ozols", **NUMBER), profile("Bērzs", **NUMBER)),
    ("register_differs", False, profile("Ozols", **NUMBER), profile("Ozols", identifiers=[{"scheme": "LV-RE", "value": "5"}])),
    ("email_same", True, profile("Ozols", **MAIL), profile("Ozols", email="INFO@ozols.example")),
    ("mail_host_same", True, profile("Ozols", **MAIL), profile("Ozols", email="cits@ozols.example")),
    ("mail_host_same", True, profile("Ozols", **MAIL), profile("Ozols", **SITE)),
    ("phone_same", True, profile("Ozols", **PHONE), profile("Ozols", phone="60 000 001")),
    ("phone_differs", False, profile("Ozols", **PHONE), profile("Ozols", phone="60000002")),
    ("near", True, profile("Ozols", **POINT), profile("Ozols", **POINT)),
    ("far", False, profile("Ozols", **POINT), profile("Ozols", **POINT | {"lat": 57.5123})),
    ("address_same", True, profile("Ozols", **STREET), profile("Ozols", address="Miera 14, LV-1001")),
    ("address_same", True, profile("Ozols", address="Schulstraße 3"), profile("Ozols", address="Schulstr. 3")),
    ("address_differs", False, profile("Ozols", **STREET), profile("Ozols", address="Miera iela 15")),
    ("address_differs", False, profile("Ozols", **STREET), profile("Ozols", address="Kara iela 3")),
    ("place_same", True, profile("Ozols", place="Rīga"), profile("Ozols", place="Riga")),
    ("place_differs", False, profile("Ozols", place="Kaut kur"), profile("Ozols", place="Nekur")),
    ("country_differs", False, profile("Ozols", country="LV"), profile("Ozols", country="EE")),
    ("kind_differs", False, profile("Ozols", kind="organisation"), profile("Ozols", **PROJECT)),
    ("dates_same", True, profile("Ozols", start_date="2024-05", **EVENT), profile("Ozols", start_date="2024", **EVENT)),
    ("dates_same", True, *twice("Ozols", end_date="2024-05-03", kind="funding")),
    ("dates_differ", False, profile("Ozols", start_date="2024", **EVENT), profile("Ozols", start_date="2025", **EVENT)),
    ("date_missing", False, profile("Ozols", start_date="2024", **EVENT), profile("Ozols", **EVENT)),
    ("project_dates_differ", False, profile("Ozols", start_date="2024", **PROJECT), profile("Ozols", start_date="2025", **PROJECT)),
    ("organisation_same", True, *twice("Ozols", organisation="SIA Bērzs", **PROJECT)),
    ("organisation_differs", False, profile("Ozols", organisation="Bērzs", **PROJECT), profile("Ozols", organisation="Osis", **PROJECT)),
    ("text_alike", True, *twice("Ozols", description={"lv": WORDS})),
]  # fmt: skip


@pytest.mark.parametrize(("feature", "agrees", "left", "right"), PAIRS)
def test_what_agrees_counts_for_and_what_differs_against(feature: str, agrees: bool, left: Profile, right: Profile) -> None:
    assert seen(left, right).get(feature, 0) > 0
    assert seen(right, left)[feature] == seen(left, right)[feature]
    assert (load_weights().weights[feature] > 0) == agrees


def test_every_weight_has_its_pair() -> None:
    assert load_weights().weights.keys() - {feature for feature, *_ in PAIRS} == {"start"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"website": "https://facebook.com/"}, {"website": "https://facebook.com/"}),
        ({"website": "https://facebook.com/a"}, {"website": "https://facebook.com/b"}),
        ({"email": "a@gmail.com"}, {"email": "b@gmail.com"}),
        ({"lat": 56.95, "lon": 24.11}, {"lat": 56.95, "lon": 24.11}),
        (POINT | {"derived": {"lat": "town Rīga"}}, POINT),
        ({"address": "iela 14"}, {"address": "iela 15"}),
        ({"description": {"lv": "pavisam īss apraksts par visu"}}, {"description": {"lv": "pavisam īss apraksts par visu"}}),
        ({"kind": "organisation", "start_date": "2001"}, {"kind": "organisation", "start_date": "2002"}),
        ({"kind": "social_enterprise"}, {"kind": "organisation"}),
    ],
)
def test_what_everybody_shares_or_nobody_knows_counts_for_nothing(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert of_fields(left, right).keys() == {"name"}


@pytest.mark.parametrize(
    ("km", "near", "far"), [(0.05, 1, 0), (1.05, 0.5, 0), (2.1, 0, 0), (4.9, 0, 0), (22.36, 0, 0.5), (120, 0, 1)]
)
def test_how_near_and_how_far_points_are(km: float, near: float, far: float) -> None:
    found = of_fields(POINT, POINT | {"lat": POINT["lat"] + km * KM})
    assert found.get("near", 0) == pytest.approx(near, abs=0.01)
    assert found.get("far", 0) == pytest.approx(far, abs=0.01)


@pytest.mark.parametrize(("km", "far"), [(14, 0), (19, 0), (15 + 22.36, 0.5)])
def test_the_centre_of_a_town_may_be_nearer_than_it_seems(km: float, far: float) -> None:
    town = {"lat": POINT["lat"] + km * KM, "lon": POINT["lon"], "derived": {"lat": "town"}}
    assert of_fields(POINT, town).get("far", 0) == pytest.approx(far, abs=0.01)


def test_a_town_is_the_same_in_two_languages_and_wherever_its_centre_is() -> None:
    assert "place_same" in of_fields({"place": "Tallina", "country": "EE"}, {"place": "Tallinn", "country": "EE"})
    assert "far" not in of_fields({"place": "Rīga", **POINT | {"lat": 57.9123}}, {"place": "Rīga", "country": "LV"})


@pytest.mark.parametrize(("shared", "amount"), [(10, 1), (6, 0.5), (3, 0)])
def test_texts_are_as_alike_as_the_words_that_they_share(shared: int, amount: float) -> None:
    others = "ziemeļi dienvidi austrumi rietumi pavasaris vasara rudens ziema rītausma krēsla".split()
    text = " ".join([*WORDS.split()[:shared], *others[shared:]])
    found = of_fields({"description": {"lv": WORDS}}, {"summary": {"lv": text}})
    assert found.get("text_alike", 0) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("title", "changed"),
    [
        ("Ozola darbnīca 2", {}),
        ("Ozola darbnīcas veikals", {}),
        ("Ozola darbnīca", {"lat": 57.9123, "address": None, "place": None}),
        ("Ozola darbnīca", {"country": "EE"}),
        ("Ozola darbnīca", {"kind": "project"}),
        ("Ozola darbnīca", {"legal_form": "SIA"}),
        ("Ozola darbnīca", {"address": "Kara iela 3", "lat": 56.9612}),
        ("Ozola darbnīca", {"place": "Nekur", "lat": None, "lon": None, "address": None}),
    ],
)
def test_a_doubt_is_asked_about_whatever_else_agrees(title: str, changed: dict[str, Any]) -> None:
    whole = profile("Ozola darbnīca", **EVERYTHING)
    assert compare(whole, whole).verdict == Verdict.SAME
    assert compare(whole, profile(title, **EVERYTHING | changed)).verdict == Verdict.UNSURE


def test_an_event_without_a_date_and_a_project_with_another_are_asked_about() -> None:
    dated = profile("Ozola svētki", **EVERYTHING | EVENT | {"start_date": "2024-05-03"})
    assert compare(dated, profile("Ozola svētki", **EVERYTHING | EVENT)).verdict == Verdict.UNSURE
    begun, begun_later = (profile("Ozola svētki", **EVERYTHING | PROJECT | {"start_date": date}) for date in ("2024", "2025"))
    assert compare(begun, begun_later).verdict == Verdict.UNSURE


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({}, {"identifiers": [{"scheme": "LV-RE", "value": "40000000002"}]}),
        (EVENT | {"start_date": "2024-05-03", "identifiers": []}, {"start_date": "2025-05-02"}),
    ],
)
def test_two_register_numbers_or_dates_are_two_things_whatever_else_agrees(
    fields: dict[str, Any], changed: dict[str, Any]
) -> None:
    left, right = profile("Ozola svētki", **EVERYTHING | fields), profile("Ozola svētki", **EVERYTHING | fields | changed)
    assert compare(left, left).verdict == Verdict.SAME
    assert compare(left, right).verdict == Verdict.DIFFERENT


def test_what_a_series_shares_counts_for_nothing() -> None:
    for fields in (EVERYTHING, {**PAGE, "description": {"lv": WORDS}, "email": "cits@ozols.example"}):
        found = seen(profile("Skola 5", **EVERYTHING, description={"lv": WORDS}), profile("Skola 7", **fields))
        agreeing = {feature for feature, agrees, *_ in PAIRS if agrees} - {"name", "register_same"}
        assert {feature: found[feature] for feature in agreeing & found.keys() if found[feature]} == {}


@pytest.mark.parametrize("agreeing", [SITE, {"website": "https://facebook.com/ozols"}, {"description": {"lv": WORDS}}])
def test_what_branches_share_counts_for_nothing_in_another_town(agreeing: dict[str, Any]) -> None:
    here, there = profile("Ozols", **POINT, **agreeing), profile("Ozols", **POINT | {"lat": 57.1123}, **agreeing)
    found = seen(here, there)
    assert 0.4 < found["far"] < 0.6
    assert not any(found.get(feature) for feature in ("page_same", "common_page_same", "text_alike"))
    unknown = seen(profile("Ozols", place="Kaut kur", **agreeing), profile("Ozols", place="Nekur", **agreeing))
    assert not any(unknown.get(feature) for feature in ("page_same", "common_page_same", "text_alike"))


@pytest.mark.parametrize("close", [POINT, STREET, {"place": "Rīga"}, NUMBER, PHONE, {"email": "klubs@inbox.lv"}])
def test_a_common_name_needs_more_than_a_site(close: dict[str, Any]) -> None:
    assert compare(*[profile("Senioru klubs", **SITE)] * 2).verdict == Verdict.UNSURE
    assert compare(*[profile("Senioru klubs", **SITE, **close)] * 2).verdict == Verdict.SAME


def test_farness_grows_with_every_kilometre_between_its_bounds() -> None:
    values = [farness(km) for km in (None, 0, 5, 6, 10, 30, 99, 100, 5000)]
    assert values == sorted(values)
    assert (values[2], values[-2], values[-1]) == (0, 1, 1)
    assert re.fullmatch(r"0\.\d+", str(values[3]))
