"""What no document holds is left out of a node, which then finds the same with the same scores."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from search.engines.embedded import queries
from search.engines.embedded.absent_tokens import with_rarity_of_present
from search.engines.engine_query import EngineQuery
from search.engines.relaxing_search import RelaxingSearch
from search.factory import open_engine
from search.port import Document, Query, SearchEngine
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, SharedRarity, Tokens
from search.query.plan import make_plan
from search.query.rarity import Frequencies, Term, with_shared_rarity


def frequencies(terms: Collection[Term]) -> Frequencies:
    return Frequencies(100, {term: 0 if term.token.startswith("no") else 5 for term in terms})


def title(*tokens: str) -> Tokens:
    return Tokens("title_keys", tokens, 1.0)


HERE, THERE, NOWHERE, FILED = title("here"), title("there"), title("nowhere"), ExactTerm("theme", "food", 2.0)


@pytest.mark.parametrize(
    ("node", "present"),
    [
        (HERE, HERE),
        (NOWHERE, MatchNone()),
        (title("here", "nowhere"), MatchNone()),
        (DisMax((HERE, NOWHERE, FILED)), DisMax((HERE, FILED))),
        (DisMax((NOWHERE,)), MatchNone()),
        (SharedRarity((NOWHERE, HERE)), DisMax((HERE,))),
        (SharedRarity((NOWHERE,)), MatchNone()),
        (And((HERE, NOWHERE)), MatchNone()),
        (And((HERE,), (NOWHERE, FILED)), And((HERE,), (FILED,))),
        (AtLeast(2, (HERE, NOWHERE, THERE)), AtLeast(2, (HERE, THERE))),
        (AtLeast(2, (HERE, NOWHERE)), MatchNone()),
        (And((DisMax((And((NOWHERE,)), NOWHERE)),), (HERE,)), MatchNone()),
        (MatchAll(), MatchAll()),
    ],
)  # fmt: skip
def test_what_no_document_holds_is_left_out_and_what_needs_it_with_it(node: AnyNode, present: AnyNode) -> None:
    assert with_rarity_of_present(node, frequencies) == present


LISTINGS = [
    Document("garden", {"en": "A garden"}, {"en": "Neighbours grow vegetables together for the food bank."}),
    Document("dārzs", {"lv": "Kopienas dārzs"}, {"lv": "Kaimiņi audzē dārzeņus un dala tos ar pārtikas banku."}),
    Document(
        "aprūpe", {"lv": "Aprūpe mājās"}, {"lv": "Palīdz senioriem, kuri dzīvo vieni."}, facets={"theme": ("social_services",)}
    ),
    Document("jail", {"en": "Gate Money"}, {"en": "Walks with ex-offenders so that they do not go back to jail."}),
]


def filled(folder: Path) -> SearchEngine:
    engine = open_engine("embedded:", folder)
    generation = engine.begin_generation()
    generation.add(LISTINGS)
    generation.publish()
    return engine


QUESTIONS = (
    ("food bank", "en"),
    ("pārtikas banka", "lv"),
    ("social services for older people", "en"),
    ("darbs cilvēkiem pēc ieslodzījuma", "lv"),
    ("community garden -bank", "en"),
    ("vegetbles", "en"),
    ("quantum", "en"),
)


def test_results_and_scores_are_the_same_as_with_all_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = filled(tmp_path / "less")
    answers = [less.search(Query(text=text, lang=lang)) for text, lang in QUESTIONS]
    monkeypatch.setattr(queries, "with_rarity_of_present", with_shared_rarity)
    whole = filled(tmp_path / "whole")
    for (text, lang), answer in zip(QUESTIONS, answers, strict=True):
        expected = whole.search(Query(text=text, lang=lang))
        assert [hit.id for hit in answer.hits] == [hit.id for hit in expected.hits], text
        assert [hit.score for hit in answer.hits] == pytest.approx([hit.score for hit in expected.hits]), text
        assert answer.total == expected.total
    assert {answer.total for answer in answers} >= {0, 1, 2}, "questions with and without results"


def test_a_question_finds_a_word_that_came_to_the_index_after_it_was_first_asked(tmp_path: Path) -> None:
    engine = filled(tmp_path)
    question = Query(text="beekeeping vegetables", lang="en")
    assert [hit.id for hit in engine.search(question).hits] == ["garden", "dārzs"]
    engine.apply([Document("bees", {"en": "Bees"}, {"en": "Beekeeping beside vegetables."})], [])
    assert engine.search(question).hits[0].id == "bees"


def test_what_was_translated_for_one_state_of_an_index_is_not_asked_of_another(tmp_path: Path) -> None:
    engine = filled(tmp_path)
    assert isinstance(engine, RelaxingSearch)
    plan = make_plan(Query(text="beekeeping", lang="en"))
    searched = EngineQuery(plan, plan.strict, 0, 10)
    assert engine.execute(searched).total == 0
    engine.apply([Document("bees", {"en": "Bees"}, {"en": "Beekeeping beside vegetables."})], [])
    assert engine.execute(searched).total == 1
