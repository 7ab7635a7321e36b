"""Titles and addresses of pages about a site itself, and names of lists, in the languages of the region."""

from __future__ import annotations

import pytest

from crawlers.values.initiative_words import is_site_page, is_site_title
from crawlers.values.labels import is_initiative_page
from crawlers.values.site_pages import is_legal, is_own_page, legal_part, names_list

LEGAL = (
    *(
        "Privacy policy",
        "Cookies",
        "Terms of Service",
        "Terms and conditions",
        "TOS",
        "Imprint",
        "Legal notice",
        "Accessibility statement",
    ),
    *(
        "Sīkdatņu politika",
        "Privātuma politika",
        "Lietošanas noteikumi",
        "Privātuma un sīkdatņu politika",
        "Piekļūstamības paziņojums",
    ),
    *(
        "Privatumo politika",
        "Slapukai",
        "Naudojimosi sąlygos",
        "Taisyklės",
        "Privaatsuspoliitika",
        "Küpsised",
        "Kasutustingimused",
    ),
    *("Политика конфиденциальности", "Пользовательское соглашение", "Політика конфіденційності", "Умови використання"),
    *("Палітыка прыватнасці", "Polityka prywatności i plików cookies", "Regulamin serwisu", "Warunki korzystania z serwisu"),
    *("Datenschutzerklärung", "Impressum", "Nutzungsbedingungen", "AGB", "Tietosuojaseloste", "Evästeet", "Käyttöehdot"),
    *(
        "Integritetspolicy",
        "Kakor",
        "Användarvillkor",
        "Privatlivspolitik",
        "Vilkår",
        "Handelsbetingelser",
        "Personvernerklæring",
    ),
    *("Informasjonskapsler", "Persónuverndarstefna", "Mentions légales"),
)
NAMES = (
    *(
        "Privacy International",
        "Cookies for kids",
        "Terra",
        "Term Deposit",
        "Legal Aid Clinic",
        "Imprints of Riga",
        "Umeå villkor nu",
    ),
    *("Privātuma atbalsta centrs", "Noteikumi bērniem", "Regulus", "Ehdotus", "Kakorna", "Toss", "Villa", "Politikas skola"),
)


@pytest.mark.parametrize("title", LEGAL)
def test_legal_pages_are_known_by_title_and_address_in_each_language(title: str) -> None:
    slug = title.lower().replace(" ", "-")
    assert is_legal(title)
    assert is_legal(f"{title} | Kopienas nams")
    assert is_site_title(title)
    assert is_site_page(f"/info/{slug}/")
    assert not is_initiative_page(f"https://x.example/{slug}.html")


@pytest.mark.parametrize(
    "slug", ["sikdatnu-politika", "privacy-policy-2", "politika-konfidentsialnosti", "tos.php", "lietosanas_noteikumi"]
)
def test_addresses_of_legal_pages_are_known_without_diacritics_and_with_numbers(slug: str) -> None:
    assert legal_part(f"/lv/{slug}") == slug


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_only_holds_such_a_word_is_no_legal_page(name: str) -> None:
    assert not is_legal(name)
    assert not is_site_page(f"/biedri/{name.lower().replace(' ', '-')}")


@pytest.mark.parametrize(
    "title",
    ["Par mums", "About us – Kopā", "Kopā | Kontakti", "Nasze Projekty", "Visi projekti", "Mūsu biedri", "Pasākumi", "Dołącz do Głosu", "Join our network",
     "Pievienojies kopienai", "Bli medlem", "Über uns", "Yhteystiedot", "Про нас", "Dołącz do nas"],
)  # fmt: skip
def test_titles_of_a_sites_own_pages_are_no_names(title: str) -> None:
    assert is_own_page(title)
    assert is_site_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Zvejnieku māja",
        "Projekts Saule",
        "Join the dots between the islands of the sea",
        "Kontakts ar dabu",
        "Nasze Miasto",
        "Joint",
        "Visi",
    ],
)
def test_names_are_no_own_pages(title: str) -> None:
    assert not is_own_page(title)


@pytest.mark.parametrize(
    "heading",
    [
        "Projekti",
        "Projekti Vidzemē",
        "Our members",
        "Medlemmar",
        "Prototyper",
        "Jäsenjärjestöt",
        "Членські організації",
        "Projekte der Runde 5",
    ],
)
def test_a_short_heading_with_the_plural_of_what_is_listed_names_a_list(heading: str) -> None:
    assert names_list(heading)


@pytest.mark.parametrize(
    "heading",
    ["", "Jakie projekty?", "Projekts", "Biedrība", "Yhdistys", "How we help all of the projects to grow", "Pasākumi", "Mūsu"],
)
def test_questions_singulars_sentences_and_events_name_no_list(heading: str) -> None:
    assert not names_list(heading)
