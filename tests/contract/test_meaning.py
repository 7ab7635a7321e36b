"""What is near in meaning, by the real model: below what matches by words, on both engines alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from search.factory import open_engine
from search.meaning.nearness import Nearness
from search.port import Filter, Query, SearchEngine
from tests.contract.corpus import document, fill
from tests.contract.meanings import real_nearness

BAKERY, REPAIR, SHELTER, CIRCUS = "m1", "m2", "m3", "m4"
PETS = "homeless animals"
"""A question for SHELTER that has none of its words, nor other names of them."""
DOCUMENTS = [
    document(BAKERY, "Sun Bread", "en", summary={"en": "A bakery that employs people who left prison"},
             facets={"country": ["LV"], "kind": ["social_enterprise"]}),
    document(REPAIR, "Skrūve un lodlampa", summary={"lv": "Kaimiņi kopā labo saplīsušas lietas"}, facets={"country": ["LV"]}),
    document(SHELTER, "Ķepu nams", summary={"lv": "Pamestiem suņiem un kaķiem meklējam jaunas mājas"}, facets={"country": ["EE"]}),
    document(CIRCUS, "Cirks skolā", summary={"lv": "Bērni mācās žonglēt un vizināties uz vienriteņa"}, ends_on=date(2026, 6, 30),
             facets={"kind": ["event"]}),
]  # fmt: skip
VERSIONS = {one.id: 1 for one in DOCUMENTS}


@pytest.fixture
def nearness(url: str, tmp_path: Path) -> Nearness:
    return real_nearness(url, tmp_path)


@pytest.fixture
def engine(url: str, tmp_path: Path, nearness: Nearness) -> Iterator[SearchEngine]:
    """An engine with the documents and their vectors."""
    assert nearness.update(DOCUMENTS, VERSIONS) == len(DOCUMENTS)
    engine = open_engine(url, tmp_path, nearness)
    yield fill(engine, DOCUMENTS)
    engine.close()


def found(engine: SearchEngine, text: str, **more: Any) -> list[str]:
    return [hit.id for hit in engine.search(Query(text=text, **more)).hits]


@pytest.mark.parametrize(
    ("text", "lang", "first"),
    [
        (PETS, "en", SHELTER), (PETS, "lv", SHELTER), ("fix broken things together", "en", REPAIR),
        ("jobs for released convicts", "en", BAKERY),
    ],
)  # fmt: skip
def test_what_says_it_in_other_words_or_another_language_is_found(engine: SearchEngine, text: str, lang: str, first: str) -> None:
    page = engine.search(Query(text=text, lang=lang))
    assert page.hits[0].id == first
    assert page.close >= 1
    assert first not in found(engine, text, lang=lang, by_meaning=False)


@pytest.mark.parametrize("text", ["xyzzy", "qqqqqq", "žžžž", "vvvvvv wwww", "hjklm", "12345678", "!!!", "ﷺ" * 50])
def test_nonsense_shows_nothing(engine: SearchEngine, text: str) -> None:
    page = engine.search(Query(text=text))
    assert (page.total, page.close, page.hits) == (0, 0, ())


def test_what_has_the_words_stands_above_what_is_near(engine: SearchEngine) -> None:
    page = engine.search(Query(text="maize", lang="lv"))
    assert page.hits[0].id == BAKERY, "bread by its other name"
    far = fill(engine, [*DOCUMENTS, document("m9", "Homeless animals of the sea", "en")])
    page = far.search(Query(text=PETS, lang="en"))
    assert [hit.id for hit in page.hits][:2] == ["m9", SHELTER]
    assert (page.complete, page.close >= 1) == (1, True)


@pytest.mark.parametrize("more", [{"expand": False}, {"relax": False}, {"by_meaning": False}])
def test_a_question_that_is_to_be_taken_literally_is(engine: SearchEngine, more: dict[str, bool]) -> None:
    assert found(engine, PETS, lang="en", **more) == []
    assert found(engine, PETS, lang="en") != []


def test_quotation_marks_mean_these_words_where_something_has_them(engine: SearchEngine) -> None:
    assert found(engine, '"broken" dogs', lang="en", relax=False) == []
    assert found(engine, '"bakery"', lang="en") == [BAKERY]


def test_filters_days_and_exclusions_hold_for_what_is_near(engine: SearchEngine, nearness: Nearness) -> None:
    assert found(engine, PETS, lang="en", filters={"country": Filter(("EE",))}) == [SHELTER]
    assert found(engine, PETS, lang="en", filters={"country": Filter(("LV",))}) == []
    past = replace(DOCUMENTS[2], id="m8", ends_on=date(2026, 6, 30), facets={"kind": ("event",)})
    nearness.update([past], {"m8": 1})
    fill(engine, [*DOCUMENTS, past, document("m9", "Homeless animals of the sea", "en")])
    assert found(engine, PETS, lang="en", today=date(2026, 6, 30)) == ["m9", SHELTER, "m8"]
    assert found(engine, PETS, lang="en", today=date(2026, 7, 1)) == ["m9", SHELTER]
    assert found(engine, f"{PETS} -kaķi", lang="en") == ["m9"]


@pytest.mark.parametrize("text", [PETS, "animal rescue", "bakery"])
def test_every_way_to_read_the_results_has_the_same_ones(engine: SearchEngine, text: str) -> None:
    query = Query(text=text, lang="en")
    page = engine.search(query)
    all_ids = [hit.id for hit in page.hits]
    assert page.total == len(all_ids) == len(set(all_ids)) == engine.totals([query])[0]
    assert sum(entry.count for entry in page.facets["country"]) == len(all_ids)
    assert list(engine.scan(query)) == all_ids
    assert set(found(engine, text, lang="en", sort="name")) == set(all_ids)
    one_by_one = [engine.search(replace(query, page=number, per_page=1)).hits[0].id for number in range(1, page.total + 1)]
    assert one_by_one == all_ids
    first = engine.search(replace(query, per_page=1))
    rest = [hit.id for hit in engine.search(replace(query, after=first.cursor)).hits] if first.cursor else []
    assert [first.hits[0].id, *rest] == all_ids


def test_a_rebuild_of_the_index_keeps_the_vectors(engine: SearchEngine, nearness: Nearness) -> None:
    before = found(engine, PETS, lang="en")
    fill(engine, DOCUMENTS)
    assert found(engine, PETS, lang="en") == before
    assert nearness.update(DOCUMENTS, VERSIONS) == 0


def test_a_changed_text_gets_a_new_vector_and_a_deleted_listing_loses_its_own(engine: SearchEngine, nearness: Nearness) -> None:
    changed = replace(DOCUMENTS[2], title={"lv": "Gāzes nams"}, summary={"lv": "Dabasgāzes cauruļvadu metināšana"})
    versions = VERSIONS | {SHELTER: 2}
    assert nearness.outdated(versions) == ([SHELTER], [])
    assert nearness.update([DOCUMENTS[0], changed], versions) == 1
    assert nearness.outdated(versions) == ([], [])
    assert SHELTER not in found(engine, PETS, lang="en")
    assert nearness.outdated({BAKERY: 1}) == ([], sorted(VERSIONS.keys() - {BAKERY}))
    nearness.store.delete([REPAIR, "unknown"])
    assert REPAIR not in nearness.store.made()
    assert nearness.store.vectors_of(REPAIR) == []
    assert REPAIR not in found(engine, "fix broken things together", lang="en")


def test_a_vector_that_comes_later_is_found_by_a_question_that_was_asked_before(engine: SearchEngine, nearness: Nearness) -> None:
    later = document("m9", "Ein Heim für herrenlose Hunde", "de")
    fill(engine, [*DOCUMENTS, later])
    assert "m9" not in found(engine, PETS, lang="en")
    nearness.update([later], {"m9": 1})
    assert "m9" in found(engine, PETS, lang="en")


def test_a_new_version_with_the_same_text_is_noted_and_keeps_its_vector(nearness: Nearness) -> None:
    assert nearness.outdated({BAKERY: 1}) == ([BAKERY], [])
    assert nearness.update(DOCUMENTS[:1], {BAKERY: 1}) == 1
    assert nearness.update(DOCUMENTS[:1], {BAKERY: 7}) == 0
    assert nearness.outdated({BAKERY: 7}) == ([], [])


def test_listings_like_another_one_are_told_under_the_conditions_of_a_query(engine: SearchEngine, nearness: Nearness) -> None:
    more = [
        document("n1", "Beehives in town", "en", summary={"en": "Honey from bees on city roofs"}, facets={"country": ["EE"]}),
        document("n2", "Honey farm", "en", summary={"en": "Bees and beekeeping courses"}, facets={"country": ["LT"]}),
    ]
    nearness.update(more, {"n1": 1, "n2": 1})
    fill(engine, [*DOCUMENTS, *more])
    like = [hit.id for hit in engine.like("n1", Query(per_page=2))]
    assert like[0] == "n2"
    assert "n1" not in like
    assert [hit.id for hit in engine.like("n1", Query(filters={"country": Filter(("LT",))}))] == ["n2"]
    assert engine.like("n1", Query(filters={"country": Filter(("LV",))})) == []
    assert engine.like("unknown", Query()) == []


def test_no_listing_is_like_another_one_without_nearness(url: str, tmp_path: Path) -> None:
    engine = fill(open_engine(url, tmp_path), DOCUMENTS)
    assert engine.like(SHELTER, Query()) == []
    engine.close()


def test_what_is_not_in_the_index_is_not_shown_though_it_has_a_vector(engine: SearchEngine) -> None:
    engine.apply([], [SHELTER])
    assert SHELTER not in found(engine, PETS, lang="en")
    assert SHELTER not in [hit.id for hit in engine.like(REPAIR, Query())]


def test_the_stamp_of_the_vectors_changes_with_them(url: str, tmp_path: Path, nearness: Nearness) -> None:
    def stamp() -> str:
        return real_nearness(url, tmp_path).store.stamp()

    none = stamp()
    nearness.update(DOCUMENTS[:1], {BAKERY: 1})
    one = stamp()
    nearness.near_document(BAKERY, 5)
    assert stamp() == one != none
    nearness.store.delete([BAKERY])
    assert stamp() != one
