"""Who may do what: every address with every method, for a visitor and for each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event, select

from platforma.catalogue.listings import suppression
from platforma.catalogue.lists import bulk_changes
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.catalogue.lists.choosing import Choice
from platforma.catalogue.models import Initiative, Membership, Platform, Record, Role
from platforma.catalogue.people import accounts, memberships, proofs
from platforma.catalogue.visitors import corrections
from platforma.mail.report_links import report_secret_name
from platforma.mail.signed_links import signed_token
from platforma.secret_key import secret_key
from platforma.web.context import COOKIE
from platforma.web.desk.roles import TASKS, RoleTask
from tests.people.desk import Desk, records

TABLE = """
anyone GET  302 /
anyone GET  200 /<lang>/
anyone GET  200 /<lang>/<name>
anyone GET  200 /<lang>/atom.xml
anyone GET  200 /<lang>/browse
anyone GET  302 /<lang>/countries/<country>
anyone GET  302 /<lang>/kinds/<kind>
anyone GET  302 /<lang>/kinds/<kind>/<country>
anyone GET  302 /<lang>/themes/<theme>
anyone GET  302 /<lang>/themes/<theme>/<country>
anyone GET  301 /<lang>/initiatives/<public_id>/
anyone GET  301 /<lang>/initiatives/<public_id>/<slug>
anyone GET  301 /<lang>/initiatives/<public_id>/<slug>.ics
anyone GET  200 /<lang>/add
anyone POST 400 /<lang>/add
anyone GET  410 /<lang>/add/<token>
anyone POST 410 /<lang>/add/<token>
anyone GET  410 /<lang>/add/<token>/status
anyone GET  200 /<lang>/contact
anyone POST 400 /<lang>/contact
anyone GET  200 /<lang>/initiatives/<public_id>/report
anyone POST 400 /<lang>/initiatives/<public_id>/report
anyone GET  200 /<lang>/platforms/<public_id>/report
anyone POST 400 /<lang>/platforms/<public_id>/report
anyone GET  410 /<lang>/report/<token>
anyone POST 410 /<lang>/report/<token>
anyone GET  410 /<lang>/report/<token>/status
anyone GET  200 /<lang>/embed
anyone GET  200 /<lang>/embed.json
anyone GET  200 /<lang>/widget
anyone GET  200 /<lang>/badge
anyone GET  200 /<lang>/badge.svg
anyone GET  200 /embed/<version>.js
anyone GET  200 /<lang>/map
anyone GET  200 /<lang>/map.json
anyone GET  200 /<lang>/platforms/
anyone GET  301 /<lang>/platforms/<public_id>/
anyone GET  301 /<lang>/platforms/<public_id>/<slug>
anyone GET  200 /<lang>/register
anyone POST 400 /<lang>/register
anyone GET  410 /<lang>/register/<token>
anyone POST 410 /<lang>/register/<token>
anyone GET  410 /<lang>/register/looks/<token>
anyone POST 400 /<lang>/register/looks/<token>
anyone POST 410 /<lang>/register/looks/<token>/again
anyone GET  200 /<lang>/register/table
anyone POST 400 /<lang>/register/table
anyone GET  200 /<lang>/register/table/template.xlsx
anyone GET  200 /<lang>/register/table/template.csv
anyone GET  410 /<lang>/register/table/confirm/<token>
anyone POST 410 /<lang>/register/table/confirm/<token>
anyone GET  410 /<lang>/register/tables/<token>
anyone POST 400 /<lang>/register/tables/<token>
anyone GET  410 /<lang>/register/tables/<token>/copy.xlsx
signed GET  200 /<lang>/partner/
anyone GET  410 /<lang>/partner/contacts/<token>
anyone POST 410 /<lang>/partner/contacts/<token>
anyone GET  410 /<lang>/partner/invitations/<token>
anyone POST 410 /<lang>/partner/invitations/<token>
members GET  200 /<lang>/partner/<public_id>/
members POST 409 /<lang>/partner/<public_id>/answer
members POST 400 /<lang>/partner/<public_id>/contact
members POST 409 /<lang>/partner/<public_id>/crawl
members GET  200 /<lang>/partner/<public_id>/leave
members POST 400 /<lang>/partner/<public_id>/leave
members POST 400 /<lang>/partner/<public_id>/mails
members GET  200 /<lang>/partner/<public_id>/mapping
members POST 400 /<lang>/partner/<public_id>/mapping
members POST 409 /<lang>/partner/<public_id>/mapping/back
members POST 400 /<lang>/partner/<public_id>/people
members GET  200 /<lang>/partner/<public_id>/people/<membership_id>
members POST 409 /<lang>/partner/<public_id>/people/<membership_id>
members GET  200 /<lang>/partner/<public_id>/proof
members POST 303 /<lang>/partner/<public_id>/proof
members POST 409 /<lang>/partner/<public_id>/proposal
members POST 400 /<lang>/partner/<public_id>/reading
members POST 400 /<lang>/partner/<public_id>/settings
members GET  200 /<lang>/partner/<public_id>/visits
members GET  404 /<lang>/partner/<public_id>/visits/<name>.csv
members GET  409 /<lang>/partner/<public_id>/table
members POST 409 /<lang>/partner/<public_id>/table
members GET  409 /<lang>/partner/<public_id>/table/<token>
members POST 409 /<lang>/partner/<public_id>/table/<token>
members GET  409 /<lang>/partner/<public_id>/table/<token>/copy.xlsx
anyone GET  404 /<lang>/reports/<token>/
anyone GET  404 /<lang>/reports/<token>/<crawl_id>
anyone GET  404 /<lang>/reports/<token>/<crawl_id>.csv
anyone GET  200 /<lang>/initiatives/<public_id>/claim
anyone POST 400 /<lang>/initiatives/<public_id>/claim
anyone GET  410 /<lang>/claim/<token>
anyone POST 410 /<lang>/claim/<token>
members GET  200 /<lang>/partner/listings/<public_id>/
members POST 400 /<lang>/partner/listings/<public_id>/
members GET  200 /<lang>/partner/listings/<public_id>/proof
members POST 400 /<lang>/partner/listings/<public_id>/proof
members GET  200 /<lang>/partner/listings/<public_id>/release
members POST 400 /<lang>/partner/listings/<public_id>/release
anyone GET  200 /<lang>/search
anyone GET  200 /<lang>/search.<format>
anyone GET  200 /<lang>/sign-in
anyone POST 400 /<lang>/sign-in
anyone GET  410 /<lang>/sign-in/<token>
anyone POST 410 /<lang>/sign-in/<token>
anyone POST 302 /<lang>/sign-out
anyone GET  200 /<lang>/statistics
anyone GET  404 /<lang>/statistics/<name>.csv
anyone POST 400 /<lang>/sign-in-by-passkey
anyone GET  200 /<lang>/subscribe
anyone POST 400 /<lang>/subscribe
anyone GET  410 /<lang>/subscribe/<token>
anyone POST 410 /<lang>/subscribe/<token>
anyone GET  410 /<lang>/letters/<token>
anyone POST 400 /<lang>/letters/<token>
anyone GET  410 /<lang>/letters/<token>/end
anyone POST 400 /<lang>/letters/<token>/end
anyone GET  410 /<lang>/subscriptions/<token>
anyone POST 400 /<lang>/subscriptions/<token>
anyone GET  410 /<lang>/subscriptions/<token>/end
anyone POST 400 /<lang>/subscriptions/<token>/end
anyone GET  410 /<lang>/desk-mails/<token>/end
anyone POST 400 /<lang>/desk-mails/<token>/end
anyone GET  410 /<lang>/desk-mails/<token>/end-urgent
anyone POST 400 /<lang>/desk-mails/<token>/end-urgent
anyone GET  410 /<lang>/partner-mails/<token>/end
anyone POST 400 /<lang>/partner-mails/<token>/end
anyone GET  200 /<lang>/opensearch.xml
anyone GET  200 /<lang>/suggest
anyone GET  200 /<lang>/suggest.json
anyone GET  200 /<lang>/table
anyone POST 204 /clicks
anyone GET  200 /api/v1/initiatives
anyone GET  200 /api/v1/initiatives/<public_id>
anyone GET  200 /api/v1/initiatives/<public_id>.jsonld
anyone GET  200 /api/v1/gogocarto.json
anyone GET  200 /api/v1/murmurations/<public_id>
anyone GET  200 /api/v1/openapi.json
anyone GET  200 /api/v1/platforms
anyone GET  200 /api/v1/reconcile
anyone POST 400 /api/v1/reconcile
anyone GET  200 /api/v1/reconcile/preview/<public_id>
anyone GET  200 /api/v1/reconcile/properties
anyone GET  200 /api/v1/reconcile/suggest/entity
anyone GET  200 /api/v1/reconcile/suggest/property
anyone GET  200 /api/v1/reconcile/suggest/type
anyone GET  200 /api/v1/vocabulary
anyone GET  200 /dumps/catalog.jsonld
anyone GET  200 /dumps/initiatives.<format>
anyone GET  200 /dumps/initiatives.<format>.gz
anyone GET  200 /healthz
anyone GET  200 /readyz
anyone GET  404 /metrics
anyone GET  200 /robots.txt
anyone GET  200 /sitemap.xml
anyone GET  200 /sitemaps/pages.xml
anyone GET  200 /sitemaps/initiatives-<number>.xml
anyone GET  404 /assets/<hashed_name>
anyone GET  200 /favicon.ico
anyone GET  200 /apple-touch-icon.png
anyone GET  302 /manifest.webmanifest
anyone GET  200 /<lang>/manifest.webmanifest
anyone GET  200 /<lang>/offline
anyone GET  200 /offline/catalogue.json
anyone GET  200 /service-worker.js
anyone GET  404 /pictures/<digest>-<size>.webp
anyone GET  302 /<lang>/sharing/site-<digest>.png
anyone GET  302 /<lang>/sharing/initiatives/<public_id>-<digest>.png
anyone GET  302 /<lang>/sharing/platforms/<public_id>-<digest>.png
anyone GET  404 /<lang>/sharing/search-<digest>.png
staff  GET  200 /<lang>/desk/
staff  GET  200 /<lang>/desk/audit
staff  GET  200 /<lang>/desk/audit.csv
staff  GET  200 /<lang>/desk/catalogue
staff  GET  200 /<lang>/desk/catalogue.csv
staff  POST 400 /<lang>/desk/catalogue/bulk
staff  GET  200 /<lang>/desk/catalogue/changes
staff  POST 400 /<lang>/desk/catalogue/changes
staff  GET  200 /<lang>/desk/catalogue/changes/<bulk_id>
staff  POST 409 /<lang>/desk/catalogue/changes/<bulk_id>
staff  POST 400 /<lang>/desk/catalogue/views
staff  POST 404 /<lang>/desk/catalogue/views/<view_id>
staff  GET  200 /<lang>/desk/claims
staff  GET  200 /<lang>/desk/claims/<public_id>
staff  POST 400 /<lang>/desk/claims/<public_id>
staff  GET  200 /<lang>/desk/concepts/
staff  GET  200 /<lang>/desk/concepts/<concept_id>
staff  POST 400 /<lang>/desk/concepts/<concept_id>
staff  GET  200 /<lang>/desk/concepts/new
staff  POST 400 /<lang>/desk/concepts/new
staff  GET  200 /<lang>/desk/conflicts
staff  POST 400 /<lang>/desk/conflicts
staff  POST 400 /<lang>/desk/conflicts/undo
staff  GET  200 /<lang>/desk/vocabulary/
staff  GET  200 /<lang>/desk/vocabulary/<dimension>/new
staff  POST 400 /<lang>/desk/vocabulary/<dimension>/new
staff  GET  200 /<lang>/desk/vocabulary/<dimension>/<term_id>
staff  POST 400 /<lang>/desk/vocabulary/<dimension>/<term_id>
staff  GET  200 /<lang>/desk/vocabulary/<dimension>/<term_id>/instead
staff  POST 400 /<lang>/desk/vocabulary/<dimension>/<term_id>/instead
staff  GET  200 /<lang>/desk/crawls
staff  GET  200 /<lang>/desk/crawls/<crawl_id>
staff  POST 400 /<lang>/desk/crawls/<crawl_id>
staff  GET  200 /<lang>/desk/crawls/<crawl_id>.csv
staff  GET  200 /<lang>/desk/decisions
staff  POST 404 /<lang>/desk/decisions/<decision_id>/undo
staff  GET  200 /<lang>/desk/duplicates
staff  POST 400 /<lang>/desk/duplicates
staff  POST 400 /<lang>/desk/duplicates/undo
staff  GET  200 /<lang>/desk/initiatives/<public_id>
staff  POST 400 /<lang>/desk/initiatives/<public_id>
staff  POST 400 /<lang>/desk/initiatives/<public_id>/decision
staff  POST 400 /<lang>/desk/initiatives/<public_id>/parting
staff  POST 400 /<lang>/desk/initiatives/<public_id>/removal
staff  POST 400 /<lang>/desk/initiatives/<public_id>/state
staff  GET  200 /<lang>/desk/initiatives/<public_id>/versions
staff  POST 404 /<lang>/desk/initiatives/<public_id>/versions
staff  GET  200 /<lang>/desk/listings
staff  POST 400 /<lang>/desk/listings
staff  GET  200 /<lang>/desk/held-back
staff  GET  200 /<lang>/desk/held-back/<held_id>
staff  POST 400 /<lang>/desk/held-back/<held_id>
staff  GET  200 /<lang>/desk/mails/
staff  POST 400 /<lang>/desk/mails/<mail_id>
staff  POST 400 /<lang>/desk/mine
staff  GET  200 /<lang>/desk/passkeys/
desk   POST 400 /<lang>/desk/passkeys/
desk   POST 400 /<lang>/desk/passkeys/<passkey_id>
staff  GET  200 /<lang>/desk/next
staff  GET  200 /<lang>/desk/next/<kind>/<name>
staff  POST 400 /<lang>/desk/next/<kind>/<name>
staff  GET  200 /<lang>/desk/platforms
staff  POST 400 /<lang>/desk/platforms/<platform_id>
staff  GET  200 /<lang>/desk/replies
staff  POST 400 /<lang>/desk/replies
staff  GET  200 /<lang>/desk/reports
staff  GET  200 /<lang>/desk/reports/<correction_id>
staff  POST 400 /<lang>/desk/reports/<correction_id>
staff  GET  200 /<lang>/desk/roles
staff  GET  200 /<lang>/desk/searches
staff  GET  200 /<lang>/desk/statistics
staff  GET  200 /<lang>/desk/translations
staff  GET  200 /<lang>/desk/searches/dismissed
staff  POST 400 /<lang>/desk/searches/dismissed
staff  GET  200 /<lang>/desk/searches/name
staff  POST 404 /<lang>/desk/searches/name
staff  GET  200 /<lang>/desk/searches/result
staff  GET  200 /<lang>/desk/sources
staff  GET  200 /<lang>/desk/stale
staff  POST 400 /<lang>/desk/stale
staff  POST 400 /<lang>/desk/stale/undo
staff  GET  200 /<lang>/desk/sources/<platform_id>
staff  POST 400 /<lang>/desk/sources/<platform_id>
staff  GET  200 /<lang>/desk/sources/<platform_id>/mapping
staff  POST 302 /<lang>/desk/sources/<platform_id>/mapping
staff  GET  200 /<lang>/desk/sources/<platform_id>/recipe
staff  POST 400 /<lang>/desk/sources/<platform_id>/recipe
staff  POST 302 /<lang>/desk/sources/<platform_id>/recipe/<version>
admins GET  200 /<lang>/desk/mail-texts/
admins GET  200 /<lang>/desk/mail-texts/<sample_name>
admins GET  200 /<lang>/desk/mail-texts/<sample_name>/html
admins GET  200 /<lang>/desk/accounts/
admins POST 400 /<lang>/desk/accounts/
admins POST 302 /<lang>/desk/accounts/<user_id>
admins POST 400 /<lang>/desk/accounts/<user_id>/role
admins GET  200 /<lang>/desk/operation/
admins GET  200 /<lang>/desk/removals/
admins GET  200 /<lang>/desk/removals/<removal_id>
admins POST 400 /<lang>/desk/removals/<removal_id>
"""
"""Who may, how, the answer to an empty form or to what stands in ARGUMENTS, and where; one line for each.

What the staff may look at, readers may look at too; `desk` is for what readers may also send, `signed` for whoever has an
account. `members` are those who answer for the platform, or keep the listing; for all others there is no such page, whatever their role.
"""
MEMBER = "member"
"""A partner who answers for the platform, and keeps a listing."""
ROLES = (None, Role.PARTNER, MEMBER, Role.READER, Role.CURATOR, Role.ADMIN)
STAFF, DESK = (Role.CURATOR, Role.ADMIN), (Role.READER, Role.CURATOR, Role.ADMIN)
ALLOWED = {"anyone": ROLES, "signed": ROLES[1:], "members": (MEMBER,), "desk": DESK, "staff": STAFF, "admins": (Role.ADMIN,)}
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")
ONLY_COUNTS = "/clicks"
"""The one address that pages without a form send to, which therefore takes no token; it changes nothing but a count."""
ARGUMENTS = {
    "lang": "lv", "name": "about", "slug": "x", "token": "wrong", "crawl_id": "1", "correction_id": "1", "mail_id": "1", "user_id": "1", "removal_id": "1", "membership_id": "1", "passkey_id": "1", "version": "1", "platform_id": "v",
    "bulk_id": "1", "held_id": "1", "view_id": "1",
    "concept_id": "food_bank", "decision_id": "1", "hashed_name": "site.css", "format": "csv", "digest": "x", "size": "page",
    "dimension": "theme", "term_id": "youth", "kind": "platform", "theme": "youth", "sample_name": "sign_in", "country": "se", "number": "0",
}  # fmt: skip
WRITES = re.compile(r"\s*(insert|update|delete|replace|create|drop|alter)\b", re.IGNORECASE)


class Row(NamedTuple):
    """One line of the table."""

    who: str
    method: str
    status: int
    path: str

    @property
    def roles(self) -> tuple[Role | str | None, ...]:
        """Who may."""
        return DESK if (self.who, self.method) == ("staff", "GET") else ALLOWED[self.who]


ROWS = [Row(who, method, int(status), path) for who, method, status, path in map(str.split, TABLE.strip().splitlines())]
BY_WAY = {(row.method, row.path): row for row in ROWS}
PATHS = list(dict.fromkeys(row.path for row in ROWS))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(Path(tmp_path_factory.mktemp("site")))
    desk.crawl(records(2))
    with desk.database.writing() as session:
        corrections.enter(session, corrections.CorrectionRequest("", "question", "", "Kāpēc?", "", "lv"))
        corrections.receive(session, corrections.CorrectionRequest("", "question", "", "Pērciet <a href=x>", "", "lv"))
        choice = Choice(platform="v")
        order = bulk_changes.Order(choice, BulkAction.SET_KIND, "project")
        bulk_changes.start(session, order, actor="t", key="k", expected=2)
        suppression.add_suppressions(session, b"key", [], reason="lūdza", by="t")
        user = accounts.add_user(session, email=f"{MEMBER}@sic.example", role=Role.PARTNER, actor="test")
        session.add(Membership(user_id=user.id, platform_id="v", role=memberships.OWNER))
        listing_id = session.scalars(select(Initiative.id).join(Record)).first()
        claim = Membership(user_id=user.id, initiative_id=listing_id, role=memberships.OWNER)
        session.add(claim)
        session.flush()
        proofs.vouch(session, subject=claim.id, actor="test")
    return desk


@contextmanager
def written(desk: Desk) -> Iterator[list[str]]:
    """The statements that change the database meanwhile."""
    statements: list[str] = []

    def look(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if WRITES.match(statement):
            statements.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", look)
    yield statements
    event.remove(desk.database.engine, "before_cursor_execute", look)


def ways(app: Flask) -> set[tuple[str, str]]:
    """Every method and address of the site; arguments by their name alone."""
    ways = set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule)
        ways |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return ways


def address(desk: Desk, path: str) -> str:
    """An address of something that is there; only tokens are wrong ones."""
    with desk.database.reading() as session:
        query = (
            select(Platform.public_id).where(Platform.id == "v")
            if "/partner/<" in path
            else select(Platform.public_id)
            if "/platforms/" in path
            else select(Initiative.public_id).join(Record)
        )
        ids = {"public_id": session.scalars(query).first() or ""}
    return re.sub(r"<(\w+)>", lambda match: (ARGUMENTS | ids)[match[1]], path)


def client_of(desk: Desk, role: Role | str | None) -> FlaskClient:
    """A browser in which somebody of this role has just signed in; None is a visitor."""
    client = desk.app.test_client()
    if role is not None:
        with desk.database.writing() as session:
            account = Role.PARTNER if role == MEMBER else Role(role)
            user = accounts.add_user(session, email=f"{role}@sic.example", role=account, actor="test")
            secret = accounts.open_session(session, user.id)
        client.set_cookie(COOKIE, secret)
    return client


def expected(role: Role | str | None, method: str, path: str) -> int:
    row = BY_WAY.get(("GET" if method in ("HEAD", "OPTIONS") else method, path))
    if method == "OPTIONS":
        row = BY_WAY.get(("GET", path)) or BY_WAY["POST", path]
    if row is None:
        return 405
    if role in (DESK if (row.who, method) == ("staff", "OPTIONS") else row.roles):
        return 200 if method == "OPTIONS" else row.status
    if role is None:
        return 401 if method == "POST" else 302
    if row.who == "members":
        return 200 if method == "OPTIONS" else 404
    return 403


def test_every_address_has_its_row_and_every_row_its_address(desk: Desk) -> None:
    site_ways = ways(desk.app)
    assert sorted(site_ways - BY_WAY.keys()) == [], "say who may use these, in TABLE"
    assert sorted(BY_WAY.keys() - site_ways) == [], "these are no addresses any more"
    assert len(ROWS) == len(BY_WAY), "a line stands twice"


@pytest.mark.parametrize("path", PATHS)
def test_each_role_gets_what_the_table_says_by_each_method(desk: Desk, path: str) -> None:
    """Neither looking nor what is refused writes anything, but for who looks at an item of a queue."""
    where = address(desk, path)
    for role in ROLES:
        client = client_of(desk, role)
        for method in METHODS:
            with written(desk) as statements:
                answer = client.open(where, method=method)
            assert answer.status_code == expected(role, method, path), (role, method)
            if method != "POST" or answer.status_code >= 400:
                others = [statement for statement in statements if "/desk/next" not in path or "claims" not in statement]
                assert not others, (role, method, others)


def task_of(row: Row) -> RoleTask:
    """What the page of roles says of a row: the task with the longest beginning of its address."""
    own = f"{row.method} {row.path.removeprefix('/<lang>')}"
    found = [(way, task) for task in TASKS for way in task.ways if own.startswith(way)]
    assert found, f"say on the page of roles who may {row.method} {row.path}: TASKS in web/desk/roles.py"
    return max(found, key=lambda one: len(one[0]))[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}{row.path}")
def test_the_page_of_roles_says_who_may(row: Row) -> None:
    assert set(task_of(row).roles) == {Role.PARTNER if role == MEMBER else role for role in row.roles}


def test_the_page_of_roles_promises_nothing_that_is_not_there(desk: Desk) -> None:
    assert {task_of(row).text for row in ROWS} == {task.text for task in TASKS}
    page = desk.text(desk.signed_in(Role.READER), "/en/desk/roles")
    assert all(escape(task.text) in page for task in TASKS), "each task stands on the page, under one of its roles"
    assert page.count("your role") == 1


def test_looking_writes_nothing_and_what_was_searched_for_in_vain_is_written_later(desk: Desk) -> None:
    with written(desk) as statements:
        for words in ("maize", "nekurienes"):
            desk.text(desk.app.test_client(), f"/lv/search?q={words}")
    assert not statements
    with written(desk) as statements:
        desk.services.failed_searches.write()
    assert statements and all("misses" in statement for statement in statements)


@pytest.mark.parametrize("path", [row.path for row in ROWS if row.method == "POST" and row.path != ONLY_COUNTS])
def test_a_form_without_its_token_is_refused_whoever_sends_it(desk: Desk, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desk.app.config, "WTF_CSRF_ENABLED", True)
    for role in ROLES:
        client = client_of(desk, role)
        with written(desk) as statements:
            assert client.post(address(desk, path)).status_code == 400
        assert not statements


def test_a_partners_link_opens_its_own_reports_only(desk: Desk) -> None:
    with desk.database.reading() as session:
        platform = session.get_one(Platform, "v")
    token = signed_token(secret_key(desk.settings), platform.public_id, report_secret_name(platform))
    link = f"/lv/reports/{token}/1"
    visitor = desk.app.test_client()
    assert visitor.get(link).status_code == 200
    assert visitor.get(f"{link}.csv").status_code == 200
    assert visitor.get(re.sub(r"/1$", "/2", link)).status_code == 404
    assert visitor.get(re.sub(r"/1$", "/", link)).status_code == 200
    for wrong in (_other(token[0]) + token[1:], token[:-1] + _other(token[-1]), f"{token}-", token.replace("-", "")):
        assert visitor.get(f"/lv/reports/{wrong}/1").status_code == 404


def _other(letter: str) -> str:
    """A letter or digit that is not this one."""
    return "b" if letter == "a" else "a"
