"""Names found by their beginnings: without diacritics, in other forms, by any of their words."""

from __future__ import annotations

import pytest

from search.query.begun_names import BegunName, BegunNames, Fit, concept_names
from search.query.concepts import ThesaurusEntry, draft_thesaurus


@pytest.mark.parametrize(
    ("typed", "name", "fit"),
    [
        ("mūž", "mūžizglītība", Fit.LABEL), ("muz", "mūžizglītība", Fit.LABEL), ("MŪŽ", "Mūžizglītība", Fit.LABEL),
        ("„Ot", "Otrā elpa", Fit.LABEL), ("ot", "„Otrā elpa”", Fit.LABEL), ("otrā elp", "Otrā elpa", Fit.LABEL),
        ("elp", "Otrā elpa", Fit.WORDS_OF_LABEL), ("elpa otr", "Otrā elpa", Fit.WORDS_OF_LABEL),
        ("kopienu dār", "kopienas dārzs", Fit.WORDS_OF_LABEL), ("communities gar", "community garden", Fit.WORDS_OF_LABEL),
        ("mūžizglītības", "mūžizglītība", Fit.WORDS_OF_LABEL), ("mājās", "māja", Fit.WORDS_OF_LABEL),
        ("lpa", "Otrā elpa", None), ("ot dār", "Otrā elpa", None), ("dār ot", "Otrā elpa", None), ("rīts", "rīta", Fit.WORDS_OF_LABEL),
        ("ori", "ora", None), ("sākot ar", "ar", None),
    ],
)  # fmt: skip
def test_a_name_fits_by_its_beginning_or_by_all_the_words_that_were_typed(typed: str, name: str, fit: Fit | None) -> None:
    assert BegunName.of(typed).fit(BegunName.of(name)) == fit


@pytest.mark.parametrize(
    ("best", "by_words"),
    [(Fit.LABEL, Fit.WORDS_OF_LABEL), (Fit.OTHER_NAME, Fit.WORDS_OF_OTHER_NAME), (Fit.PART, Fit.PART)],
)
def test_another_name_fits_less_and_by_its_words_still_less(best: Fit, by_words: Fit) -> None:
    name = BegunName.of("Otrā elpa")
    assert (BegunName.of("otr").fit(name, best), BegunName.of("elp").fit(name, best)) == (best, by_words)


def test_another_name_that_was_typed_to_its_end_is_as_good_as_the_label_but_not_that_of_a_part() -> None:
    name = BegunName.of("Otrā elpa")
    assert BegunName.of("otra elpa").fit(name, Fit.OTHER_NAME) == BegunName.of("otra elpa").fit(name, Fit.LABEL) == Fit.LABEL
    assert BegunName.of("otra elpa").fit(name, Fit.PART) == Fit.PART


def test_of_the_names_of_one_thing_the_best_counts_and_the_longest_word_leads_there() -> None:
    names = BegunNames([("a", "food bank", Fit.OTHER_NAME), ("a", "bank of food", Fit.LABEL), ("b", "blood bank", Fit.PART)])
    assert names.find(BegunName.of("food b")) == {"a": Fit.WORDS_OF_LABEL}
    assert names.find(BegunName.of("bank food")) == {"a": Fit.WORDS_OF_LABEL}
    assert names.find(BegunName.of("bank")) == {"a": Fit.LABEL, "b": Fit.PART}
    assert names.find(BegunName.of("b")) == names.find(BegunName.of("xy")) == {}
    names = BegunNames([("a", "bank zone", Fit.LABEL), ("a", "zone of banks", Fit.OTHER_NAME)])
    assert names.find(BegunName.of("bank z")) == names.find(BegunName.of("ba")) == {"a": Fit.LABEL}


def test_what_was_typed_is_kept_with_its_diacritics() -> None:
    assert (BegunName.of("  „Otrā  Elpa” ").written, BegunName.of("„Otrā Elpa").text) == ("otrā elpa", "otra elpa")
    assert BegunName.of("!? … 🙂").words == ()


def test_a_concept_is_found_in_both_languages_and_called_as_the_reader_calls_it() -> None:
    with draft_thesaurus([ThesaurusEntry("a", {"lv": ["mājmācība", "mācības mājās"], "en": ["homeschooling"]})]):
        latvian, english = concept_names("lv"), concept_names("en")
    assert [(text, fit) for (_number, text), fit in latvian.find(BegunName.of("homes")).items()] == [
        ("mājmācība", Fit.OTHER_NAME)
    ]
    assert {text: fit for (_number, text), fit in latvian.find(BegunName.of("māj")).items()} == {
        "mājmācība": Fit.LABEL, "mācības mājās": Fit.WORDS_OF_LABEL,
    }  # fmt: skip
    assert [(text, fit) for (_number, text), fit in english.find(BegunName.of("majm")).items()] == [
        ("homeschooling", Fit.OTHER_NAME)
    ]
    assert list(english.find(BegunName.of("izglītība"))) == [], "themes are no concepts of the thesaurus"


def test_a_concept_without_a_name_in_the_readers_language_keeps_its_own() -> None:
    with draft_thesaurus([ThesaurusEntry("a", {"en": ["homeschooling"]})]):
        assert [text for _number, text in concept_names("lv").find(BegunName.of("homes"))] == ["homeschooling"]
    with draft_thesaurus([]):
        assert concept_names("lv").find(BegunName.of("homes")) == {}, "another thesaurus, other names"
