"""CKAN portals whose datasets are themselves the initiatives."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from crawlers.adapters.ckan_catalogue import dataset_record, type_of_entries
from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from crawlers.state import MemoryState
from tests.crawlers.server import served

RECIPE = Recipe(platform="x", url="https://x.example/")


def entry(number: int, type: str = "project", **facts: str) -> dict[str, Any]:
    extras = [{"key": key, "value": value} for key, value in facts.items()]
    return {
        "id": f"i{number}",
        "name": f"nams-{number}",
        "title": f"Nams {number}",
        "notes": "Nams visiem.",
        "type": type,
        "extras": extras,
    }


def test_datasets_of_a_type_of_their_own_with_facts_are_initiatives() -> None:
    projects = [entry(n, country="Latvia", city="Cēsis") for n in range(3)]
    assert type_of_entries(projects) == "project"
    assert type_of_entries([*projects, *(entry(n, "dataset", country="Latvia") for n in range(9))]) == "project"
    assert type_of_entries([entry(n, "dataset", country="Latvia", city="Cēsis") for n in range(3)]) is None
    assert type_of_entries([entry(n, frequency="daily") for n in range(3)]) is None
    assert type_of_entries(projects[:1]) is None


def test_the_facts_of_a_dataset_stand_in_its_extras_and_in_keys_of_the_portals_own() -> None:
    dataset = entry(1, country="Latvia", orgWebsite="https://nams.example") | {"town": "Cēsis", "num_tags": 3, "author": "A. B."}
    raw = dataset_record(dataset, "https://x.example/", RECIPE)
    assert {name: raw.fields.get(name) for name in ("title", "country", "website", "place", "kind")} == {
        "title": "Nams 1", "country": "Latvia", "website": "https://nams.example", "place": "Cēsis", "kind": "project"
    }  # fmt: skip
    assert (raw.url, raw.source["facts"]["town"]) == ("https://x.example/project/nams-1", "Cēsis")
    assert dataset_record(entry(2, "dataset"), "https://x.example/", RECIPE).fields["kind"] == "resource"


def portal(datasets: list[dict[str, Any]]) -> Flask:
    app = Flask("portal")

    @app.get("/")
    def front() -> str:
        return '<html><meta name="generator" content="ckan 2.10"><h1>Katalogs</h1><a href="/project/">Projekti</a>'

    @app.get("/api/3/action/package_search")
    def search() -> dict[str, Any]:
        type = request.args.get("q", "").removeprefix("dataset_type:")
        found = [dataset for dataset in datasets if type in ("", dataset["type"])]
        start, size = request.args.get("start", 0, int), request.args.get("rows", 10, int)
        return {"success": True, "result": {"count": len(found), "results": found[start : start + size]}}

    return app


def test_a_portal_of_initiatives_is_proposed_and_read_as_a_catalogue() -> None:
    datasets = [entry(n, country="Latvia", city="Cēsis", website=f"https://nams{n}.example") for n in range(4)]
    state = MemoryState()
    with served(portal([*datasets, entry(9, "dataset")])) as url, PoliteSession(None, True) as session:
        proposal = discover(url, session)
        crawl(proposal.recipe, session, state)
    assert (proposal.recipe.adapter, proposal.recipe.ckan.is_catalogue, proposal.recipe.ckan.query) == (
        "ckan",
        True,
        "dataset_type:project",
    )
    assert {(record.title["lv"], record.kind, record.country, record.place) for record in state.records.values()} == {
        (f"Nams {n}", "project", "LV", "Cēsis") for n in range(4)
    }
