"""The language of a text: decided by the text, with the address or markup as a hint."""

from __future__ import annotations

import pytest

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
