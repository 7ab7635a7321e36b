"""Slips of the hand, on both engines: what is offered, and what is searched for where nothing has the words typed."""

from __future__ import annotations

import pytest

from search.port import Filter, Query, SearchEngine
from tests.contract.corpus import document, fill, ids

LISTINGS = [
    document("lv1", "Naktsgaisma", summary={"lv": "Zupas virtuve, kurā bezpajumtnieki paēd siltas vakariņas"}, facets={"country": ["LV"]}),
    document("en1", "Doorway Outreach", "en", summary={"en": "We walk the streets at night and help homeless people"},
             facets={"country": ["EE"]}),
    document("lv2", "Pārtikas banka", facets={"country": ["LV"]}),
    document("lv3", "Pārtikas krājumi un pārtikās lietas", facets={"country": ["LT"]}),
    document("en2", "Bicycle kitchen", "en", facets={"country": ["EE"]}),
    document("en3", "A house of mental health", "en", facets={"country": ["EE"]}),
    document("lv4", "Fairmondo"),
]  # fmt: skip


@pytest.fixture
def engine(empty: SearchEngine) -> SearchEngine:
    return fill(empty, LISTINGS)


@pytest.mark.parametrize(
    ("typed", "corrected", "expected"),
    [
        ("bezpajumtneki", "bezpajumtnieki", ["lv1", "en1"]),
        ("bezpajumtneiki", "bezpajumtnieki", ["lv1", "en1"]),
        ("pārtikass banka", "pārtikas banka", ["lv2"]),
        ("partikass banka", "pārtikas banka", ["lv2"]),
        ("bycicle", "bicycle", ["en2"]),
        ('"menta health"', '"mental health"', ["en3"]),
        ("mentalhealth", "mental health", ["en3"]),
        ("bezpajum tnieki", "bezpajumtnieki", ["lv1", "en1"]),
    ],
)
def test_where_nothing_has_the_words_typed_the_mended_question_is_asked(
    engine: SearchEngine, typed: str, corrected: str, expected: list[str]
) -> None:
    page = engine.search(Query(text=typed))
    assert (page.corrected_to, page.did_you_mean) == (corrected, corrected)
    assert [hit.id for hit in page.hits][: len(expected)] == expected
    assert page.highlight_tokens == engine.search(Query(text=corrected)).highlight_tokens


def test_every_way_to_ask_gives_the_results_of_the_mended_question(engine: SearchEngine) -> None:
    typed, meant = Query(text="bezpajumtneki"), Query(text="bezpajumtnieki")
    assert list(engine.scan(typed)) == list(engine.scan(meant)) == ids(engine, "bezpajumtneki")
    assert engine.totals([typed, Query(text=typed.text, filters={"country": Filter(("EE",))})]) == [2, 1]
    assert [count.value for count in engine.search(typed).facets["country"]] == ["EE", "LV"]
    first = engine.search(Query(text=typed.text, per_page=1))
    assert ids(engine, "bezpajumtneki", per_page=1, after=first.cursor) == ["en1"]


def test_only_the_words_typed_are_looked_for_where_that_is_wanted(engine: SearchEngine) -> None:
    exact = engine.search(Query(text="bezpajumtneki", expand=False))
    assert (exact.corrected_to, exact.did_you_mean) == (None, "bezpajumtnieki")
    assert [hit.id for hit in exact.hits] == ["lv1"] and exact.relaxation == "similar"
    assert engine.search(Query(text="bezpajumtneki", relax=False)).total == 0


def test_what_a_listing_has_as_typed_is_shown_and_nothing_in_its_place(engine: SearchEngine) -> None:
    page = engine.search(Query(text="fairmondo"))
    assert ([hit.id for hit in page.hits], page.corrected_to, page.did_you_mean) == (["lv4"], None, None)


def test_a_word_of_no_dictionary_is_offered_but_not_searched_for_instead(engine: SearchEngine) -> None:
    page = engine.search(Query(text="fairmundo"))
    assert ([hit.id for hit in page.hits], page.corrected_to, page.did_you_mean) == (["lv4"], None, "fairmondo")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pārtik", None),
        ("pārtik ", "pārtika"),
        ("bezpajumtniek", None),
        ("mantal healt", "mental healt"),
        ("mantal healt ", "mental health"),
    ],
)
def test_a_word_that_may_not_be_finished_is_no_slip_where_it_begins_another(
    engine: SearchEngine, typed: str, offered: str | None
) -> None:
    assert engine.search(Query(text=typed, lang="en")).did_you_mean == offered


def test_typed_filters_and_exclusions_stay(engine: SearchEngine) -> None:
    page = engine.search(Query(text="bezpajumtneki -homeless -country:LT country:LV"))
    assert page.corrected_to == "bezpajumtnieki -homeless country:LV -country:LT"
    assert [hit.id for hit in page.hits] == ["lv1"]


def test_where_many_listings_have_a_stem_a_word_that_sounds_as_a_name_is_still_offered(empty: SearchEngine) -> None:
    engine = fill(empty, [document(f"lt{number}", "Senjorai ir senjorų namai", "lt") for number in range(3)])
    page = engine.search(Query(text="senjori"))
    assert (page.total, page.corrected_to, page.did_you_mean) == (3, None, "seniori")
