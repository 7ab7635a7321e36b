"""The language of a text: decided by the text, with the address or markup as a hint."""

from __future__ import annotations

import pytest

from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.texts.filler import is_filler
from crawlers.texts.language import language_of
from tests.samples.initiatives import sentences


@pytest.mark.parametrize(("text", "lang"), list(sentences()))
def test_a_sentence_tells_its_language(text: str, lang: str) -> None:
    assert language_of(text) == lang


@pytest.mark.parametrize(
    ("text", "hint", "lang"),
    [
        ("Mēs", "lv", "lv"), ("Mēs cepam maizi kopā ar jauniešiem no Vidzemes", "en", "lv"), ("Zvejnieku māja", None, "lv"),
        ("Mājas svētība", "en", "lv"), ("BlindArt", "lv_LV", "lv"), ("Green Riga", "lv", "lv"), ("1836", "lv-LV", "lv"),
        ("1836", None, "und"), ("", None, "und"), ("https://www.kopa.lv/projekts", None, "und"), ("Velkommen til kurs!", "nn", "nb"),
        ("Ikke alle trenger like mye hjelp, sier lederen av foreningen", None, "nb"), ("Адкрытая прастора для ўсіх", None, "be"),
        ("Une coopérative d’habitants qui partagent un jardin, un atelier et une cuisine à Bruxelles, ouverte à tous", "lv", "fr"),
        ("BIEDRĪBA „SAULES MAIZE” AICINA PIETEIKTIES", None, "lv"), ("Tere tulemast kogukonnaaeda", "xx-unknown", "et"),
    ],
)  # fmt: skip
def test_the_text_decides_and_the_hint_weighs_in(text: str, hint: str | None, lang: str) -> None:
    assert language_of(text, hint) == lang


FILLER = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Vivamus sagittis lacus vel augue laoreet rutrum."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (FILLER, True), ("Sed ut labore et dolore", True), ("Lorem ipsum dolor sit", False), ("", False),
        ("Lorem ipsum ir teksts, kuru mēs vēl neesam uzrakstījuši", False), ("In a word: non est culpa, so we begin today", False),
        ("Una cooperativa que treballa amb joves del barri i amb les seves famílies", False),
    ],
)  # fmt: skip
def test_a_text_is_filler_where_most_of_five_words_or_more_are_its_usual_ones(text: str, is_one: bool) -> None:
    assert is_filler(text) is is_one


def test_filler_is_in_no_language_and_says_nothing_of_that_of_the_title() -> None:
    raw = RawRecord("1", None, {"title": "Zvejnieku māja", "description": f"<p>{FILLER}</p>"}, "en")
    record = Normaliser(Recipe(platform="x")).record(raw)
    assert record
    assert (record.title, set(record.description), set(record.summary)) == ({"lv": "Zvejnieku māja"}, {"und"}, {"und"})
    assert record.languages == ("lv",)
