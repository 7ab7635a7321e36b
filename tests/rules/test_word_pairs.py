"""Everyday words across languages: what stands in the list, and what a question makes of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from search.analysis import analyse
from search.engines.outcome import tokens_of
from search.index.boosts import WORD_BOOSTS
from search.port import Document, Page, Query
from search.query.nodes import And, AnyNode, AtLeast, DisMax, MatchAll, SharedRarity, Tokens, weighted
from search.query.parser import parse
from search.query.plan import Plan, SomeWords, make_plan
from search.query.reasons import Reasoner
from search.query.spans import find_spans
from search.query.word_pairs import pair_keys
from vocabulary import shipped
from vocabulary.languages import LANGUAGES
from vocabulary.word_pairs import WordPair, read_word_pairs

WEIGHT = WORD_BOOSTS["plain_pair"].weight
WORKSHOP = Document("workshop", {"en": "Workshop for children"})


def keys_of(text: str, lang: str = "lv", **options: Any) -> set[str]:
    (part,) = parse(text, lang, **options).parts
    return set(pair_keys(part))


def plan(text: str, lang: str = "lv", **options: Any) -> Plan:
    return make_plan(Query(text=text, lang=lang, **options))


def weights_of(node: AnyNode, key: str) -> dict[str, float]:
    """The weight of a key in each field of a node and those in it."""
    match node:
        case Tokens(field, tokens, weight):
            return {field: weight} if tokens == (key,) else {}
        case DisMax(nodes) | SharedRarity(nodes) | And(nodes) | AtLeast(_, nodes):
            return {field: weight for child in nodes for field, weight in weights_of(child, key).items()}
        case _:
            return {}


@pytest.mark.parametrize(
    ("text", "lang", "keys"),
    [
        ("darbnīca", "lv", {"en:workshop"}),
        ("darbnīcās", "lv", {"en:workshop"}),
        ("darbnicas", "lv", {"en:workshop"}),
        ("workshops", "lv", {"lv:darbnīca"}),
        ("workshop", "en", {"lv:darbnīca"}),
        ("integrācija", "lv", {"en:integration"}),
        ("xyzzy", "lv", set()),
    ],
)
def test_an_everyday_word_stands_for_what_it_is_in_the_other_language_in_any_form(text: str, lang: str, keys: set[str]) -> None:
    assert keys_of(text, lang) == keys


@pytest.mark.parametrize("text", ['"darbnīca"', "just", "some"])
def test_what_is_quoted_and_words_of_grammar_have_no_pair(text: str) -> None:
    assert keys_of(text) == set()


def test_a_word_that_is_spelled_right_is_not_paired_by_what_it_would_mean_with_diacritics() -> None:
    assert keys_of("termins") == set(), "a term is no deadline"
    assert keys_of("termini") == set() and keys_of("termiņš") == {"en:deadline"}


def test_words_are_paired_across_languages_alone() -> None:
    for pair in shipped().word_pairs:
        assert set(pair.words) == set(LANGUAGES)
    assert not {key for key in keys_of("gads") if key.startswith("lv:")}


def test_each_word_alone_has_its_pair_and_a_run_that_names_a_concept_has_none() -> None:
    spans = list(find_spans(parse("atbalsta grupa darbnīcā", "lv").parts, expand=True))
    assert [(span.text, span.pair_keys) for span in spans] == [("atbalsta grupa", ()), ("darbnīcā", ("en:workshop",))]
    spans = list(find_spans(parse("atbalsta grupa darbnīcā", "lv").parts, expand=False))
    assert [span.pair_keys for span in spans] == [(), (), ()], "only what was typed is asked for"


def test_a_pair_counts_little_and_not_in_long_texts() -> None:
    node = plan("darbnīca").strict
    assert weights_of(node, "en:workshop") == {
        "title_keys": 2.0 * WEIGHT, "names_keys": 2.0 * WEIGHT, "summary_keys": 1.5 * WEIGHT
    }  # fmt: skip
    assert WORD_BOOSTS["other_name"].weight > WEIGHT


def test_a_word_of_a_concept_has_its_pairs_too() -> None:
    (span,) = plan("mācības").spans
    assert span.concepts and "en:study" in span.pair_keys
    assert weights_of(plan("mācības").strict, "en:study")


def test_readers_are_not_told_of_pairs() -> None:
    assert plan("darbnīca").expansions == ()


def test_the_words_that_a_pair_stands_for_are_marked() -> None:
    assert ("keys", "en:workshop") in tokens_of(plan("darbnīca").strict)


def test_where_some_of_the_words_are_enough_a_pair_is_one_of_them_but_adds_nothing_for_it() -> None:
    (some,) = [node for node in _nodes(plan("darbnīca pilsēta").relaxed({}, SomeWords(2))) if isinstance(node, AtLeast)]
    with_pair, _forest = some.nodes
    assert isinstance(with_pair, DisMax)
    typed, *paired = with_pair.nodes
    assert isinstance(typed, And) and isinstance(typed.nodes[1], MatchAll)
    assert weights_of(typed, "en:workshop") == {} and {type(node) for node in paired} == {Tokens}


def _nodes(node: AnyNode) -> list[AnyNode]:
    children = node.nodes if isinstance(node, And | DisMax | SharedRarity) else ()
    return [node, *(found for child in children for found in _nodes(child))]


def test_curators_are_told_of_a_pair_and_where_it_was_found() -> None:
    reasoner = Reasoner(Query(text="darbnīca", lang="lv"), Page(0, ()))
    assert [reading.pairs for reading in reasoner.readings()] == [(("workshop", "en"),)]
    in_title = [(mention.role, mention.boost, mention.written) for mention in reasoner.reasons(WORKSHOP).words[0].mentions]
    assert in_title == [("title", "plain_pair", "Workshop")]
    in_body = Document("x", {"lv": "Darbnīca"}, body={"en": "A workshop"})
    assert [mention.boost for mention in reasoner.reasons(in_body).words[0].mentions] == ["surface"]


def test_no_line_of_the_list_is_something_else_than_words() -> None:
    assert read_word_pairs(["lv", "en"], {"māja": "house, home"}) == (WordPair({"lv": ("māja",), "en": ("house", "home")}),)
    for words in ("", "fire place", "house,, home", "house,home town", "house, ", None, True, ["house"]):
        with pytest.raises(ValueError, match="māja"):
            read_word_pairs(["lv", "en"], {"māja": words})


def test_each_word_of_the_list_is_one_key_and_stands_in_one_line_of_its_first_column() -> None:
    for number, lang in enumerate(LANGUAGES):
        keys = [analyse(word, lang).keys for pair in shipped().word_pairs for word in pair.words[lang]]
        assert {len(key) for key in keys} == {1}
        assert number or [key for key, count in Counter(keys).items() if count > 1] == []


def test_nothing_is_in_the_list_that_the_names_of_a_concept_pair_already() -> None:
    doubled = [
        (left, right)
        for pair in shipped().word_pairs
        for left in pair.words["lv"]
        for right in pair.words["en"]
        if _is_named(left, "lv", right, "en") and _is_named(right, "en", left, "lv")
        and all(_is_named(left, "lv", other, "en") for other in pair.words["en"])
        and all(_is_named(right, "en", other, "lv") for other in pair.words["lv"])
    ]  # fmt: skip
    assert doubled == []


def _is_named(word: str, lang: str, other: str, other_lang: str) -> bool:
    """Whether a word is looked for by another one, as names of one concept."""
    (span,) = find_spans(parse(word, lang).parts, expand=True)
    names = {name.variants[0].analysis.keys for concept in span.concepts for name in concept.other_names(span.parts)}
    return analyse(other, other_lang).keys in names


def test_beside_words_that_tell_more_everyday_ones_are_not_counted_and_weigh_less() -> None:
    question = plan("darbnīca nekas")
    assert ([span.text for span in question.counted_spans], question.counted_words) == (["nekas"], 1)
    assert plan("darbnīca pilsēta").counted_words == 2, "where all are everyday words all are counted"
    (alone,) = [node for node in _nodes(plan("darbnīca pilsēta").relaxed({}, SomeWords(2))) if isinstance(node, AtLeast)]
    node = question.relaxed({}, SomeWords(1))
    assert isinstance(node, And) and node.optional[0] == weighted(alone.nodes[0], 0.3)
    assert weights_of(node.optional[0], "lv:darbnīca") == {
        "title_keys": pytest.approx(2.0 * 0.3),
        "names_keys": pytest.approx(2.0 * 0.3),
        "summary_keys": pytest.approx(1.5 * 0.3),
        "body_keys": pytest.approx(0.3),
    }
