"""Marking: the words as written, in any form, and the part of a text that tells why it was found."""

from __future__ import annotations

import pytest

from search.engines.outcome import tokens_of
from search.port import Query
from search.query.highlighting import Highlighter
from search.query.plan import make_plan


def marked(text: str, typed: str, lang: str | None = "lv") -> list[str]:
    return [piece for piece, is_match in highlighter(typed).segments(text, lang) if is_match]


def highlighter(typed: str) -> Highlighter:
    return Highlighter(tokens_of(make_plan(Query(text=typed)).strict))


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Jauniešiem un „jauniešu” centram", "jaunietis", ["Jauniešiem", "jauniešu"]),
        ("Jauniešiem", "jauniesi", ["Jauniešiem"]),
        ("Saules maize, SIA", "maizi", ["maize"]),
        ("Ceļš-ceļā", "ceļi", ["Ceļš", "ceļā"]),
        ("s\u030cis ceļš", "šis", ["šis"]),
        ("Nekas", "maize", []),
        ("Nestrādājošie un jāstrādā", "strādāt", ["Nestrādājošie", "jāstrādā"]),
        ("Vislielākais", "liels", ["Vislielākais"]),
        ("Pārtikas bankas tīkls", "food bank", ["Pārtikas", "bankas"]),
    ],
)
def test_words_are_marked_as_written(text: str, typed: str, found: list[str]) -> None:
    assert marked(text, typed) == found


def test_a_vowel_that_changes_is_no_hindrance_in_english() -> None:
    assert marked("Men and children", "men child", "en") == ["Men", "children"]


def test_the_pieces_are_the_whole_text() -> None:
    for text in ("maize", "", "maize maize", " x maizē, maizi.", "bez"):
        assert "".join(piece for piece, _ in highlighter("maize").segments(text, "lv")) == text


def test_another_language_needs_no_dictionary_of_its_own() -> None:
    assert marked("Noored ja Erasmus", "erasmus", "et") == ["Erasmus"]


def test_an_excerpt_stands_around_the_match_and_is_cut_at_words() -> None:
    text = "viens divi trīs " * 40 + "maizes ceptuve " + "četri pieci " * 40
    found = highlighter("maize").excerpt(text, "lv", 100)
    whole = "".join(piece for piece, _ in found)
    assert ("maizes", True) in found
    assert whole.startswith("…") and whole.endswith("…") and len(whole) <= 101
    assert set(whole.strip("…").split()) <= set(text.split())
    assert (
        "".join(piece for piece, _ in Highlighter().excerpt(text, "lv", 50)) == "viens divi trīs viens divi trīs viens divi trīs…"
    )
    assert not Highlighter().has_match(text, "lv")
