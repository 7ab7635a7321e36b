"""Relaxation: strict hits first, those of the relaxed query below them, over an engine that answers from lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import pytest

from search.engines.engine_query import EngineQuery, EngineResult
from search.engines.outcome import tokens_of
from search.engines.relaxing_search import RelaxingSearch
from search.port import MIN_STRICT_HITS, BadQuery, FacetCount, Filter, Hit, Near, Page, PositionCount, Query
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, Tokens
from search.query.plan import Plan, SomeWords, make_plan
from search.query.term_dictionary import TermDictionary

ENOUGH = "abcdefghijklmnopqrstu"[:MIN_STRICT_HITS]
"""The ids of just so many hits that nothing more is looked for."""
LV, EE, YOUTH = Filter(("LV",)), Filter(("EE",)), Filter(("youth",))


def counts_of(node: AnyNode) -> list[int]:
    """How many of the words a node asks for, where it asks for some only."""
    if isinstance(node, AtLeast):
        return [node.count]
    return list(chain.from_iterable(map(counts_of, node.nodes))) if isinstance(node, And | DisMax) else []


class Lists(RelaxingSearch):
    """Has ids for the strict question, for similar words, and for each number of words; records each engine query."""

    def __init__(
        self, strict: str = "", similar: str = "", some: Mapping[int, str] | None = None, words: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.strict, self.similar, self.some = strict, similar, some or {}
        self.words = words
        self.queries: list[EngineQuery] = []

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        self.queries.append(engine_query)
        ids, remaining = self.found(engine_query), list(self.stream(engine_query))
        facets = {name: (FacetCount("LV", len(ids)),) for name in engine_query.facets}
        hits = remaining[engine_query.start : engine_query.start + engine_query.size]
        return EngineResult(len(remaining), tuple(hits), facets)

    def stream(self, engine_query: EngineQuery) -> Iterator[Hit]:
        return (Hit(id, 1.0) for id in self.found(engine_query) if id not in engine_query.without_ids)

    def count_positions(self, engine_query: EngineQuery) -> Iterator[PositionCount]:
        return (PositionCount(0.0, float(ord(hit.id)), 1) for hit in self.stream(engine_query))

    def stamp(self) -> str:
        return "always the same"

    def found(self, engine_query: EngineQuery) -> str:
        if engine_query.node == engine_query.plan.strict:
            return self.strict
        counts = counts_of(engine_query.node)
        return self.some.get(counts[0], "") if counts else self.similar

    def terms(self, view: str, prefix: str) -> TermDictionary:
        return TermDictionary({word: 1 for word in self.words if view == "surface" and word.startswith(prefix)})

    def questions(self) -> list[tuple[str, int, int, tuple[str, ...]]]:
        """Of each engine query: the kind of node, the first rank, the size, the ids left out."""
        kinds = [
            "strict" if query.node == query.plan.strict else str(*counts_of(query.node)) or "similar" for query in self.queries
        ]
        return [(kind, query.start, query.size, query.without_ids) for kind, query in zip(kinds, self.queries, strict=True)]


def ids(page: Page) -> str:
    return "".join(hit.id for hit in page.hits)


def test_eight_results_are_enough_and_nothing_is_guessed_at() -> None:
    engine = Lists(strict="abcdefgh", similar="abcdefghij", words=["maize"])
    page = engine.search(Query(text="maise", per_page=3, page=3))
    assert (page.total, ids(page), page.relaxation, page.did_you_mean, page.guesses) == (8, "gh", None, None, {})
    assert engine.questions() == [("strict", 6, 3, ())]
    assert engine.queries[0].facets == Query().facets and set(page.facets) == set(Query().facets)


def test_below_seven_results_similar_ones_follow() -> None:
    engine = Lists(strict="abcdefg", similar="xbaycdgef", words=["maize"])
    page = engine.search(Query(text="maise", facets=("country",)))
    assert (page.total, ids(page), page.relaxation, page.did_you_mean) == (9, "abcdefgxy", "similar", "maize")
    assert engine.questions() == [("strict", 0, 20, ()), ("similar", 0, 13, tuple("abcdefg"))]
    assert engine.queries[1].node == engine.queries[1].plan.relaxed(page.guesses)
    assert page.facets == {"country": (FacetCount("LV", 9),)}
    assert ("surface", ("maize",)) in [(guess.view, guess.tokens) for guess in page.guesses["maise"]]
    assert ("surface", "maize") in page.highlight_tokens and ("surface", "maise") in page.highlight_tokens


def test_where_nothing_more_is_found_the_strict_answer_stands() -> None:
    engine = Lists(strict="ab", similar="ab", some={1: "ab"}, words=["maize"])
    page = engine.search(Query(text="maise banka"))
    assert (page.total, ids(page), page.relaxation, page.guesses, page.complete) == (2, "ab", None, {}, 0)
    assert page.highlight_tokens == tokens_of(make_plan(Query(text="maise banka")).strict)
    assert [kind for kind, *_ in engine.questions()] == ["strict", "similar", "1"]


@pytest.mark.parametrize(("per_page", "pages"), [(20, ["abcxd"]), (2, ["ab", "cx", "d", ""]), (1, ["a", "b", "c", "x"])])
def test_below_few_that_have_all_words_those_follow_that_lack_some(per_page: int, pages: list[str]) -> None:
    engine = Lists(strict="ab", similar="ab", some={2: "caxbd"})
    shown = [engine.search(Query(text="maise banka koks", page=page, per_page=per_page)) for page in range(1, len(pages) + 1)]
    assert [ids(page) for page in shown] == pages
    assert {(page.total, page.relaxation, page.complete) for page in shown} == {(5, "some", 2)}


def test_half_of_the_words_are_the_least_where_something_has_all_of_them() -> None:
    engine = Lists(strict="a", similar="a", some={1: "abcd"})
    assert engine.search(Query(text="maise banka koks klase")).total == 1
    assert Lists(similar="", some={1: "bcd"}).search(Query(text="maise banka koks klase")).total == 3


@pytest.mark.parametrize(
    ("page", "shown", "start_and_size"),
    [(1, "ab", (0, 0)), (2, "xy", (0, 2)), (3, "z", (2, 2)), (4, "", (4, 2))],
)
def test_the_strict_ones_stand_on_the_first_pages_alone(page: int, shown: str, start_and_size: tuple[int, int]) -> None:
    engine = Lists(strict="ab", similar="abxyz")
    result = engine.search(Query(text="maize", page=page, per_page=2))
    assert (result.total, ids(result)) == (5, shown)
    assert engine.questions()[-1] == ("similar", *start_and_size, ("a", "b"))


def test_a_page_that_begins_among_the_strict_ones_goes_on_below_them() -> None:
    engine = Lists(strict="a", similar="avxyz")
    assert [ids(engine.search(Query(text="maize", page=page, per_page=2))) for page in (1, 2, 3, 4)] == ["av", "xy", "z", ""]
    assert [question for question in engine.questions() if question[0] == "similar"] == [
        ("similar", 0, 1, ("a",)), ("similar", 1, 2, ("a",)), ("similar", 3, 2, ("a",)), ("similar", 5, 2, ("a",)),
    ]  # fmt: skip


def test_strict_ones_on_another_page_are_asked_for_anew() -> None:
    engine = Lists(strict="ab", similar="abxyz")
    engine.search(Query(text="maize", page=2, per_page=2))
    assert engine.questions()[:2] == [("strict", 2, 2, ()), ("strict", 0, MIN_STRICT_HITS, ())]
    engine.queries.clear()
    engine.search(Query(text="maize", page=1, per_page=2))
    assert [kind for kind, *_ in engine.questions()] == ["strict", "similar"]


def test_by_another_order_all_are_sorted_together() -> None:
    engine = Lists(strict="b", similar="abcd")
    page = engine.search(Query(text="maize", sort="name", page=2, per_page=2, facets=("kind",)))
    assert (page.total, ids(page), page.relaxation) == (4, "cd", "similar")
    assert engine.questions()[-1] == ("similar", 2, 2, ())
    assert engine.queries[-1].facets == ("kind",)
    assert engine.queries[-1].node == engine.queries[-1].plan.relaxed(page.guesses)


@pytest.mark.parametrize(
    ("has", "best"),
    [
        ({1: "a"}, 1),
        ({1: ENOUGH, 2: ENOUGH[1:]}, 1),
        ({1: f"{ENOUGH}vw", 2: ENOUGH, 3: ENOUGH[1:]}, 2),
        (dict.fromkeys((1, 2, 3, 4), ENOUGH), 4),
    ],
)
def test_at_last_as_many_of_the_words_are_asked_for_as_enough_has(has: dict[int, str], best: int) -> None:
    engine = Lists(some=has, words=["maize"])
    page = engine.search(Query(text="maise banka koks klase upe", expand=False))
    assert (page.total, ids(page), page.relaxation, page.did_you_mean) == (
        len(has[best]),
        has[best],
        "some",
        "maize banka koks klase upe",
    )
    assert page.highlight_tokens == tokens_of(engine.queries[-1].plan.relaxed(page.guesses, SomeWords(best)))
    assert page.facets["country"] == (FacetCount("LV", len(has[best])),)
    tried = [int(kind) for kind, *_ in engine.questions()[2:]]
    assert best in tried and len(tried) <= 3, "found by halves"
    assert all(1 <= count <= 4 for count in tried), "never all of them, never none"


def test_of_two_words_one_is_enough() -> None:
    assert Lists(some={1: "a"}).search(Query(text="maize banka")).relaxation == "some"
    alone = Lists(some={0: "a", 1: "a"})
    assert alone.search(Query(text="maize")).relaxation is None
    assert [kind for kind, *_ in alone.questions()] == ["strict", "similar"]


def test_a_long_question_costs_few_questions() -> None:
    engine = Lists(some={1: "a"})
    engine.search(Query(text=" ".join(f"vārds{number}" for number in range(32))))
    assert len(engine.queries) <= 2 + 5


def test_where_nothing_is_found_a_mended_question_is_still_offered() -> None:
    page = Lists(words=["maize"]).search(Query(text="maise banka", facets=("kind",)))
    assert (page.total, page.hits, page.relaxation, page.did_you_mean, page.guesses) == (0, (), None, "maize banka", {})
    assert page.highlight_tokens == tokens_of(make_plan(Query(text="maise banka")).strict)
    assert page.facets == {"kind": (FacetCount("LV", 0),)}


class Mended(Lists):
    """Has ids for the question as typed, and others for it as it is mended."""

    def __init__(self, mended: str, typed: Lists) -> None:
        super().__init__(typed.strict, typed.similar, typed.some, ["maize"])
        self.mended = Lists(mended)

    def found(self, engine_query: EngineQuery) -> str:
        is_mended = "maize" in engine_query.plan.query.text
        return self.mended.found(engine_query) if is_mended else super().found(engine_query)


def test_where_nothing_has_the_words_typed_the_mended_question_is_asked_at_once() -> None:
    engine = Mended(ENOUGH, Lists(similar="xyz"))
    page = engine.search(Query(text="maizze"))
    assert (ids(page), page.corrected_to, page.did_you_mean, page.relaxation) == (ENOUGH, "maize", "maize", None)
    assert [(query.query.text, query.node == query.plan.strict) for query in engine.queries] == [
        ("maizze", True),
        ("maize", True),
    ]
    assert page.highlight_tokens == tokens_of(make_plan(Query(text="maize")).strict)


def test_one_listing_that_has_the_words_typed_is_enough_to_only_offer_the_mended_question() -> None:
    page = Mended("abc", Lists(strict="x", similar="xyz")).search(Query(text="maizze"))
    assert (ids(page), page.corrected_to, page.did_you_mean) == ("xyz", None, "maize")


@pytest.mark.parametrize(
    ("mended", "typed", "shown", "corrected_to"),
    [
        (Lists(similar="a"), Lists(similar="x"), "a", "maize banka"),
        (Lists(some={1: "a"}), Lists(similar="x"), "x", None),
        (Lists(some={1: "a"}), Lists(some={1: "x"}), "a", "maize banka"),
        (Lists(), Lists(some={1: "x"}), "x", None),
        (Lists(), Lists(), "", None),
    ],
)
def test_similar_words_stand_before_some_of_them_be_they_typed_or_mended(
    mended: Lists, typed: Lists, shown: str, corrected_to: str | None
) -> None:
    engine = Mended("", typed)
    engine.mended = mended
    page = engine.search(Query(text="maise banka"))
    assert (ids(page), page.corrected_to, page.did_you_mean) == (shown, corrected_to, "maize banka")


def test_a_mended_question_is_not_mended_again() -> None:
    engine = Mended("", Lists(similar="x"))
    engine.words = ["maize", "maizite"]
    engine.search(Query(text="maizze"))
    assert {query.query.text for query in engine.queries} == {"maizze", "maize"}


def test_the_other_ways_to_ask_tell_of_the_mended_question_too() -> None:
    engine, query = Mended("abc", Lists(similar="xyz")), Query(text="maizze")
    assert list(engine.scan(query)) == ["a", "b", "c"]
    assert engine.totals([query, Query(text="maizze", filters={"country": LV})]) == [3, 3]
    assert {position.lon for position in engine.positions(query)} == {float(ord(id)) for id in "abc"}


@pytest.mark.parametrize("query", [Query(text="maizze", expand=False), Query(text="maizze", relax=False)])
def test_who_wants_what_was_typed_gets_no_results_of_another_question(query: Query) -> None:
    engine = Mended("abc", Lists(similar="xyz"))
    assert engine.search(query).corrected_to is None
    assert {asked.query.text for asked in engine.queries} == {"maizze"}


def test_what_is_excluded_stays_so_where_marks_and_dashes_are_ignored() -> None:
    engine = Lists(strict="")
    list(engine.scan(Query(text="maize -banka")))
    assert engine.queries[-1].plan.excluded == ()


@pytest.mark.parametrize(
    "query", [Query(text="maise", relax=False), Query(), Query(text="-maise"), Query(text="country:LV"), Query(text="!!")]
)
def test_nothing_is_guessed_at_where_nobody_wants_it_or_nothing_was_typed(query: Query) -> None:
    engine = Lists(strict="a", similar="abcd")
    page = engine.search(query)
    assert (page.total, page.relaxation, [kind for kind, *_ in engine.questions()]) == (1, None, ["strict"])


def test_other_names_are_told_whatever_was_found() -> None:
    for engine in (Lists(strict="abc"), Lists(similar="a"), Lists(some={1: "a"}), Lists()):
        assert "food bank" in engine.search(Query(text="pārtikas banka")).also_called


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(BadQuery):
        Lists().search(Query(page=0))


def engine_query(**query: Any) -> EngineQuery:
    plan: Plan = make_plan(Query(**query))
    return EngineQuery(plan, plan.strict, 0, 10)


@pytest.mark.parametrize(
    ("query", "is_ranked", "order_field"),
    [
        ({"text": "maize"}, True, "order_relevance"),
        ({}, False, "order_newest"),
        ({"text": "maize", "sort": "newest"}, False, "order_newest"),
        ({"sort": "name", "lang": "en"}, False, "order_name_en"),
        ({"sort": "name", "lang": "lv"}, False, "order_name_lv"),
        ({"text": "kind:event"}, False, "order_soonest"),
        ({"when": "upcoming", "today": date(2026, 11, 29)}, False, "order_soonest"),
        ({"when": "past", "today": date(2026, 11, 29)}, False, "order_ended"),
        ({"when": "past", "sort": "newest", "today": date(2026, 11, 29)}, False, "order_newest"),
    ],
)
def test_the_field_of_the_order(query: dict[str, Any], is_ranked: bool, order_field: str) -> None:
    assert (engine_query(**query).is_ranked, engine_query(**query).order_field) == (is_ranked, order_field)
    assert engine_query(**query).query.lang == query.get("lang", "lv")


def test_the_tokens_of_a_node_have_their_view() -> None:
    phrase, word = Tokens("title_surface", ("food", "bank"), 1.0), Tokens("names_of_keys", ("en:food",), 1.0)
    others = (ExactTerm("whole", "x", 1.0), Prefix("whole", "x", 1.0), Range("ends", 1, 2, 1.0), MatchAll(), MatchNone())
    expected = {("surface", "food"), ("surface", "bank"), ("keys", "en:food")}
    for node in (
        DisMax((phrase, word, *others)),
        And((phrase, *others, word)),
        AtLeast(1, (*others, DisMax((phrase,)), And((word,)))),
    ):
        assert tokens_of(node) == expected
    assert tokens_of(phrase) == {("surface", "food"), ("surface", "bank")}
    assert tokens_of(And((word,), optional=(phrase,))) == {("keys", "en:food")}, "what only raises a match is not highlighted"
    assert tokens_of(MatchAll()) == frozenset()


@pytest.mark.parametrize(
    ("queries", "asked"),
    [
        ([{"filters": {"country": LV, "theme": YOUTH}}, {"filters": {"country": LV}}, {}], [2]),
        ([{"filters": {"country": LV}}, {"filters": {"country": EE}}], [0, 1]),
        ([{"filters": {"country": LV}}, {"filters": {"theme": YOUTH}}], [0, 1]),
        ([{"when": "all"}, {"when": "current"}], [0]),
        ([{"when": "current"}, {"when": "all"}], [0, 1]),
        ([{"near": Near(57, 24, 10)}, {}], [1]),
        ([{"near": Near(57, 24, 10)}, {"near": Near(57, 24, 20)}], [0, 1]),
        ([{"text": "banka"}, {}], [0, 1]),
    ],
)
def test_what_is_not_found_is_not_looked_for_under_more_conditions(queries: list[dict[str, Any]], asked: list[int]) -> None:
    engine = Lists()
    given = [Query(**{"text": "maize", "facets": ()} | query) for query in queries]
    assert engine.totals(given) == [0] * len(given)
    assert [kind for kind, *_ in engine.questions()] == ["strict", "similar"] * len(asked)
    assert [query.query for query in engine.queries[::2]] == [given[number] for number in asked]


def test_totals_are_in_the_order_of_their_queries() -> None:
    class OnlyWithoutFilters(Lists):
        def found(self, engine_query: EngineQuery) -> str:
            return "" if engine_query.query.filters else "abc"

    queries = [Query("maize", filters={"country": LV}), Query("maize"), Query("maize", filters={"theme": YOUTH})]
    assert OnlyWithoutFilters().totals(queries) == [0, 3, 0]
