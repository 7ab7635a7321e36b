"""Results by meaning: below what has all the words, where that is little, over an engine that answers from lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from search.engines.by_meaning import CLOSE_CANDIDATES, FEW_COMPLETE, MAX_CLOSE
from search.engines.engine_query import EngineQuery, EngineResult
from search.engines.relaxing_search import RelaxingSearch
from search.meaning.vectors import Neighbour
from search.port import FacetCount, Filter, Hit, Page, PositionCount, Query
from search.query.nodes import AnyNode, DisMax, ExactTerm
from search.query.term_dictionary import TermDictionary


class Near:
    """Stands for Nearness: the same neighbours for each question and each listing; remembers what was asked."""

    def __init__(self, near: str) -> None:
        self.near = near
        self.asked: list[tuple[str, ...]] = []

    def near_question(self, text: str, lang: str, most: int) -> list[Neighbour]:
        self.asked.append((text, lang, str(most)))
        return [Neighbour(id, 0.5) for id in self.near]

    def near_document(self, id: str, most: int) -> list[Neighbour]:
        self.asked.append((id, str(most)))
        return [Neighbour(one, 0.5) for one in self.near]


class Shelf(RelaxingSearch):
    """Has ids for the strict question and for a relaxed one, all of which `hidden` ones are kept out of, and those asked for by id."""

    def __init__(self, near: str, strict: str = "", relaxed: str = "", hidden: str = "") -> None:
        self.nearness = Near(near)
        super().__init__(self.nearness)  # type: ignore[arg-type] # has what is asked for
        self.strict, self.relaxed, self.hidden = strict, relaxed, hidden

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        hits = list(self.stream(engine_query))
        facets = {name: (FacetCount("LV", len(hits)),) for name in engine_query.facets}
        return EngineResult(len(hits), tuple(hits[engine_query.start : engine_query.start + engine_query.size]), facets)

    def stream(self, engine_query: EngineQuery) -> Iterator[Hit]:
        ids = dict.fromkeys(self.found(engine_query, engine_query.node))
        ordered = ids if engine_query.is_ranked else sorted(ids)
        return (Hit(id, 1.0) for id in ordered if id not in (*engine_query.without_ids, *self.hidden))

    def found(self, engine_query: EngineQuery, node: AnyNode) -> str:
        match node:
            case ExactTerm("id", id, weight):
                assert weight == 0.0, "what is near adds no score"
                return id
            case DisMax(nodes):
                return "".join(self.found(engine_query, one) for one in nodes)
        return self.strict if node == engine_query.plan.strict else self.relaxed

    def count_positions(self, engine_query: EngineQuery) -> Iterator[PositionCount]:
        return (PositionCount(0.0, float(ord(hit.id)), 1) for hit in self.stream(engine_query))

    def stamp(self) -> str:
        return "always the same"

    def terms(self, view: str, prefix: str) -> TermDictionary:
        return TermDictionary({})


def ids(page: Page) -> str:
    return "".join(hit.id for hit in page.hits)


def test_what_is_near_follows_what_has_all_words_in_its_own_order() -> None:
    engine = Shelf("zby", strict="abcd")
    page = engine.search(Query(text="maize", lang="lv"))
    assert (ids(page), page.total, page.complete, page.close) == ("abcdzy", 6, 4, 2)
    assert engine.nearness.asked == [("maize", "lv", str(CLOSE_CANDIDATES))]


@pytest.mark.parametrize(("complete", "is_asked"), [(FEW_COMPLETE - 1, True), (FEW_COMPLETE, False)])
def test_only_where_few_have_all_the_words(complete: int, is_asked: bool) -> None:
    engine = Shelf("z", strict="abcdefghijklmno"[:complete])
    page = engine.search(Query(text="maize"))
    assert (page.close, bool(engine.nearness.asked)) == (is_asked, is_asked)
    assert page.total == complete + is_asked


def test_below_the_complete_ones_what_lacks_words_and_what_is_near_are_fused_by_rank() -> None:
    engine = Shelf("zxy", strict="ab", relaxed="abwxv")
    page = engine.search(Query(text="maize banka koks"))
    assert page.relaxation == "similar", "this engine finds the same by likeness as by some of the words"
    assert ids(page) == "abwxvzy", "all of these have the words, or words like them"


def test_what_is_found_both_ways_stands_first_of_them() -> None:
    class Some(Shelf):
        def found(self, engine_query: EngineQuery, node: AnyNode) -> str:
            is_similar = node == engine_query.plan.relaxed({})
            return "" if is_similar else super().found(engine_query, node)

    engine = Some("zxy", relaxed="wxv")
    page = engine.search(Query(text="maize banka koks"))
    assert (ids(page), page.relaxation, page.complete, page.close) == ("xwzvy", "some", 0, 3)


def test_so_many_stand_there_for_their_meaning_and_no_more() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    engine = Shelf(letters)
    page = engine.search(Query(text="maize", per_page=100))
    assert (ids(page), page.total) == (letters[:MAX_CLOSE], MAX_CLOSE)


def test_what_the_filters_keep_out_makes_room_for_what_is_less_near() -> None:
    engine = Shelf("abcdefghijklm", hidden="abc")
    assert ids(engine.search(Query(text="maize", filters={"country": Filter(("LV",))}))) == "defghijklm"


@pytest.mark.parametrize(
    "query",
    [
        {"text": "maize", "by_meaning": False}, {"text": "maize", "expand": False}, {"text": "maize", "relax": False},
        {"text": '"maize"'}, {"text": '"maize" upe'}, {"text": ""}, {"text": "-maize"}, {"text": "valsts:LV"},
    ],
)  # fmt: skip
def test_a_question_that_is_literal_or_has_no_words_is_not_asked_for_its_meaning(query: dict[str, Any]) -> None:
    engine = Shelf("z", strict="ab")
    assert (engine.search(Query(**query)).close, engine.nearness.asked) == (0, [])


def test_what_is_excluded_and_what_is_a_filter_are_no_part_of_the_meaning() -> None:
    engine = Shelf("z", strict="ab")
    engine.search(Query(text="maize -upe valsts:LV Rīgā"))
    assert [text for text, *_ in engine.nearness.asked] == ["maize rīgā"]


@pytest.mark.parametrize("text", ["maize", "maize banka"])
def test_pages_totals_positions_and_scans_agree(text: str) -> None:
    engine = Shelf("zyx", strict="ab")
    query = Query(text=text, per_page=2)
    assert [ids(engine.search(Query(text=text, per_page=2, page=page))) for page in (1, 2, 3, 4)] == ["ab", "zy", "x", ""]
    assert engine.totals([query]) == [5]
    assert "".join(engine.scan(query)) == "abzyx"
    assert sorted(chr(int(one.lon)) for one in engine.positions(query)) == list("abxyz")
    by_name = engine.search(Query(text=text, sort="name"))
    assert (ids(by_name), by_name.total) == ("abxyz", 5)


def test_without_anything_near_the_results_are_those_of_the_words() -> None:
    assert ids(Shelf("", strict="ab").search(Query(text="maize"))) == "ab"
    page = Shelf("ba", strict="ab").search(Query(text="maize"))
    assert (ids(page), page.complete, page.close) == ("ab", 0, 0), "what is near has the words"


def test_a_dash_that_was_ignored_in_vain_keeps_its_meaning() -> None:
    engine = Shelf("z")
    engine.search(Query(text="maize -upe"))
    assert [text for text, *_ in engine.nearness.asked] == ["maize"]


def test_listings_like_another_one_are_as_many_as_a_page_of_those_let_through() -> None:
    engine = Shelf("vwxyz", hidden="w")
    assert [hit.id for hit in engine.like("a", Query(text="whatever", per_page=3))] == ["v", "x", "y"]
    assert engine.nearness.asked == [("a", str(CLOSE_CANDIDATES))]
    assert {hit.score for hit in engine.like("a", Query())} == {0.0}
