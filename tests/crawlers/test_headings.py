"""What headings of columns and keys of JSON say: in the region's languages, with prefixes, units, numbering and languages."""

from __future__ import annotations

import pytest

from crawlers.values.column_values import ColumnValues, field_of_values
from crawlers.values.heading_grammar import ORGANISATION, PROJECT, words_of
from crawlers.values.headings import (
    COMPOSED,
    EXACT,
    GUESS,
    NEAR,
    column_field,
    is_key,
    is_number,
    map_columns,
    natural_field,
    read_heading,
    read_key,
)
from crawlers.values.labels import field_of

NAMES = """Nosaukums|Biedrības nosaukums|Komersanta nosaukums|Juridiskās personas nosaukums|Sociālā uzņēmuma nosaukums|Nosaukums (LV)|Iestādes nosaukums
Dalībnieka nosaukums|Projekta nosaukums|Pasākuma nosaukums|Name of organisation|Name of makerspace|Name of project|Organisation Name|organization_name|orgName
company_name|socialEnterpriseName|1. Nosaukums*|2) Name of the company|Full name|Name (English)|Nimetus|Ettevõtte nimi|Ühingu nimi|Asutuse nimetus|MTÜ nimi
Organisatsiooni nimi|Liikme nimi|Pavadinimas|Įmonės pavadinimas|Organizacijos pavadinimas|Projekto pavadinimas|Asociacijos pavadinimas|Nazwa|Nazwa podmiotu
Nazwa organizacji|Pełna nazwa|Nazwa przedsiębiorstwa społecznego|Nazwa stowarzyszenia|Bezeichnung|Name des Vereins|Vereinsname|Firmenname|Name der Organisation
Toiminimi|Yrityksen nimi|Yhdistyksen nimi|Järjestön nimi|Hankkeen nimi|Namn på förening|Föreningens namn|Föreningsnamn|Företagsnamn|Organisationens namn
Foreningsnavn|Navn på virksomhed|Virksomhedens navn|Projektnavn|Organisasjonsnavn|Название организации|Наименование предприятия|Название проекта
Назва організації|Назва громадської організації|Назва арганізацыі|Nosaukums / Name|Trading name""".replace("\n", "|").split("|")


@pytest.mark.parametrize("heading", NAMES)
def test_a_word_for_a_name_with_one_for_an_organisation_or_project_heads_the_names(heading: str) -> None:
    assert column_field(heading) == "title"


PERSONS = """Contact name|Contact person|First name|Last name|Author name|Nachname|Vorname|Fornavn|Eesnimi|Kontaktpersonas vārds|Partner name|Street name|File name|Ielas nosaukums
Owner's name|Name of the director|Parent organisation name|Kontaktisiku nimi|Kontaktperson, navn|author.name|contact_name|image.title|owner.name""".replace("\n", "|").split("|")  # fmt: skip


@pytest.mark.parametrize("heading", PERSONS)
def test_the_name_of_a_person_a_place_or_a_file_is_none_of_an_initiative(heading: str) -> None:
    assert natural_field(heading) != "title" and read_key(heading) is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Org Website", "website"), ("Organizācijas mājaslapa", "website"), ("Mājaslapas adrese", "website"), ("Uzņēmuma e-pasts", "email"),
        ("Company phone number", "phone"), ("Ettevõtte veebileht", "website"), ("Yrityksen kotisivu", "website"), ("Vereinsadresse", "address"),
        ("Country ID", "country"), ("Valsts kods", "country"), ("Country (ISO)", "country"), ("City name", "place"), ("Riigi nimi", None),
        ("Org Type", "kind"), ("Category name", "themes"), ("Sociālā uzņēmuma reģistrācijas numurs", "registration"), ("Название", "title"),
        ("Страна", "country"), ("Код ЄДРПОУ", "registration"), ("Сайт", "website"), ("Aadress (tänav, maja)", "address"), ("3. Country:", "country"),
        ("Operation Area", None), ("FB URL", None), ("Amount", None), ("Member since", None), ("Project manager", None), ("Project start date", "start_date"),
        ("Valsts (angļu)", "country"), ("Website (URL)", "website"), ("Number (KRS)", "registration"), ("X", "lon"), ("point_y", "lat"),
    ],
)  # fmt: skip
def test_what_a_heading_has_beside_a_known_name_does_not_hide_it(heading: str, field: str | None) -> None:
    assert column_field(heading) == field


def test_a_label_in_the_text_of_a_page_is_read_more_narrowly_than_a_heading() -> None:
    assert field_of("Biedrības nosaukums") == "title"
    assert [field_of(text) for text in ("Street project", "Art project", "Web project", "X", "Makerspace", "Country ID")] == [
        None
    ] * 6


@pytest.mark.parametrize(
    ("heading", "lang"),
    [("Nosaukums (LV)", "lv"), ("name_en", "en"), ("Title in English", "en"), ("nosaukumsLv", "lv"), ("lv.title", "lv"), ("EN name", "en"),
     ("Nosaukums latviski", "lv"), ("Name (Deutsch)", "de"), ("Nimi suomeksi", "fi"), ("Nazwa po polsku", "pl"), ("Name", None), ("Name (short)", None)],
)  # fmt: skip
def test_a_heading_may_tell_the_language_of_its_texts(heading: str, lang: str | None) -> None:
    says = read_heading(heading)
    assert says is not None
    assert (says.field, says.lang) == ("title", lang)


def test_headings_say_their_field_more_or_less_surely() -> None:
    ranks = {
        text: says.rank
        for text in ("Name", "Full name", "Headline", "Makerspace", "Apteegi nimetus", "Skolenavn")
        if (says := read_heading(text))
    }
    assert ranks == {
        "Name": EXACT,
        "Full name": COMPOSED,
        "Headline": NEAR,
        "Makerspace": GUESS,
        "Apteegi nimetus": GUESS,
        "Skolenavn": GUESS,
    }
    assert natural_field("Makerspace") is None
    things = {text: says.thing for text in ("Name", "Project name", "Company name") if (says := read_heading(text))}
    assert things == {"Name": None, "Project name": PROJECT, "Company name": ORGANISATION}


@pytest.mark.parametrize(
    "heading", ["ID", "id", "Org ID", "uuid", "Organisation code", "Identifikators", "Unique ID", "projectId", "Member key"]
)
def test_an_id_names_a_row(heading: str) -> None:
    assert is_key(heading) and not is_number(heading)


@pytest.mark.parametrize("heading", ["Nr.", "No.", "#", "№", "Nr. p. k.", "Lp.", "Eil. Nr.", "Jrk nr", "Lfd. Nr.", "Kods"])
def test_a_number_may_only_count_the_rows(heading: str) -> None:
    assert is_number(heading) and not is_key(heading)


@pytest.mark.parametrize("heading", ["Country ID", "Category code", "Organisation name", "Contact ID", "Name"])
def test_the_code_of_something_else_names_no_row(heading: str) -> None:
    assert not is_key(heading)


@pytest.mark.parametrize(
    ("key", "field"),
    [("organisation.name", "organisation"), ("company.name", "organisation"), ("country.name", "country"), ("country.code", "country"), ("location.name", "place"),
     ("title.rendered", "title"), ("about.html", "description"), ("content.title", "title"), ("properties.name", "title"), ("category.title", "themes"),
     ("org.websiteUrl", "website"), ("address.countryCode", "country"), ("se_country", "country"), ("author.name", None), ("logo.title", None), ("member.name", "organisation")],
)  # fmt: skip
def test_the_name_or_value_within_an_object_is_what_the_key_above_says(key: str, field: str | None) -> None:
    assert natural_field(key) == field


def test_of_several_keys_for_one_field_the_surest_fills_it_and_a_mapped_one_before_all() -> None:
    source = {"Activities": "Farming", "Description": "Sells.", "Mission": "Good", "Full name": "B", "Name": "A", "Headline": "C"}
    assert map_columns(source, {}) == {"description": "Sells.", "title": "A"}
    assert map_columns(source, {"description": "Mission"}) == {"description": "Good", "title": "A"}
    assert map_columns(source | {"Name": ""}, {})["title"] == "B"


def test_numbering_camel_case_and_what_stands_in_brackets_are_no_words_of_a_heading() -> None:
    assert words_of("1.2. orgWebsiteURL (http…)*") == ("org", "website", "url")
    assert len(words_of("a " * 500)) == 8


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        (["https://a.lv", "b.ee/x", "www.c.lt"], "website"),
        (["https://a.lv", "https://a.lv/2", "https://a.lv/3", "https://a.lv/4"], None),
        (["https://facebook.com/a", "https://facebook.com/b", "https://instagram.com/c"], None),
        (["https://a.lv/a.png", "https://b.lv/b.jpg", "https://c.lv/c.png"], None),
        (["a@b.lv", "c@d.lv", "e@f.lv"], "email"),
        (["Latvija", "Eesti", "Lietuva"], "country"),
        (["Latvija", "Eesti", "Cēsis"], None),
        (["https://a.lv", "https://b.lv"], None),
    ],
)
def test_values_alone_tell_a_field_only_where_they_are_sure(texts: list[str], field: str | None) -> None:
    assert field_of_values(ColumnValues.of(texts)) == field


def test_placeholders_are_no_values_and_hardly_suiting_ones_contradict_a_heading() -> None:
    values = ColumnValues.of(["-", "n/a", "", "A"])
    assert (values.texts, values.filled) == (("A",), 0.25)
    numbers = ColumnValues.of(["1", "2", "3"])
    assert numbers.contradicts("title") and numbers.contradicts("website") and not numbers.contradicts("description")
    assert not ColumnValues.of(["1", "2"]).contradicts("title")
    assert ColumnValues.of(["1", "2", "3", "5"]).counts_rows
    assert not ColumnValues.of(["101", "7", "53"]).counts_rows and not ColumnValues.of(["1", "2", "90"]).counts_rows


@pytest.mark.parametrize(
    ("heading", "field"),
    [("JulkaistavaProjektikuvaus", "description"), ("Hankekuvaus", "description"), ("Projektikirjeldus", "description"), ("Föreningsbeskrivning", "description"),
     ("Prosjektbeskrivelse", "description"), ("Projektende", "end_date"), ("Firmenadresse", "address"), ("Projektwebsite", "website"), ("AlkuPvm", "start_date"),
     ("LoppuPvm", "end_date"), ("Aihepiiri", "themes"), ("Toimus", "start_date"), ("Norises vieta", "place"), ("Koordinātas", "lat"), ("GPS coordinates", "lat")],
)  # fmt: skip
def test_a_compound_of_a_thing_and_a_field_and_words_of_registers_name_the_field(heading: str, field: str) -> None:
    assert column_field(heading) == field


@pytest.mark.parametrize("heading", ["Projektleiter", "Projektiryhmä", "Budgetbeschreibung", "Kuvauslaite"])
def test_other_compounds_name_no_field(heading: str) -> None:
    assert column_field(heading) is None


def test_coordinates_within_an_object_are_no_latitude() -> None:
    assert natural_field("location.coordinates") is None
