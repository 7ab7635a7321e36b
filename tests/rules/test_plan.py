"""Plans: what an engine is asked for, node by node, from words and concepts made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from search.analysis import Analysis
from search.index.boosts import NAMED_BOOSTS
from search.port import Filter, Guess, Query, View
from search.query.concepts import Concept
from search.query.describe import describe, explain
from search.query.nodes import And, AnyNode, AtLeast, DisMax, ExactTerm, MatchAll, MatchNone, Prefix, Range, SharedRarity, Tokens
from search.query.parser import ParsedQuery, Part, Variant
from search.query.plan import Plan, SomeWords, make_plan
from search.query.span_nodes import distinctive_keys
from search.query.spans import Span

ROLES = {"title": 2.0, "names": 2.0, "summary": 1.5, "body": 1.0}
VIEWS = {"surface": 1.3, "keys": 1.0, "light": 0.6}
Weights = dict[tuple[str, tuple[str, ...]], Any]


def variant(surface: str, *, keys: str | None = None, light: str | None = None, weight: float = 1.0) -> Variant:
    """One reading, its tokens separated by blanks; lemmas and stems are the words themselves unless given."""
    k = surface if keys is None else keys
    return Variant(
        Analysis(tuple(k.split()), tuple((surface if light is None else light).split()), tuple(surface.split())), weight
    )


def part(text: str, *variants: Variant, **changed: Any) -> Part:
    return Part(text, variants or (variant(text, keys=" ".join(f"lv:{word}" for word in text.split())),), **changed)


def plan(
    *clauses: Span | Part | str,
    excluded: tuple[Part, ...] = (),
    is_blank: bool = False,
    is_last_word_open: bool = False,
    **query: Any,
) -> Plan:
    """A question of these words, phrases or runs that name a concept."""
    parts = tuple(part(clause) if isinstance(clause, str) else clause for clause in clauses)
    spans = tuple(clause if isinstance(clause, Span) else Span((clause,)) for clause in parts)
    included = tuple(part for span in spans for part in span.parts)
    return Plan(Query(**query), ParsedQuery((*included, *excluded), {}, is_blank, is_last_word_open), spans)


def weights(node: AnyNode) -> Weights:
    """What a word may match, by field and tokens."""
    assert isinstance(node, DisMax)
    by_tokens = {(child.field, child.tokens): child.weight for child in node.nodes if isinstance(child, Tokens)}
    initials = [child for child in node.nodes if isinstance(child, ExactTerm) and child.field == "acronyms"]
    assert len(by_tokens) + len(initials) == len(node.nodes), "nothing else, and nothing twice"
    return by_tokens


def moves_of(node: AnyNode) -> set[int]:
    assert isinstance(node, DisMax)
    return {child.moves for child in node.nodes if isinstance(child, Tokens)}


def at(view: str, *tokens: str, by: float = 1.0) -> Weights:
    """These tokens in every role of a view."""
    return {(f"{role}_{view}", tokens): pytest.approx(weight * VIEWS[view] * by) for role, weight in ROLES.items()}


def weights_of(word: str) -> Weights:
    """These tokens of a word in every role of every view."""
    return at("surface", word) | at("keys", f"lv:{word}") | at("light", word)


def needed(of: Plan) -> tuple[AnyNode, ...]:
    """The words that a listing must have, as nodes."""
    node = of.relaxed({})
    assert isinstance(node, And)
    return node.nodes


def test_a_word_is_looked_for_in_every_view_of_every_role() -> None:
    (node,) = needed(plan(part("maizes", variant("maizes", keys="lv:maize", light="maiz"))))
    assert weights(node) == at("surface", "maizes") | at("keys", "lv:maize") | at("light", "maiz")


def test_of_several_readings_the_best_counts_and_each_has_its_own_tokens() -> None:
    readings = [variant("net", keys="en:net", light="net", weight=0.9), variant("net", keys="lv:nest", light="net")]
    for some in (readings, readings[::-1]):
        (node,) = needed(plan(part("net", *some)))
        assert weights(node) == at("surface", "net") | at("light", "net", by=0.9) | at("keys", "lv:nest") | at(
            "keys", "en:net", by=0.9
        )


def test_a_short_stem_of_a_word_that_a_dictionary_has_is_not_looked_for() -> None:
    known, unknown = variant("cesis", keys="lv:cēsis", light="ces"), variant("cesis", keys="lv:ces", light="ces")
    (without,), (stem,) = needed(plan(part("cesis", known))), needed(plan(part("cesis", unknown)))
    assert weights(without) == at("surface", "cesis") | at("keys", "lv:cēsis")
    assert weights(stem) == at("surface", "cesis") | at("keys", "lv:ces") | at("light", "ces")
    (longer,) = needed(plan(part("cesis", variant("cesis", keys="lv:cēsis", light="cesi"))))
    assert weights(longer) == at("surface", "cesis") | at("keys", "lv:cēsis") | at("light", "cesi")


def test_initials_of_names_are_looked_for_by_words_of_no_dictionary_or_in_capitals() -> None:
    def initials(word: Part) -> list[AnyNode]:
        (node,) = needed(plan(word))
        assert isinstance(node, DisMax)
        return [child for child in node.nodes if isinstance(child, ExactTerm)]

    assert initials(part("lsua")) == [ExactTerm("acronyms", "lsua", 8.0)]
    assert initials(part("art")) == []
    assert initials(part("art", is_in_capitals=True)) == [ExactTerm("acronyms", "art", 8.0)]
    assert initials(part("qx")) == initials(part("qxqxqxqxq")) == initials(part("q3x")) == []


def test_a_reading_without_lemmas_is_looked_for_as_it_is_written() -> None:
    (node,) = needed(plan(part("xyz", variant("xyz", keys="", light="xyz"))))
    assert weights(node) == at("surface", "xyz") | at("light", "xyz")


def test_a_phrase_is_not_looked_for_among_light_stems() -> None:
    (node,) = needed(plan(part("sociālā banka", variant("sociala banka", keys="lv:sociāls lv:banka", light="social bank"))))
    assert weights(node) == at("surface", "sociala", "banka") | at("keys", "lv:sociāls", "lv:banka")


FOOD_BANK = Concept((part("pārtikas banka"), part("food bank"), part("foodbank")), ("lv", "en", None), "theme", "food")
MERE = Concept((part("pārtikas banka"), part("food bank")), ("lv", "en"))


def run(*words: str, concept: Concept = FOOD_BANK) -> Span:
    return Span(tuple(part(word) for word in words), (concept,))


def name_of_one(token: str, view: str = "keys", by: float = 0.85) -> Weights:
    return at(view, token, by=by)


def test_a_run_that_names_a_concept_is_also_looked_for_by_its_other_names_and_by_what_it_is_filed_under() -> None:
    (node,) = needed(plan(run("pārtikas", "banka")))
    assert isinstance(node, And) and node.optional == (ExactTerm("theme", "food", 2.0),)
    (alternatives,) = node.nodes
    assert isinstance(alternatives, SharedRarity)
    typed, near, apart, single, filed = alternatives.nodes
    assert isinstance(typed, And)
    assert [weights(together) for together in typed.optional] == [at("keys", "lv:pārtikas", "lv:banka", by=0.5)]
    assert [weights(word) for word in typed.nodes] == [
        at("surface", word) | at("keys", f"lv:{word}") | at("light", word) for word in ("pārtikas", "banka")
    ]
    assert weights(near) == at("keys", "lv:food", "lv:bank", by=0.85) and moves_of(near) == {4}
    assert isinstance(apart, And)
    assert [weights(word) for word in apart.nodes] == [
        name_of_one("lv:food", by=0.85 * 0.2),
        name_of_one("lv:bank", by=0.85 * 0.2),
    ]
    assert weights(single) == name_of_one("lv:foodbank")
    assert filed == ExactTerm("theme", "food", 1.0)


def test_a_mere_concept_is_filed_under_nothing_and_one_word_stays_one() -> None:
    (node,) = needed(plan(Span((part("foodbank"),), (MERE,))))
    assert isinstance(node, SharedRarity)
    assert isinstance(node.nodes[0], DisMax), "the word as typed"
    assert len(node.nodes) == 5 and not any(isinstance(child, ExactTerm) for child in node.nodes)


def test_a_name_of_no_known_language_is_looked_for_as_it_is_written() -> None:
    concept = Concept((part("a"), part("b", variant("b", keys="")), part("c d", variant("c d", keys=""))), ("lv", None, None))
    (node,) = needed(plan(Span((part("a"),), (concept,))))
    assert isinstance(node, SharedRarity)
    _, single, near, apart = node.nodes
    assert weights(single) == name_of_one("b", "surface")
    assert weights(near) == at("surface", "c", "d", by=0.85) and moves_of(near) == {4}
    assert isinstance(apart, And)
    assert [weights(word) for word in apart.nodes] == [
        name_of_one("c", "surface", 0.85 * 0.2),
        name_of_one("d", "surface", 0.85 * 0.2),
    ]


def test_strictly_the_words_of_another_name_stand_near_each_other() -> None:
    question = plan(run("pārtikas", "banka"))
    (loose,) = needed(question)
    node = question.strict
    assert isinstance(node, And) and isinstance(node.nodes[0], DisMax) and isinstance(node.nodes[0].nodes[0], And)
    (strict,) = node.nodes[0].nodes[0].nodes
    assert isinstance(loose, And) and isinstance(strict, And)
    (of_loose,), (of_strict,) = loose.nodes, strict.nodes
    assert isinstance(of_loose, SharedRarity) and isinstance(of_strict, SharedRarity)
    assert [child for child in of_loose.nodes if child not in of_strict.nodes] == [of_loose.nodes[2]], "all but the words apart"


def test_what_is_filed_under_a_wider_theme_counts_only_where_little_is_found() -> None:
    question = plan(Span((part("patversme"),), (Concept((), (), "theme", "housing", is_wider=True),)))
    wider = ExactTerm("theme", "housing", 0.3)
    (loose,) = needed(question)
    assert isinstance(loose, SharedRarity) and loose.nodes[1:] == (wider,)
    assert "theme" not in "\n".join(describe(question.strict))


def test_strictly_every_word_is_needed_or_a_name_that_begins_so() -> None:
    open_end = plan("saules", "maiz", is_last_word_open=True)
    node = open_end.strict
    assert isinstance(node, And)
    assert node == And((DisMax((And(needed(open_end)), open_end.name_prefix)),), tuple(open_end.boost_clauses.values()))  # type: ignore[arg-type]
    closed = plan("saules", "maize")
    assert closed.strict == And((DisMax((And(needed(closed)),)),), tuple(closed.boost_clauses.values()))


def test_what_is_costly_is_built_once() -> None:
    question = plan("saules", "maiz", excluded=(part("bankas", is_excluded=True),), is_last_word_open=True)
    for name in ("strict", "excluded", "boost_clauses", "name_prefix", "required_spans"):
        assert getattr(question, name) is getattr(question, name), name


def test_without_words_everything_is_asked_for_or_nothing() -> None:
    assert plan(is_blank=True).strict == MatchAll()
    assert plan(excluded=(part("maize", is_excluded=True),)).strict == MatchAll()
    assert plan().strict == MatchNone()
    assert plan(is_blank=True).is_blank and not plan().is_blank


def test_a_legal_form_is_needed_only_where_nothing_else_is() -> None:
    beside = plan("sia", "maize")
    assert [span.parts[0].text for span in beside.required_spans] == ["maize"]
    assert beside.counted_words == 1
    node = beside.strict
    assert isinstance(node, And) and isinstance(node.nodes[0], DisMax)
    every = node.nodes[0].nodes[0]
    assert isinstance(every, And)
    assert [[next(iter(weights(word)))[1] for word in words] for words in (every.nodes, every.optional)] == [
        [("lv:maize",)],
        [("lv:sia",)],
    ]
    assert [span.parts[0].text for span in plan("sia").required_spans] == ["sia"]
    assert [span.parts[0].text for span in plan("sia", "mtu").required_spans] == ["sia", "mtu"]
    run_of_two = Span((part("sia"), part("banka")))
    assert plan(run_of_two, "maize").required_spans == [run_of_two, Span((part("maize"),))]


def test_words_are_counted_one_by_one_and_phrases_once() -> None:
    assert plan(run("pārtikas", "banka"), "maize", part("saules maize")).counted_words == 4


def test_words_of_grammar_and_general_ones_in_a_name_are_not_counted() -> None:
    assert make_plan(Query(text="cilvēkiem ar invaliditāti")).counted_words == 1
    assert make_plan(Query(text="people", lang="en")).counted_words == 1, "but one alone is"


def test_in_the_place_that_is_named_only_words_that_tell_something_count_and_the_place_is_needed() -> None:
    question = make_plan(Query(text="skolas dārzs Igaunijā"))
    assert question.names_place_of_words and not make_plan(Query(text="skolas dārzs")).names_place_of_words
    assert not make_plan(Query(text="Igaunija")).names_place_of_words
    here, anywhere = (question.relaxed({}, SomeWords(1, in_place=in_place)) for in_place in (True, False))
    assert isinstance(here, And) and isinstance(anywhere, And)
    (_, place), (_,) = here.nodes, anywhere.nodes
    assert place in anywhere.optional and place not in here.optional


@pytest.mark.parametrize(
    ("clauses", "is_last_word_open", "text"),
    [
        (("saul",), True, "saul"),
        (("sau",), True, None),
        (("sau", "m"), True, "sau m"),
        (("saules",), False, None),
        (("saules", "maize"), False, None),
        ((replace(part("saules maize"), is_quoted=True),), True, None),
        ((replace(part("saules maize"), is_quoted=True), "ce"), True, None),
    ],
)
def test_a_name_that_begins_so_is_looked_for_while_the_last_word_may_go_on(
    clauses: tuple[Part | str, ...], is_last_word_open: bool, text: str | None
) -> None:
    prefix = plan(*clauses, is_last_word_open=is_last_word_open).name_prefix
    if text is None:
        assert prefix is None
    else:
        near = tuple(Range("letters", 1, len(text) + more, 5.0) for more in (3, 10))
        assert prefix == And((Prefix("whole", text, 15.0 * len(text.split())),), near)


def test_what_is_being_typed_is_a_title_with_a_word_that_begins_so_and_the_others_in_names() -> None:
    question = replace(plan("cēsu", "maiz", is_last_word_open=True), query=Query(is_being_typed=True))
    node = question.strict
    assert isinstance(node, And)
    finished, begun = node.nodes
    in_names = {field: weight for field, weight in weights_of("cēsu").items() if field[0].startswith(("title_", "names_"))}
    assert weights(finished) == in_names
    assert begun == DisMax((
        Prefix("title_surface", "maiz", 15.0), DisMax((Tokens("title_keys", ("lv:maiz",), 2.0 * 0.4),)),
    ))  # fmt: skip
    assert node.optional == (question.name_prefix, *question.boost_clauses.values())


def test_what_is_being_typed_needs_no_legal_form_and_may_be_short() -> None:
    question = replace(plan("sia", "m", is_last_word_open=True), query=Query(is_being_typed=True))
    assert isinstance(question.strict, And) and len(question.strict.nodes) == 1
    short = replace(plan("m", is_last_word_open=True), query=Query(is_being_typed=True))
    assert short.name_prefix and short.name_prefix.nodes == (Prefix("whole", "m", 15.0),)


def test_what_is_being_typed_has_no_other_names_and_once_finished_is_a_question() -> None:
    text = "pārtikas banka"
    assert make_plan(Query(text)).spans[0].concepts and not make_plan(Query(text, is_being_typed=True)).spans[0].concepts
    finished = make_plan(Query(f"{text} ", is_being_typed=True))
    assert finished.strict == make_plan(Query(f"{text} ", expand=False)).strict


def test_what_raises_a_match() -> None:
    assert plan("maize").boost_clauses == {
        "whole_name": ExactTerm("whole", "maize", 12.0),
        "readers_language": ExactTerm("language", "lv", 0.3),
    }
    assert plan("saules", "maize").boost_clauses["together"] == Tokens("title_surface", ("saules", "maize"), 2.0)
    today = date(2026, 5, 1)
    assert plan("saules", part("maize un pīrāgi"), lang="en", today=today).boost_clauses == {
        "whole_name": ExactTerm("whole", "saules maize un piragi", 12.0),
        "readers_language": ExactTerm("language", "en", 0.3),
        "upcoming": Range("ends", today.toordinal(), date.max.toordinal() - 1, 0.5),
        "together": Tokens("title_surface", ("saules", "maize", "un", "pīrāgi"), 2.0),
    }


def guess(view: View, *tokens: str, weight: float = 0.3) -> Guess:
    return Guess(view, tokens, "typo", weight)


def test_with_forgiveness_a_word_may_be_any_of_its_guesses() -> None:
    question = plan("maise", "banka")
    node = question.relaxed({"maise": [guess("surface", "maize"), guess("light", "maiz", "e", weight=0.1)]})
    assert isinstance(node, And) and node.optional == tuple(question.boost_clauses.values())
    guessed: Weights = {(f"{role}_surface", ("maize",)): pytest.approx(weight**0.5 * 0.3) for role, weight in ROLES.items()}
    guessed |= {(f"{role}_light", ("maiz", "e")): pytest.approx(weight**0.5 * 0.1) for role, weight in ROLES.items()}
    own = at("surface", "maise") | at("keys", "lv:maise") | at("light", "maise")
    assert [weights(word) for word in node.nodes] == [own | guessed, weights(needed(question)[1])]


def test_a_guess_that_is_no_typo_counts_in_each_part_of_a_listing_as_the_word_itself() -> None:
    node = plan("maize").relaxed({"maize": [Guess("surface", ("maizes",), "beginning", 0.4)]})
    assert isinstance(node, And)
    guessed = {name: weight for name, weight in weights(node.nodes[0]).items() if name[1] == ("maizes",)}
    assert guessed == {(f"{role}_surface", ("maizes",)): pytest.approx(weight * 0.4) for role, weight in ROLES.items()}


def test_where_some_words_are_enough_each_stands_for_itself_and_what_the_run_is_called_for_any() -> None:
    run_of_two = run("pārtikas", "banka")
    question = replace(plan(run_of_two, "sia", "nekas"), query=Query(expand=False))
    node = question.relaxed({"banka": [guess("surface", "bankas")]}, SomeWords(2))
    (of_the_run,) = needed(plan(run_of_two))
    assert isinstance(node, And) and node.optional[1:] == tuple(question.boost_clauses.values())
    (some,) = node.nodes
    assert isinstance(some, AtLeast) and (some.count, len(some.nodes)) == (2, 3)
    words = [word for word in some.nodes if isinstance(word, And) and word.nodes[1:] == (MatchAll(4.0),)]
    first, second, third = (word.nodes[0] for word in words)
    assert isinstance(first, DisMax) and isinstance(second, DisMax) and isinstance(third, DisMax)
    assert weights(first.nodes[0]) == at("surface", "pārtikas") | at("keys", "lv:pārtikas") | at("light", "pārtikas")
    assert ("title_surface", ("bankas",)) in weights(second.nodes[0])
    assert first.nodes[1:] == second.nodes[1:]
    *names, food, bank = first.nodes[1:]
    assert isinstance(of_the_run, And) and isinstance(of_the_run.nodes[0], SharedRarity)
    assert tuple(names) == of_the_run.nodes[0].nodes[1:], "by its names and by what it is filed under"
    assert [weights(word) for word in (food, bank)] == [name_of_one("lv:food", by=0.2), name_of_one("lv:bank", by=0.2)]
    assert third.nodes == (needed(plan("nekas"))[0],)


def test_a_word_alone_has_its_own_other_names_unless_only_the_words_are_asked_for() -> None:
    for expand in (True, False):
        whole = make_plan(Query(text="pārtikas banka", expand=expand))
        (first, second) = [word for span in whole.spans for word in whole.split_span(span)]
        assert (first.parts[0].text, second.parts[0].text) == ("pārtikas", "banka")
        alone = make_plan(Query(text="ceptuve", expand=expand))
        assert bool(alone.split_span(alone.spans[0])[0].concepts) is expand


@pytest.mark.parametrize(
    ("name", "keys"), [("ab abc", []), ("abc abcd", ["lv:abcd"]), ("abcde abcd", ["lv:abcde", "lv:abcd"]), ("abcdef", [])]
)
def test_single_words_of_other_names_tell_something_from_four_letters_on(name: str, keys: list[str]) -> None:
    concept = Concept((part("typed"), part(name)), ("lv", "lv"))
    assert list(distinctive_keys(concept, Span((part("typed"),)))) == keys


def test_what_is_excluded_is_looked_for_in_all_its_forms() -> None:
    question = plan("maize", excluded=(part("bankas", variant("bankas", keys="lv:banka", light="bank"), is_excluded=True),))
    assert [weights(node) for node in question.excluded] == [
        at("surface", "bankas") | at("keys", "lv:banka") | at("light", "bank")
    ]
    assert len(needed(question)) == 1


@pytest.mark.parametrize(
    ("words", "sort", "kinds", "order"),
    [
        ("maize", "relevance", None, "relevance"),
        ("maize", "relevance", Filter(("event",)), "relevance"),
        ("maize", "name", None, "name"),
        ("", "name", Filter(("event",)), "name"),
        ("", "newest", Filter(("event",)), "newest"),
        ("", "relevance", None, "newest"),
        ("", "relevance", Filter(("event",)), "soonest"),
        ("", "relevance", Filter(("event", "funding")), "soonest"),
        ("", "relevance", Filter(("event", "project")), "newest"),
        ("", "relevance", Filter((), ("event",)), "newest"),
    ],
)
def test_the_order_of_results(words: str, sort: Any, kinds: Filter | None, order: str) -> None:
    filters = {"kind": kinds} if kinds else {}
    assert plan(*words.split(), sort=sort, filters=filters).order == order


def test_what_else_was_looked_for_is_told_once_the_other_language_first() -> None:
    both = plan(run("pārtikas", "banka"), run("pārtikas", "banka", concept=MERE))
    assert both.expansions == ("food bank",)
    three = Concept((part("maize"), part("bread"), part("klaips")), ("lv", "en", "lv"))
    spans = [Span((part("maize"),), (three,)), run("pārtikas", "banka")]
    assert plan(*spans, lang="lv").expansions == ("bread", "klaips", "food bank")
    assert plan(*spans, lang="en").expansions == ("klaips", "bread", "food bank")


@pytest.mark.parametrize(("count", "is_expanded"), [(12, True), (13, False)])
def test_a_question_of_more_than_twelve_words_is_looked_for_by_them_alone(count: int, is_expanded: bool) -> None:
    question = make_plan(Query(text=" ".join(["pārtikas", "banka", *(f"vārds{n}" for n in range(count - 2))])))
    assert ("food bank" in question.expansions) is is_expanded
    assert question.query.expand is is_expanded
    assert len(question.parsed.included) == count


def test_what_was_typed_is_read_in_the_readers_language_and_adds_to_the_filters() -> None:
    filters = {"country": Filter(("LV",)), "kind": Filter(("event",))}
    question = make_plan(Query(text="maizes country:EE -bankas", lang="en", filters=filters, expand=False, page=3))
    assert question.query.filters == {"country": Filter(("EE",)), "kind": Filter(("event",))}
    assert (question.query.page, question.query.expand, question.query.lang) == (3, False, "en")
    assert [part.text for part in question.parsed.included] == ["maizes"]
    assert [part.text for part in question.parsed.excluded] == ["bankas"]
    assert question.parsed.included[0].variants[0].analysis.keys[0].startswith("en:")
    assert question.spans == (Span(question.parsed.included),)
    assert make_plan(Query(text="pārtikas banka", expand=False)).expansions == ()


def test_a_plan_in_lines() -> None:
    word = Tokens("title_keys", ("lv:saule", "lv:maize"), 2.0)
    node = And(
        (DisMax((word, AtLeast(2, (MatchAll(),)))), MatchNone()),
        (ExactTerm("whole", "saules maize", 12.0), Prefix("whole", "sau", 15.0)),
    )
    assert list(describe(node)) == [
        "every one of",
        "  the best of",
        "    title_keys has 'lv:saule lv:maize' ×2",
        "    at least 2 of",
        "      everything",
        "  nothing",
        "and better with",
        "  whole is 'saules maize' +12",
        "  whole begins as 'sau' +15",
    ]
    assert list(describe(And((Range("letters", 1, 9, 5.0),)), 1)) == ["  every one of", "    letters from 1 to 9 +5"]


def test_an_explanation_ends_with_each_boost_and_its_reason() -> None:
    question = Query(text="maize", lang="en")
    lines = list(explain(question))
    end = lines.index("")
    assert lines[:end] == list(describe(make_plan(question).strict))
    assert lines[end + 1] == "title ×2: a name that holds the word is what most readers look for"
    names = [line.split(" ×")[0] for line in lines[end + 1 :]]
    assert names == ["title", "names", "summary", "body", "surface", "keys", "light", *NAMED_BOOSTS]
    assert lines[-1].startswith("fullness ×1.13")
