"""The analysis alone: keys that bring forms together, the dictionary's rules, words with their place."""

from __future__ import annotations

import pytest

from search.analysis import alternative_keys, analyse, latvian, stems_in_other_languages, words
from search.analysis.hunspell import Dictionary
from vocabulary import fold


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("jauniešiem", "jaunietis"), ("jauniesiem", "jaunietis"), ("JAUNIEŠU", "jaunietis"), ("sociālajām", "sociāls"),
        ("vislielākajam", "liels"), ("neatkarīgas", "neatkarīgs"), ("nestrādā", "strādāt"), ("jāstrādā", "strādāt"),
        ("strādājošiem", "strādāt"), ("strādāšanas", "strādāšana"), ("dalībnieces", "dalībniece"), ("uzņēmuma", "uzņēmums"),
        ("akmeņu", "akmens"), ("ūdenī", "ūdens"), ("attīstāmies", "attīstīties"),
        ("atgriežoties", "atgriezties"), ("apvienojušies", "apvienoties"), ("slēpties", "slēpties"), ("deputāti", "deputāts"),
        ("nav", "būt"), ("esošajiem", "būt"), ("nebija", "būt"), ("vajag", "vajadzēt"), ("nedošu", "dot"),
    ],
)  # fmt: skip
def test_latvian_forms_lead_to_their_lemma(form: str, lemma: str) -> None:
    assert analyse(form, "lv").keys == (f"lv:{lemma}",)


@pytest.mark.parametrize(
    ("form", "lang", "key"),
    [
        ("enterprises", "en", "en:enterprise"), ("children", "en", "en:child"), ("xylophagously", "en", "en:xylophag"),
        ("ettevõtetes", "et", "et:ettevõte"), ("Häuser", "de", "de:haus"), ("barnen", "sv", "sv:barn"), ("bøker", "no", "no:bok"),
    ],
)  # fmt: skip
def test_other_languages_know_their_words_too(form: str, lang: str, key: str) -> None:
    assert analyse(form, lang).keys == (key,)


def test_an_unknown_word_has_its_light_stem() -> None:
    assert analyse("blokķēdēm", "lv").keys == analyse("blokkede", "lv").keys


def test_in_a_text_of_no_known_language_each_word_has_the_key_of_the_language_that_has_it() -> None:
    assert analyse("Saules maizi, children Fairmondo", None).keys == ("lv:saule", "lv:maize", "en:child", "und:fairmonz")
    assert analyse("Saules maizi", None).light == analyse("saule maize", "lv").light


def test_a_word_is_spelt_with_the_diacritics_that_it_needs() -> None:
    assert [latvian.restore_diacritics(word) for word in ("aprites", "maksla", "jauniesiem")] == [
        "aprites",
        "māksla",
        "jauniešiem",
    ]
    assert latvian.restore_diacritics("xyzzy") is None


def test_a_word_without_diacritics_may_be_several() -> None:
    assert alternative_keys("kase", "lv") and alternative_keys("kase", "en") == ()
    assert "lv:kāzas" in (*analyse("kazas", "lv").keys, *alternative_keys("kazas", "lv"))


def test_words_keep_their_place_and_lose_what_does_not_count() -> None:
    text = "„Sociāli\u00adais” O’Henry's e-pasts ＳＩＡ s\u030cis A.K.A."
    found = [(word.text, text[word.start : word.end]) for word in words("„Sociāli\u00adais” O’Henry's e-pasts ＳＩＡ A.K.A.")]
    assert [plain for plain, _ in found] == ["sociāliais", "ohenrys", "e", "pasts", "sia", "aka"]
    assert [word.text for word in words(text)][5] == "šis"
    assert [word.text for word in words("C'est l’Orto qu'il dell'arte d'Arc don't women's n't")] == [
        "c", "est", "l", "orto", "qu", "il", "dell", "arte", "d", "arc", "dont", "womens", "nt",
    ]  # fmt: skip
    written = "Jaunatnes „Ideju” centrs"
    assert [written[word.start : word.end] for word in words(written)] == ["Jaunatnes", "Ideju", "centrs"]


@pytest.mark.parametrize("text", ["", " ", "\u0301", "___", "—", "\x00", "a" * 5000, "\u00ad"])
def test_odd_texts_have_a_bounded_analysis(text: str) -> None:
    found = analyse(text, "lv")
    assert len(found.surface) <= 1 and all(len(token) <= 60 for token in found.surface)


SMALL = """SET UTF-8
NEEDAFFIX {
CIRCUMFIX |
PFX N Y 1
PFX N 0 ne .
PFX V Y 1
PFX V 0 vis/| .
SFX A Y 3
SFX A s u s
SFX A s ā s
SFX A s ākais/V| s
SFX B Y 1
SFX B t šana/C t
SFX C Y 1
SFX C a u a
"""


def test_the_rules_of_a_dictionary() -> None:
    dictionary = Dictionary(SMALL, ["liels/AN po:īpv", "celt/B po:darb", "Rīga/C", "celm/{A"])

    def read(word: str) -> set[tuple[str, str]]:
        return {(reading.entry.word, reading.form) for reading in dictionary.readings(fold(word))}

    assert read("lielu") == {("liels", "lielu")}
    assert read("nelielu") == {("liels", "nelielu")}
    assert read("visliel\u0101kais") == {("liels", "vislielākais")}
    assert read("lielakais") == set(), "that form exists with its prefix only"
    assert read("visliels") == set()
    assert read("celšanu") == {("celt", "celšanu")}
    assert read("riga") == {("rīga", "rīga")}
    assert read("celm") == set(), "this stem stands with an affix only"


def test_without_a_dictionary_the_light_stems_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latvian, "_dictionary", lambda: None)
    latvian.lemmas.cache_clear()
    assert latvian.lemma("jauniešiem") is None
    latvian.lemmas.cache_clear()


def test_stems_in_other_languages_are_those_of_words_that_neither_interface_language_has() -> None:
    assert "raamatukogu" in stems_in_other_languages("raamatukogud") and "kaim" in stems_in_other_languages("kaimuose")
    assert stems_in_other_languages("skola") == stems_in_other_languages("school") == ()
