"""Texts of the region in old code pages that nobody declared."""

from __future__ import annotations

import pytest

from crawlers.fetch.page import Page

LV = "Nosaukums;Mītnes valsts;Pilsēta;Tīmekļa vietne\r\nZvejnieku māja;Latvija;Engure;http://a.lv\r\nĶekavas šķūnis;Vācija;Brēmene;\r\n"
LT = "Pavadinimas;Šalis;Miestas\r\nŽemės ūkio kooperatyvas;Lietuva;Šiauliai\r\nSocialinių dirbtuvių įmonė;Lietuva;Panevėžys\r\n"
PL = "Nazwa;Państwo;Miejscowość\r\nSpółdzielnia socjalna „Źródło”;Polska;Łódź\r\nII Liceum Ogólnokształcące;Polska;Kraków\r\n"
ET = "Nimi;Riik;Linn\r\nKülaühing Põlva;Eesti;Põlva\r\nÕpikoda;Eesti;Võru\r\n"
RU = "Название;Страна;Город\r\nОбщество взаимопомощи;Латвия;Даугавпилс\r\n"
UK = "Назва;Країна;Місто\r\nСпілка підприємців;Україна;Львів\r\n"
FR = "Nom;Pays\r\nFédération des maisons médicales;France\r\nLa fête à côté;France\r\n"
DE = "Name;Land\r\nSolawi Vöcklabruck;Österreich\r\nStraße für alle;Übersee\r\n"
MIXED = "Nosaukums;Izcelsmes valsts;Pilsēta\r\nSolawi Vöcklabruck;Österreich;Vöcklabruck\r\nAbility Café;Igaunija;Tartu\r\n"


@pytest.mark.parametrize(
    ("text", "charset"),
    [(LV, "cp1257"), (LT, "cp1257"), (MIXED, "cp1257"), (ET, "cp1257"), (PL, "cp1250"), (PL.replace("„", "").replace("”", ""), "iso8859-2"),
     (PL, "cp1257"), (RU, "cp1251"), (RU, "koi8-u"), (UK, "cp1251"), (UK, "koi8-u"), (FR, "cp1252"), (DE, "cp1252"),
     (LV, "iso8859-13"), (LV, "iso8859-4"), (DE, "iso8859-15"), (LV, "utf-16-le"), (DE, "utf-16-be")],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["text/csv", "text/html"])
def test_an_undeclared_code_page_is_known_by_its_letters(text: str, charset: str, content_type: str) -> None:
    page = Page("https://a.example/f", 200, {"content-type": content_type}, text.encode(charset))
    assert page.text() == text


def test_a_broken_place_does_not_make_another_code_page_of_utf8() -> None:
    body = (LV * 10).encode() + b"\xe2 caf"
    assert Page("https://a.example/f", 200, {}, body).text().startswith(LV)
