"""What a question means: words of grammar, general words, names of parts, places, quotation marks and dashes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.index.boosts import WORD_BOOSTS
from search.port import Filter, Query
from search.query import places
from search.query.nodes import And, AnyNode, DisMax, ExactTerm, SharedRarity
from search.query.parser import as_question, parse
from search.query.places import Town, use_gazetteer
from search.query.plan import Plan, make_plan
from search.query.span_nodes import distinctive_keys

TOWNS = {"rīga": Town("LV-riga", "LV"), "kopenhāgena": Town("DK-copenhagen", "DK"), "reading": Town("GB-reading", "GB")}


@pytest.fixture(autouse=True)
def _gazetteer() -> Iterator[None]:
    former = places._Current.town
    use_gazetteer(TOWNS.get)
    yield
    places._Current.town = former
    places._places.cache_clear()


def plan(text: str, lang: str = "lv") -> Plan:
    return make_plan(Query(text=text, lang=lang))


def filed_under(node: AnyNode) -> set[tuple[str, str, float]]:
    """The facets by whose values a node also finds, with the values and their weights."""
    match node:
        case ExactTerm():
            return {(node.field, node.value, node.weight)}
        case And(nodes) | DisMax(nodes) | SharedRarity(nodes):
            return set[tuple[str, str, float]]().union(*map(filed_under, nodes))
    return set()


def required(text: str, lang: str = "lv") -> list[str]:
    return [span.text for span in plan(text, lang).required_spans]


def filed(text: str, lang: str = "lv") -> set[tuple[str, str]]:
    return {(one.facet, one.value) for span in plan(text, lang).spans for one in span.concepts if one.facet}


@pytest.mark.parametrize(
    ("text", "lang", "needed"),
    [
        ("grants for youth projects", "en", ["grants", "youth", "projects"]),
        ("where can I donate old clothes", "en", ["donate", "old", "clothes"]),
        ("darbs cilvēkiem pēc ieslodzījuma", "lv", ["darbs", "pēc ieslodzījuma"]),
        ("darbs cilvekiem pec ieslodzijuma", "lv", ["darbs", "pec ieslodzijuma"]),
            ("darbs sievietēm pēc mācībām", "lv", ["darbs", "sievietēm", "mācībām"]),
        ("jobs for people", "lv", ["jobs"]),
        ("Bildung für und mit Kindern", "en", ["bildung", "kindern"]),
        ("the who", "en", ["the", "who"]),
        ("support for people", "en", ["support", "people"]),
        ("sia un maize", "lv", ["maize"]),
    ],
)  # fmt: skip
def test_words_of_grammar_and_general_words_need_not_be_there_beside_others(text: str, lang: str, needed: list[str]) -> None:
    assert required(text, lang) == needed


def test_a_word_that_means_something_in_the_readers_language_is_needed() -> None:
    assert required("apple pie", "en") == ["apple", "pie"]
    assert required("māja pie ezera", "lv") == ["māja", "ezera"]


def test_capitals_make_an_acronym() -> None:
    assert required("IT training", "en") == ["it", "training"]
    assert required("training with it", "en") == ["training"]
    assert required("IT TRAINING", "en") == ["training"], "where all is in capitals, they tell nothing"


def test_words_of_grammar_in_a_name_of_a_concept_are_no_hindrance() -> None:
    assert required("cilvēki ar invaliditāti", "lv") == ["cilvēki ar invaliditāti"]


@pytest.mark.parametrize(
    ("text", "lang", "facets", "never"),
    [
        ("homelessness", "en", {("theme", "housing")}, {"housing", "mājokļi"}),
        ("lauku attīstība", "lv", {("theme", "community_development")}, {"kopiena", "community"}),
        ("garīgā veselība", "lv", {("theme", "health_care")}, {"health", "veselības aprūpe"}),
        ("biedrība", "lv", {("kind", "organisation")}, {"foundation", "organisation"}),
        ("housing", "en", {("theme", "housing")}, {"homelessness"}),
    ],
)
def test_the_name_of_a_part_leads_to_where_it_is_filed_and_to_no_other_part(
    text: str, lang: str, facets: set[tuple[str, str]], never: set[str]
) -> None:
    assert filed(text, lang) == facets
    assert never.isdisjoint(plan(text, lang).expansions)


@pytest.mark.parametrize(
    ("text", "lang"),
    [("ar", "lv"), ("arī", "lv"), ("vēlas", "lv"), ("veci", "lv"), ("galā", "lv"), ("is", "en"), ("better", "en"), ("run", "en")],
)  # fmt: skip
def test_a_common_word_is_no_concept_by_accident(text: str, lang: str) -> None:
    assert plan(f"{text} maize", lang).spans[0].concepts == ()


@pytest.mark.parametrize(("text", "lang"), [("art", "en"), ("AI", "en"), ("goods", "en"), ("running", "en"), ("vilnas", "lv")])
def test_what_is_a_concept_stays_one(text: str, lang: str) -> None:
    assert plan(text, lang).spans[0].concepts


@pytest.mark.parametrize(
    ("text", "lang", "place"),
    [
        ("biškopība Rīgā", "lv", ("place", "LV-riga")),
        ("veikals Kopenhāgenā", "lv", ("place", "DK-copenhagen")),
        ("biškopība Vidzemē", "lv", ("region", "LV-vidzeme")),
        ("beekeeping in Courland", "en", ("region", "LV-kurzeme")),
        ("groups in Reading", "en", ("place", "GB-reading")),
        ("darbs Igaunijā", "lv", ("country", "EE")),
    ],
)
def test_a_question_names_a_town_a_region_or_a_country(text: str, lang: str, place: tuple[str, str]) -> None:
    assert place in filed(text, lang)


def test_a_common_word_in_small_letters_is_no_town_far_away() -> None:
    assert ("place", "GB-reading") not in filed("reading groups", "en")
    assert ("place", "GB-reading") not in filed("Reading groups", "en"), "any question may begin with a capital"
    assert ("place", "LV-riga") not in filed('"rīga"'), "in quotation marks a word is a word"


def test_where_words_are_lacking_the_place_is_none_of_them() -> None:
    question = plan("biškopība medus Rīgā")
    assert [span.text for span in question.counted_spans] == ["biškopība", "medus"]
    assert plan("Rīgā").counted_words == 1, "a place alone is what is looked for"


@pytest.mark.parametrize(
    ("text", "lang", "counted"),
    [
        ("inkubators sociālajiem uzņēmumiem", "lv", ["inkubators"]),
        ("childcare cooperative", "en", ["childcare"]),
        ("biedrība jauniešiem", "lv", ["jauniešiem"]),
        ("social enterprises and cooperatives", "en", ["social enterprises", "cooperatives"]),
        ("grants for youth projects", "en", ["grants", "youth", "projects"]),
    ],
)
def test_where_words_are_lacking_a_form_of_organisation_is_none_of_them(text: str, lang: str, counted: list[str]) -> None:
    assert [span.text for span in plan(text, lang).counted_spans] == counted


def test_what_is_a_form_of_organisation_is_not_looked_for_among_all_organisations() -> None:
    weight = WORD_BOOSTS["filed_under_wider"].weight
    assert ("kind", "organisation") in filed("kooperatīvs"), "it is known to be one"
    assert ("kind", "organisation", weight) not in filed_under(plan("kooperatīvs").relaxed({}))
    assert ("kind", "support_organisation", weight) in filed_under(plan("inkubators").relaxed({})), "of which there are few"


def test_an_incubator_has_no_other_names_of_support_organisations() -> None:
    assert "support organisation" not in plan("inkubators").expansions
    assert ("kind", "support_organisation") in filed("inkubators")


def test_a_question_that_is_a_kind_wants_that_kind() -> None:
    assert "filed_whole" in plan("sociālie uzņēmumi").boost_clauses
    for text in ("sociālie uzņēmumi Rīgā", "biedrība", "izglītība", "maize"):
        assert "filed_whole" not in plan(text).boost_clauses, text


def test_in_quotation_marks_words_are_as_written_and_never_another_name() -> None:
    (part,) = parse('"Garīgā veselība"', "lv").parts
    assert (part.is_quoted, [variant.analysis.surface for variant in part.variants]) == (True, [("gariga", "veseliba")])
    assert [variant.analysis.keys for variant in part.variants] == [()]
    assert plan('"garīgā veselība"').expansions == () and plan("garīgā veselība").expansions


@pytest.mark.parametrize(
    ("text", "included", "excluded"),
    [
        ("“Subsidētās darbavietas bezdarb", ["subsidētās", "darbavietas", "bezdarb"], []),
        ('maize "', ["maize"], []),
        ("Tavo Patirtis -Tavo Galimybės", ["tavo", "patirtis", "tavo", "galimybės"], []),
        ("maize -rīvēta", ["maize"], ["rīvēta"]),
        ('maize -"balta milti"', ["maize"], ["balta milti"]),
        ("e-pakalpojumi", ["e", "pakalpojumi"], []),
        ("maize - sāls", ["maize", "sāls"], []),
        ("-maize", [], ["maize"]),
    ],
)
def test_a_mark_of_a_pasted_name_does_no_harm(text: str, included: list[str], excluded: list[str]) -> None:
    parsed = parse(text, "lv")
    assert ([part.text for part in parsed.included], [part.text for part in parsed.excluded]) == (included, excluded)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("country:lv", "country", "LV"), ("COUNTRY:LV", "country", "LV"), ("valsts:LV", "country", "LV"),
        ("valsts:Igaunija", "country", "EE"), ("nozare:izglītība", "theme", "education"), ("theme:education", "theme", "education"),
        ("country:nekas", "country", "nekas"), ("platform:Abc", "platform", "Abc"),
    ],
)  # fmt: skip
def test_a_field_and_its_value_may_be_named_in_either_language(text: str, field: str, value: str) -> None:
    assert parse(text, "lv").filters == {field: Filter((value,))}


def test_the_same_words_without_marks_are_at_hand() -> None:
    plain = plan('"rokas un sird" -maize').plain
    assert plain is not None and [part.text for part in plain.parsed.parts] == ["rokas", "un", "sird", "maize"]
    assert plan("rokas un sirds").plain is None


def test_a_general_word_of_a_name_tells_nothing_by_itself() -> None:
    (span,) = plan("seniori").spans
    keys = {key for concept in span.concepts for key in distinctive_keys(concept, span)}
    assert "en:old" not in keys and "en:people" not in keys and "lv:cilvēks" not in keys and "lv:gadagājums" in keys


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("Info@Sua.LV", ("info@sua.lv", "sua.lv")),
        ("mailto:info@sua.lv", ("info@sua.lv", "sua.lv")),
        ("https://www.sua.lv/par-mums?a=1#b", ("sua.lv",)),
        ("(www.sua.lv),", ("sua.lv",)),
        ("http://intranet.nams", ("intranet.nams",)),
        ("bērnus.Palīdzam", ()),
        ("z.s.", ()),
        ("2014.-2020.gada", ()),
        ("+371 (26) 123 456", ("37126123456",)),
        ("00371 26123456", ("37126123456",)),
        ("030 123 4567", ("0301234567", "301234567")),
        ("LV40008217203", ("40008217203",)),
        ("2014 2020", ()),
        ("2020 25 000", ()),
        ("123 456", ()),
        ("a" * 5_000 + ".lv", ()),
    ],
)  # fmt: skip
def test_addresses_and_numbers_mean_what_they_say(text: str, contacts: tuple[str, ...]) -> None:
    assert plan(text).parsed.parts[0].contacts == contacts


@pytest.mark.parametrize(
    ("text", "spans", "excluded"),
    [
        ("medus OR bites", ["medus OR bites"], []),
        ("medus | bites | stropi", ["medus OR bites OR stropi"], []),
        ("medus VAI pārtikas banka Rīgā", ["medus OR pārtikas banka", "rīgā"], []),
        ("medus vai bites", ["medus", "bites"], []),
        ("OR medus", ["medus"], []),
        ("medus OR", ["medus"], []),
        ("medus AND bites", ["medus", "bites"], []),
        ("medus NOT bites", ["medus"], ["bites"]),
        ("medus -bites OR stropi", ["medus", "stropi"], ["bites"]),
        ("MEDUS NOT BITES", ["medus", "bites"], []),
        ("Latvijas-Igaunijas josta", ["latvijas", "igaunijas", "josta"], []),
        ("tautas-tērpi", ["tautas-tērpi"], []),
        ("2014-2020", ["2014", "2020"], []),
        ("bio*", ["bio*"], []),
        ("bi*", ["bi"], []),
        ("*", [], []),
    ],
)  # fmt: skip
def test_operators_are_those_that_people_know_from_elsewhere(text: str, spans: list[str], excluded: list[str]) -> None:
    found = plan(text)
    assert ([span.text for span in found.required_spans], [part.text for part in found.parsed.excluded]) == (spans, excluded)


def test_each_side_of_or_is_looked_for_by_its_other_names() -> None:
    assert {leaf.text for leaf in plan("medus OR pārtikas banka").leaves if leaf.concepts} >= {"pārtikas banka"}
    assert "food bank" in plan("medus OR pārtikas banka").expansions


def test_words_joined_by_a_hyphen_may_be_one_word() -> None:
    (span,) = plan("tautas-tērpi").spans
    assert [[one.text for one in alternative] for alternative in span.alternatives] == [["tautas", "tērpi"], ["tautastērpi"]]


def test_a_question_is_written_again_with_its_operators() -> None:
    question = 'medus OR "bišu māja" -stropi tautas-tērpi bio* info@sua.lv'
    assert as_question(parse(question, "lv").parts) == question
