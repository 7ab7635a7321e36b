"""Reasons for a result, read from the question and the listing alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from search.factory import open_engine
from search.port import Document, Page, Query
from search.query.reasons import Reasoner
from tests.contract.corpus import CORPUS, CROSSING, fill
from vocabulary import fold

NOBODY = Page(0, ())
TODAY = date(2026, 5, 1)


def mentions(text: str, document: Document, lang: str = "lv") -> list[tuple[str, str, str]]:
    reasons = Reasoner(Query(text=text, lang=lang), NOBODY).reasons(document)
    return [(mention.role, mention.boost, mention.written) for word in reasons.words for mention in word.mentions]


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("iet", "Bērni gāja mājās.", [("keys", "gāja")]), ("jauniešu", "No jauniešiem, jaunietim", [("keys", "jauniešiem")]),
        ('"mājās gāja"', "Bērni gāja mājās.", []), ('"gāja mājās"', "Bērni gāja mājās.", [("surface", "gāja mājās")]),
        ("bērni mājas", "Bērni gāja mājās.", [("surface", "Bērni"), ("surface", "mājās")]),
        ("pārtikas banka", "A food bank, and banks of food", [("other_name", "food bank")]),
        ("pārtikas banka", "A food shop by the bank", [("other_name", "food"), ("other_name", "bank")]),
        ("pārtikas banka", "A shop by the bank", []), ("nekas", "", []),
    ],
)  # fmt: skip
def test_words_are_told_as_they_are_written(text: str, body: str, expected: list[tuple[str, str]]) -> None:
    listing = Document("x", {}, body={"en" if body.startswith("A ") else "lv": body})
    assert mentions(text, listing) == [("body", *mention) for mention in expected]


def test_what_is_nearest_is_told_and_the_readers_language_first() -> None:
    listing = Document("x", {"en": "Map of maps", "lv": "Map karte"}, names=("maps",))
    assert mentions("map", listing) == [("title", "surface", "Map"), ("names", "keys", "maps")]
    by_language = {lang: Reasoner(Query(text="map", lang=lang), NOBODY).reasons(listing) for lang in ("lv", "en")}
    assert {lang: reasons.words[0].mentions[0].lang for lang, reasons in by_language.items()} == {"lv": "lv", "en": "en"}


def test_scattered_words_of_another_name_are_told_only_where_nothing_nearer_is() -> None:
    listing = Document("x", {"lv": "Maize"}, summary={"lv": "Ceptuve", "en": "A bakery"})
    assert mentions("bakeries", listing, "en") == [("summary", "keys", "bakery")]
    scattered = Document("x", {"en": "Food for all"}, summary={"en": "As a bank does"})
    assert mentions("pārtikas banka", scattered) == [("title", "other_name", "Food"), ("summary", "other_name", "bank")]


def test_where_some_of_the_words_are_enough_each_stands_for_itself() -> None:
    listing = Document("x", {"en": "A bank of clothes"}, facets={"theme": ("circular_economy",)})
    some = Page(1, (), relaxation="some")

    def reasons_for(text: str) -> list[tuple[str, list[tuple[str, str]], int]]:
        words = Reasoner(Query(text=text), some).reasons(listing).words
        return [
            (word.typed, [(mention.boost, mention.written) for mention in word.mentions], len(word.filed_under)) for word in words
        ]

    banks = [("word_of_other_name", "bank")]
    assert reasons_for("pārtikas banka nekas")[0] == ("pārtikas", banks, 0)
    assert reasons_for("pārtikas banka nekas")[2] == ("nekas", [], 0)
    assert reasons_for("aprites ekonomika nekas") == [("aprites", [], 1), ("ekonomika", [], 1), ("nekas", [], 0)]


def test_only_boosts_that_apply_are_reasons_for() -> None:
    event = Document("x", {"lv": "Vasaras konference"}, ends_on=date(2026, 6, 30), facets={"language": ("lv",)})

    def raised(text: str, **more: Any) -> dict[str, float]:
        query = Query(text=text, today=TODAY, **more)
        return dict(Reasoner(query, NOBODY).reasons(event).boosts)

    assert raised("konference") == {"readers_language": 0.3, "upcoming": 0.5}
    assert raised("konference", lang="en") == {"upcoming": 0.5}
    begun = {"name_begun": 15.0, "readers_language": 0.3, "upcoming": 0.5}
    assert raised("vasa") == begun
    assert "name_begun" not in raised("vasa "), "the word is finished"
    assert raised("vasaras konf") == begun | {"name_begun": 30.0, "name_nearly_whole": 5.0}
    assert raised("Vasaras konference")["whole_name"] == 12.0
    assert raised("Vasaras konference", sort="name") == {}


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize(
    "text",
    ["iniciatīvām", "kekavas ciekuri", "iniciatīfa", "čiek", "rep air", "konference nekasnav", "brokenthings", "Jaunatnes inic",
     "pārtikas banka", "food bank", "aprites ekonomika", "volunteers", "sociālie uzņēmumi", "cafe", "net", "pārtikas bankas nekasnav", "aprites ekonomika nekasnav"],
)  # fmt: skip
def test_whatever_the_engine_finds_has_a_reason(tmp_path: Path, text: str, lang: str) -> None:
    listings = {document.id: document for document in (*CORPUS, *CROSSING)}
    engine = fill(open_engine("embedded:", tmp_path), list(listings.values()))
    query = Query(text=text, lang=lang)
    page = engine.search(query)
    reasoner = Reasoner(query, page)
    assert page.hits
    for hit in page.hits:
        reasons = reasoner.reasons(listings[hit.id])
        reached = [bool(word.mentions or word.filed_under) for word in reasons.words]
        if page.relaxation == "some":
            assert any(reached), (hit, reasons)
        elif "name_begun" in dict(reasons.boosts):
            assert any(fold(name).startswith(fold(page.corrected_to or text)) for name in listings[hit.id].title.values()), (
                hit,
                reasons,
            )
        else:
            assert all(reached), (hit, reasons)
