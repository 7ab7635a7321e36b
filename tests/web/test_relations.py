"""Relations where visitors and programs see them: on the page, as schema.org, and in the interface."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import JudgementVerdict
from tests.web.site import make_site

RECORDS = [
    Record("net", kind="network", title={"lv": "Labdarības tīkls"}),
    Record("org", kind="organisation", title={"lv": "Zaļais pagalms"}, organisation="Kāds cits"),
    Record("branch", kind="organisation", title={"lv": "Zaļais pagalms Ogrē"}),
    Record("work", kind="project", title={"lv": "Komposts"}, organisation="Zaļais pagalms"),
    Record("call", kind="funding", title={"lv": "Konkurss"}),
    Record("alone", kind="organisation", title={"lv": "Neviena daļa"}),
]
PARTS = {"org": "net", "branch": "org", "work": "org", "call": "org"}
Ids = dict[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Ids]:
    app = make_site(Path(tmp_path_factory.mktemp("relations")), RECORDS)
    items = app.test_client().get("/api/v1/initiatives?per_page=100").get_json()["items"]
    ids = {item["sources"][0]["remote_id"]: item["id"] for item in items if item["sources"]}
    with app.extensions["platforma"].database.writing() as session:
        for part, whole in PARTS.items():
            judgements.judge(session, ids[part], ids[whole], JudgementVerdict.PART_OF, Word("c", utc_now()))
    return app, ids


@pytest.fixture
def client(site: tuple[Flask, Ids]) -> FlaskClient:
    return site[0].test_client()


@pytest.fixture
def ids(site: tuple[Flask, Ids]) -> Ids:
    return site[1]


def page(client: FlaskClient, id: str, lang: str = "lv") -> str:
    return client.get(f"/{lang}/initiatives/{id}/", follow_redirects=True).get_data(as_text=True)


def section(text: str, id: str) -> tuple[str, list[str]] | None:
    """Heading and titles of a section; None where there is none."""
    found = re.search(rf'<h2 id="{id}">([^<]+)</h2>(.*?)</section>', text, re.S)
    return (found[1], re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", found[2])) if found else None


def schema(text: str) -> dict[str, Any]:
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)[1])["@graph"]  # type: ignore[index]
    found: dict[str, Any] = graph[1]
    return found


@pytest.mark.parametrize(
    ("lang", "part_of", "branches", "members"),
    [("lv", "Daļa no", "Filiāles un projekti", "Dalībnieki"), ("en", "Part of", "Its branches and projects", "Its members")],
)
def test_the_page_shows_both_directions_under_headings_of_their_own(
    client: FlaskClient, ids: Ids, lang: str, part_of: str, branches: str, members: str
) -> None:
    of_organisation = page(client, ids["org"], lang)
    assert section(of_organisation, "part-of") == (part_of, ["Labdarības tīkls"])
    assert section(of_organisation, "parts") == (branches, ["Komposts", "Konkurss", "Zaļais pagalms Ogrē"])
    assert section(page(client, ids["net"], lang), "parts") == (members, ["Zaļais pagalms"])
    assert section(page(client, ids["branch"], lang), "part-of") == (part_of, ["Zaļais pagalms"])
    alone = page(client, ids["alone"], lang)
    assert (section(alone, "part-of"), section(alone, "parts")) == (None, None)


def test_what_is_judged_is_not_told_again_by_name_or_likeness(client: FlaskClient, ids: Ids) -> None:
    of_work, of_organisation = page(client, ids["work"]), page(client, ids["org"])
    assert section(of_work, "runs-it") is None, "its organisation is above"
    assert section(of_organisation, "work") is None, "its project is above"
    for text in (of_work, of_organisation):
        titles = re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", text)
        assert len(titles) == len(set(titles))


def test_schema_org_has_parents_parts_members_and_no_calls(client: FlaskClient, ids: Ids) -> None:
    def named(found: Any) -> list[tuple[str, str]]:
        return sorted((one["@type"], one["name"]) for one in found)

    organisation, work, network = (schema(page(client, ids[name])) for name in ("org", "work", "net"))
    assert named(organisation["memberOf"]) == [("Organization", "Labdarības tīkls")]
    assert named(organisation["subOrganization"]) == [("Organization", "Zaļais pagalms Ogrē"), ("Project", "Komposts")]
    assert named(work["parentOrganization"]) == [("Organization", "Zaļais pagalms")]
    assert work["parentOrganization"][0]["@id"] == organisation["@id"]
    assert (named(network["member"]), "subOrganization" in network) == ([("Organization", "Zaļais pagalms")], False)
    assert organisation["parentOrganization"] == {"@type": "Organization", "name": "Kāds cits"}, "a name, where nothing is judged"
    call = schema(page(client, ids["call"]))
    assert not call.keys() & {"parentOrganization", "memberOf", "member", "subOrganization"}


def test_the_interface_tells_relations_and_where_values_are_from(client: FlaskClient, ids: Ids) -> None:
    item = client.get(f"/api/v1/initiatives/{ids['org']}").get_json()["item"]
    (network,) = item["relations"]["part_of"]
    assert (network["id"], network["title"], network["title_lang"]) == (ids["net"], "Labdarības tīkls", "lv")
    assert client.get(network["url"].split("/", 3)[3].join(("/", ""))).status_code == 200
    assert {one["id"] for one in item["relations"]["parts"]} == {ids[name] for name in ("branch", "work", "call")}
    assert item["origins"]["title/lv"] == "avots"
    alone = client.get(f"/api/v1/initiatives/{ids['alone']}").get_json()["item"]
    assert alone["relations"] == {"part_of": [], "parts": []}
    as_schema = client.get(f"/api/v1/initiatives/{ids['net']}.jsonld").get_json()
    assert [one["name"] for one in as_schema["member"]] == ["Zaļais pagalms"]
