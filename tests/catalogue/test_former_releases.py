"""Directories of former releases, brought to this one: the same listings at the same addresses, removals, accounts and words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from crawlers.record import Record
from platforma.catalogue.database import is_migrated
from platforma.catalogue.models import Initiative, Removal, SavedSearch, User, Value
from platforma.catalogue.models import Record as Row
from platforma.catalogue.people import accounts
from platforma.catalogue.terms import thesaurus
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
from search.port import Query
from tests.catalogue import former_releases
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import export, load, picture
from tests.catalogue.migrating import migrate

ADMIN, CLOSED = "admin@sic.example", "bijusais@sic.example"
CLOSING, SAVED_SEARCHES = "0008", "0011"
"""The migrations with which accounts could be closed, and searches saved."""
REMOVED = Record("r5", title={"lv": "Dzēšamā biedrība"}, kind="organisation", country="LV", website="https://dzest.example/")


@pytest.fixture(params=former_releases.NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def former(request: pytest.FixtureRequest, name: str, tmp_path: Path) -> Iterator[CatalogueFixture]:
    """A directory as the release left it, and upgraded since."""
    url = request.getfixturevalue("new_postgres")() if name.endswith("postgresql") else ""
    catalogue = CatalogueFixture(former_releases.take(name, tmp_path, url).database_url, tmp_path)
    yield catalogue
    catalogue.database.dispose()


@pytest.fixture
def copy(request: pytest.FixtureRequest, name: str, tmp_path: Path) -> Iterator[CatalogueFixture]:
    """An empty directory on a database of the same kind."""
    is_sqlite = name.endswith("sqlite")
    url = f"sqlite:///{tmp_path / 'copy.sqlite'}" if is_sqlite else request.getfixturevalue("new_postgres")()
    catalogue = CatalogueFixture(url, tmp_path)
    yield catalogue
    catalogue.database.dispose()


def test_an_upgraded_directory_is_the_same(former: CatalogueFixture, copy: CatalogueFixture, name: str, tmp_path: Path) -> None:
    seen = former_releases.seen(name)
    ensure_index(former.services)
    client = new_client(former)
    assert {address: page(client, address) for address in seen["pages"]} == seen["pages"]
    assert former.services.engine.search(Query("kuldīga")).total == 1
    people_are_known(former, client, seen)
    words_of_people_stand(former)
    load(copy, export(former, tmp_path / "all.jsonl"))
    assert picture(copy) == picture(former)
    what_was_removed_stays_out(former)
    crawled_again_it_is_the_same(former)
    down_and_up(former, client, seen)


def new_client(former: CatalogueFixture) -> FlaskClient:
    app = create_app(former.services)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def page(client: FlaskClient, address: str) -> dict[str, Any]:
    """A page as the sample has it: its status, and its heading where it is there; it may stand elsewhere by now."""
    answer = client.get(address, follow_redirects=True)
    heading = html.fromstring(answer.data).findtext(".//h1") if answer.status_code == 200 else None
    return {"status": answer.status_code, "heading": heading}


def people_are_known(former: CatalogueFixture, client: FlaskClient, seen: dict[str, Any]) -> None:
    """Who had an account signs in; an account that was closed stays closed; who asked for mails gets them."""
    with former.database.writing() as session:
        users = {user.email: user for user in session.scalars(select(User))}
        assert [users[email].role for email in (ADMIN, CLOSED)] == ["admin", "curator"]
        link = accounts.issue_sign_in(session, user_id=users[ADMIN].id)
        asked = session.scalars(select(SavedSearch.parameters)).all()
    assert (users[CLOSED].closed_at is not None) == (seen["migration"] >= CLOSING)
    assert list(asked) == (["country=LV"] if seen["migration"] >= SAVED_SEARCHES else [])
    assert client.post(f"/lv/sign-in/{link}").status_code == 302
    assert client.get("/lv/desk/").status_code == 200


def words_of_people_stand(former: CatalogueFixture) -> None:
    """A curator's value over the source's, and a concept of the curators' own."""
    with former.database.reading() as session:
        said = session.scalars(select(Value).where(Value.layer == "curator")).all()
        shown = [row.composed.get("fields", {}) for row in session.scalars(select(Initiative))]
        own = [one.names for one in thesaurus.concepts(session) if one.origin is thesaurus.Origin.OWN]
    assert [(value.field, value.value) for value in said] == [("place", "Kuldīga")]
    assert "Kuldīga" in {fields.get("place") for fields in shown}
    assert all(fields["country"] in fields["countries"] for fields in shown if "country" in fields), "composed by today's rules"
    assert [{lang: list(names) for lang, names in one.items()} for one in own] == [
        {"lv": ["kaimiņu kase"], "en": ["street fund"]}
    ]


def what_was_removed_stays_out(former: CatalogueFixture) -> None:
    with former.database.reading() as session:
        (removal,) = session.scalars(select(Removal))
    assert (removal.reason, removal.by, removal.lifted_at) == ("Lūdza pati biedrība", ADMIN, None)
    former.load([REMOVED], "registrs")
    former.load([REMOVED], "cits")
    assert REMOVED.title["lv"] not in former.shown()


def crawled_again_it_is_the_same(former: CatalogueFixture) -> None:
    before = {title: one.public_id for title, one in former.shown().items()}
    with former.database.reading() as session:
        rows = session.scalars(select(Row).where(Row.platform_id != "registrs", Row.remote_id != REMOVED.remote_id)).all()
    assert rows
    report = former.crawl([Record.from_json(row.payload) for row in rows], rows[0].platform_id)
    assert report.state == "done"
    assert {name: report.counts.get(name, 0) for name in ("new", "gone")} == {"new": 0, "gone": 0}
    assert {title: one.public_id for title, one in former.shown().items()} == before


def down_and_up(former: CatalogueFixture, client: FlaskClient, seen: dict[str, Any]) -> None:
    """Back to the release's version of the database, and to this one again."""
    migrate(former.database, command.downgrade, seen["migration"])
    assert not is_migrated(former.database)
    migrate(former.database, command.upgrade, "head")
    assert {address: page(client, address) for address in seen["pages"]} == seen["pages"]
