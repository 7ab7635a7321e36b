"""Nobody is led to another site, nobody learns who has an account, and no address that somebody gives leads the crawler inside."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import event, func, select

from crawlers.errors import CrawlError
from crawlers.record import Record
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.models import Mail, Platform, PlatformState, Role, Token
from platforma.catalogue.people import accounts, proofs
from platforma.catalogue.people.rate_limits import LOOK, LinkAttempt
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.visitors import additions, site_looks
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.maintenance import run_maintenance
from platforma.worker.picture_fetching import fetch_due_pictures
from platforma.worker.proof_looking import look_for_codes
from platforma.worker.site_reading import read_due_sites
from platforma.worker.website_watch import look_at_due_websites
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running
from tests.people.desk import Desk, records
from tests.people.site_fixture import SiteFixture

ELSEWHERE = (
    "//evil.example", "\\\\evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "/%2fevil.example",
    "%2f%2fevil.example", "/\t/evil.example", "javascript:alert(1)", "/lv/..//evil.example", "///evil.example",
)  # fmt: skip
PARAMETERS = ("next", "back", "url", "return", "to", "from", "done", "saved", "pair", "answer", "lang", "name")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_page_leads_to_another_site_whatever_it_is_told(desk: Desk, elsewhere: str) -> None:
    desk.crawl(records(2))
    client, visitor = desk.signed_in(Role.ADMIN), desk.app.test_client()
    query = "&".join(f"{name}={quote(elsewhere)}" for name in PARAMETERS)
    rules = [rule for rule in desk.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}]
    assert len(rules) > 40
    for rule in rules:
        for one in (client, visitor):
            answer = one.get(f"{rule.rule.replace('<lang:lang>', 'lv')}?{query}")
            target = urlsplit(answer.headers.get("Location", ""))
            is_own = target.netloc in ("", "localhost", "127.0.0.1:8000") and "\\" not in target.path
            assert is_own and not target.path.startswith("//"), (rule.rule, answer.headers["Location"])


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(desk: Desk, elsewhere: str) -> None:
    with desk.database.writing() as session:
        id = accounts.add_user(session, email="anna@v.example", role=Role.PARTNER, actor="t").id
        secret = accounts.issue_sign_in(session, user_id=id)
    answer = desk.app.test_client().post(f"/lv/sign-in/{secret}", data={"next": elsewhere})
    assert (answer.status_code, answer.location) == (302, "/lv/partner/")


@contextmanager
def counted(site: SiteFixture) -> Iterator[list[str]]:
    """The statements of a while, without their values."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(re.sub(r"sa_savepoint_\d+", "…", statement))

    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)


def test_asking_to_sign_in_does_the_same_whether_there_is_an_account_or_not(site_on: SiteFixture) -> None:
    site = site_on
    with site.database.writing() as session:
        accounts.add_user(session, email="anna@sic.example", role=Role.CURATOR, actor="t")
        closed = accounts.add_user(session, email="dace@sic.example", role=Role.PARTNER, actor="t")
        accounts.close_account(session, user_id=closed.id, actor="t")
    done, pages = {}, set()
    for email in ("anna@sic.example", "dace@sic.example", "nobody@sic.example"):
        with counted(site) as statements:
            answer = site.app.test_client().post("/lv/sign-in", data={"email": email})
        done[email] = len(statements)
        pages.add((answer.status_code, answer.get_data(as_text=True).replace(email, "…")))
    assert len(set(done.values())) == 1, done
    assert len(pages) == 1
    with site.database.reading() as session:
        assert session.scalars(select(Mail.to)).all() == ["anna@sic.example"]
        assert session.scalar(select(func.count()).select_from(Token)) == 1, "of nobody nothing is stored"


INSIDE = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://017700000001:{port}/", "http://127.1:{port}/", "http://0:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://inside.partner.lv:{port}/", "http://inside.partner.lv/", "http://127.0.0.1.:{port}/", "http://anna@127.0.0.1:{port}/",
    "file:///etc/hostname", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.7/", "gopher://127.0.0.1:{port}/",
)  # fmt: skip
"""Addresses of this machine and its networks in the ways in which they can be written; a name that a stranger's name server leads
here."""
Entrance = Callable[[Desk, str], None]


def by_registering(desk: Desk, url: str) -> None:
    """The form, and a reading that was begun in spite of it."""
    desk.app.test_client().post("/lv/register", data={"url": url})
    with desk.database.writing() as session:
        site_looks.begin(session, url, LinkAttempt(LOOK, "198.51.100.7", "x", b"key"))
    read_due_sites(desk.services)


def by_a_recipe(desk: Desk, url: str) -> None:
    recipe = {"platform": "n", "title": "N", "url": url, "adapter": "html"}
    with desk.database.writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url=url, title="N", recipe=recipe), actor="t")
    crawl_platform(desk.services, "n", clock=QuickClock())


def by_a_proof(desk: Desk, url: str) -> None:
    with desk.database.writing() as session:
        session.get_one(Platform, "v").url = url
        proofs.ask(session, subject="v", by="anna@v.example")
    look_for_codes(desk.services, clock=QuickClock())


def by_an_addition(desk: Desk, url: str) -> None:
    """The website of what somebody adds, once it is public."""
    form = {"title": "Pievienota", "kind": "organisation", "summary": "Ko dara", "country": "LV", "website": url, "consent": "1"}
    desk.app.test_client().post("/lv/add", data={**form, "email": "a@a.example", "another": "1"})
    with desk.database.writing() as session:
        record = Record("a", kind="organisation", title={"lv": "Pievienota"}, country="LV", website=url)
        additions.enter(session, record, email="a@a.example", lang="lv")
        session.get_one(Platform, additions.PLATFORM).state = PlatformState.TRUSTED
    by_a_record(desk, Record("b", kind="organisation", title={"lv": "Cita"}, country="LV", website=url))
    look_at_due_websites(desk.services, clock=QuickClock())


def by_an_image(desk: Desk, url: str) -> None:
    by_a_record(desk, Record("c", kind="organisation", title={"lv": "Bilde"}, country="LV", image=url, licence="CC0-1.0"))
    fetch_due_pictures(desk.services, clock=QuickClock())


def by_a_record(desk: Desk, record: Record) -> None:
    import_records(desk.database, "cits", [record], actor="t", secret_key=desk.services.secret_key)
    run_maintenance(desk.services)


ENTRANCES: tuple[Entrance, ...] = (by_registering, by_a_recipe, by_a_proof, by_an_addition, by_an_image)
"""Every way in which an address that somebody gives can come to be asked for. A new one is one line here."""


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server of this machine that nobody outside may reach: its port, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *args: Any) -> None:
            """Silence."""

    with running(Handler) as base:
        yield urlsplit(base).port or 80, asked


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that leads a stranger's name to this machine."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host == "inside.partner.lv" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def tried(desk: Desk, entrance: Entrance, url: str) -> None:
    """An address that is refused on the way is refused well."""
    try:
        entrance(desk, url)
    except (CrawlError, CatalogueError, ValueError):
        return


@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda one: one.__name__)
def test_no_address_that_somebody_gives_leads_the_crawler_inside(tmp_path: Path, entrance: Entrance) -> None:
    with canary() as (port, asked):
        for number, url in enumerate(INSIDE):
            (tmp_path / str(number)).mkdir()
            tried(Desk(tmp_path / str(number), crawl_private_hosts=False), entrance, url.format(port=port))
            assert asked == [], url


@pytest.mark.parametrize("entrance", ENTRANCES, ids=lambda one: one.__name__)
def test_each_entrance_is_one(tmp_path: Path, entrance: Entrance) -> None:
    """Where the own network may be asked, the same way leads there: else the test above would show nothing."""
    with canary() as (port, asked):
        tried(Desk(tmp_path, crawl_private_hosts=True), entrance, f"http://127.0.0.1:{port}/x.png")
        assert asked, utc_now()
