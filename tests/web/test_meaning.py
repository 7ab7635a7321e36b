"""What is near in meaning, as pages, the API and the desk's lists of vain searches show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from platforma.catalogue.terms import failed_searches
from platforma.services import Services
from platforma.web.app import create_app
from platforma.worker.vectors import update_vectors
from search.engines.embedded.vectors import VectorFile
from search.factory import open_engine
from search.meaning.nearness import Nearness
from tests.contract.meanings import Topics
from tests.web.site import LintingClient, make_site, settings_in

RECORDS = [
    Record("1", kind="project", title={"en": "Fish of the sea"}),
    Record("2", kind="project", title={"en": "Salaca"}, summary={"en": "Clean river"}),
    Record("3", kind="project", title={"en": "Tyres and tubes"}, summary={"en": "Repair of bicycles"}),
    Record("4", kind="organisation", title={"en": "Quiet house"}),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A site that finds by the meaning of a few words."""
    folder = Path(tmp_path_factory.mktemp("meaning"))
    make_site(folder, RECORDS)
    topics = Topics()
    nearness = Nearness(VectorFile(folder / "meaning", "v1"), lambda: topics)
    services = replace(Services.open(settings_in(folder)), engine=open_engine("embedded:", folder, nearness), nearness=nearness)
    update_vectors(services, nearness)
    app = create_app(services)
    app.test_client_class = LintingClient
    return app


def titles(text: str) -> list[str]:
    """The listings of a page, whose matched words are marked."""
    plain = text.replace("<mark>", "").replace("</mark>", "")
    return [title for title in ("Fish of the sea", "Salaca", "Tyres and tubes", "Quiet house") if title in plain]


@pytest.mark.parametrize(
    ("lang", "heading", "notice"),
    [
        ("en", "Close in meaning", "No listing contains these words; these are close to them in meaning."),
        ("lv", "Līdzīgi pēc nozīmes", "Neviens ieraksts nesatur šos vārdus; šie ir līdzīgi pēc nozīmes."),
    ],
)  # fmt: skip
def test_what_is_near_stands_below_a_heading_of_its_own(client: FlaskClient, lang: str, heading: str, notice: str) -> None:
    both = client.get(f"/{lang}/search?q=fish").text
    assert both.index("of the sea") < both.index(f'<h2 class="parting">{heading}</h2>') < both.index("Salaca")
    assert notice not in both
    alone = client.get(f"/{lang}/search?q=sprocket").text
    assert titles(alone) == ["Tyres and tubes"]
    assert (notice in alone, "parting" in alone) == (True, False)


def test_what_has_some_words_and_what_is_near_stand_together(client: FlaskClient) -> None:
    text = client.get("/en/search?q=quiet+sprocket+zebra").text
    assert titles(text) == ["Tyres and tubes", "Quiet house"]
    assert "these contain some of them or are close in meaning" in text


def test_the_api_says_how_many_stand_there_for_their_meaning(client: FlaskClient) -> None:
    answer = client.get("/api/v1/initiatives?q=fish&lang=en").json
    assert answer is not None
    assert (answer["total"], answer["complete"], answer["close"]) == (2, 1, 1)
    assert [item["title"] for item in answer["items"]] == ["Fish of the sea", "Salaca"]
    assert client.get("/api/v1/initiatives?q=quiet&lang=en").json["close"] == 0  # type: ignore[index]


def test_suggestions_do_not_guess_at_meaning(client: FlaskClient) -> None:
    items = client.get("/en/suggest?q=sprocket").json["items"]  # type: ignore[index]
    assert [item["label"] for item in items if item["label"] == "Tyres and tubes"] == []


def test_words_that_only_meaning_answers_count_as_searched_in_vain(app: Flask, client: FlaskClient) -> None:
    for words in ("sprocket", "fish", "zebra"):
        client.get(f"/en/search?q={words}")
    services: Services = app.extensions["platforma"]
    services.failed_searches.write()
    with services.database.reading() as session:
        noted = {row.words for row in failed_searches.most_frequent(session)}
    assert {"sprocket", "zebra"} <= noted
    assert "fish" not in noted


def test_similar_listings_are_those_near_in_meaning_first(app: Flask, client: FlaskClient) -> None:
    ids = {item["title"]: item for item in client.get("/api/v1/initiatives?lang=en").json["items"]}  # type: ignore[index]
    page = client.get(f"/en/initiatives/{ids['Fish of the sea']['id']}/{ids['Fish of the sea']['slug']}").text
    similar = page[page.index("Fish of the sea") :]
    assert similar.index("Salaca") < similar.index("Tyres and tubes")
