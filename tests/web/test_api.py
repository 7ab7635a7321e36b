"""The interface for machines: its answers, its errors, its description."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from platforma.web.public.api import PARAMETERS


def test_an_answer_has_items_facets_and_sources(client: FlaskClient) -> None:
    found = client.get("/api/v1/initiatives?q=bread&lang=en&country=LV").get_json()
    assert (found["total"], found["page"], found["per_page"], found["did_you_mean"]) == (1, 1, 20, None)
    (item,) = found["items"]
    assert (item["title"], item["title_lang"], item["country"], item["kind"]) == ("Sun Bread", "en", "LV", "social_enterprise")
    assert item["sources"] == [{"platform": "avots", "remote_id": "1", "url": "https://avots.example/1"}]
    assert item["url"].startswith("http://127.0.0.1:8000/en/initiatives/")
    assert found["facets"]["theme"] == [{"value": "work_integration", "label": "work integration", "count": 1}]


def test_long_texts_need_a_licence(client: FlaskClient) -> None:
    (item,) = client.get("/api/v1/initiatives?q=repair").get_json()["items"]
    assert "description" not in item["texts"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "per_page=0",
        "per_page=101",
        "page=101&per_page=100",
        "country=XX",
        "theme=nope",
        "lang=de",
        "nope=1",
        "sort=x",
        "kind=-nope",
    ],
)
def test_what_has_no_meaning_is_a_problem(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/initiatives?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["detail"]


def test_exclusion_repetition_and_unknown(client: FlaskClient) -> None:
    def total(query: str) -> int:
        return int(client.get(f"/api/v1/initiatives?past=1&{query}").get_json()["total"])

    assert total("country=LV&country=EE") == 3
    assert total("country=-LV") == 2
    assert total("country=unknown") == 1
    assert total("per_page=1&page=4") == 4


def test_a_path_that_is_not_there_is_a_problem_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nope")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_description_names_every_parameter_and_route(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/initiatives"]["get"]["parameters"]
    assert {one["name"] for one in described} == set(PARAMETERS)
    for name in PARAMETERS:
        good = {"lang": "lv", "page": "1", "per_page": "1", "sort": "name", "past": "1", "country": "LV", "sector": "ngo",
                "theme": "youth", "kind": "project", "region": "LV-latgale", "legal_form": "LV-sia", "near": "56.95,24.1", "km": "10", "area": "21,55,28,58", "when": "all"}.get(name, "x")  # fmt: skip
        assert client.get("/api/v1/initiatives", query_string={name: good}).status_code == 200
