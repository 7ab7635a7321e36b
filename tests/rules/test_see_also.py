"""What stands near what a question names, by the relations of the thesaurus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.port import Query
from search.query.concepts import ThesaurusEntry, draft_thesaurus
from search.query.see_also import see_also

ENTRIES = [
    ThesaurusEntry("craft", {"lv": ["amatprasme"], "en": ["trade skill"]}, ["theme:culture"]),
    ThesaurusEntry("baking", {"lv": ["cepšana", "cepiens"], "en": ["baking"]}, ["craft"], ["milling", "nothing"]),
    ThesaurusEntry("bread", {"lv": ["rupjmaize"], "en": ['"rye bread"']}, ["baking"]),
    ThesaurusEntry("milling", {"lv": ["malšana"], "en": ["milling"]}, [], []),
    ThesaurusEntry("oven", {"lv": ["maizes krāsns"]}, [], ["baking"]),
]


@pytest.fixture(autouse=True)
def _thesaurus() -> Iterator[None]:
    with draft_thesaurus(ENTRIES):
        yield


def near(text: str, lang: str = "lv", *, expand: bool = True) -> list[str]:
    return see_also(Query(text=text, lang=lang, expand=expand))


def test_what_is_related_comes_before_the_whole_and_that_before_the_parts() -> None:
    assert near("cepšana") == ["malšana", "maizes krāsns", "amatprasme", "rupjmaize"]


def test_a_relation_that_one_of_two_has_leads_from_the_other_one_too() -> None:
    assert near("malšana") == ["cepšana"] and near("maizes krāsns") == ["cepšana"]


def test_names_are_in_the_readers_language_without_quotation_marks_and_left_out_where_there_are_none() -> None:
    assert near("baking", "en") == ["milling", "trade skill", "rye bread"]
    assert near("cepšana", "en") == ["milling", "trade skill", "rye bread"], "whatever the question is in"


def test_a_theme_is_near_its_parts_and_they_near_it() -> None:
    assert near("amatprasme")[0] == "kultūra" and "amatprasme" in near("kultūra")


def test_what_the_question_names_itself_is_not_near_it() -> None:
    assert near("cepšana un malšana") == ["maizes krāsns", "amatprasme", "rupjmaize"]


@pytest.mark.parametrize("text", ['"cepšana"', "Rīga", "nekas", ""])
def test_nothing_is_near_exact_words_places_and_words_without_a_concept(text: str) -> None:
    assert near(text) == []


def test_nothing_is_near_words_that_are_asked_for_alone() -> None:
    assert near("cepšana", expand=False) == []
