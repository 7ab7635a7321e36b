"""The register of removals at the desk and in the shell: what an admin reads there, and how an entry is lifted."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from platforma.catalogue.listings import listing_queries, removal_register
from platforma.catalogue.models import Role
from platforma.cli.main import main
from tests.people.desk import Desk, records


@pytest.fixture
def admin(desk: Desk) -> FlaskClient:
    return desk.signed_in(Role.ADMIN)


def remove(desk: Desk, admin: FlaskClient, remote_id: str) -> str:
    """Remove the listing of a record; its public id."""
    with desk.database.reading() as session:
        found = listing_queries.newest(session, 50)
        id = next(one.public_id for one in found if one.sources and one.sources[0].remote_id == remote_id)
    form = {"reason": f"lūdza {remote_id}", "sure": "1"}
    assert admin.post(f"/en/desk/initiatives/{id}/removal", data=form).status_code == 302
    desk.end_of_undoing()
    return id


def words(desk: Desk, client: FlaskClient, path: str, status: int = 200) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", desk.text(client, path, status))).split())


def test_the_register_is_read_and_an_entry_lifted_in_two_steps(desk: Desk, admin: FlaskClient) -> None:
    desk.crawl(records(3))
    assert "Nothing was ever removed for good." in words(desk, admin, "/en/desk/removals/")
    id = remove(desk, admin, "r01")
    assert 'href="/en/desk/removals/"' in desk.text(admin, "/en/desk/")
    page = words(desk, admin, "/en/desk/removals/")
    for part in (
        "Removal 1",
        "admin@",
        "lūdza r01",
        id,
        "id at its platform; web address of its own; name with its site; name alone",
    ):
        assert part in page, part
    assert "Ieraksts 1" not in page
    assert "as a new listing" in words(desk, admin, "/en/desk/removals/1")
    assert desk.crawl(records(3)).counts["refused"] == 1
    done = admin.post("/en/desk/removals/1", data={"reason": "lūdza atpakaļ"})
    assert done.location == "/en/desk/removals/?lifted=1"
    page = words(desk, admin, done.location)
    assert "Removal 1 was lifted." in page and "Reason for lifting it lūdza atpakaļ" in page and "Known by" not in page
    assert "<form" not in desk.text(admin, "/en/desk/removals/1").partition("<footer")[0].partition("<main")[2]
    assert desk.crawl(records(3)).counts["new"] == 1
    assert admin.get(f"/en/initiatives/{id}/x").status_code == 410


def test_what_cannot_be_lifted_is_said_in_the_readers_language(desk: Desk, admin: FlaskClient) -> None:
    desk.crawl(records(2))
    remove(desk, admin, "r01")
    answer = admin.post("/lv/desk/removals/1", data={"reason": " "})
    assert answer.status_code == 400
    assert "Norādiet, kāpēc dzēšana tiek atcelta" in answer.get_data(as_text=True)
    answer = admin.post("/lv/desk/removals/1", data={"reason": "x" * 501})
    assert answer.status_code == 400
    assert "garāks par 500" in answer.get_data(as_text=True) and "x" * 501 in answer.get_data(as_text=True)
    assert admin.post("/lv/desk/removals/1", data={"reason": "lūdza"}).status_code == 302
    again = admin.post("/lv/desk/removals/1", data={"reason": "lūdza"})
    assert again.status_code == 409
    assert "jau ir atcelta" in again.get_data(as_text=True)
    assert (
        admin.get("/lv/desk/removals/99").status_code
        == admin.post("/lv/desk/removals/99", data={"reason": "x"}).status_code
        == 404
    )


def test_a_long_register_is_paged(desk: Desk, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforma.web.desk.removals.ENTRIES_PER_PAGE", 1)
    desk.crawl(records(4))
    for id in ("r00", "r01"):
        remove(desk, admin, id)
    first = desk.text(admin, "/en/desk/removals/")
    assert "lūdza r01" in first and "lūdza r00" not in first and 'href="/en/desk/removals/?skip=1"' in first
    assert "lūdza r00" in desk.text(admin, "/en/desk/removals/?skip=1")
    assert "Back to the first" in desk.text(admin, "/en/desk/removals/?skip=2")


def test_curators_see_nothing_of_it(desk: Desk) -> None:
    curator = desk.signed_in()
    assert curator.get("/en/desk/removals/").status_code == 403
    assert "/desk/removals/" not in desk.text(curator, "/en/desk/")


def run(desk: Desk, *arguments: str) -> Result:
    settings: dict[str, Any] = {"PLATFORMA_DATA_DIR": str(desk.settings.data_dir)}
    return CliRunner().invoke(main, ["removals", *arguments], env=settings)


def test_the_shell_lists_and_lifts(desk: Desk, admin: FlaskClient) -> None:
    desk.crawl(records(2))
    assert run(desk, "list").stdout == ""
    id = remove(desk, admin, "r01")
    (line,) = run(desk, "list").stdout.splitlines()
    number, _day, by, public_id, state, kinds, reason = line.split("\t")
    assert (number, public_id, state, kinds, reason) == ("1", id, "holds", "id,address,site_name,flag", "lūdza r01")
    assert by.startswith("admin@")
    assert run(desk, "lift", "1").exit_code == 2, "without a reason"
    assert run(desk, "lift", "7", "--reason", "x").exit_code == 1
    lifted = run(desk, "lift", "1", "--reason", "lūdza atpakaļ")
    assert (lifted.exit_code, lifted.stdout) == (0, "")
    assert "\tlifted 2" in run(desk, "list").stdout
    with desk.database.reading() as session:
        assert removal_register.entry(session, 1).lifted_by == "shell"
    again = run(desk, "lift", "1", "--reason", "x")
    assert again.exit_code == 1 and again.stderr.count("\n") == 1 and "lifted already" in again.stderr


def test_the_partner_reads_that_something_was_left_out_and_why(desk: Desk, admin: FlaskClient) -> None:
    desk.crawl(records(3))
    remove(desk, admin, "r01")
    desk.mails()
    report = desk.crawl(records(3))
    ((_, _, body),) = desk.mails()
    assert "removed from the directory on request" in body and "(1×)" in body
    link = re.search(r"http://127\.0\.0\.1:8000(/en/reports/\S+)", body)
    assert link is not None and link[1].endswith(f"/{report.crawl_id}")
    page = words(desk, desk.app.test_client(), link[1])
    assert "removed from the directory on request" in page and "Ieraksts 1" not in page and "r01" not in page
