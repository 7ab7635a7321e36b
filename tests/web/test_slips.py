"""Slips in a question: what the pages and the API say of it, and where its links lead."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from crawlers.record import Record
from tests.web.site import make_site

RECORDS = [
    Record("1", title={"lv": "Naktsgaisma"}, summary={"lv": "Zupa, ko ēd bezpajumtnieki"}, country="LV", countries=("LV",), lat=56.9, lon=24.1),
    Record("2", title={"en": "Doorway"}, summary={"en": "We help homeless people"}, country="EE", countries=("EE",)),
]  # fmt: skip
SHOWN = {
    "lv": "Rādām rezultātus vaicājumam „bezpajumtnieki”, jo „bezpajumtneki” nav nevienā ierakstā.",
    "en": "Showing results for “bezpajumtnieki”, as no listing contains “bezpajumtneki”.",
}
OFFERED = {"lv": "Vai domājāt:", "en": "Did you mean:"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(Path(tmp_path_factory.mktemp("slips")), RECORDS)


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("view", ["search", "map", "table"])
def test_a_page_says_what_it_shows_instead_and_leads_to_what_was_typed(site: Flask, lang: str, view: str) -> None:
    with site.test_client() as client:
        page = unescape(client.get(f"/{lang}/{view}?q=bezpajumtneki").get_data(as_text=True))
        assert SHOWN[lang] in page and OFFERED[lang] not in page
        link = re.search(rf'{re.escape(SHOWN[lang])} <a href="([^"]+)"', page)
        assert link and link[1] == f"/{lang}/{view}?q=bezpajumtneki&exact=1"
        literal = unescape(client.get(link[1]).get_data(as_text=True))
    assert SHOWN[lang] not in literal and OFFERED[lang] in literal and f"/{lang}/{view}?q=bezpajumtnieki" in literal


def test_a_question_without_slips_is_not_said_to_be_mended(site: Flask) -> None:
    with site.test_client() as client:
        page = client.get("/en/search?q=bezpajumtnieki").get_data(as_text=True)
        answer = client.get("/api/v1/initiatives?q=bezpajumtnieki").get_json()
    assert "Showing results for" not in page
    assert (answer["corrected_to"], answer["did_you_mean"]) == (None, None)


def test_the_api_tells_which_question_was_asked(site: Flask) -> None:
    with site.test_client() as client:
        mended = client.get("/api/v1/initiatives?q=bezpajumtneki").get_json()
        literal = client.get("/api/v1/initiatives?q=bezpajumtneki&exact=1").get_json()
    assert (mended["corrected_to"], mended["did_you_mean"], mended["total"]) == ("bezpajumtnieki", "bezpajumtnieki", 2)
    assert (literal["corrected_to"], literal["did_you_mean"], literal["total"]) == (None, "bezpajumtnieki", 1)


def test_the_map_counts_those_without_place_among_the_results_shown(site: Flask) -> None:
    with site.test_client() as client:
        page = client.get("/en/map?q=bezpajumtneki").get_data(as_text=True)
        points = client.get("/en/map.json?q=bezpajumtneki").get_json()
        meant = client.get("/en/map.json?q=bezpajumtnieki").get_json()
    assert points == meant
    assert "1 result has no known place" in page
