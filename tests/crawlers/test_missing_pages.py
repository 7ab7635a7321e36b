"""Titles that say that nothing is there, and names that only look like them."""

from __future__ import annotations

import pytest

from crawlers.texts.missing_pages import says_nothing_is_there

NOTICES = """404 | Error 404 | HTTP 404 | Kļūda 404 | 404. | 410 | Page not found | 404 Not Found | 404: Page Not Found | Oops! That page can’t be found. | Sorry, this page doesn't exist
The page you are looking for could not be found. | Nothing Found | Lapa nav atrasta | LAPA NETIKA ATRASTA! | Kļūda 404: lapa nav atrasta | Šādas lapas nav | Nav atrasts
Puslapis nerastas | Puslapis neegzistuoja | Lehte ei leitud | Lehekülge ei leitud | 404 - Lehte ei leitud! | Страница не найдена | Сторінку не знайдено | Старонка не знойдзена
Nie znaleziono strony | Strona nie istnieje | Nie ma takiej strony | Sivua ei löydy | Sivua ei löytynyt | Virhe 404 | Sidan hittades inte | Hoppsan! Sidan finns inte | Siden blev ikke fundet
Siden ikke funnet | Fant ikke siden | Sida finst ikkje | Seite nicht gefunden | Fehler 404 – Seite nicht gefunden | Síða fannst ekki | lapa nav atrasta (404)"""
NAMES = """Not Found Festival | Error 404 collective | 404 Gallery | Studija 404 | Error | Kļūda | Lapa | Page One | Lost and Found | The Page | Nav | Atrasta laime | Nothing
Ei leitud luulet | Lehte ei leitudki | Seite an Seite | Sivua | Pazudušās lapas | Not Found – a festival of lost films | Nav atrasts: izstāde | Kopienas nams | 410 Gone Surfing | 2024"""


def all_of(text: str) -> list[str]:
    return [title.strip() for line in text.splitlines() for title in line.split(" | ")]


@pytest.mark.parametrize("title", all_of(NOTICES))
def test_a_notice_in_a_language_of_the_region_is_no_title(title: str) -> None:
    assert says_nothing_is_there(title)


@pytest.mark.parametrize("title", all_of(NAMES))
def test_a_name_with_such_words_in_it_is_one(title: str) -> None:
    assert not says_nothing_is_there(title)


@pytest.mark.parametrize("beside", ["{} – Kopienas nams", "{} | Kopienas nams", "Kopienas nams » {}", "Kopienas nams - {}"])
def test_the_name_of_the_site_may_stand_beside_a_notice_about_a_page(beside: str) -> None:
    assert says_nothing_is_there(beside.format("Lapa nav atrasta"))
    assert not says_nothing_is_there(beside.format("Nav atrasts"))
    assert not says_nothing_is_there(beside.format("404"))


def test_an_empty_title_is_no_notice() -> None:
    assert not says_nothing_is_there("") and not says_nothing_is_there(" | ")
