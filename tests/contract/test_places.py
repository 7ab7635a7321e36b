"""Rectangles, circles and distances, the same on both engines."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from search.engines.elastic import engine as elastic
from search.engines.embedded import circles
from search.index.fields import UNITS_PER_DEGREE
from search.port import Area, BadQuery, Document, Filter, Near, Query, SearchEngine, Sort
from tests.contract.corpus import WHEN, document, fill, ids

RIGA, JURMALA, SIGULDA, TALLINN = (56.946, 24.106), (56.968, 23.770), (57.154, 24.854), (59.437, 24.754)


def at(id: str, lat: float, lon: float, **more: Any) -> Document:
    return document(id, f"Darbnīca {id}", lat=lat, lon=lon, **more)


@pytest.fixture
def coast(empty: SearchEngine) -> SearchEngine:
    """Four towns, one listing without a place, one at the equator."""
    return fill(empty, [
        at("riga", *RIGA, facets={"country": ["LV"]}), at("jurmala", *JURMALA, facets={"country": ["LV"]}),
        at("sigulda", *SIGULDA, facets={"country": ["LV"]}), at("tallinn", *TALLINN, facets={"country": ["EE"]}),
        document("nowhere", "Darbnīca nekur", facets={"country": ["LV"]}), at("south", -0.5, 0.25),
    ])  # fmt: skip


def test_a_circle_holds_what_is_near_and_orders_it(coast: SearchEngine) -> None:
    page = coast.search(Query(near=Near(*RIGA, km=60)))
    assert [hit.id for hit in page.hits] == ["riga", "jurmala", "sigulda"]
    assert (page.total, page.sort) == (3, "distance")
    assert [hit.km for hit in page.hits] == [0, pytest.approx(20.5, abs=0.5), pytest.approx(50.8, abs=0.5)]
    assert [(one.value, one.count) for one in page.facets["country"]] == [("LV", 3)]


@pytest.mark.parametrize("sort", ["relevance", "newest", "name", "distance"])
def test_every_order_tells_the_distance(coast: SearchEngine, sort: Sort) -> None:
    page = coast.search(Query(text="darbnīca", near=Near(*RIGA, km=60), sort=sort))
    assert {hit.id: hit.km and round(hit.km) for hit in page.hits} == {"riga": 0, "jurmala": 21, "sigulda": 51}
    assert all(hit.km is None for hit in coast.search(Query(text="darbnīca")).hits)


def test_a_circle_goes_with_words_filters_and_exclusions(coast: SearchEngine) -> None:
    wide = Near(*RIGA, km=500)
    assert ids(coast, "darbnīca", near=wide, sort="distance") == ["riga", "jurmala", "sigulda", "tallinn"]
    assert ids(coast, near=wide, filters={"country": Filter(("EE",))}) == ["tallinn"]
    assert ids(coast, "-riga", near=wide) == ["jurmala", "sigulda", "tallinn"]
    assert ids(coast, near=Near(*RIGA, km=60), area=Area(23.5, 56, 24, 58)) == ["jurmala"]
    assert ids(coast, near=Near(10, 10, km=500)) == []


def test_an_area_holds_what_is_within_its_sides(coast: SearchEngine) -> None:
    assert set(ids(coast, area=Area(20, 55, 28, 58))) == {"riga", "jurmala", "sigulda"}
    assert set(ids(coast, area=Area(-1, -1, 1, 1))) == {"south"}
    assert ids(coast, area=Area(24.106, 56.946, 24.2, 57)) == ["riga"], "sides belong to it"
    assert ids(coast, area=Area(24.107, 56.946, 24.2, 57)) == []


def test_equally_far_ones_are_ordered_by_newness_then_id_and_stand_on_one_page(empty: SearchEngine) -> None:
    here = [replace(at(f"h{n:02}", *RIGA), newest_at=WHEN + timedelta(days=n % 2)) for n in range(30)]
    there = [at(f"t{n:02}", *JURMALA) for n in range(5)]
    engine = fill(empty, here + there)
    expected = [f"h{n:02}" for n in (*range(1, 30, 2), *range(0, 30, 2))] + [f"t{n:02}" for n in range(5)]
    query = Query(near=Near(*RIGA, km=50), per_page=8)
    assert [hit.id for page in range(1, 6) for hit in engine.search(replace(query, page=page)).hits] == expected
    assert list(engine.scan(query)) == expected


def test_circles_hold_exactly_what_is_at_most_so_far(empty: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "MAX_POSITIONS_COUNTED", 40)
    dice = random.Random(15)
    places = [
        (dice.randint(54_000, 60_000) / UNITS_PER_DEGREE, dice.randint(20_000, 30_000) / UNITS_PER_DEGREE) for _ in range(400)
    ]
    engine = fill(empty, [at(f"p{n:03}", *place) for n, place in enumerate(places)])
    for km in (3, 40, 150, 500):
        near = Near(57.1234, 25.4321, km=km)
        expected = sorted((km_between(near, place), f"p{n:03}") for n, place in enumerate(places))
        inside = [id for distance, id in expected if distance <= km]
        assert [hit.id for hit in engine.search(Query(near=near, per_page=1000)).hits] == inside
        assert sorted(ids(engine, near=near, sort="newest", per_page=1000)) == sorted(inside)
        pages = [engine.search(Query(near=near, per_page=70, page=page)) for page in range(1, 7)]
        assert [hit.id for page in pages for hit in page.hits] == inside and {page.total for page in pages} == {len(inside)}
        assert list(engine.scan(Query(near=near))) == inside


def km_between(near: Near, place: tuple[float, float]) -> float:
    """By the law of cosines."""
    lat, other = math.radians(near.lat), math.radians(place[0])
    cosine = math.sin(lat) * math.sin(other) + math.cos(lat) * math.cos(other) * math.cos(math.radians(near.lon - place[1]))
    return 6371.0088 * math.acos(min(1.0, cosine))


def test_positions_are_counted_with_words_filters_and_places(coast: SearchEngine) -> None:
    coast.apply([at("also_riga", *RIGA, facets={"country": ["EE"]})], [])
    everywhere = [(*RIGA, 2), (*JURMALA, 1), (*SIGULDA, 1), (*TALLINN, 1), (-0.5, 0.25, 1)]
    latvian, others = Filter(any_of=("LV",)), Filter(none_of=("LV",))
    assert sorted(coast.positions(Query())) == sorted(everywhere)
    assert sorted(coast.positions(Query("darbnīca", filters={"country": latvian}, near=Near(*RIGA, km=30)))) == [
        (*RIGA, 1),
        (*JURMALA, 1),
    ]
    assert sorted(coast.positions(Query(filters={"country": others}, area=Area(20, 50, 30, 60)))) == [(*RIGA, 1), (*TALLINN, 1)]
    assert coast.positions(Query("nekur")) == []


def test_positions_of_similar_words_are_those_of_all_results(coast: SearchEngine) -> None:
    query = Query("darbnica rigaa")
    assert sum(one.results for one in coast.positions(query)) == len(set(coast.scan(query)) - {"nowhere"}) > 0


def test_each_of_very_many_positions_is_counted_once(empty: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circles, "MAX_POSITIONS_COUNTED", 40)
    monkeypatch.setattr(elastic, "POSITIONS_AT_ONCE", 40)
    places = [(lat / 10, lon / 10) for lat in (-900, 0, 571, 900) for lon in range(-1800, 1801, 100)]
    engine = fill(empty, [at(f"p{n:03}", *place) for n, place in enumerate(places)])
    assert sorted(engine.positions(Query())) == [(lat, lon, 1) for lat, lon in places]


def test_what_moved_is_found_where_it_is_now(coast: SearchEngine) -> None:
    near = Near(*TALLINN, km=10)
    assert ids(coast, near=near) == ["tallinn"]
    coast.apply([at("riga", *TALLINN), document("tallinn", "Bez vietas")], [])
    assert ids(coast, near=near) == ["riga"]


@pytest.mark.parametrize(
    "query",
    [
        Query(sort="distance"), Query(near=Near(91, 0, 5)), Query(near=Near(0, 181, 5)), Query(near=Near(0, 0, 0)),
        Query(near=Near(0, 0, 501)), Query(near=Near(math.nan, 0, 5)), Query(near=Near(0, 0, math.nan)), Query(area=Area(2, 0, 1, 1)),
        Query(area=Area(0, 2, 1, 1)), Query(area=Area(0, 0, 1, 91)), Query(area=Area(-181, 0, 1, 1)), Query(area=Area(0, 0, math.nan, 1)),
        Query(when="tomorrow"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_impossible_places_and_days_are_bad_queries(coast: SearchEngine, query: Query) -> None:
    with pytest.raises(BadQuery):
        coast.search(query)
    with pytest.raises(BadQuery):
        coast.scan(query)
