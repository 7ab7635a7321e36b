"""Suggestions of the search field: what is being typed is finished, and each suggestion says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.terms.searches import MAX_OFFERED, MIN_DAYS_OFFERED
from tests.samples.hostile import HOSTILE
from tests.web.site import make_site

GARDEN = {"lv": "Kopienas dārzs pagalmā, kur strādā mentori"}
RECORDS = [
    Record("1", kind="support_organisation", title={"lv": "Mentoru gads"}, place="Cēsis", country="LV", countries=("LV",),
           themes=("education",)),
    Record("2", title={"lv": "Kaimiņu mentori", "en": "A neighbour to lean on"}, summary={"lv": "Palīdz bezpajumtniekiem"}),
    Record("3", kind="project", title={"en": "Night Bus Kitchen"}, summary={"en": "Soup"}, themes=("education",)),
    Record("4", title={"lv": "Otrā elpa"}, description=GARDEN),
    Record("5", kind="project", title={"lv": "SIA „Vēja rati”"}, description=GARDEN, place="Kopenhāgena", country="DK",
           countries=("DK",), themes=("youth",)),
    Record("6", kind="project", title={"lv": "Rati un vējš"}, description=GARDEN),
    Record("7", title={"lv": "Zilā bode"}, country="LV", countries=("LV",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("site")), RECORDS)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def items(client: FlaskClient, typed: str, lang: str = "lv") -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get(f"/{lang}/suggest", query_string={"q": typed}).get_json()["items"]
    return found


def labels(client: FlaskClient, typed: str, lang: str = "lv") -> list[str]:
    return [item["label"] for item in items(client, typed, lang)]


def test_each_suggestion_says_what_it_is(client: FlaskClient) -> None:
    by_label = {item["label"]: item["about"] for typed in ("ment", "izgl", "dān", "otr", "zil") for item in items(client, typed)}
    assert by_label["Mentoru gads"] == "atbalsta organizācija · Cēsis, Latvija"
    assert by_label["mentorings"] == "jēdziens"
    assert by_label["izglītība"] == "Joma · 2 ieraksti"
    assert by_label["Dānija"] == "Valsts · 1 ieraksts"
    assert (by_label["Otrā elpa"], by_label["Zilā bode"]) == ("ieraksts", "ieraksts · Latvija")
    assert ("education", "Theme · 2 listings") in [(item["label"], item["about"]) for item in items(client, "educ", "en")]


@pytest.mark.parametrize(
    ("lang", "typed", "first"),
    [
        ("lv", "ment", ["Mentoru gads", "mentorings", "Kaimiņu mentori"]), ("lv", "“Otr", ["Otrā elpa"]), ("lv", "otra e", ["Otrā elpa"]),
        ("lv", "kopienas d", ["kopienas dārzs"]), ("lv", "kopienu dar", ["kopienas dārzs"]), ("lv", "cēs", ["Cēsis", "Cēsu novads"]),
        ("lv", "bezp", ["bezpajumtniecība"]), ("lv", "homeless", ["bezpajumtniecība"]), ("en", "homel", ["homelessness"]),
        ("en", "community g", ["community garden"]), ("en", "kitch", ["Night Bus Kitchen"]), ("en", "night k", ["Night Bus Kitchen"]),
        ("lv", "kopenh", ["Kopenhāgena"]), ("lv", "københ", ["Kopenhāgena"]), ("en", "kopenh", ["Copenhagen"]),
        ("lv", "vēja r", ["SIA „Vēja rati”", "Rati un vējš"]), ("lv", "rat", ["Rati un vējš", "SIA „Vēja rati”"]),
        ("lv", "neighb", ["kaimiņi", "Kaimiņu mentori"]), ("lv", "cēsīs ment", ["Mentoru gads"]),
    ],
)  # fmt: skip
def test_what_is_being_typed_is_finished(client: FlaskClient, lang: str, typed: str, first: list[str]) -> None:
    assert labels(client, typed, lang)[: len(first)] == first


def test_a_concept_leads_to_a_search_that_finds_something_and_others_are_not_offered(client: FlaskClient) -> None:
    (concept,) = (item for item in items(client, "homeless") if item["label"] == "bezpajumtniecība")
    assert "Kaimiņu mentori" in client.get(concept["url"]).text
    assert labels(client, "biškop") == [], "nobody keeps bees here"


def test_another_spelling_is_offered_only_where_nothing_goes_on_so(client: FlaskClient) -> None:
    assert "cita rakstība" not in [item["about"] for item in items(client, "ment")]
    assert [item["about"] for item in items(client, "mentroi")][:1] == ["cita rakstība"]
    assert set(labels(client, "mentroi")) >= {"mentori", "Kaimiņu mentori"}
    assert labels(client, "mentori zupa") == [], "what lacks some of the words is no suggestion"


def test_a_text_that_only_mentions_what_is_typed_is_no_suggestion(client: FlaskClient) -> None:
    assert "Otrā elpa" not in labels(client, "mentor")
    assert "Otrā elpa" in labels(client, "pagalm"), "unless nothing goes on so"


def search_often(app: Flask, words: str, days: int) -> None:
    tally = app.extensions["platforma"].searches
    for day in range(days):
        tally.note(words, date(2026, 3, 1) + timedelta(days=day))
    tally.write()


@pytest.fixture
def own(tmp_path: Path) -> Flask:
    return make_site(tmp_path, RECORDS)


def test_what_was_often_searched_for_is_offered_from_ten_days_on_if_three_listings_have_all_its_words(own: Flask) -> None:
    search_often(own, "pagalma mentori", MIN_DAYS_OFFERED)
    search_often(own, "pagalms strādā", MIN_DAYS_OFFERED - 1)
    search_often(own, "pagalma rati", MIN_DAYS_OFFERED)
    search_often(own, "pagalma nelietis", MIN_DAYS_OFFERED)
    search_often(own, "pagalma -nelietis", MIN_DAYS_OFFERED)
    assert MIN_DAYS_OFFERED == 10
    found = [(item["label"], item["about"]) for item in items(own.test_client(), "pagalm")]
    assert found == [("pagalma mentori", "bieži meklēts")], "only two have “rati”"


def test_a_search_that_differs_by_its_diacritics_or_is_a_suggestion_already_is_offered_once(own: Flask) -> None:
    for words, days in {"darzs pagalma": MIN_DAYS_OFFERED, "dārzs pagalmā": MIN_DAYS_OFFERED + 1, "kopienas dārzs": 30}.items():
        search_often(own, words, days)
    assert [label for label in labels(own.test_client(), "dār") if label.startswith("d")] == ["dārzs", "dārzs pagalmā"]
    assert labels(own.test_client(), "kopienas d").count("kopienas dārzs") == 1


def test_searches_are_read_once_a_day_and_the_most_frequent_alone(own: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tally, day = own.extensions["platforma"].searches, date(2026, 5, 1)
    search_often(own, "maize", MIN_DAYS_OFFERED)
    assert tally.often_asked(day) == ("maize",)
    search_often(own, "piens", MIN_DAYS_OFFERED + 1)
    assert tally.often_asked(day) == ("maize",)
    assert tally.often_asked(day + timedelta(days=1)) == ("piens", "maize")
    monkeypatch.setattr("platforma.catalogue.terms.searches.MAX_OFFERED", 1)
    assert tally.often_asked(day) == ("piens",)
    assert MAX_OFFERED == 500


def test_at_most_ten_are_shown_of_each_sort_a_few(tmp_path: Path) -> None:
    many = [
        Record(str(n), title={"lv": f"Mentoru {word}"}) for n, word in enumerate(("ala", "bode", "cels", "dala", "eja", "fonds"))
    ]
    client = make_site(tmp_path, many).test_client()
    assert len([item for item in items(client, "ment") if "/initiatives/" in item["url"]]) == 5


@pytest.mark.parametrize("more", ["", " a", " b c"])
def test_whatever_is_typed_gets_an_answer(client: FlaskClient, more: str) -> None:
    for typed in (*HOSTILE, "a" * 3_000, "ā b " * 800, "\u202e\u2066abc", "🙂🙂🙂", "„“”!?…", "m\u0304u\u0304z"):
        answer = client.get("/lv/suggest", query_string={"q": typed + more})
        assert answer.status_code == (400 if "\x00" in typed else 200)
        assert answer.status_code == 400 or len(answer.get_json()["items"]) <= 10


def test_signs_alone_and_single_letters_are_nothing_to_finish(client: FlaskClient) -> None:
    for typed in ("", "m", " m ", "„m", "!!!", "🙂🙂"):
        assert items(client, typed) == []
