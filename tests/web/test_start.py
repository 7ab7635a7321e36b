"""The start page and the platforms' pages: without the engine, with much, and what they say to machines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crawlers.record import Record
from search.port import EngineUnavailable, SearchEngine
from tests.web.site import make_site
from vocabulary import load


def without_engine(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of the site while its engine does not answer."""

    def search(_engine: SearchEngine, _query: object) -> None:
        raise EngineUnavailable("it does not answer")

    monkeypatch.setattr(type(app.extensions["platforma"].engine), "search", search)
    return app.test_client()


@pytest.mark.parametrize(("lang", "notice"), [("lv", "Meklēšana pašlaik nav pieejama"), ("en", "Search is not available")])
def test_without_the_engine_there_is_what_the_catalogue_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, notice: str
) -> None:
    client = without_engine(make_site(tmp_path), monkeypatch)
    answer = client.get(f"/{lang}/")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and notice in text and 'id="q"' in text and "Čiekurs" in text
    assert 'class="tiles"' not in text and "region-map" not in text, "nothing can be counted"
    platforms = client.get(f"/{lang}/platforms/")
    assert platforms.status_code == 200
    own = re.findall(rf'href="(/{lang}/platforms/\w{{10}}/[^"]*)"', platforms.get_data(as_text=True))[0]
    assert "Čiekurs" in client.get(own).get_data(as_text=True)
    results = client.get(f"/{lang}/search?q=maize")
    assert results.status_code == 503 and notice in results.get_data(as_text=True)


def test_long_lists_are_cut_and_the_rest_is_on_demand(tmp_path: Path) -> None:
    countries = sorted(load().ids("country"))[:20]
    site = make_site(tmp_path, [Record(c, title={"en": c}, country=c, countries=(c,)) for c in countries])
    section = site.test_client().get("/en/").get_data(as_text=True).split('id="countries"')[1].split("</section>")[0]
    first, rest = section.split("<details>")
    assert (first.count("<li>"), rest.count("<li>")) == (12, 8) and "8 more countries" in rest


@pytest.mark.parametrize("path", ["", "search?q=maize", "platforms/", "about", "register", "nope"])
def test_every_page_describes_itself_in_its_language(client: FlaskClient, path: str) -> None:
    texts = []
    for lang in ("lv", "en"):
        page = client.get(f"/{lang}/{path}").get_data(as_text=True)
        (description,) = re.findall(r'<meta name="description" content="([^"]+)">', page)
        texts.append(description)
        assert len(re.findall(r'<meta name="theme-color"', page)) == 2
    assert texts[0] != texts[1] and all(40 < len(text) < 250 for text in texts)


def test_the_newest_of_a_platform_do_not_name_it_again(client: FlaskClient) -> None:
    page = client.get("/lv/platforms/").get_data(as_text=True)
    own = re.findall(r'href="(/lv/platforms/\w{10}/[^"]*)"', page)[0]
    text = client.get(own).get_data(as_text=True)
    assert "Saules maize" in text and "Avots: " not in text
    assert "Avots: " in client.get("/lv/search").get_data(as_text=True)
