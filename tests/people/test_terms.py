"""Curators change the vocabulary at the desk: words, what stands in the place of a term, and the way back."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from platforma.catalogue.models import Role
from platforma.worker.indexing import ensure_index
from tests.people.site_fixture import SiteFixture
from vocabulary import use_changes

WINE = {
    "label-lv": "vīna darīšana",
    "label-en": "wine making",
    "also": "vīnkopība\n vinifikācija ",
    "seen": "0",
    "action": "save",
}
YOUTH = "/en/desk/vocabulary/theme/youth"


@pytest.fixture(autouse=True)
def shipped_vocabulary() -> Iterator[None]:
    yield
    use_changes(())


@pytest.fixture
def curator(site: SiteFixture) -> FlaskClient:
    return site.signed_in()


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.unescape(answer.get_data(as_text=True))


def culture_words(**changed: str) -> dict[str, str]:
    return {
        "label-lv": "kultūra un māksla",
        "label-en": "arts and culture",
        "also": "kultūra\nculture",
        "seen": "0",
        "action": "save",
    } | changed


def test_changed_words_are_everywhere_at_once_without_a_new_index(site: SiteFixture, curator: FlaskClient) -> None:
    words = culture_words(**{"description-en": "Stages, museums and crafts."})
    assert curator.post("/lv/desk/vocabulary/theme/culture", data=words).location == "/lv/desk/vocabulary/"
    listed = text(curator, "/lv/desk/vocabulary/")
    assert "kultūra un māksla" in listed and "redaktoru mainīts" in listed
    assert "arts and culture" in text(site.app.test_client(), "/en/add"), "forms offer the new word"
    terms = site.app.test_client().get("/api/v1/vocabulary").get_json()["theme"]
    assert {"id": "culture", "label": {"lv": "kultūra un māksla", "en": "arts and culture"}} in terms
    assert curator.post("/lv/desk/vocabulary/theme/culture", data={"action": "undo", "seen": "1"}).status_code == 302
    assert "arts and culture" not in text(site.app.test_client(), "/en/add")


def test_an_added_theme_is_offered_and_sent_back_beside_what_is_wrong(site: SiteFixture, curator: FlaskClient) -> None:
    assert curator.post("/en/desk/vocabulary/theme/new", data=WINE).status_code == 302
    assert "wine making" in text(curator, "/en/desk/vocabulary/theme/wine_making")
    assert "wine making" in text(site.app.test_client(), "/en/add")
    answer = curator.post("/en/desk/vocabulary/theme/new", data=WINE)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert "“vīna darīšana” already belongs to “vīna darīšana”" in page and "vinifikācija" in page
    assert text(curator, "/en/desk/vocabulary/kind/new", 404)
    assert text(curator, "/en/desk/vocabulary/country/", 404) and text(curator, "/en/desk/vocabulary/theme/nope", 404)


def test_a_replacement_is_shown_before_it_is_made_and_undone_after(site: SiteFixture, curator: FlaskClient) -> None:
    ensure_index(site.services)
    counts = {
        facet["value"]: facet["count"]
        for facet in site.app.test_client().get("/api/v1/initiatives").get_json()["facets"]["theme"]
    }
    theme = next(iter(id for id in counts if id != "unknown"))
    address = f"/en/desk/vocabulary/theme/{theme}"
    shown = text(curator, f"{address}/instead?rest=science")
    assert "What this does" in shown and "go to “science”" in shown
    assert curator.post(f"{address}/instead", data={"rest": "science", "seen": "0"}).location == address
    assert "being filed" in text(curator, address)
    ensure_index(site.services)
    assert "being filed" not in text(curator, address)
    assert "not offered any more; in its place: science" in text(curator, address)
    facets = site.app.test_client().get(f"/api/v1/initiatives?theme={theme}").get_json()["facets"]["theme"]
    assert theme not in {facet["value"] for facet in facets}
    assert curator.post(address, data={"action": "undo", "seen": "1"}).status_code == 302
    ensure_index(site.services)
    facets = site.app.test_client().get("/api/v1/initiatives").get_json()["facets"]["theme"]
    assert {facet["value"]: facet["count"] for facet in facets} == counts


def test_the_second_of_two_curators_is_told_who_was_first_and_can_go_on(curator: FlaskClient) -> None:
    assert curator.post(f"{YOUTH}/instead", data={"rest": "science", "seen": "0"}).status_code == 302
    answer = curator.post(YOUTH, data=WINE)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "curator@sic.example has changed this meanwhile" in page and "wine making" in page
    assert curator.post(YOUTH, data=WINE | {"seen": "1"}).status_code == 302, "the form has the new version"
    answer = curator.post(f"{YOUTH}/instead", data={"rest": "culture", "seen": "0"})
    assert answer.status_code == 400 and "undo that first" in answer.get_data(as_text=True)


def test_kinds_with_a_behaviour_say_that_only_their_words_can_be_changed(curator: FlaskClient) -> None:
    assert "only its words can be changed" in text(curator, "/en/desk/vocabulary/kind/event")
    assert curator.post("/en/desk/vocabulary/kind/event/instead", data={"rest": "project", "seen": "0"}).status_code == 400
    words = {
        "label-lv": "notikums",
        "label-en": "happening",
        "plural-lv": "notikumi",
        "plural-en": "happenings",
        "seen": "0",
        "action": "save",
    }
    assert curator.post("/en/desk/vocabulary/kind/event", data=words).status_code == 302
    assert "appenings" in text(curator, "/en/search?kind=event"), "headings have the plural"


def test_nothing_is_sent_away_without_a_condition(curator: FlaskClient) -> None:
    asked = "rest=stay&into-1=science"
    assert "Choose where its listings are to go" in text(curator, f"{YOUTH}/instead?{asked}", 400)
    assert "go to “science”:" in text(curator, f"{YOUTH}/instead?{asked}&word-1=x")


def test_only_curators_see_and_change_it(site: SiteFixture) -> None:
    assert "/lv/sign-in" in site.app.test_client().get("/lv/desk/vocabulary/").location
    assert site.signed_in(Role.PARTNER).post("/lv/desk/vocabulary/theme/new", data=WINE).status_code == 403
