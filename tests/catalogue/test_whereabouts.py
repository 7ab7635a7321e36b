"""Town, regions, legal form and days of listings, as their documents have them."""

from __future__ import annotations

from datetime import date

from crawlers.record import Identifier
from platforma.catalogue.listings.documents import all_documents
from platforma.catalogue.platforms import platform_states
from search.index.contacts import contact_terms
from search.port import Document
from tests.catalogue.catalogue_fixture import CatalogueFixture, record


def documents(catalogue: CatalogueFixture) -> dict[str, Document]:
    """The documents of all listings by the title, which tells what is tried."""
    with catalogue.database.reading() as session:
        return {document.title["lv"]: document for document in all_documents(session)}


def test_places_and_regions_come_from_what_a_listing_says(catalogue: CatalogueFixture) -> None:
    tried: dict[str, tuple[dict[str, object], tuple[str, ...], tuple[str, ...]]] = {
        "place": ({"place": "Cēsīs", "country": "LV"}, ("LV-cesis",), ("LV-vidzeme", "LV-cesu-novads")),
        "exonym": ({"place": "Viļņa", "country": "LT"}, ("LT-vilnius",), ("LT-vilnius",)),
        "address": ({"address": "Brīvības iela 1, Sigulda", "country": "LV"}, ("LV-sigulda",), ("LV-rigas-regions", "LV-siguldas-novads")),
        "address without a country": ({"address": "Brīvības iela 1, Sigulda"}, (), ()),
        "place before address": (
            {"place": "Rīga", "address": "Cēsu iela 1, Cēsis", "country": "LV"}, ("LV-riga",), ("LV-rigas-regions", "LV-riga"),
        ),
        "region": ({"region": "Latgales reģions", "country": "LV"}, (), ("LV-latgale",)),
        "region as place": ({"place": "Harjumaa", "country": "EE"}, (), ("EE-harju",)),
        "coordinates": ({"lat": 57.31, "lon": 25.30, "country": "LV"}, (), ("LV-vidzeme", "LV-cesu-novads")),
        "coordinates at sea": ({"lat": 58.3, "lon": 20.2, "country": "LV"}, (), ()),
        "nothing": ({}, (), ()),
    }  # fmt: skip
    catalogue.load(
        [record(title, title, url=f"https://x.lv/{n}", **given) for n, (title, (given, *_)) in enumerate(tried.items())]
    )
    found = {title: (one.facets["place"], one.facets["region"]) for title, one in documents(catalogue).items()}
    assert found == {title: (place, region) for title, (_, place, region) in tried.items()}


def test_legal_forms_are_told_by_name_and_country(catalogue: CatalogueFixture) -> None:
    tried = {
        "biedrība": ("LV", "LV-biedriba"), "SIA": ("LV", "LV-sia"), "SIA Avots": ("LV", "LV-sia"), "MTÜ": ("EE", "EE-mtu"), "VšĮ": ("LT", "LT-vsi"),
        "AS": (None, None), "sihtasutus": ("EE", "EE-sa"), "e.V.": ("DE", "DE-ev"), "klubs": ("LV", None),
    }  # fmt: skip
    catalogue.load([
        record(form, form, url=f"https://x.lv/{n}", legal_form=form, country=country)
        for n, (form, (country, _)) in enumerate(tried.items())
    ])  # fmt: skip
    found = {title: next(iter(one.facets["legal_form"]), None) for title, one in documents(catalogue).items()}
    assert found == {form: id for form, (_, id) in tried.items()}


def test_events_have_a_first_day_and_coordinates_go_with_the_document(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", "x", kind="event", start_date="2026-12-01", end_date="2026-12-03", lat=57.0, lon=24.0)])
    (document,) = documents(catalogue).values()
    assert (document.starts_on, document.ends_on) == (date(2026, 12, 1), date(2026, 12, 3))
    assert (document.lat, document.lon) == (57.0, 24.0)


def test_by_what_a_listing_is_reached_goes_with_the_document(catalogue: CatalogueFixture) -> None:
    given = {"email": "Info@Sua.example", "phone": "+37126123456", "website": "https://www.sua.example/lv"}
    catalogue.load([record("1", "x", country="LV", identifiers=(Identifier("LV-RE", "40008217203"),), **given)])
    (document,) = documents(catalogue).values()
    assert contact_terms(document.contacts) == [
        "info@sua.example", "37126123456", "26123456", "sua.example", "40008217203",
    ]  # fmt: skip


def test_what_another_source_calls_a_listing_is_one_of_its_names(catalogue: CatalogueFixture) -> None:
    code = {"country": "LV", "website": "https://saule.example/", "identifiers": (Identifier("LV-RE", "40008217203"),)}
    for platform in ("a", "b", "c"):
        catalogue.propose(platform)
        catalogue.crawl([record("1", "Saule", **code)], platform)
    (joined,) = (one for one in documents(catalogue).values() if "Saule" in one.title.values())
    assert joined.facets["platform"] == ("a", "b", "c") and "Saule" not in joined.names
    catalogue.crawl([record("1", "Saules nams", **code)], "b")
    (renamed,) = (one for one in documents(catalogue).values() if "Saule" in one.title.values())
    assert "Saules nams" in renamed.names
    with catalogue.database.writing() as session:
        platform_states.leave_platform(session, platform_id="b", actor="c")
    (alone,) = (one for one in documents(catalogue).values() if "Saule" in one.title.values())
    assert "Saules nams" not in alone.names
