"""Reconciliation: a client such as OpenRefine finds the service, matches a column of names, and adds columns to it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft7Validator
from werkzeug.test import TestResponse

from crawlers.record import Identifier, Record
from platforma.web.public.reconciliation.candidates import MAX_SEARCHES
from tests.web.site import HOSTILE, make_site

SERVICE = "/api/v1/reconcile"
TITLES = ["Saules maize", "Cēsu digitālais centrs", "Zaļā māja", "Rīgas apkaimju alianse", "Otrā elpa", "Hopp", "Latvijas Samariešu apvienība", "Žēlsirdības dārzs", "Ūdens ceļš", "Ērgļu amatnieki"]  # fmt: skip
AS_TYPED = ["SAULES MAIZE", "Cesu digitalais centrs", "Zala maja", "alianse Rigas apkaimju", "Otra elpa SIA", "hopp", "Latvijas Samariesu apvieniba", "Zelsirdibas darzs", "Udens cels", "Erglu amatnieki"]  # fmt: skip
RECORDS = [
    *(Record(f"o{n}", kind="social_enterprise", title={"lv": title}, country="LV", countries=("LV",), place="Rīga") for n, title in enumerate(TITLES)),
    Record("twin1", kind="organisation", title={"lv": "Dvīņi"}, country="LV", countries=("LV",)),
    Record("twin2", kind="organisation", title={"lv": "Dvīņi"}, country="EE", countries=("EE",)),
    Record("number", kind="organisation", title={"en": "A name of its own"}, identifiers=(Identifier("LV-RE", "40008000001"),),
           website="https://sava-lapa.example/en", themes=("youth",), lat=57.0, lon=24.5, summary={"en": "Short"}),
    Record("event", kind="event", title={"lv": "Saules maize"}, start_date="2020-05-01"),
    Record("hostile", kind="project", title={"lv": HOSTILE}, summary={"lv": HOSTILE}),
]  # fmt: skip
TEXT = {"type": "string"}
TYPES = {"type": "array", "items": {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}}
NAMED = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": TEXT, "name": TEXT, "description": TEXT, "notable": TYPES},
}
FEATURE = {"type": "object", "properties": {"id": TEXT, "value": {"type": ["number", "boolean"]}}}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score"],
    "properties": {"id": TEXT, "name": TEXT, "description": TEXT, "type": TYPES, "score": {"type": "number"}, "match": {"type": "boolean"},
                   "features": {"type": "array", "items": FEATURE}},
}  # fmt: skip
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
SUGGESTIONS = {"type": "object", "required": ["result"], "properties": {"result": {"type": "array", "items": NAMED}}}
CELL = {"oneOf": [{"type": "object", "required": [name], "properties": {name: {"type": type_}}, "additionalProperties": False} for name, type_ in (("str", "string"), ("float", "number"))]}  # fmt: skip
ROW = {"type": "object", "additionalProperties": {"type": "array", "items": CELL}}
EXTENSION = {
    "type": "object",
    "required": ["rows", "meta"],
    "properties": {"meta": {"type": "array", "items": NAMED}, "rows": {"type": "object", "additionalProperties": ROW}},
}
WITH_ID = {"type": "object", "required": ["url"], "properties": {"url": {"type": "string", "pattern": r"\{\{id\}\}"}, "width": {"type": "integer"}, "height": {"type": "integer"}}}  # fmt: skip
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "contains": {"enum": ["0.2"]}},
        "defaultTypes": TYPES,
        "view": WITH_ID,
        "preview": WITH_ID | {"required": ["url", "width", "height"]},
        "suggest": {"type": "object", "additionalProperties": {"properties": {"service_url": TEXT, "service_path": TEXT}}},
    },
}
"""What the specification of the W3C Community Group asks of answers, in our own words."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("reconciliation")), RECORDS)


class Refine:
    """A client that knows nothing but the address of the service and the specification."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.manifest = self.valid(client.get(f"{SERVICE}?lang=en", headers={"Origin": "http://127.0.0.1:3333"}), MANIFEST)

    def valid(self, answer: TestResponse, schema: Mapping[str, object]) -> Any:
        assert (answer.status_code, answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == (
            200,
            "application/json",
            "*",
        )
        Draft7Validator(schema).validate(answer.get_json())
        return answer.get_json()

    def ask(self, *questions: dict[str, Any], by_get: bool = False) -> list[Any]:
        batch = {"queries": json.dumps({f"q{n}": one for n, one in enumerate(questions)})}
        form = f"{SERVICE}?lang=en"
        answer = self.client.get(SERVICE, query_string=batch | {"lang": "en"}) if by_get else self.client.post(form, data=batch)
        found = self.valid(answer, RESULTS)
        return [found[f"q{n}"]["result"] for n in range(len(questions))]

    def extend(self, ids: list[str], *properties: str) -> Any:
        asked = {"extend": json.dumps({"ids": ids, "properties": [{"id": id} for id in properties]})}
        return self.valid(self.client.post(f"{SERVICE}?lang=en", data=asked), EXTENSION)

    def suggest(self, what: str, prefix: str) -> list[Any]:
        service = self.manifest["suggest"][what]
        address = f"{service['service_url']}{service['service_path']}".removeprefix("http://127.0.0.1:8000")
        found = self.valid(self.client.get(address, query_string={"prefix": prefix, "lang": "en"}), SUGGESTIONS)
        return list(found["result"])


@pytest.fixture
def refine(app: Flask) -> Refine:
    return Refine(app.test_client())


def test_ten_names_with_wrong_letters_are_matched_and_columns_added(refine: Refine) -> None:
    """What OpenRefine does: a sample to guess the type, then the batch with that type, then properties of what was matched."""
    sample = refine.ask(*({"query": name, "limit": 3} for name in AS_TYPED))
    kinds = [one["type"][0]["id"] for result in sample for one in result[:1]]
    kind = max(set(kinds), key=kinds.count)
    assert kind in {one["id"] for one in refine.manifest["defaultTypes"]}
    results = refine.ask(*({"query": name, "type": kind, "type_strict": "should", "limit": 5} for name in AS_TYPED))
    assert [result[0]["name"] for result in results] == TITLES
    assert all(result[0]["match"] and not any(one["match"] for one in result[1:]) for result in results)
    ids = [result[0]["id"] for result in results]
    table = refine.extend(ids, "country", "place", "kind", "page")
    assert [one["id"] for one in table["meta"]] == ["country", "place", "kind", "page"]
    assert all(table["rows"][id]["country"] == [{"str": "LV"}] and table["rows"][id]["place"] == [{"str": "Rīga"}] for id in ids)
    page = refine.manifest["view"]["url"].replace("{{id}}", ids[0]).removeprefix("http://127.0.0.1:8000")
    assert refine.client.get(page, follow_redirects=True).status_code == 200


def test_get_answers_as_post_does(refine: Refine) -> None:
    question = {"query": "Zaļā māja"}
    assert refine.ask(question, by_get=True) == refine.ask(question)


def test_scores_fall_with_likeness_and_only_what_is_sure_is_a_match(refine: Refine) -> None:
    (exact, slip, other) = refine.ask({"query": "Otrā elpa"}, {"query": "Otrā elppa"}, {"query": "Nekas tamlīdzīgs"})
    assert exact[0]["match"] and exact[0]["score"] > slip[0]["score"] > 50
    assert not slip[0]["match"] and not any(one["match"] for one in other)


def test_two_of_the_same_name_are_told_apart_by_a_column(refine: Refine) -> None:
    by_name, in_estonia, nowhere = refine.ask(
        {"query": "Dvini"},
        {"query": "Dvini", "properties": [{"pid": "country", "v": "Estonia"}]},
        {"query": "Dvini", "properties": [{"pid": "country", "v": ["Finland", "SE"]}]},
    )
    assert len(by_name) == 2 and not any(one["match"] for one in by_name)
    assert in_estonia[0]["match"] and in_estonia[0]["description"].endswith("Estonia")
    assert not any(one["match"] for one in nowhere)


@pytest.mark.parametrize("number", ["40008000001", "LV-RE-40008000001", "4000 8000 001"])
def test_a_register_number_is_certain(refine: Refine, number: str) -> None:
    if " " not in number:
        (found,) = refine.ask({"query": number})
        assert (found[0]["name"], found[0]["match"], found[0]["score"]) == ("A name of its own", True, 100.0)
    (by_column,) = refine.ask({"query": "A name of its own, once", "properties": [{"pid": "identifiers", "v": number}]})
    assert by_column[0]["match"] and by_column[0]["score"] == 100.0


def test_of_many_numbers_the_first_are_searched_for(refine: Refine) -> None:
    def results(numbers: list[str]) -> list[Any]:
        [found] = refine.ask({"query": "", "properties": [{"pid": "identifiers", "v": numbers}]})
        return list(found)

    others = [f"9{n}7654321{n}" for n in range(MAX_SEARCHES)]
    assert results([*others[1:], "40008000001"]) and not results([*others, "40008000001"])


def test_ids_that_no_database_holds_are_strangers(refine: Refine) -> None:
    found = refine.extend(["\ud800", "a\0"], "country")
    assert found["rows"] == {"\ufffd": {"country": []}, "a": {"country": []}}


def test_properties_alone_are_a_question(refine: Refine) -> None:
    by_website, by_number = refine.ask(
        {"properties": [{"pid": "website", "v": "http://sava-lapa.example"}]},
        {"properties": [{"pid": "identifiers", "v": {"id": "40008000001"}}]},
    )
    assert by_website[0]["name"] == by_number[0]["name"] == "A name of its own"
    assert by_number[0]["match"]


def test_kinds_narrow_and_strange_types_do_not(refine: Refine) -> None:
    as_event, as_strange = refine.ask({"query": "Saules maize", "type": "event"}, {"query": "Saules maize", "type": ["Q5"]})
    assert [one["type"][0]["id"] for one in as_event] == ["event"]
    assert {one["type"][0]["id"] for one in as_strange} >= {"event", "social_enterprise"}


def test_every_property_has_values_of_its_type_and_strangers_have_none(refine: Refine) -> None:
    properties = refine.client.get(f"{SERVICE}/properties?lang=en&type=project").get_json()
    names = [one["id"] for one in properties["properties"]]
    ((found, *_),) = refine.ask({"query": "40008000001"})
    rows = refine.extend([found["id"], "nope"], *names)["rows"]
    assert rows["nope"] == {name: [] for name in names}
    assert rows[found["id"]]["identifiers"] == [{"str": "LV-RE-40008000001"}]
    assert (rows[found["id"]]["lat"], rows[found["id"]]["themes"]) == ([{"float": 57.0}], [{"str": "youth"}])


def test_suggestions_for_what_is_typed(refine: Refine) -> None:
    assert "Saules maize" in [one["name"] for one in refine.suggest("entity", "saul")]
    assert [one["id"] for one in refine.suggest("type", "soc")] == ["social_enterprise"]
    assert "country" in [one["id"] for one in refine.suggest("property", "countr")]
    assert refine.suggest("entity", "%$#") == []


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_a_preview_is_a_page_for_frames_that_runs_nothing(refine: Refine, lang: str) -> None:
    ((found, *_),) = refine.ask({"query": "script alert Kopa", "type": "project"})
    address = refine.manifest["preview"]["url"].replace("{{id}}", found["id"]).replace("lang=en", f"lang={lang}")
    answer = refine.client.get(address.removeprefix("http://127.0.0.1:8000"))
    policy = answer.headers["Content-Security-Policy"]
    assert (
        answer.status_code == 200
        and "frame-ancestors *" in policy
        and "script-src" not in policy
        and "default-src 'none'" in policy
    )
    assert "<script" not in answer.get_data(as_text=True) and "&lt;script&gt;" in answer.get_data(as_text=True)
    assert "frame-ancestors 'none'" in refine.client.get(f"/{lang}/").headers["Content-Security-Policy"]
    assert refine.client.get(f"{SERVICE}/preview/nope").status_code == 404


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "null", "1", DEEP, '{"q0": []}', '{"q0": {}}', '{"q0": {"query": ""}}', '{"q0": {"query": 5}}',
     '{"q0": {"query": "a", "type": 5}}', '{"q0": {"query": "a", "type": [5]}}', '{"q0": {"query": "a", "limit": 0}}',
     '{"q0": {"query": "a", "limit": "5"}}', '{"q0": {"query": "a", "limit": NaN}}', '{"q0": {"query": "a", "limit": Infinity}}',
     '{"q0": {"query": "a", "limit": true}}', '{"q0": {"query": "a", "properties": {}}}', '{"q0": {"query": "a", "properties": [{}]}}',
     '{"q0": {"query": "a", "properties": [{"pid": 1, "v": 2}]}}', json.dumps({f"q{n}": {"query": "a"} for n in range(51)})],
)  # fmt: skip
def test_batches_that_make_no_sense_are_problems(refine: Refine, sent: str) -> None:
    answer = refine.client.post(SERVICE, data={"queries": sent})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "sent",
    ["", "[]", "{}", '{"ids": "x", "properties": []}', '{"ids": [1], "properties": []}', '{"ids": [], "properties": [{"id": "nope"}]}',
     '{"ids": [], "properties": [{}]}', '{"ids": [], "properties": ["country"]}', json.dumps({"ids": ["x"] * 501, "properties": []})],
)  # fmt: skip
def test_extensions_that_make_no_sense_are_problems(refine: Refine, sent: str) -> None:
    answer = refine.client.post(SERVICE, data={"extend": sent})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_strange_names_are_answered(refine: Refine) -> None:
    strange = ['"', "-", "title:x", "a" * 100_000, "\u202e", "🙂", "-saules", "\ud800", 'OR AND NOT ( " ) *', " . _ : "]
    results = refine.ask(*({"query": name} for name in strange))
    assert len(results) == len(strange)


def test_nothing_sent_by_a_form_is_a_problem_and_other_parameters_too(refine: Refine) -> None:
    for answer in (
        refine.client.post(SERVICE),
        refine.client.post(SERVICE, json={"queries": {}}),
        refine.client.get(f"{SERVICE}?callback=x"),
    ):
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_answer_is_in_the_language_that_is_asked_for(refine: Refine) -> None:
    names = [re.sub(r"\s", " ", refine.client.get(f"{SERVICE}?lang={lang}").get_json()["name"]) for lang in ("lv", "en")]
    assert names == ["Platforma platformām", "Platform of Platforms"]
