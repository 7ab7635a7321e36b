"""The name in a register is a name: a legal form is only what such a name, or a field of its own, tells."""

from __future__ import annotations

import pytest

from crawlers.markup import Html
from crawlers.normalise.normaliser import Normaliser
from crawlers.reading.json_objects import with_title
from crawlers.reading.schema_org import entity_to_raw, initiatives
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from crawlers.values.labels import map_fields

RECIPE = Recipe(platform="p", title="p", url="https://x.example/", adapter="html")
NOTATIONS = {
    "json-ld": '<script type="application/ld+json">{{"@type": "Organization", {name} "legalName": "{legal}"}}</script>',
    "microdata": '<div itemscope itemtype="https://schema.org/Organization">{name}<b itemprop="legalName">{legal}</b></div>',
    "rdfa": '<div vocab="https://schema.org/" typeof="Organization">{name}<b property="legalName">{legal}</b></div>',
}
NAMES = {
    "json-ld": '"name": "Saules maize",',
    "microdata": '<i itemprop="name">Saules maize</i>',
    "rdfa": '<i property="name">Saules maize</i>',
}


def record_of(markup: str) -> Record:
    page = Html("https://x.example/saules-maize", f"<html lang=en><body>{markup}</body></html>")
    (entity,) = initiatives(page)
    record = Normaliser(RECIPE).record(entity_to_raw(entity, page, is_alone=True))
    assert record is not None
    return record


def row_record(**fields: str) -> Record:
    record = Normaliser(RECIPE).record(RawRecord("1", "https://x.example/1", with_title(map_fields(fields, {}))))
    assert record is not None
    return record


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize(
    ("legal", "form", "derived"),
    [
        ("Sun Bakery Neighbourhood Trust", None, {}),
        ("Kopienas sabiedrība Saule", None, {}),
        ("SIA „Saules maize”", "SIA", {"legal_form": "legal_name", "sectors": "legal form SIA"}),
        ("Biedrība Saule", "biedrība", {"legal_form": "legal_name", "sectors": "legal form biedrība"}),
    ],
)
def test_a_legal_name_is_no_legal_form_but_may_tell_one(
    notation: str, legal: str, form: str | None, derived: dict[str, str]
) -> None:
    record = record_of(NOTATIONS[notation].format(name=NAMES[notation], legal=legal))
    assert list(record.title.values()) == ["Saules maize"]
    assert record.legal_form == form
    assert {name: record.derived[name] for name in ("legal_form", "sectors") if name in record.derived} == derived


@pytest.mark.parametrize("notation", NOTATIONS)
def test_what_has_no_other_name_is_called_by_its_legal_one(notation: str) -> None:
    record = record_of(NOTATIONS[notation].format(name="", legal="SIA Saules maize"))
    assert list(record.title.values()) == ["SIA Saules maize"]
    assert (record.legal_form, record.derived["legal_form"]) == ("SIA", "title")


@pytest.mark.parametrize(
    ("label", "form"),
    [
        ("Juridiskā forma", "Kooperatīvs"), ("Legal form", "Kooperatīvs"), ("legal_form", "Kooperatīvs"), ("Õiguslik vorm", "Kooperatīvs"),
        ("Juridiskais nosaukums", None), ("Legal name", None), ("legalName", None), ("Official name", None), ("legal_name", None),
    ],
)  # fmt: skip
def test_labels_of_names_are_no_labels_of_forms(label: str, form: str | None) -> None:
    record = row_record(**{"Nosaukums": "Kopā", label: "Kooperatīvs"})
    assert (record.legal_form, record.derived) == (form, {})


def test_a_row_with_only_a_legal_name_is_titled_by_it_before_its_organisation() -> None:
    record = row_record(**{"Juridiskais nosaukums": "SIA Kopā", "Organizācija": "Fonds"})
    assert (list(record.title.values()), record.organisation) == (["SIA Kopā"], "Fonds")


def test_a_stated_form_goes_before_the_one_in_a_name() -> None:
    record = row_record(**{"Nosaukums": "SIA Kopā", "Juridiskā forma": "Biedrība", "Juridiskais nosaukums": "AS Kopā"})
    assert (record.legal_form, "legal_form" in record.derived, record.sectors) == ("biedrība", False, ("ngo",))


@pytest.mark.parametrize(
    ("kind", "organisation", "sectors", "basis"),
    [
        ("project", "Biedrība „Saule”", ("ngo",), "legal form biedrība"), ("projekts", "Saules universitāte", ("academic",), "legal form universitāte"),
        ("resource", "MTÜ Päike", ("ngo",), "legal form MTÜ"), ("project", "Biedrība „Saule”, nodibinājums „Mēness”", ("ngo",), "legal form biedrība"),
        ("project", "Biedrība „Saule”, SIA „Mēness”", (), None), ("project", "Biedrība „Saule”, VšĮ „Mėnuo”", (), None), ("project", "Saule", (), None),
        ("organisation", "Biedrība „Saule”", (), None), ("funding", "Kultūras ministrija", (), None),
    ],
)  # fmt: skip
def test_a_project_is_of_the_sector_on_which_the_forms_of_those_who_carry_it_out_agree(
    kind: str, organisation: str, sectors: tuple[str, ...], basis: str | None
) -> None:
    record = row_record(Nosaukums="Kopā", Veids=kind, Organizācija=organisation)
    assert (record.sectors, record.derived.get("sectors"), record.legal_form) == (sectors, basis, None)


def test_who_pays_for_a_project_says_nothing_of_its_sector() -> None:
    record = record_of(
        '<script type="application/ld+json">{"@type": "Project", "name": "Upe", "funder": "Vides ministrija"}</script>'
    )
    assert (record.kind, record.organisation, record.sectors) == ("project", "Vides ministrija", ())


def test_the_recipes_kind_counts_where_a_source_tells_none() -> None:
    raw = RawRecord("1", None, {"title": "Kopā", "organisation": "Biedrība „Saule”"})
    sectors = [
        record.sectors
        for kind in ("project", "network")
        if (record := Normaliser(Recipe(platform="p", defaults={"kind": kind})).record(raw))
    ]
    assert sectors == [("ngo",), ()]
