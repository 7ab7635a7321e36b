"""Accounts from the shell and at the desk: listed, added, closed, opened again; each change is told and audited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Event, Role
from platforma.catalogue.people import accounts
from platforma.cli.main import main
from platforma.mail.delivery import deliver_due
from tests.people.inbox import text_of
from tests.people.post import Post
from tests.people.site_fixture import SiteFixture

ANNA = "anna@sic.example"


@pytest.fixture
def post(tmp_path: Path, database_url: str) -> Post:
    return Post(tmp_path, database_url)


def shell(post: Post, *arguments: str) -> Result:
    environment = {"PLATFORMA_DATA_DIR": str(post.settings.data_dir), "PLATFORMA_DATABASE_URL": post.settings.database_url}
    return CliRunner().invoke(main, ["user", *arguments], env=environment)


def events(site: SiteFixture | Post) -> list[tuple[str, str, Any, Any]]:
    with site.database.reading() as session:
        rows = session.scalars(select(Event).where(Event.object_type == "user").order_by(Event.id))
        return [(row.actor, row.action, row.before, row.after) for row in rows]


def test_accounts_are_listed_closed_and_opened_again_from_the_shell(post: Post) -> None:
    assert shell(post, "add", "Anna@SIC.example", "--role", "admin").stdout.startswith("http://127.0.0.1:8000/lv/sign-in/")
    assert shell(post, "add", "berta@sic.example", "--role", "curator").exit_code == 0
    closed = shell(post, "close", " ANNA@sic.example")
    assert (closed.exit_code, closed.stdout, closed.stderr) == (0, "", "anna@sic.example: closed\n")
    lines = [line.split("\t")[:3] for line in shell(post, "list").stdout.splitlines()]
    assert lines == [["berta@sic.example", "curator", "open"], [ANNA, "admin", "closed"]]
    again = shell(post, "add", ANNA, "--role", "curator")
    assert "was closed; it is open again, as curator" in again.stderr and again.stdout.count("\n") == 1
    assert events(post) == [
        ("shell", "add", None, {"role": "admin"}),
        ("shell", "add", None, {"role": "curator"}),
        ("shell", "close", {"role": "admin"}, None),
        ("shell", "reopen", {"role": "admin"}, {"role": "curator"}),
    ]


@pytest.mark.parametrize(
    ("role", "said", "noted"), [("admin", "", 1), ("curator", "it is curator now", 2), ("reader", "it is reader now", 2)]
)
def test_another_role_of_a_known_address_is_told_and_audited(post: Post, role: str, said: str, noted: int) -> None:
    shell(post, "add", ANNA, "--role", "admin")
    answer = shell(post, "add", ANNA, "--role", role)
    assert (said in answer.stderr, bool(said)) == (True, "was admin" in answer.stderr)
    assert len(events(post)) == noted
    assert events(post)[-1][3] == {"role": role}


def test_closing_what_is_not_there_or_closed_is_one_line_and_exit_1(post: Post) -> None:
    shell(post, "add", ANNA, "--role", "admin")
    shell(post, "close", ANNA)
    for email, reason in (("nav@sic.example", "there is no account"), (ANNA, "is closed already")):
        answer = shell(post, "close", email)
        assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
        assert reason in answer.stderr


def test_closing_the_last_account_of_the_staff_says_so(post: Post) -> None:
    for email, role in ((ANNA, "admin"), ("berta@sic.example", "curator"), ("citi@sic.example", "partner")):
        shell(post, "add", email, "--role", role)
    assert "nobody can open the desk" not in shell(post, "close", ANNA).stderr
    assert "nobody can open the desk" in shell(post, "close", "berta@sic.example").stderr
    assert "nobody can open the desk" not in shell(post, "close", "citi@sic.example").stderr


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_an_admin_adds_lists_and_closes_accounts_at_the_desk(site: SiteFixture, lang: str) -> None:
    admin, where = site.signed_in(Role.ADMIN), f"/{lang}/desk/accounts/"
    assert f'href="{where}"' in admin.get(f"/{lang}/desk/").get_data(as_text=True)
    answer = admin.post(where, data={"email": "Anna@sic.example", "role": "curator"})
    assert answer.status_code == 200 and ANNA in answer.get_data(as_text=True)
    mail = site.last_mail()
    assert (mail["To"], mail["Content-Language"]) == (ANNA, lang)
    assert f"/{lang}/sign-in" in text_of(mail)
    with site.database.reading() as session:
        user = accounts.find_user(session, ANNA)
    assert user and user.role == Role.CURATOR
    assert admin.post(f"{where}{user.id}").status_code == 302
    assert admin.post(f"{where}{user.id}").status_code == 409
    assert admin.post(f"{where}{user.id + 99}").status_code == 404
    page = admin.get(where).get_data(as_text=True)
    assert ("slēgts" if lang == "lv" else "closed on") in page
    page = admin.post(where, data={"email": ANNA, "role": "admin"}).get_data(as_text=True)
    assert ("atkal ir atvērts" if lang == "lv" else "is open again") in page
    assert [actor for actor, *_rest in events(site)][-3:] == 3 * ["admin@sic.example"]


def test_a_known_address_gets_another_role_only_with_a_word(site: SiteFixture) -> None:
    admin = site.signed_in(Role.ADMIN)
    said = [
        admin.post("/en/desk/accounts/", data={"email": ANNA, "role": role}).get_data(as_text=True)
        for role in ("curator", "curator", "partner")
    ]
    assert "has an account now, as curator" in said[0]
    assert "nothing was changed" in said[1]
    assert f"{ANNA} was curator and is partner now" in said[2]
    assert deliver_due(site.database, site.services.settings) == 1, "only who could not sign in before is mailed"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"email": "x", "role": "curator"}, 400),
        ({"email": ANNA, "role": "owner"}, 400),
        ({"email": ANNA}, 400),
        ({}, 400),
        ({"email": "admin@sic.example", "role": "reader"}, 409),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(site: SiteFixture, data: dict[str, str], status: int) -> None:
    admin = site.signed_in(Role.ADMIN)
    before = events(site)
    answer = admin.post("/lv/desk/accounts/", data=data)
    assert answer.status_code == status and 'role="alert"' in answer.get_data(as_text=True)
    assert (events(site), admin.get("/lv/desk/accounts/").status_code) == (before, 200)


def test_nobody_closes_their_own_account_so_that_an_admin_is_left(site: SiteFixture) -> None:
    admin = site.signed_in(Role.ADMIN)
    with site.database.reading() as session:
        own = accounts.find_user(session, "admin@sic.example")
    assert own
    answer = admin.post(f"/en/desk/accounts/{own.id}")
    assert answer.status_code == 409 and "another admin" in answer.get_data(as_text=True)
    assert admin.get("/en/desk/accounts/").status_code == 200


@pytest.mark.parametrize("is_alone", [True, False])
def test_the_last_admin_is_neither_closed_nor_made_something_else(post: Post, *, is_alone: bool) -> None:
    with post.database.writing() as session:
        anna = accounts.add_user(session, email=ANNA, role=Role.ADMIN, actor="test").id
        berta = accounts.add_user(session, email="berta@sic.example", role=Role.ADMIN, actor="test").id
        accounts.add_user(session, email="citi@sic.example", role=Role.CURATOR, actor="test")
        if is_alone:
            accounts.close_account(session, user_id=berta, actor="test")
    before = events(post)
    for change in (
        lambda session: accounts.add_user(session, email=ANNA, role=Role.CURATOR, actor="test"),
        lambda session: accounts.close_account(session, user_id=anna, actor="test"),
    ):
        if is_alone:
            with pytest.raises(BadState, match="last admin"), post.database.writing() as session:
                change(session)
        else:
            with post.database.writing() as session:
                change(session)
                session.rollback()
    assert events(post) == before


def test_of_two_admins_who_make_each_other_curators_one_stays(post: Post) -> None:
    with post.database.writing() as session:
        for email in (ANNA, "berta@sic.example"):
            accounts.add_user(session, email=email, role=Role.ADMIN, actor="test")

    def make_curator(email: str) -> bool:
        try:
            with post.database.writing() as session:
                accounts.add_user(session, email=email, role=Role.CURATOR, actor="test")
        except BadState:
            return False
        return True

    with ThreadPoolExecutor(2) as at_once:
        assert sorted(at_once.map(make_curator, (ANNA, "berta@sic.example"))) == [False, True]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_roles_are_changed_and_accounts_opened_again_from_the_list(site: SiteFixture, lang: str) -> None:
    admin, where = site.signed_in(Role.ADMIN), f"/{lang}/desk/accounts/"
    admin.post(where, data={"email": ANNA, "role": "curator"})
    with site.database.reading() as session:
        user = accounts.account_of(session, ANNA)
        own = accounts.account_of(session, "admin@sic.example")
    assert user and own
    said = admin.post(f"{where}{user.id}/role", data={"role": "reader"}).get_data(as_text=True)
    assert (f"Konta {ANNA} loma bija redaktors" if lang == "lv" else f"{ANNA} was curator and is reader now") in said
    admin.post(f"{where}{user.id}")
    said = admin.post(f"{where}{user.id}/role", data={"role": "curator"}).get_data(as_text=True)
    assert ("atkal ir atvērts" if lang == "lv" else "is open again") in said
    assert [(row[1], row[3]) for row in events(site)][-3:] == [("role", {"role": "reader"}), ("close", None), ("reopen", {"role": "curator"})]  # fmt: skip
    answers = [admin.post(f"{where}{id}/role", data={"role": role}).status_code for id, role in ((own.id, "reader"), (user.id, "owner"), (999, "reader"))]  # fmt: skip
    assert answers == [409, 400, 404]


@pytest.mark.parametrize("role", [None, Role.READER, Role.PARTNER, Role.CURATOR])
def test_accounts_are_for_admins_only(site: SiteFixture, role: Role | None) -> None:
    client = site.signed_in(role) if role else site.app.test_client()
    before = events(site)
    assert client.get("/lv/desk/accounts/").status_code == (403 if role else 302)
    posts = [client.post("/lv/desk/accounts/", data={"email": ANNA, "role": "admin"}), client.post("/lv/desk/accounts/1")]
    assert [one.status_code for one in posts] == 2 * [403 if role else 401]
    assert events(site) == before
    assert "/desk/accounts/" not in client.get("/lv/desk/").get_data(as_text=True)
