"""Whatever curators say of a field is what every surface says that shows it: set, set again, emptied, released, crawled anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawlers.record import Identifier, Record
from platforma.catalogue.listings import edits, listing_queries
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.surfaces import Surfaces

SITE = "https://saule.example/"
FULL = Record(
    "1", url="https://p.example/1", kind="social_enterprise", title={"lv": "Saule", "en": "Sunny"},
    summary={"lv": "Avotkopsavilkums", "en": "Sourcesummary"}, description={"lv": "Avotapraksts", "en": "Sourcetext"},
    country="LV", countries=("LV",), region="Avotreģions", place="Avotciems", address="Avota iela 1", lat=56.5, lon=24.5,
    sectors=("private",), themes=("culture",), legal_form="SIA Avotforma", identifiers=(Identifier("LV-RE", "11111111111"),),
    organisation="Avotbiedrība", tags=("avotbirka",), website=SITE, same_as=("https://cits.example/avots",),
    email="avots@saule.example", phone="+371 61111111", image="https://p.example/avots.png", start_date="2024-01-11",
    end_date="2031-01-11", languages=("lv",), licence="CC BY 4.0",
)  # fmt: skip
BARE = Record("1", title={"lv": "Saule"})


@dataclass(frozen=True, slots=True)
class Case:
    """A field with values to say, each with what surfaces write for it; None where a surface does not show the field.

    `page` is a word of the page, `word` what is searched for; `filter` names the filter whose values are the field's.
    `item` names the interface's key; `ld` is a path into the JSON-LD; `feed`: the feed has the value as it is.
    """

    field: str
    lang: str
    values: tuple[Any, Any]
    page: tuple[str, str] | None = None
    word: tuple[str, str] | None = None
    filter: str | None = None
    item: str | None = None
    ld: tuple[str, ...] = ()
    feed: bool = False


def text_cases(field: str, lang: str, **more: Any) -> Case:
    values = (f"Pirmais{field}{lang}", f"Otrais{field}{lang}")
    return Case(field, lang, values, word=values, **more)


CASES = [
    *(text_cases("title", lang, page=(f"Pirmaistitle{lang}", f"Otraistitle{lang}"), item="title", ld=("name",), feed=True) for lang in ("lv", "en")),
    *(text_cases("summary", lang, item="summary", feed=True) for lang in ("lv", "en")),
    *(text_cases("description", lang, page=(f"Pirmaisdescription{lang}", f"Otraisdescription{lang}")) for lang in ("lv", "en")),
    Case("kind", "", ("project", "network"), ("projekts", "tīkls"), filter="kind", item="kind"),
    Case("country", "", ("EE", "LT"), ("Igaunija", "Lietuva"), filter="country", item="country",
         ld=("location", "address", "addressCountry")),
    Case("region", "", ("Sēlija", "Latgale"), word=("Sēlija", "Latgale")),
    Case("place", "", ("Viļāni", "Preiļi"), ("Viļāni", "Preiļi"), ("Viļāni", "Preiļi"), item="place",
         ld=("location", "address", "addressLocality")),
    Case("address", "", ("Lauku iela 7", "Meža iela 9"), ("Lauku iela 7", "Meža iela 9")),
    Case("lat", "", (55.25, 57.75)),
    Case("lon", "", (21.25, 27.75)),
    Case("legal_form", "", ("Biedrība", "Nodibinājums"), (">biedrība<", ">nodibinājums<"), ("Biedrība", "Nodibinājums")),
    Case("organisation", "", ("Kopābūt", "Radītava"), word=("Kopābūt", "Radītava")),
    Case("website", "", ("https://pirmais.example/", "https://otrais.example/"), ("https://pirmais.example/", "https://otrais.example/"),
         ("pirmais.example", "otrais.example"), item="website", ld=("url",)),
    Case("email", "", ("viens@saule.example", "divi@saule.example"), ("viens@saule.example", "divi@saule.example")),
    Case("phone", "", ("+371 62222222", "+371 63333333"), ("tel:+371-62-222-222", "tel:+371-63-333-333")),
    Case("image", "", ("https://p.example/1.png", "https://p.example/2.png")),
    Case("start_date", "", ("2025-03-12", "2025-04"), ("12. marts", "2025. gada aprīlis")),
    Case("end_date", "", ("2032-05-12", "2033"), ("12. maijs", "2033")),
    Case("licence", "", ("CC0", "CC BY-SA 4.0")),
    Case("countries", "", (["EE", "FI"], ["LT"]), ("country=FI", "country=LT"), filter="country", item="countries"),
    Case("sectors", "", (["ngo", "academic"], ["public"]), filter="sector", item="sectors"),
    Case("themes", "", (["youth", "housing"], ["migration"]), filter="theme", item="themes"),
    Case("tags", "", (["pirmbirka", "blakusbirka"], ["otrbirka"]), word=("pirmbirka", "otrbirka")),
    Case("same_as", "", (["https://cits.example/1"], ["https://cits.example/2"])),
    Case("languages", "", (["et", "lt"], ["fi"])),
    Case("identifiers", "", ([{"scheme": "LV-RE", "value": "22222222222"}], [{"scheme": "LV-RE", "value": "33333333333"}]),
         word=("22222222222", "33333333333")),
]  # fmt: skip


def test_every_field_that_can_be_edited_is_tried() -> None:
    assert {case.field for case in CASES} == {*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS}


@pytest.fixture
def site(catalogue: CatalogueFixture, tmp_path: Path) -> Iterator[Surfaces]:
    catalogue.propose()
    surfaces = Surfaces(catalogue, tmp_path)
    yield surfaces
    surfaces.services.database.dispose()


def begin(site: Surfaces, *records: Record) -> None:
    """One listing of these records, each of a platform of its own."""
    for id, record in zip("pq", records, strict=False):
        if id != "p":
            site.catalogue.propose(id)
        site.catalogue.crawl([record], id)
    (listing,) = site.catalogue.shown().values()
    assert len(listing.sources) == len(records)
    site.id = listing.public_id


def say(site: Surfaces, case: Case, value: Any) -> None:
    with site.catalogue.database.writing() as session:
        version = listing_queries.listings(session, [site.id])[0].version
        edit = edits.Edit(site.id, case.field, case.lang, "c", version)
        if value is None:
            edits.release_value(session, edit)
        else:
            edits.set_value(session, edit, value)


def at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = (data or {}).get(name)
    return data


def in_language(value: Any, lang: str) -> Any:
    """The text of a language among texts of several (JSON-LD 1.1, value objects); any other value as it is."""
    is_of_languages = isinstance(value, list) and value and isinstance(value[0], dict) and "@language" in value[0]
    return next((text["@value"] for text in value if text["@language"] == lang), None) if is_of_languages else value


def check(site: Surfaces, case: Case, number: int | None) -> None:
    """Every surface says the value of this number, and none says the others; None: neither of them."""
    about, lang = f"{case.field} {case.lang}", case.lang or "lv"
    value = None if number is None else case.values[number]
    exported = site.exported()[case.field]
    exported_value = exported.get(lang) if case.lang else exported
    assert exported_value == value if number is not None else exported_value not in case.values, about
    page = site.page(lang).casefold()  # a legal form that the vocabulary knows is shown by its label, in small letters
    for n, word in enumerate(case.page or ()):
        assert (word.casefold() in page) == (n == number), f"{about}: {word} on the page"
    for n, word in enumerate(case.word or ()):
        assert site.is_found(word) == (n == number), f"{about}: search for {word}"
    if case.filter:
        check_filter(site, case, number)
    if case.item:
        shown = site.item(lang)[case.item]
        assert shown == value if number is not None else shown not in case.values, f"{about}: interface"
    if case.ld:
        assert in_language(at(site.json_ld(lang), case.ld), lang) == value if number is not None else True, f"{about}: JSON-LD"
    if case.feed:
        assert [word in site.feed(lang) for word in case.values] == [n == number for n in range(2)], f"{about}: feed"


def check_filter(site: Surfaces, case: Case, number: int | None) -> None:
    lists = [value if isinstance(value, list) else [value] for value in case.values]
    chosen = [] if number is None else lists[number]
    for id in {id for ids in lists for id in ids}:
        assert site.is_filtered(str(case.filter), id) == (id in chosen), f"{case.field}: filter {id}"


def walk(site: Surfaces, cases: list[Case], *records: Record) -> None:
    """Say the fields, say them again, let the sources be crawled anew, empty the fields, and release them."""
    before = [source_says(site, case) for case in cases]
    for number in range(2):
        say_all(site, cases, [case.values[number] for case in cases], number)
    for id, record in zip("pq", records, strict=False):
        site.catalogue.crawl([record], id)
    site.index()
    for case in cases:
        check(site, case, 1)
    emptied = [case for case in cases if case.field != "title"]
    say_all(site, emptied, [[] if case.field in LIST_FIELDS else "" for case in emptied], None)
    assert all(source_says(site, case) in (None, []) for case in emptied)
    say_all(site, cases, [None] * len(cases), None)
    assert [source_says(site, case) for case in cases] == before


def say_all(site: Surfaces, cases: list[Case], values: list[Any], number: int | None) -> None:
    for case, value in zip(cases, values, strict=True):
        say(site, case, value)
    site.index()
    for case in cases:
        check(site, case, number)


def source_says(site: Surfaces, case: Case) -> Any:
    exported = site.exported()[case.field]
    return exported.get(case.lang) if case.lang else exported


HALVES = {
    "all": (FULL,),
    "nothing": (BARE,),
    "joined": (
        Record("1", title={"lv": "Saule"}, website=SITE, country="LV", countries=("LV",), place="Avotciems"),
        FULL,
    ),
}


def test_a_field_that_is_saved_alone_is_what_every_surface_says(site: Surfaces) -> None:
    begin(site, FULL)
    for case in CASES:
        walk(site, [case], FULL)


@pytest.mark.parametrize("of", HALVES)
def test_all_fields_saved_together_are_what_every_surface_says(site: Surfaces, of: str) -> None:
    begin(site, *HALVES[of])
    walk(site, CASES, *HALVES[of])
