"""Pages from memory: the same as made anew, for visitors only, never older than the last commit of anybody, and counted."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from platforma.catalogue.enums import Role
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.listings import edits, removal
from platforma.catalogue.models import FailedSearch, Initiative, ListingVisits, SearchDay
from platforma.catalogue.people import accounts
from platforma.catalogue.terms import thesaurus
from platforma.services import Services
from platforma.settings import Settings
from platforma.web import kept_pages
from platforma.web.app import create_app
from platforma.web.page_store import OVERHEAD_BYTES, PageStore, StoredPage
from platforma.worker.indexing import drain_outbox, rebuild_index
from tests.web.site import RECORDS, make_site, settings_in

PAGES = (
    "/lv/", "/en/search?q=bread", "/lv/table?q=maize&col=country", "/lv/map?country=LV", "/lv/browse", "/lv/platforms/",
    "/lv/kinds/project",
)  # fmt: skip
PERSON = {"User-Agent": "Mozilla/5.0"}
TOKEN = {"Authorization": "Bearer a-long-token"}


def services_of(app: Flask) -> Services:
    services: Services = app.extensions["platforma"]
    return services


def store_of(app: Flask) -> PageStore:
    store: PageStore = app.extensions["kept_pages"]
    return store


def second_site(first: Flask) -> Flask:
    """Another process of the same installation, with connections and a memory of its own."""
    return create_app(Services.open(services_of(first).settings))


def public_id(app: Flask, title: str = "Saules maize") -> str:
    with services_of(app).database.reading() as session:
        return next(one.public_id for one in session.scalars(select(Initiative)) if title in str(one.composed))


def from_memory(app: Flask) -> float:
    text = app.test_client().get("/metrics", headers=TOKEN).text
    return next(
        (float(line.split()[1]) for line in text.splitlines() if line.startswith('platforma_pages_total{source="memory"')), 0
    )


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_site(tmp_path_factory.mktemp("kept"), metrics_token="a-long-token")


@pytest.fixture
def sites(tmp_path: Path, database_url: str) -> tuple[Flask, Flask]:
    """Two processes over one database, of each kind."""
    first = make_site(tmp_path, RECORDS[:2], database_url=database_url)
    return first, second_site(first)


@pytest.mark.parametrize("path", [*PAGES, "listing", "platform"])
def test_a_page_from_memory_is_the_page_made_anew(counted: Flask, path: str) -> None:
    client = counted.test_client()
    if path in ("listing", "platform"):
        folder = "initiatives" if path == "listing" else "platforms"
        href = client.get("/lv/search" if path == "listing" else "/lv/platforms/").text.split(f'href="/lv/{folder}/')
        path = f"/lv/{folder}/{next(part for part in href[1:] if not part.startswith(chr(34))).split(chr(34))[0]}"
    without = create_app(Services.open(without_memory(counted)))
    before = from_memory(counted)
    made, kept = client.get(path), client.get(path)
    assert from_memory(counted) == before + 1
    assert kept.text == made.text == without.test_client().get(path).text
    changing = {"X-Request-ID", "Date"}
    assert {k: v for k, v in kept.headers if k not in changing} == {k: v for k, v in made.headers if k not in changing}
    assert kept.headers["X-Request-ID"] != made.headers["X-Request-ID"]


def without_memory(app: Flask) -> Settings:
    return services_of(app).settings.model_copy(update={"page_cache_mb": 0})


def test_each_packing_language_host_and_day_has_a_page_of_its_own(counted: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = FlaskClient(counted, counted.response_class)  # packed answers are not for the one that reads pages
    ways: list[dict[str, Any]] = [
        {"path": "/lv/search?q=one"},
        {"path": "/en/search?q=one"},
        {"path": "/lv/search?q=one", "base_url": "https://other.example"},
        {"path": "/lv/search?q=one", "headers": {"Accept-Encoding": "gzip"}},
        {"path": "/lv/search?q=one", "headers": {"Accept-Encoding": "br"}},
        {"path": "/lv/search?q=one&page=2"},
    ]
    before = len(store_of(counted))
    answers = [client.get(**way) for way in ways for _ in range(2)]
    assert len(store_of(counted)) == before + len(ways)
    assert [answer.headers.get("Content-Encoding") for answer in answers[6:10]] == ["gzip", "gzip", "br", "br"]
    assert gzip.decompress(answers[7].data) == answers[0].data
    monkeypatch.setattr(kept_pages, "today", lambda: date(2031, 1, 1))
    client.get("/lv/search?q=one")
    assert len(store_of(counted)) == before + len(ways) + 1


def test_who_has_the_page_already_is_told_so(counted: Flask) -> None:
    client = counted.test_client()
    first = client.get("/lv/search?q=jau")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/lv/search?q=jau", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.head("/lv/search?q=jau").headers["Content-Length"] == first.headers["Content-Length"]


def refused(session: Session, id: str, _services: Services) -> None:
    edits.refuse(session, public_id=id, actor="t", reason="no")


def suppressed(session: Session, id: str, services: Services) -> None:
    removal.suppress(session, public_id=id, actor="t", reason="asked", key=services.secret_key)


@pytest.mark.parametrize(("remove", "status"), [(refused, 404), (suppressed, 410)])
def test_what_one_process_removes_no_other_shows_a_moment_longer(
    sites: tuple[Flask, Flask], remove: Callable[[Session, str, Services], None], status: int
) -> None:
    first, second = sites
    client, id = first.test_client(), public_id(first)
    listing = client.get(f"/lv/initiatives/{id}/").headers["Location"]
    paths = ("/lv/search?q=maize", "/lv/table", "/lv/", listing)
    assert all(id in client.get(path).text for path in paths for _ in range(2))
    assert len(store_of(first)) >= len(paths)
    with services_of(second).database.writing() as session:
        remove(session, id, services_of(second))
    assert client.get(listing).status_code == status
    assert not any(id in client.get(path).text for path in paths[:3])


def test_what_one_process_changes_and_indexes_the_other_shows_at_once(sites: tuple[Flask, Flask]) -> None:
    first, second = sites
    client, id = first.test_client(), public_id(first)
    assert not any(id in client.get("/en/search?q=moon").text for _ in range(2))
    changed = [replace(RECORDS[0], title={"en": "Moon Bread"}), RECORDS[1]]
    import_records(services_of(second).database, "avots", changed, actor="t", secret_key=services_of(second).secret_key)
    assert "Moon Bread" in client.get("/en/table").text
    drain_outbox(services_of(second))
    assert id in client.get("/en/search?q=moon").text


def test_a_new_index_and_a_changed_thesaurus_end_what_was_kept(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    client, services = app.test_client(), services_of(app)
    client.get("/lv/search?q=zvirbulīte")
    stamp = services.stamp()
    rebuild_index(services)
    assert services.stamp() != stamp
    client.get("/lv/search?q=zvirbulīte")
    assert len(store_of(app)) == 1
    with services.database.writing() as session:
        draft = thesaurus.Draft({"lv": ["zvirbulīte", "čiekurs"], "en": ["sparrow"]}, source="t")
        thesaurus.save(session, concept_id=None, draft=draft, actor="t")
    client.get("/lv/search?q=zvirbulīte")  # may be answered before this process has read the new words
    services.thesaurus.refresh(now=True)
    assert "Čiekurs" in client.get("/lv/search?q=zvirbulīte").text


def test_who_is_signed_in_gets_and_leaves_no_page_of_memory(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    app.config["WTF_CSRF_ENABLED"] = False
    visitor, curator = app.test_client(), app.test_client()
    with services_of(app).database.writing() as session:
        user = accounts.add_user(session, email="redaktors@sic.example", role=Role.CURATOR, actor="t")
        token = accounts.issue_sign_in(session, user_id=user.id)
    curator.post(f"/lv/sign-in/{token}")
    before = visitor.get("/lv/search?q=maize")
    for_curator = curator.get("/lv/search?q=maize", headers={"If-None-Match": before.headers["ETag"]})
    assert for_curator.status_code == 200 and "/lv/desk" in for_curator.text
    assert "ETag" not in for_curator.headers and for_curator.headers["Cache-Control"] == "private"
    assert visitor.get("/lv/search?q=maize").text == before.text and "/lv/desk" not in before.text


def test_a_page_with_a_form_or_an_error_is_not_kept(counted: Flask) -> None:
    client, before = counted.test_client(), len(store_of(counted))
    for path in ("/lv/add", "/lv/sign-in", "/lv/initiatives/aaaaaaaaaa/", "/lv/search?page=x", "/lv/search?q=" + "a" * 1_001):
        assert "ETag" not in client.get(path).headers
    assert len(store_of(counted)) == before


def test_what_is_counted_is_counted_for_pages_from_memory_too(tmp_path: Path) -> None:
    app = make_site(tmp_path)
    client, services = app.test_client(), services_of(app)
    listing = client.get(f"/lv/initiatives/{public_id(app)}/").headers["Location"]
    for path in ("/lv/search?q=maize", "/lv/search?q=qqqqxyz", listing):
        for headers in (PERSON, PERSON, {"User-Agent": "a bot"}):
            assert client.get(path, headers=headers).status_code == 200
        client.head(path, headers=PERSON)
    for tally in (services.searches, services.failed_searches, services.visits):
        tally.write()
    with services.database.reading() as session:
        asked = {row.words: row.times for row in session.scalars(select(SearchDay))}
        assert asked == {"maize": 2, "qqqqxyz": 2}
        assert session.scalar(select(FailedSearch.times)) == 4
        assert session.scalar(select(func.sum(ListingVisits.openings))) == 2


def test_memory_holds_what_fits_and_what_was_asked_for_last() -> None:
    store = PageStore(20 * (OVERHEAD_BYTES + 100))
    page = StoredPage(b"x" * 100, (), "tag", ())
    assert store.find("now", 0) is None
    for number in range(30):
        store.keep("now", number, page)
        store.find("now", 0)
    assert len(store) == 20 and store.size_bytes == 20 * page.size_bytes
    assert store.find("now", 0) is page and store.find("now", 1) is None and store.find("now", 29) is page
    store.keep("now", "large", StoredPage(b"x" * 10_000, (), "tag", ()))
    store.keep("before", "late", page)
    store.keep("now", "old", replace(page, made_at=page.made_at - 1_000))
    assert [store.find("now", key) for key in ("large", "late", "old")] == [None] * 3
    assert store.find("later", 0) is None and store.size_bytes == 0


def test_the_stamp_of_a_database_changes_with_commits_alone(database_url: str) -> None:
    one, other = Database(database_url), Database(database_url)
    before = one.stamp()
    with other.reading() as session:
        session.scalar(select(func.count(Initiative.id)))
    assert one.stamp() == before
    for database in (other, one):
        with database.writing() as session:
            session.add(SearchDay(day="2026-01-01", words=str(id(database)), times=1))
        after = one.stamp()
        assert after != before
        before = after
    one.dispose()
    assert one.stamp() != before or not database_url.startswith("sqlite")
    one.dispose()
    other.dispose()


def test_room_of_nothing_turns_it_off(tmp_path: Path) -> None:
    app = make_site(tmp_path, page_cache_mb=0)
    assert "kept_pages" not in app.extensions and "ETag" not in app.test_client().get("/lv/").headers
    assert settings_in(tmp_path).page_cache_mb > 0
