"""Reading a site while somebody waits: real servers, good and hostile ones, within limits, without anybody else's network."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from platforma.catalogue.models import SiteReading
from platforma.catalogue.visitors.readings import Result
from platforma.catalogue.visitors.site_looks import Choices
from platforma.locks import lock
from platforma.worker import site_reading
from platforma.worker.site_reading import ReadingLimits, read_due_sites
from tests.crawlers.server import hostile, served
from tests.people.site_fixture import SiteFixture


@pytest.fixture
def site(tmp_path: Path) -> SiteFixture:
    return SiteFixture(tmp_path, crawl_private_hosts=True)


def register(site: SiteFixture, url: str) -> str:
    """The path of the look at an address."""
    answer = site.app.test_client().post("/en/register", data={"url": url})
    assert answer.status_code == 303
    return str(answer.location)


def text_of(site: SiteFixture, path: str) -> str:
    answer = site.app.test_client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(site: SiteFixture) -> list[SiteReading]:
    with site.database.reading() as session:
        return list(session.scalars(select(SiteReading).order_by(SiteReading.id)))


def members(title: str = "<title>Ciemu saraksts</title>") -> Flask:
    """A small site with a list on its front page."""
    app = Flask("members")

    @app.get("/")
    def front() -> str:
        entries = "".join(
            f"<article><h2>{name}</h2><p>Mēs palīdzam kaimiņiem {place}.</p><p>Vieta: {place}</p><p>Valsts: Latvija</p></article>"
            for name, place in zip(("Ābele", "Bērzs", "Ceriņš", "Dārzs"), ("Ogre", "Cēsis", "Talsi", "Saldus"), strict=True)
        )
        return f'<html lang="lv"><head>{title}</head><body><main>{entries}</main></body></html>'

    return app


@pytest.fixture
def small() -> Iterator[str]:
    with served(members()) as url:
        yield url


def test_a_site_is_read_and_shown_by_its_own_name(site: SiteFixture, small: str) -> None:
    path = register(site, small)
    assert read_due_sites(site.services) == 1
    text = text_of(site, path)
    assert "<strong>Ciemu saraksts</strong>" in text and 'value="Ciemu saraksts"' in text
    assert all(f">{name}</a>" in text for name in ("Ābele", "Bērzs", "Ceriņš", "Dārzs"))
    (row,) = rows(site)
    assert row.pages > 0 and row.expected == 4, "how far it came was written down"
    assert Choices.proposed(Result.from_json(row.result)).title == "Ciemu saraksts"
    assert read_due_sites(site.services) == 0


def test_words_that_we_do_not_know_are_counted_by_the_entries_that_have_them(site: SiteFixture) -> None:
    app = Flask("words")
    facts = (("Ābele", "Kosmoss; Izglītība"), ("Bērzs", "Kosmoss"), ("Ceriņš", "Izglitība"), ("Dārzs", "Kosmoss, Ronīši"))

    @app.get("/")
    def front() -> str:
        entries = "".join(f"<article><h2>{name}</h2><p>Mēs palīdzam.</p><p>Joma: {theme}</p></article>" for name, theme in facts)
        return f'<html lang="lv"><title>Saraksts</title><body><main>{entries}</main></body></html>'

    with served(app) as url:
        register(site, url)
        read_due_sites(site.services)
    words = Result.from_json(rows(site)[0].result).words
    assert [(word.dimension, word.text, len(word.remote_ids)) for word in words if word.text != "Izglitība"] == [
        ("theme", "Kosmoss", 3),
        ("theme", "Ronīši", 1),
    ]


def test_the_host_is_the_name_of_no_site(site: SiteFixture) -> None:
    with served(members(title="")) as url:
        path = register(site, url)
        read_due_sites(site.services)
        text = text_of(site, path)
    assert 'id="title" name="title" value=""' in text and "<strong>127.0.0.1" not in text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "We found no list on your site"),
        ("/broken/", "answered with an error"),
        ("/gone/", "no longer exists"),
        ("/loop/", "no longer exists"),
        ("/to-metadata/", "not on the public internet"),
        ("/to-file/", "not the address of a page"),
        ("/huge/", "too large"),
        ("/bomb/", "too large"),
    ],
)
def test_a_site_that_cannot_be_read_is_told_of_in_words_for_owners(site: SiteFixture, path: str, says: str) -> None:
    with hostile() as (base, _):
        look = register(site, f"{base}{path}")
        read_due_sites(site.services)
        text = text_of(site, look)
    assert "We could not read your site" in text and says in text
    assert "169.254" not in text and "PLATFORMA_" not in text and "recipe" not in text


def test_a_site_that_forbids_it_is_not_read(site: SiteFixture) -> None:
    with hostile(robots=b"User-agent: *\nDisallow: /\n", robots_status=200) as (base, asked):
        look = register(site, base)
        read_due_sites(site.services)
        assert "does not let programs read it" in text_of(site, look)
        assert asked == ["/robots.txt"]


def test_a_private_address_is_refused_where_it_is_not_allowed_even_behind_a_name(tmp_path: Path, small: str) -> None:
    site = SiteFixture(tmp_path)
    assert site.app.test_client().post("/en/register", data={"url": small}).status_code == 400
    look = register(site, "http://127.0.0.1.nip.example/")
    with site.database.writing() as session:
        row = session.get_one(SiteReading, 1)
        row.url = small  # as if the name led there by now
    read_due_sites(site.services)
    assert "not on the public internet" in text_of(site, look)


def endless(served_paths: list[str]) -> Flask:
    """A site whose every page leads to new pages."""
    app = Flask("endless")

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> str:
        served_paths.append(path)
        number = len(served_paths)
        links = "".join(f'<li><a href="/{number}-{n}/">Lapa {number} {n}</a></li>' for n in range(20))
        return f"<html><title>Bez gala</title><main><h1>Lapa {number}</h1><ul>{links}</ul></main></html>"

    return app


def test_an_endless_site_takes_no_more_than_the_limits(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[str] = []
    monkeypatch.setattr(site_reading, "LIMITS", ReadingLimits(pages=7))
    with served(endless(paths)) as url:
        look = register(site, url)
        assert read_due_sites(site.services) == 1
        assert "We are reading your site" not in text_of(site, look)
    assert len([path for path in paths if path != "robots.txt"]) <= 7


def test_a_site_that_never_answers_ends_after_the_seconds(site: SiteFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_reading, "LIMITS", ReadingLimits(seconds=0.5))
    released = threading.Event()
    with hostile(released=released) as (base, _):
        look = register(site, f"{base}/held/1")
        read_due_sites(site.services)
        released.set()
        assert "takes" not in text_of(site, look) and "answered too slowly" in text_of(site, look)


def test_the_end_of_the_process_puts_a_reading_back(site: SiteFixture) -> None:
    released, stopped = threading.Event(), threading.Event()
    with hostile(released=released) as (base, asked):
        register(site, f"{base}/held/1")
        worker = threading.Thread(target=read_due_sites, args=(site.services, stopped.is_set))
        worker.start()
        while "/held/1" not in asked:
            time.sleep(0.01)
        stopped.set()
        worker.join(30)
        released.set()
    (row,) = rows(site)
    assert (row.state, row.tries, row.pages) == ("waiting", 0, 0)


def test_two_at_once_on_one_host_wait_for_each_other_and_another_name_of_it_too(site: SiteFixture) -> None:
    open_now, most = [0], [0]
    counting_lock = threading.Lock()
    app = members()

    @app.get("/<path:path>")
    def other(path: str) -> str:
        return "<main>Nekas</main>"

    def counting(environ: dict[str, object], start: object) -> object:
        with counting_lock:
            open_now[0] += 1
            most[0] = max(most[0], open_now[0])
        time.sleep(0.02)
        try:
            return app.wsgi_app(environ, start)  # type: ignore[arg-type]
        finally:
            with counting_lock:
                open_now[0] -= 1

    with served(counting) as url:  # type: ignore[arg-type]
        looks = [register(site, address) for address in (url, f"{url}a", url.replace("127.0.0.1", "localhost"))]
        assert read_due_sites(site.services) == 3
        assert ["Ābele" in text_of(site, look) for look in looks] == [True, False, True]
    assert most == [1]


def test_only_one_process_reads_at_a_time(site: SiteFixture, small: str) -> None:
    look = register(site, small)
    with lock(site.services.settings, "site-readings"):
        assert read_due_sites(site.services) == 0
    assert "Your site is read in a moment" in text_of(site, look)
