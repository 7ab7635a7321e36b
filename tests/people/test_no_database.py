"""The database cannot be used: pages say so in the reader's language and when to come back, and a form is saved whole or not."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from platforma.catalogue import connecting
from tests.people.desk import GIVEN
from tests.people.site_fixture import SiteFixture

TITLES = {"lv": "Mūsu datubāze pašlaik nav pieejama", "en": "Our database cannot be used at the moment"}
ADVICE = {"lv": "pārbaudiet, vai tā ir saglabāta", "en": "check whether it was saved"}


@contextmanager
def out_of_reach(site: SiteFixture, how: str) -> Iterator[None]:
    """Within it another process keeps the database to itself (`EXCLUSIVE`), or writes (`IMMEDIATE`)."""
    site.database.dispose()
    other = sqlite3.connect(str(site.database.engine.url.database), isolation_level=None)
    if how == "EXCLUSIVE":
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute(f"BEGIN {how}")
    yield
    other.execute("ROLLBACK")
    other.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "BUSY_TIMEOUT_MS", 20)


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_a_page_says_so_and_when_to_come_back(site: SiteFixture, lang: str, is_signed_in: bool) -> None:
    client = site.signed_in() if is_signed_in else site.app.test_client()
    path = f"/{lang}/desk/" if is_signed_in else f"/{lang}/search?q=maize"
    with out_of_reach(site, "EXCLUSIVE"):
        answer = client.get(path)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert f"<h1>{TITLES[lang]}" in page and ADVICE[lang] in page
    assert client.get(path).status_code == 200


def test_a_program_is_told_in_its_terms(site: SiteFixture) -> None:
    with out_of_reach(site, "EXCLUSIVE"):
        answer = site.app.test_client().get("/api/v1/initiatives?q=maize&lang=en")
        ready = site.app.test_client().get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json()["title"] == TITLES["en"]
    assert (ready.status_code, ready.get_json()["index"]) == (503, "ok")
    assert ready.get_json()["database"] != "ok"


def test_a_form_that_could_not_be_saved_is_saved_when_it_is_sent_again(site: SiteFixture) -> None:
    client = site.signed_in()
    client.get("/lv/desk/")
    with out_of_reach(site, "IMMEDIATE"):
        assert client.post("/lv/desk/concepts/new", data=GIVEN).status_code == 503
    assert "maizes meistars" not in client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
    assert client.post("/lv/desk/concepts/new", data=GIVEN).status_code == 302
    assert "maizes meistars" in client.get("/lv/desk/concepts/?q=maizes").get_data(as_text=True)
