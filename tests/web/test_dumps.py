"""The whole catalogue for programs: dumps and their record, and profiles for other maps, by the schemas of those who read them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.listings.removal import suppress
from platforma.catalogue.models import Initiative
from platforma.catalogue.models import Record as Row
from platforma.settings import ROOT
from platforma.worker.indexing import drain_outbox
from tests.web.site import HOSTILE, make_site

MURMURATIONS = ROOT.parent / "shared" / "data" / "murmurations"
RECORDS = [
    Record("bread", kind="social_enterprise", title={"lv": "Saules maize", "en": "Sun Bread"}, summary={"lv": "Ceptuve", "en": "A bakery"},
           country="LV", countries=("LV",), place="Cēsis", lat=57.31, lon=25.27, themes=("work_integration", "youth"), email="a@b.example",
           website="https://saules-maize.example", phone="+371 61111111", licence="CC-BY-4.0", description={"lv": "Pilns apraksts. " * 40}),
    Record("map", kind="project", title={"en": "T" * 500}, description={"en": "Long. " * 100}, website="https://x.example/" + "y" * 3000),
    Record("hostile", kind=None, title={"lv": f"=1+1 {HOSTILE}"}, lat=95.0, lon=24.0),
    Record("over", kind="event", title={"lv": "Bijis"}, start_date="2020-01-01", country="EE", countries=("EE",), lat=58.4, lon=26.7),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("dumps")), RECORDS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that keeps no request open, as answers are streamed within theirs."""
    return app.test_client()


def lines(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/dumps/initiatives.jsonl{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/jsonl")
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def by_id(client: FlaskClient) -> dict[str, str]:
    """Ids of the listings by the id of their record."""
    return {line["sources"][0]["remote_id"]: line["id"] for line in lines(client)}


def test_dumps_hold_everything_that_api_and_page_count_and_past_ones_too(client: FlaskClient) -> None:
    total = client.get("/api/v1/initiatives?when=all").get_json()["total"]
    table = list(
        csv.DictReader(io.StringIO(client.get("/dumps/initiatives.csv?lang=en").get_data(as_text=True).lstrip("\ufeff")))
    )
    assert total == len(lines(client)) == len(table) == len(RECORDS)
    assert {row["id"] for row in table} == {line["id"] for line in lines(client)}


def test_long_texts_need_a_licence_in_dumps_too_and_every_line_has_its_own(client: FlaskClient) -> None:
    found = {line["sources"][0]["remote_id"]: line for line in lines(client)}
    assert found["bread"]["licence"] == "CC-BY-4.0" and "description" in found["bread"]["texts"]
    assert found["map"]["licence"] is None and "description" not in found["map"]["texts"]


@pytest.mark.parametrize("format", ["csv", "jsonl", "jsonld", "geojson"])
def test_packed_dumps_are_the_same_files(client: FlaskClient, format: str) -> None:
    plain, packed = client.get(f"/dumps/initiatives.{format}"), client.get(f"/dumps/initiatives.{format}.gz")
    assert packed.mimetype == "application/gzip" and "Content-Encoding" not in packed.headers
    assert gzip.decompress(packed.data) == plain.data
    assert f".{format}.gz" in packed.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["initiatives.csv", "initiatives.jsonl.gz", "catalog.jsonld"])
def test_dumps_are_for_every_site_and_sent_once(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/dumps/{path}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"/dumps/{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["initiatives.csv", "initiatives.jsonl.gz"])
def test_the_size_of_a_dump_is_known_and_it_can_be_read_on(client: FlaskClient, path: str) -> None:
    whole = client.get(f"/dumps/{path}", headers={"Accept-Encoding": "br, gzip"})
    assert whole.headers["Accept-Ranges"] == "bytes" and "Content-Encoding" not in whole.headers
    assert int(whole.headers["Content-Length"]) == len(whole.data) > 200
    tag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
    rest = client.get(f"/dumps/{path}", headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status_code, rest.headers["Content-Range"]) == (206, f"bytes 100-{len(whole.data) - 1}/{len(whole.data)}")
    assert (rest.data, int(rest.headers["Content-Length"])) == (whole.data[100:], len(whole.data) - 100)
    assert client.get(f"/dumps/{path}", headers={"Range": "bytes=100-", "If-Range": '"former"'}).data == whole.data
    assert client.get(f"/dumps/{path}", headers={"If-Modified-Since": date}).status_code == 304
    head = client.head(f"/dumps/{path}")
    assert (head.headers["Content-Length"], head.data) == (whole.headers["Content-Length"], b"")


def test_a_part_that_is_not_there_is_named_so(client: FlaskClient) -> None:
    size = len(client.get("/dumps/initiatives.csv").data)
    answer = client.get("/dumps/initiatives.csv", headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert answer.get_json()["title"] == "Šajā datnē tādas daļas nav"


def test_the_record_has_the_sizes_of_dumps_that_are_made(tmp_path: Path) -> None:
    client = make_site(tmp_path, RECORDS[:2]).test_client()

    def sizes() -> dict[str, str]:
        (dataset,) = json.loads(client.get("/dumps/catalog.jsonld").data)["dcat:dataset"]
        files = {one["@id"].rpartition("/")[2]: one.get("dcat:byteSize") for one in dataset["dcat:distribution"]}
        return {name: size["@value"] for name, size in files.items() if size}

    assert sizes() == {}
    assert "Content-Length" not in client.head("/dumps/initiatives.csv").headers, "a head alone makes no file"
    packed, plain = client.get("/dumps/initiatives.csv.gz").data, client.get("/dumps/initiatives.csv").data
    assert sizes() == {"initiatives.csv": str(len(plain)), "initiatives.csv.gz": str(len(packed))}


def test_dumps_of_former_states_do_not_stay_on_disk(tmp_path: Path) -> None:
    app = make_site(tmp_path, RECORDS[:2])
    client, services = app.test_client(), app.extensions["platforma"]
    kept = []
    for record in ("bread", "map"):
        kept.append([client.get(f"/dumps/initiatives.csv{suffix}").data for suffix in ("", ".gz")])
        with services.database.writing() as session:
            id = session.scalars(select(Initiative.public_id).join(Row).where(Row.remote_id == record)).one()
            suppress(session, public_id=id, actor="t", reason="asked", key=services.secret_key)
    client.get("/dumps/initiatives.csv?lang=en")
    client.get("/dumps/initiatives.csv")
    assert kept[0] != kept[1]
    assert sorted(path.name[:7] for path in (tmp_path / "dumps").iterdir()) == ["csv-en-", "csv-lv-"]


@pytest.mark.parametrize("path", ["initiatives.csv?lang=xx", "initiatives.csv?country=LV", "catalog.jsonld?x=1"])
def test_what_dumps_do_not_understand_is_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/dumps/{path}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_record_has_what_portals_need_and_its_files_are_there(client: FlaskClient) -> None:
    catalog = json.loads(client.get("/dumps/catalog.jsonld").data)
    assert {
        "dct:title",
        "dct:description",
        "dct:publisher",
        "dct:license",
        "dct:language",
        "dct:spatial",
        "foaf:homepage",
    } <= set(catalog)
    (dataset,) = catalog["dcat:dataset"]
    assert {"dct:title", "dct:description", "dcat:contactPoint", "dcat:theme", "dct:publisher", "dct:accessRights"} <= set(
        dataset
    )
    assert {text["@language"] for text in dataset["dct:description"]} == {"lv", "en"}
    assert len({text["@value"] for text in dataset["dct:description"]}) == 2
    prefixes = set(catalog["@context"])
    for one in dataset["dcat:distribution"]:
        assert {name.partition(":")[0] for name in one if not name.startswith("@")} <= prefixes
        assert one["dct:license"]["@id"].endswith("/lv/terms")
        answer = client.get(one["dcat:downloadURL"]["@id"].removeprefix("http://127.0.0.1:8000"))
        type_ = one.get("dcat:compressFormat", one["dcat:mediaType"])["@id"].partition("media-types/")[2]
        assert (answer.status_code, answer.mimetype) == (200, type_)
    (service,) = catalog["dcat:service"]
    assert client.get(service["dcat:endpointDescription"]["@id"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_gogocarto_has_the_listings_that_have_a_place(client: FlaskClient) -> None:
    found = json.loads(client.get("/api/v1/gogocarto.json?lang=en&when=all").data)
    bread, over = sorted(found["data"], key=lambda one: one["geo"]["longitude"])
    assert (bread["name"], bread["geo"]) == ("Sun Bread", {"latitude": 57.31, "longitude": 25.27})
    assert bread["categories"] == ["social enterprise", "work integration", "youth"]
    assert bread["address"] == {"addressLocality": "Cēsis", "addressCountry": "LV"}
    assert over["id"] in by_id(client).values() and found["licence"]
    current = json.loads(client.get("/api/v1/gogocarto.json?lang=en").data)
    assert [one["name"] for one in current["data"]] == ["Sun Bread"]
    assert client.get("/api/v1/gogocarto.json?country=XX").status_code == 400


def validator() -> Draft7Validator:
    """The schema of organisations, with the fields that it refers to."""
    if not MURMURATIONS.exists():
        pytest.skip("the schemas of Murmurations are not here")

    def read(uri: str) -> Resource[Any]:
        folder, name = uri.split("/")[-2:]
        contents = json.loads((MURMURATIONS / folder / name).read_text("utf-8"))
        return Resource.from_contents({**contents, "$schema": "http://json-schema.org/draft-07/schema#"})

    schema = read("schemas/organizations_schema-v1.0.0.json").contents
    return Draft7Validator(schema, registry=Registry(retrieve=read))  # type: ignore[call-arg] # a field of attrs, which mypy does not see


def test_profiles_are_valid_by_the_schemas_of_murmurations(client: FlaskClient) -> None:
    schema, ids = validator(), by_id(client)
    for record_id in ("bread", "map", "hostile"):
        for lang in ("lv", "en"):
            found = client.get(f"/api/v1/murmurations/{ids[record_id]}?lang={lang}").get_json()
            assert not list(schema.iter_errors(found)), record_id
            assert found["linked_schemas"] == ["organizations_schema-v1.0.0"]
    wrong = {"linked_schemas": ["organizations_schema-v1.0.0"], "name": "x" * 201}
    assert list(schema.iter_errors(wrong)), "the schema is read"


def test_a_profile_says_what_is_known_and_nothing_impossible(client: FlaskClient) -> None:
    ids = by_id(client)
    bread, project, hostile = (
        client.get(f"/api/v1/murmurations/{ids[name]}?lang=en").get_json() for name in ("bread", "map", "hostile")
    )
    assert (bread["name"], bread["country_iso_3166"], bread["geolocation"]) == ("Sun Bread", "LV", {"lat": 57.31, "lon": 25.27})
    assert bread["contact_details"] == {"email": "a@b.example"} and bread["primary_url"] == "https://saules-maize.example"
    assert project["primary_url"].startswith("http://127.0.0.1:8000/en/initiatives/") and len(project["name"]) == 200
    assert "geolocation" not in hostile


def test_what_is_no_organisation_has_no_profile(client: FlaskClient) -> None:
    for id in (by_id(client)["over"], "nope"):
        answer = client.get(f"/api/v1/murmurations/{id}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_what_is_removed_is_in_no_dump_and_gone_from_the_api(tmp_path: Path) -> None:
    app = make_site(tmp_path, RECORDS[:2])
    client, services = app.test_client(), app.extensions["platforma"]
    ids = by_id(client)
    tag = client.get("/dumps/initiatives.csv").headers["ETag"]
    on_device = client.get("/offline/catalogue.json")
    assert "Saules" in on_device.get_data(as_text=True)
    with services.database.writing() as session:
        suppress(session, public_id=ids["bread"], actor="t", reason="asked", key=services.secret_key)
    assert set(by_id(client)) == {"map"}, "not even before the index knows"
    again = client.get("/offline/catalogue.json", headers={"If-None-Match": on_device.headers["ETag"]})
    assert again.status_code == 200 and "Saules" not in again.get_data(as_text=True)
    drain_outbox(services)
    assert client.get("/dumps/initiatives.csv", headers={"If-None-Match": tag}).status_code == 200
    for address in ("/api/v1/initiatives/{}", "/api/v1/initiatives/{}.jsonld", "/api/v1/murmurations/{}"):
        answer = client.get(address.format(ids["bread"]))
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        assert "Saules" not in answer.get_data(as_text=True)
