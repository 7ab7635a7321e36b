"""The sector of an initiative: what its source states, and what certainly follows from forms, types and register numbers."""

from __future__ import annotations

import pytest

from crawlers.normalise.normaliser import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from tests.crawlers.memory_site import extracted, recipe_of


def normalised(types: tuple[str, ...] = (), **fields: str) -> tuple[Record, list[Problem]]:
    normaliser = Normaliser(Recipe(platform="p"))
    record = normaliser.record(RawRecord("1", None, {"title": "Kopā", **fields}, types=types))
    assert record
    return record, normaliser.problems


KINDS = [
    ("NGO", None, ("ngo",), None), ("Biedrība", "organisation", ("ngo",), "legal form biedrība"), ("BDR", "organisation", ("ngo",), "legal form biedrība"),
    ("SIA", "organisation", ("private",), "legal form SIA"), ("VšĮ", "organisation", (), None), ("pašvaldības iestāde", None, ("public",), None),
    ("Mažoji bendrija", "organisation", ("private",), "legal form MB"), ("social enterprise", "social_enterprise", (), None),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "kind", "sectors", "basis"), KINDS)
def test_a_kind_that_is_a_sector_or_a_legal_form_tells_the_sector(
    stated: str, kind: str | None, sectors: tuple[str, ...], basis: str | None
) -> None:
    record, problems = normalised(kind=stated)
    assert (record.kind, record.sectors, record.derived.get("sectors"), problems) == (kind, sectors, basis, [])


FORMS = [
    ("UG (haftungsbeschränkt)", ("private",)), ("FIE", ("private",)), ("FLI", ("ngo",)), ("e. V.", ("ngo",)), ("Sp. z o. o.", ("private",)), ("Säätiö", ("ngo",)),
    ("registered charity", ("ngo",)), ("AS", ("private",)), ("ekonomisk förening", ()), ("spółdzielnia socjalna", ()),
]  # fmt: skip


@pytest.mark.parametrize(("form", "sectors"), FORMS)
def test_a_legal_form_in_its_own_field_tells_the_sector_also_as_a_code(form: str, sectors: tuple[str, ...]) -> None:
    assert normalised(legal_form=form)[0].sectors == sectors


@pytest.mark.parametrize("title", ["FIE konkurss", "UG Saule", "TÜ Kopā", "Charity run"])
def test_a_short_form_that_means_other_things_tells_nothing_within_a_name(title: str) -> None:
    assert normalised(title=title)[0].sectors == ()


NUMBERS = [
    ("Reģ. nr. 40008003325", ("ngo",)), ("Reģ. nr. 40008003320", ()), ("Reģ. nr. 40003032949", ()), ("Reģ. nr. 90000038578", ()),
    ("Registrikood 80024049", ("ngo",)), ("Registrikood 10421629", ()), ("Registrikood 75000561", ("public",)), ("Registrikood 70000562", ()),
    ("Organisationsnummer 802002-8711", ("ngo",)), ("Organisationsnummer 556016-0680", ()), ("Y-tunnus 0112038-9", ()),
]  # fmt: skip


@pytest.mark.parametrize(("number", "sectors"), NUMBERS)
def test_a_number_of_a_part_of_a_register_that_is_of_one_sector_tells_it(number: str, sectors: tuple[str, ...]) -> None:
    record, _ = normalised(registration=number)
    assert (record.sectors, record.derived.get("sectors")) == (sectors, "registration" if sectors else None)


def test_the_legal_form_goes_before_the_number() -> None:
    record, _ = normalised(title="VSIA Kopā", registration="Reģ. nr. 40008003325")
    assert (record.sectors, record.derived["sectors"]) == (("public",), "legal form VSIA")


@pytest.mark.parametrize(
    ("kind", "sectors"),
    [
        ("project", ("ngo",)),
        ("social_enterprise", ("ngo",)),
        ("support_organisation", ("ngo",)),
        ("network", ()),
        ("organisation", ()),
    ],
)
def test_what_an_organisation_runs_is_of_its_sector_whatever_type_of_entry_it_is(kind: str, sectors: tuple[str, ...]) -> None:
    assert normalised(("projekts",), kind=kind, organisation="Biedrība „Saule”")[0].sectors == sectors


ENTITIES = [
    ('"@type": "Project", "parentOrganization": {"@type": "Organization", "name": "Biedrība Saule"}', ("ngo",)),
    ('"@type": "Project", "parentOrganization": {"@type": "CollegeOrUniversity", "name": "Saule"}', ("academic",)),
    ('"@type": "Organization", "parentOrganization": {"@type": "NGO", "name": "Saule"}', ()),
    ('"@type": "Project", "funder": {"@type": "NGO", "name": "Biedrība Saule"}', ()),
    ('"@type": "Organization", "nonprofitStatus": "https://schema.org/NonprofitANBI"', ("ngo",)),
    ('"@type": "CollegeOrUniversity", "nonprofitStatus": "Nonprofit501c3"', ("academic",)),
]


@pytest.mark.parametrize(("properties", "sectors"), ENTITIES)
def test_schema_org_tells_the_sector_by_status_and_by_who_carries_out(properties: str, sectors: tuple[str, ...]) -> None:
    data = f'<script type="application/ld+json">{{"name": "Upe", {properties}}}</script>'
    records, _ = extracted(recipe_of("structured"), f"<html lang=lv><h1>Upe</h1>{data}")
    assert [record.sectors for record in records] == [sectors]
