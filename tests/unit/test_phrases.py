"""Phrases of headings: kinds in the plural, countries, regions and towns in the locative."""

from __future__ import annotations

import pytest

from vocabulary import load
from vocabulary.languages import LANGUAGES
from vocabulary.phrases import in_country, in_place, plural_kind


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_a_plural_and_every_country_of_the_region_a_phrase(lang: str) -> None:
    assert all(plural_kind(term.id, lang) for term in load().terms("kind"))
    assert all(in_country(code, lang) for code in ("LV", "EE", "LT", "PL", "DE", "DK", "SE", "FI", "NO", "IS", "UA", "BY", "RU"))


@pytest.mark.parametrize(
    ("code", "lv", "en"),
    [("EE", "Igaunijā", "in Estonia"), ("NL", "Nīderlandē", "in the Netherlands"), ("GB", "Apvienotajā Karalistē", "in the United Kingdom"),
     ("UG", "Ugandā", "in Uganda"), ("MC", None, "in Monaco"), ("CF", None, "in the Central African Republic"), ("XX", None, None)],
)  # fmt: skip
def test_a_country_as_where_something_is(code: str, lv: str | None, en: str | None) -> None:
    assert (in_country(code, "lv"), in_country(code, "en")) == (lv, en)


@pytest.mark.parametrize(
    ("name", "locative"),
    [("Rīga", "Rīgā"), ("Latgale", "Latgalē"), ("Cēsu novads", "Cēsu novadā"), ("Cēsis", "Cēsīs"), ("Jēkabpils", "Jēkabpilī"),
     ("Harju apriņķis", "Harju apriņķī"), ("Talsi", "Talsos"), ("Helsinki", None), ("", None)],
)  # fmt: skip
def test_a_place_in_the_locative_where_a_rule_gives_it(name: str, locative: str | None) -> None:
    assert in_place(name, "lv") == locative


def test_a_language_without_phrases_gets_the_english_plural_and_no_place() -> None:
    assert plural_kind("event", "et") == "events"
    assert in_country("EE", "et") is in_place("Tartu", "et") is None
    assert plural_kind("unknown", "lv") is None
