"""The language of a text: decided by the text, with the address or markup as a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.language import measure, read_texts
from crawlers.texts.language import language_of


def test_sentences_and_latvian_ones_are_told(shared_data: Path) -> None:
    texts = read_texts(shared_data / "langid_dev.jsonl")
    sentences = measure(texts["sentences"])
    assert sentences.right >= 0.99
    assert sentences.right_latvian >= 0.99
    assert sentences.right_of_decided >= 0.995
    assert measure(texts["word-pairs"]).right_of_decided >= 0.93


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
