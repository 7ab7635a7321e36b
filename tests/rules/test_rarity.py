"""Rarity: the names of one concept count as if all were as common as the commonest of them."""

from __future__ import annotations

import math
from collections.abc import Collection

import pytest

from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, SharedRarity, Tokens
from search.query.rarity import Frequencies, Term, with_shared_rarity

COUNTS = {"rare": 1, "common": 50, "homeless": 9, "people": 40}


def frequencies(terms: Collection[Term]) -> Frequencies:
    return Frequencies(100, {term: COUNTS[term.token] for term in terms})


def idf(count: int) -> float:
    return math.log(1 + (100 - count + 0.5) / (count + 0.5))


def title(*tokens: str, view: str = "keys", weight: float = 1.0) -> Tokens:
    return Tokens(f"title_{view}", tokens, weight)


def weights(node: AnyNode) -> list[float]:
    weighed = with_shared_rarity(node, frequencies)
    assert isinstance(weighed, DisMax)
    return [child.weight for child in weighed.nodes if isinstance(child, Tokens)]


def test_a_rare_name_counts_as_the_commonest_one_and_that_as_before() -> None:
    assert weights(SharedRarity((title("rare", weight=0.7), title("common", weight=2.0)))) == pytest.approx(
        [0.7 * idf(50) / idf(1), 2.0]
    )


def test_a_name_of_several_words_counts_as_one_and_is_as_common_as_its_rarest_word() -> None:
    phrase = title("homeless", "people")
    assert weights(SharedRarity((phrase, title("common")))) == pytest.approx([idf(50) / (idf(9) + idf(40)), 1.0])
    assert weights(SharedRarity((phrase, title("rare")))) == pytest.approx([idf(9) / (idf(9) + idf(40)), idf(9) / idf(1)])


def test_each_part_of_a_document_has_its_own_rarity() -> None:
    assert weights(SharedRarity((title("rare"), Tokens("body_keys", ("common",), 1.0)))) == [1.0, 1.0]


def test_light_stems_do_not_make_a_name_common_but_count_no_more_than_it() -> None:
    assert weights(SharedRarity((title("rare"), title("common", view="light")))) == [1.0, 1.0]
    assert weights(SharedRarity((title("rare", view="light"), title("common")))) == pytest.approx([idf(50) / idf(1), 1.0])
    assert weights(SharedRarity((title("rare", view="light"),))) == [1.0], "where there is nothing else"


def test_what_is_no_token_and_what_is_outside_stay_as_they_are() -> None:
    filed, outside = ExactTerm("theme", "food", 2.0), title("rare")
    inner = SharedRarity((And((title("rare"),), (title("common"),)), filed))
    node = with_shared_rarity(And((AtLeast(1, (inner,)),), (outside,)), frequencies)
    weighed = DisMax((And((title("rare", weight=idf(50) / idf(1)),), (title("common"),)), filed))
    assert node == And((AtLeast(1, (weighed,)),), (outside,))


def test_all_terms_are_looked_up_at_once_and_none_where_nothing_is_shared() -> None:
    asked: list[Collection[Term]] = []

    def lookup(terms: Collection[Term]) -> Frequencies:
        asked.append(terms)
        return frequencies(terms)

    plain = DisMax((title("rare"),))
    assert with_shared_rarity(plain, lookup) is plain and asked == []
    with_shared_rarity(And((SharedRarity((title("rare", "people"),)), SharedRarity((title("common"),)))), lookup)
    assert asked == [{Term("title_keys", token) for token in ("rare", "people", "common")}]
