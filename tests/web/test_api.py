"""The interface for machines: its answers, its errors, its description."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from platforma.web.public.api.parameters import list_parameters


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


@pytest.mark.parametrize("name", sorted(list_parameters()))
def test_the_example_of_every_parameter_is_understood(client: FlaskClient, name: str) -> None:
    more = {"near": "56.95,24.1"} if name in ("km", "sort") else {}
    answer = client.get("/api/v1/initiatives", query_string=more | {name: list_parameters()[name].example})
    assert answer.status_code == 200, answer.get_json()


@pytest.mark.parametrize(
    "query",
    ["lang=lv&lang=en", "country=", "theme=-", "exact=yes", "past=2", "cursor=nonsense", "cursor=MToxMjM&page=1", "cursor="],
)
def test_what_is_repeated_empty_or_made_up_is_a_problem(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/initiatives?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_reading_on_by_the_link_gives_every_listing_once(client: FlaskClient) -> None:
    address: str | None = "/api/v1/initiatives?past=1&per_page=1&sort=name&lang=en"
    ids = []
    while address:
        answer = client.get(address.removeprefix("http://127.0.0.1:8000"))
        body = answer.get_json()
        ids += [item["id"] for item in body["items"]]
        links = [link for link in answer.headers.getlist("Link") if 'rel="next"' in link]
        assert links == ([f'<{body["next"]}>; rel="next"'] if body["next"] else [])
        address = body["next"]
    everything = client.get("/api/v1/initiatives?past=1&sort=name&lang=en").get_json()["items"]
    assert ids == [item["id"] for item in everything] and len(set(ids)) == 4


def test_who_asks_again_gets_nothing_until_something_is_new(client: FlaskClient) -> None:
    addresses = ["/api/v1/initiatives?country=LV", "/api/v1/platforms", "/api/v1/vocabulary", "/api/v1/openapi.json"]
    tags = {}
    for address in [*addresses, f"/api/v1/initiatives/{one_id(client)}"]:
        tags[address] = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tags[address]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tags[address])
    assert client.get("/api/v1/initiatives?country=EE", headers={"If-None-Match": tags[addresses[0]]}).status_code == 200


def one_id(client: FlaskClient) -> str:
    (item,) = client.get("/api/v1/initiatives?q=bread").get_json()["items"]
    return str(item["id"])


def test_one_listing_is_what_lists_have_and_schema_org_on_demand(client: FlaskClient) -> None:
    (listed,) = client.get("/api/v1/initiatives?q=bread&lang=en").get_json()["items"]
    address = f"/api/v1/initiatives/{listed['id']}"
    answer = client.get(f"{address}?lang=en")
    item = answer.get_json()["item"]
    assert {name: item[name] for name in listed} == listed
    more = {name: value for name, value in item.items() if name not in listed}
    assert more.pop("origins")["title/en"] == "avots"
    assert more == {"state": "published", "relations": {"part_of": [], "parts": []}}
    assert answer.last_modified is not None and "Accept" in answer.vary
    by_header, by_name = client.get(address, headers={"Accept": "application/ld+json"}), client.get(f"{address}.jsonld")
    assert by_header.get_json(force=True) == by_name.get_json(force=True)
    assert by_name.mimetype == "application/ld+json" and by_name.get_json()["@type"] == "Organization"
    for missing in ("/api/v1/initiatives/nope", "/api/v1/initiatives/nope.jsonld"):
        assert client.get(missing).status_code == 404


def test_platforms_and_vocabulary_name_the_ids_of_listings(client: FlaskClient) -> None:
    (platform,) = client.get("/api/v1/platforms").get_json()["platforms"]
    assert (platform["id"], platform["initiatives"]) == ("avots", 4)
    words = client.get("/api/v1/vocabulary").get_json()
    labels = {term["id"]: term["label"] for term in words["theme"]}
    assert labels["work_integration"]["en"] == "work integration" and labels["work_integration"]["lv"]
    assert {"country", "region", "sector", "theme", "kind", "legal_form"} <= set(words)


@pytest.mark.parametrize("address", ["/api/v1/initiatives", "/api/v1/platforms", "/api/v1/nope", "/lv/search.csv"])
def test_programs_on_other_sites_may_read_open_data(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert any('rel="license"' in link for link in answer.headers.getlist("Link"))


def test_a_browser_that_asks_first_is_told_what_it_may_send(client: FlaskClient) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/api/v1/initiatives", headers=asked)
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", ["/lv/", "/lv/search", "/lv/desk/", "/lv/sign-in", "/lv/suggest?q=m", "/lv/map.json"])
def test_no_page_may_be_read_by_other_sites(client: FlaskClient, address: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(address, headers={"Origin": "https://elsewhere.example"}).headers


@pytest.mark.parametrize("address", ["/api/v1/initiatives", "/api/v1/platforms", "/api/v1/vocabulary"])
def test_every_answer_names_its_terms(client: FlaskClient, address: str) -> None:
    licence = client.get(f"{address}?lang=en").get_json()["licence"]
    assert licence["url"] == "http://127.0.0.1:8000/en/terms" and licence["note"].startswith("Each entry")


def test_another_method_is_told_those_that_there_are(client: FlaskClient) -> None:
    for address in ("/api/v1/initiatives", "/lv/search"):
        answer = client.delete(address)
        assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
