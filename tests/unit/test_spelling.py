"""Spelling: what a misspelled word is meant as, and how words are laid out for that."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from search.index.fields import spelled_term, stored_document
from search.port import Document, View
from search.query.spelling import Speller, Spelling, TermLookup, max_edits, name_words, sound, split_compound
from search.query.term_dictionary import TermDictionary


def lookup(words: dict[str, int], stems: Sequence[str] = ()) -> TermLookup:
    """The dictionaries of an index that holds these words, each so many times, and these stems."""
    counts: dict[View, dict[str, int]] = {
        "surface": {spelled_term(word): count for word, count in words.items()},
        "light": dict.fromkeys(stems, 1),
        "keys": {},
    }
    return lambda view, prefix: TermDictionary({one: n for one, n in counts[view].items() if one.startswith(prefix)})


def speller(words: dict[str, int], *, names: Sequence[str] = (), langs: Sequence[str] = ("lv", "en"), stems: Sequence[str] = ()) -> Speller:  # fmt: skip
    return Speller(langs, lookup(words, stems), name_words(frozenset(names)))


def test_a_term_has_the_folded_word_first_and_the_word_as_it_is_spelled_where_that_differs() -> None:
    assert [spelled_term(word) for word in ("maize", "pārtika", "ß")] == ["maize", "partika pārtika", "ss ß"]


def test_an_index_knows_how_each_word_of_a_listing_is_spelled() -> None:
    stored = stored_document(Document("x", {"lv": "Pārtika"}, {"lv": "pārtika"}, {"en": "Maize Partika"}, names=("Ķekava",)))
    assert stored["every_surface"] == ["kekava ķekava", "maize", "partika", "partika pārtika"]
    assert stored["every_light"] == ["kekav", "maiz", "partik", "partika"]


def test_spellings_of_one_word_are_counted_together_and_told_apart() -> None:
    terms = TermDictionary({"partikas pārtikas": 5, "partikas pārtikās": 2, "partikas": 1, "maize": 3, "cels ceļš": 1})
    assert (terms.count("partikas"), terms.count("maize"), terms.count("cels"), terms.count("nekas")) == (8, 3, 1, 0)
    assert terms.spellings("partikas") == (("pārtikas", 5), ("pārtikās", 2), ("partikas", 1))
    assert (terms.spellings("maize"), terms.spellings("cels"), terms.spellings("nekas")) == ((("maize", 3),), (("ceļš", 1),), ())
    assert list(terms.with_prefix("p")) == ["partikas"] and "cels" in terms and "nekas" not in terms
    assert terms.within_distance("partikss", 1) == ((1, "partikas"),)


@pytest.mark.parametrize(
    ("word", "edits"), [("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2), ("abcd1", 0), ("12345678", 0)]
)
def test_long_words_may_have_two_slips_short_ones_none(word: str, edits: int) -> None:
    assert max_edits(word) == edits


@pytest.mark.parametrize(
    ("word", "other", "is_alike"),
    [
        ("senjori", "seniori", True),
        ("bycicle", "bicicle", True),
        ("comunity", "community", True),
        ("volvo", "wolwo", True),
        ("kase", "kaze", False),
        ("cirks", "kirks", False),
    ],
)
def test_what_sounds_alike(word: str, other: str, is_alike: bool) -> None:
    assert (sound(word) == sound(other)) is is_alike


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("atkrituumu", {"atkritumus": 90, "atkritumu": 1}, "atkritumu"),
        ("pārtikass", {"pārtikās": 90, "pārtikas": 1}, "pārtikas"),
        ("partikass", {"pārtikās": 1, "pārtikas": 90}, "pārtikas"),
        ("rehabilitacja", {"rehabilitacji": 90, "rehabilitācija": 1}, "rehabilitācija"),
        ("sociālls", {"sociālas": 90, "sociāls": 1}, "sociāls"),
        ("bycicle", {"bicycle": 1}, "bicycle"),
        ("projketi", {"projekti": 1}, "projekti"),
        ("pārtikass", {"partikas": 1}, "partikas"),
        ("kabnisp", {"nabkips": 1}, None),
        ("abknips", {"baknips": 1}, "baknips"),
        ("maaksliigaas", {"mākslīgās": 1, "mākslīgas": 5}, "mākslīgas"),
        ("kaaffee", {"kafēj": 1, "kafe": 1}, "kafe"),
    ],
)
def test_the_nearest_is_meant_then_a_word_of_the_language_then_the_commonest(
    typed: str, words: dict[str, int], meant: str | None
) -> None:
    spelling = speller(words).corrected(typed)
    assert (spelling.text if spelling else None) == meant


def test_of_words_of_two_languages_that_of_the_question_is_meant() -> None:
    words = {"centrs": 1, "centre": 9}
    assert [speller(words, langs=langs).corrected("centrz") for langs in (("lv", "en"), ("en", "lv"))] == [
        Spelling("centrs", is_sure=True),
        Spelling("centre", is_sure=True),
    ]


@pytest.mark.parametrize("typed", ["maize", "maizite", "cave", "mžs", "zxqvwy", "čiekurs"])
def test_a_word_of_a_listing_or_of_a_language_a_short_one_and_one_near_nothing_stay(typed: str) -> None:
    assert speller({"maizes": 5, "cafe": 5, "maiziti": 1, "maizite": 1, "čiekurs": 1}).corrected(typed) is None


def test_a_name_of_a_concept_is_meant_where_no_listing_has_it() -> None:
    assert speller({}, names=["bezpajumtnieki"]).corrected("bezpajumtneki") == Spelling("bezpajumtnieki", is_sure=True)
    assert speller({}, names=["coworking"]).corrected("coworkng") == Spelling("coworking", is_sure=True)
    assert speller({"coworkings": 1}, names=["coworking"]).corrected("coworking") is None
    assert speller({"coworking": 1}).corrected("coworkng") == Spelling("coworking", is_sure=False), "no dictionary has it"


def test_the_ending_stays_where_listings_have_the_stem_in_another_form() -> None:
    assert speller({"atkritumus": 9}, stems=["atkritum"]).corrected("atkrituumiem") == Spelling("atkritumiem", is_sure=True)
    assert speller({"volunteers": 9}, stems=["volunt"]).corrected("vollunteering") == Spelling("volunteering", is_sure=True)


def test_a_word_alone_needs_a_letter_more_to_be_corrected_for_sure() -> None:
    terms, names = lookup({"mental": 1, "medicines": 1, "maize": 1}), name_words(frozenset())
    spellers = [Speller(("lv", "en"), terms, names, is_word_alone=is_word_alone) for is_word_alone in (False, True)]
    assert [spells.corrected("menta") for spells in spellers] == [Spelling("mental", True), Spelling("mental", False)]
    assert [spells.corrected("maizze") for spells in spellers] == [Spelling("maize", True)] * 2
    assert spellers[1].corrected("medicinez") == Spelling("medicines", is_sure=True)


def test_a_letter_of_another_language_is_no_slip_for_sure() -> None:
    spells = speller({"medicines": 1, "mākslas": 1})
    assert spells.corrected("medicinèss") == Spelling("medicines", is_sure=False)
    assert spells.corrected("mākslass") == Spelling("mākslas", is_sure=True)


def test_a_short_part_of_a_joined_word_is_not_sure() -> None:
    spells = speller({"day": 1, "centre": 1, "mental": 1, "health": 1})
    assert spells.corrected("daycentre") == Spelling("day centre", is_sure=False)
    assert spells.corrected("mentalhealth") == Spelling("mental health", is_sure=True)


def test_a_word_of_four_letters_is_corrected_for_sure_only_by_a_mere_slip() -> None:
    assert speller({"fair": 1}).corrected("fiar") == Spelling("fair", is_sure=True)
    assert speller({"fair": 1}).corrected("fajk") is None
    assert speller({"fair": 1}).corrected("fakr") == Spelling("fair", is_sure=False)


def test_a_word_without_dictionary_gives_way_to_no_other_such_word_where_listings_have_its_stem() -> None:
    assert speller({"xandovia": 1}, stems=["xandov"]).corrected("xandova") is None
    assert speller({"xandovia": 1}).corrected("xandova") == Spelling("xandovia", is_sure=False)


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("mežgīnu", {"mežģīņu": 1}, "mežģīņu"),
        ("brīvprātigie", {}, "brīvprātīgie"),
        ("brīvprātigie", {"brīvprātigie": 1}, None),
        ("brivpratigie", {"brīvprātīgie": 1}, None),
    ],
)
def test_wrong_diacritics_are_offered_right_but_left_out_ones_are_no_slip(
    typed: str, words: dict[str, int], meant: str | None
) -> None:
    assert speller(words).corrected(typed) == speller(words).alike(typed) == (Spelling(meant, is_sure=False) if meant else None)


def test_with_two_wrong_diacritics_another_word_is_meant_where_no_listing_has_it() -> None:
    assert speller({"apmaiņa": 1}).corrected("apmaņa") == Spelling("apmaiņa", is_sure=True)


def test_a_latvian_word_without_its_diacritics_is_one_in_latvian_or_where_listings_have_its_stem() -> None:
    words = {"studenti": 3, "students": 3}
    assert speller(words).corrected("studeti") is None, "studēti"
    assert speller(words, langs=("en", "lv")).corrected("studeti") == Spelling("studenti", is_sure=True)
    assert speller(words, langs=("en", "lv"), stems=["studes"]).corrected("studeti") is None


def test_a_right_word_that_no_listing_has_gives_way_only_to_a_name_of_its_sound() -> None:
    assert speller({}, names=["seniori"]).corrected("senjori") == Spelling("seniori", is_sure=True)
    assert speller({"senjori": 1}, names=["seniori"]).corrected("senjori") is None
    assert speller({"seniori": 9}).corrected("senjori") is None
    assert speller({}, names=["senjori", "seniori"]).corrected("senjori") is None


@pytest.mark.parametrize(
    ("typed", "words", "parts"),
    [
        ("piekrastestalka", {"piekrastes": 1, "talka": 1}, "piekrastes talka"),
        ("pārtikasbanka", {"pārtikas": 2, "banka": 1}, "pārtikas banka"),
        ("piekrastesxqtr", {"piekrastes": 1, "xqtr": 1}, None),
        ("daycentre", {"day": 1, "centre": 1}, "day centre"),
    ],
)
def test_joined_words_are_parted_where_both_are_words_of_one_language(
    typed: str, words: dict[str, int], parts: str | None
) -> None:
    spelling = speller(words).corrected(typed)
    assert (spelling.text if spelling else None) == parts


def test_a_compound_is_parted_where_both_parts_are_commonest() -> None:
    terms = lookup({"darba": 9, "darbavieta": 1, "vieta": 5, "dar": 1, "bavieta": 1})
    assert split_compound("darbavieta", terms) == ("darba", "vieta")
    assert (split_compound("darba", terms), split_compound("nekasnav", terms)) == (None, None)


def test_two_words_are_one_where_one_of_them_is_none() -> None:
    spells = speller({"velosipēdi": 1, "velo": 1, "darbs": 1, "vieta": 1, "darbsvieta": 1})
    assert spells.joined("velo", "sipēdi") == Spelling("velosipēdi", is_sure=True)
    assert spells.joined("darbs", "vieta") is None, "both are words"
    assert spells.joined("velo", "nekas") is None, "no listing has it"


def test_what_listings_or_names_have_begins_a_word() -> None:
    spells = speller({"pārtika": 1}, names=["seniori"])
    assert [spells.begins_a_word(word) for word in ("part", "partika", "sen", "partikas", "enio")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_other_words_get_the_diacritics_of_most_listings() -> None:
    spells = speller({"veselība": 5, "veselibā": 9, "maize": 1, "seksa": 1})
    assert [spells.spelled(word) for word in ("veseliba", "maize", "biedriba", "veselība", "xqtr")] == [
        "veselība", "maize", "biedrība", "veselība", "xqtr",
    ]  # fmt: skip
