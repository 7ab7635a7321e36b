"""The page for operators: what does not work stands first, in the reader's language, with what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.models import Mail, Role
from platforma.health import examination
from tests.people.desk import Desk, records


@pytest.fixture
def admin(desk: Desk) -> FlaskClient:
    return desk.signed_in(Role.ADMIN)


def words(desk: Desk, client: FlaskClient, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", desk.text(client, path))).split())


def test_the_page_tells_of_each_part_and_of_what_is_stored(desk: Desk, admin: FlaskClient) -> None:
    desk.crawl(records(3))
    page = words(desk, admin, "/en/desk/operation/")
    assert "Database: well it answers and is of this version" in page
    assert "Records of sources 7 7 of them new in 30 days" in page
    assert "Crawls that run now None." in page
    assert "Datubāze: labi tā atbild un ir šīs versijas" in words(desk, admin, "/lv/desk/operation/")


def test_what_does_not_work_stands_first_with_what_to_do(desk: Desk, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    due_at = utc_now() - timedelta(hours=2)
    with desk.database.writing() as session:
        session.add(
            Mail(to="a@a.example", lang="lv", subject="x", body="x", due_at=due_at, give_up_at=due_at + timedelta(days=3))
        )
    monkeypatch.setattr(examination, "MIN_FREE_BYTES", 1 << 62)
    page = words(desk, admin, "/lv/desk/operation/")
    assert page.index("Disks: nedarbojas") < page.index("Fona darbi: nedarbojas") < page.index(": labi")
    assert "vēstules gaida: 1, visilgāk – 120 min → vai platforma worker darbojas?" in page
