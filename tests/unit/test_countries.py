"""Countries from whatever a source wrote: found in any language and form, never guessed."""

from __future__ import annotations

from collections import Counter

import pytest

from vocabulary import load

WORDS = load()
NAMED = """
Latvija LV|latvia LV|ЛАТВИЯ LV|Łotwa LV|Letland LV|Läti LV|Lotyšsko LV|Lettonie LV|Latvijas Republika LV|Republic of Latvia LV|LV LV|lv LV|LVA LV
🇱🇻 LV|(Latvia) LV|Latvia. LV|"Latvia" LV|Latvia (LV) LV|Latvija, Rīga LV|Riga, Latvia LV|Latvia - Riga LV|Latvia, EU LV|Valsts: Latvija LV
Igaunija EE|Estija EE|eesti EE|Viro EE|EE - Estonia EE|Lietuvos Respublika LT|Leedu LT|Litwa LT|Dania DK|Taani DK|Polska PL|Lenkija PL|Puola PL
Deutschland DE|Saksa DE|Vacija DE|VĀCIJA DE|Germay DE|Germnay DE|GER DE| Suomi  FI|Finland (Suomi) FI|Rootsi SE|Noreg NO|Islande IS|Venäjä RU
England GB|Scotland GB|UK GB|uk GB|Great Britain (UK) GB|Wielka Brytania GB|Lielbritānija GB|Northern Ireland GB|Ireland IE|Republic of Ireland IE
SR SK|Česko CZ|Czech Rep. CZ|The Netherlands NL|Belgique/België BE|Schweiz / Suisse CH|EL GR|Ελλάδα GR|U.S.A. US|Italu IT|Espagna ES
Bosnia and Herzegovina BA|Україна UA|Белоруссия BY|Georgia GE|GE GE|AL AL|Georgia, USA US|Republic of China TW|North Korea KP|Niger NE|Nigeria NG
Latvijā LV|Latvijas LV|no Latvijas LV|Somijas FI|Vācijā DE|visā Latvijā LV|Visa Latvija LV|Eestis EE|Lätis LV|Soomes FI|Saksamaal DE|Taanis DK
Lietuvoje LT|Latvijos LV|Vokietijoje DE|w Polsce PL|Litwie LT|Niemczech DE|Suomessa FI|Latviassa LV|Virossa EE|в Латвии LV|в Україні UA|Польше PL
LV-1010 LV|LV-1010 Rīga LV|LT-01100 Vilnius LT|EE-10111 EE|PL-00-001 PL|SE-111 20 Stockholm SE|D-10115 Berlin DE|FI-00100 FI
Lativa LV|Lithunia LT|Great Britian GB|Swedan SE|Холандия NL|Македонія MK|Republika Litewska LT|Republik Lettland LV|Northern Ireland, UK GB
Slovenia SI|Slovakia SK|Austria AT|Österreich AT|France FR|FRANCE FR|Frace FR|Cypres CY|Croatia HR|Cyprus CY|Malta MT|România RO|Portugal PT|Australia AU|Guinea-Bissau GW|Türkiye TR
"""
UNNAMED = """
Riga|Rīga|Baltija|Baltic states|Europe|EU|EU-28|International|Worldwide|Scandinavia|n/a|-|?|XX|ZZ|no|is|it|be|Congo|Korea|Guinea|Saint Martin
Virgin Islands|Latvia, Estonia|Latvia / Estonia|Ireland and UK|Denmark/Greenland|Martin|Anna|Austra|Romana|Albina|Roland|Granada|Tunis|Man|Dominika
Latvian|Estonian|Lithuanian|German|LV-10|XLV-1010|LV-10101|LV-2024-17|SE-4|DE-19801|No way|🇪🇪🇱🇻|Latvijas, Igaunijas|Ireland (North)
Saule|Atlanta, Georgia|Los Angeles, CA|Cyprus (North)|Ireland (Northern)|Jordan, Michael|Kosovo|Yugoslavia|Zetland Islands|Hotel Cypres|Livonia|Kurzeme|🏳️|🇽🇽
"""


@pytest.mark.parametrize("pair", [pair for line in NAMED.strip().splitlines() for pair in line.split("|")])
def test_a_country_is_found_in_any_language_and_form(pair: str) -> None:
    text, code = pair.rsplit(" ", 1)
    assert WORDS.find_country(text) == code


@pytest.mark.parametrize("text", ["", " ", *(text for line in UNNAMED.strip().splitlines() for text in line.split("|"))])
def test_what_names_no_country_or_could_name_two_gives_none(text: str) -> None:
    assert WORDS.find_country(text) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Latvia / Estonia", ("LV", "EE")), ("Latvija un Igaunija", ("LV", "EE")), ("Łotwa, Litwa i Estonia", ("LV", "LT", "EE")),
        ("Eesti ja Soome", ("EE", "FI")), ("Riga, Latvia; Tartu, Estonia", ("LV", "EE")), ("LV, EE, LT", ("LV", "EE", "LT")),
        ("Ireland and UK", ("IE", "GB")), ("Latvia\nLithuania", ("LV", "LT")), ("Latvia, Latvija", ("LV",)), ("Europe, Baltics", ()),
        ("Bosnia & Herzegovina", ("BA",)),
    ],
)  # fmt: skip
def test_several_countries_in_one_text(text: str, codes: tuple[str, ...]) -> None:
    assert WORDS.find_countries(text) == codes


def test_every_name_that_cldr_gives_is_its_country_or_nothing() -> None:
    for lang in ("lv", "en", "et", "lt", "pl", "da", "sv", "nb", "fi", "de", "ru", "uk"):
        results = Counter[bool]()
        for code in WORDS.ids("country"):
            name = WORDS.label("country", code, lang)
            assert WORDS.find_country(name) in (code, None), (lang, name)
            results[WORDS.find_country(name) == code] += 1
        assert results[True] / results.total() > 0.95, lang


def test_hostile_texts_end_soon() -> None:
    for text in ("Latvia, " * 100_000, "(" * 100_000, "a" * 1_000_000, " un " * 100_000):
        assert set(WORDS.find_countries(text)) <= {"LV"}
