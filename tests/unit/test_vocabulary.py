"""The vocabulary: closed lists, spellings of countries, conclusions from legal forms, folding and order."""

from __future__ import annotations

from itertools import chain

import pytest

from vocabulary import Term, collation_key, fold, load, title_key, word_key
from vocabulary.languages import LANGUAGES, best_language

WORDS = load()


def test_every_term_has_a_label_in_each_language_and_no_synonym_stands_for_two() -> None:
    for dimension in ("kind", "sector", "theme"):
        names: dict[str, set[str]] = {}
        for term in WORDS.terms(dimension):
            assert set(term.labels) == set(LANGUAGES)
            for name in chain(term.labels.values(), term.synonyms):
                assert WORDS.find(dimension, name) == term.id, name
                names.setdefault(fold(name), set()).add(term.id)
        assert all(len(ids) == 1 for ids in names.values())


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("SIA Saules maize", "private"), ("biedrība „Kopā”", "ngo"), ("VSIA Slimnīca", "public"), ("MTÜ Abi", "ngo"),
        ("UAB Geri darbai", "private"), ("VšĮ Pagalba", None), ("Sia Maria", None), ("Cēsu novada pašvaldība", "public"),
        ("Rēzeknes augstskola", "academic"), ("Sp. z o.o. Dobro", "private"), ("Saules maize", None),
        ("biedrības „Kopā”", "ngo"), ("Biedrības", "ngo"), ("Latviešu biedrības nams", None), ("Association", "ngo"), ("„Saule”, IK", "private"),
        ("Uždaroji akcinė bendrovė „Geri darbai“", "private"), ("uždarosios akcinės bendrovės „Geri darbai“", "private"),
        ("Valsts akciju sabiedrība Ceļš", "public"), ("Sabiedrība ar ierobežotu atbildību Maize", "private"), ("sihtasutus Abi", None),
    ],
)  # fmt: skip
def test_a_legal_form_tells_the_sector(text: str, sector: str | None) -> None:
    conclusion = WORDS.sector_of_legal_form(text)
    assert (conclusion.value if conclusion else None) == sector


def test_names_sort_as_latvians_expect() -> None:
    names = ["Zāle", "Ķekava", "Kalns", "Yves", "Iela", "Čaula", "Cels", "Āda", "Ada", "3 soļi", "Īve"]
    assert sorted(names, key=collation_key) == [
        "3 soļi", "Ada", "Āda", "Cels", "Čaula", "Iela", "Īve", "Yves", "Kalns", "Ķekava", "Zāle",
    ]  # fmt: skip


def test_folding_takes_diacritics_case_and_typography_away() -> None:
    assert fold("„Žēlīgā ŠĶĪRĒJĀ” – Łódź, Ærø") == '"zeliga skireja" - lodz, aero'


@pytest.mark.parametrize(
    "title", ["Kopienas nams", " KOPIENAS\t nams ", "Kopienas\u00a0nams\n", "kopienas  nams", "Ķopīēnas Nams"]
)
def test_titles_that_read_alike_have_one_key(title: str) -> None:
    assert title_key(title) == "kopienas nams"


def test_punctuation_is_part_of_a_title_and_no_part_of_a_name() -> None:
    assert title_key("„Saule” – Cēsis!") == '"saule" - cesis!'
    assert word_key("„Saule” – Cēsis!") == "saule cesis"


def test_labels_are_shown_in_the_readers_language() -> None:
    assert WORDS.label("country", "DE", "lv") == "Vācija"
    assert WORDS.label("theme", "circular_economy", "lv") == "aprites ekonomika"
    assert WORDS.label("kind", "unknown", "en") == "unknown"
    assert [WORDS.label("kind", "unknown", lang) == "unknown" for lang in LANGUAGES] == [lang == "en" for lang in LANGUAGES]
    assert WORDS.label("kind", "no_such", "en") == "no_such"


def test_every_concept_has_both_languages_a_source_and_names_of_its_own() -> None:
    owners: dict[str, set[str]] = {}
    for id, concept in WORDS.thesaurus.items():
        kind, _, words = concept.source.partition(": ")
        assert concept.names["lv"] and concept.names["en"] and kind and words, id
        for name in chain.from_iterable(concept.names.values()):
            owners.setdefault(fold(name), set()).add(id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_a_label_that_a_language_lacks_is_in_english_then_in_the_default_language() -> None:
    assert Term("x", {"lv": "labums", "en": "good"}).label("et") == "good"
    assert Term("x", {"lv": "labums"}).label("et") == "labums"
    assert best_language("et", {"lv", "et"}) == "et"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("biedrības „Kopā”", "biedrība"), ("Uždaroji akcinė bendrovė „Geri darbai“", "UAB"), ("akcinė bendrovė „Kelias“", "AB"),
        ("Valsts akciju sabiedrība Ceļš", "VAS"), ("„Saule”, IK", "IK"), ("Viešoji įstaiga Pagalba", "VšĮ"), ("biedrības nams", None),
    ],
)  # fmt: skip
def test_a_legal_form_written_out_or_in_the_genitive_is_known(text: str, form: str | None) -> None:
    assert WORDS.legal_form_in(text) == form
