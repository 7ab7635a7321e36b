"""The desk's queue of what may be out of date: what waits, in which order, what each decision does, and its undo."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crawlers.record import Record
from platforma.catalogue.enums import InitiativeState, WebsiteState
from platforma.catalogue.listings import edits, stale, stale_decisions
from platforma.catalogue.listings.grace import GRACE, archive_overdue
from platforma.catalogue.models import Confirmation, Initiative, Role, Website
from platforma.catalogue.models import Record as Row
from tests.people.desk import Desk

PAGE = "/lv/desk/stale"
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=731)


def site_of(number: int) -> str:
    return f"https://vietne{number}.example/"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.crawl([Record(f"r{n}", title={"lv": f"Ieraksts {n}"}, website=site_of(n)) for n in range(6)])
    return desk


def listing_id(desk: Desk, number: int) -> str:
    with desk.database.reading() as session:
        return session.scalars(select(Initiative.public_id).join(Row).where(Row.remote_id == f"r{number}")).one()


def set_website(desk: Desk, number: int, state: WebsiteState, **more: Any) -> None:
    values: dict[str, Any] = {"state": state, "reason": "iemesls", "since": NOW - timedelta(days=5), "fetched_at": NOW}
    with desk.database.writing() as session:
        session.execute(update(Website).where(Website.url == site_of(number)).values(values | more))


def set_published(desk: Desk, number: int, at: datetime) -> None:
    with desk.database.writing() as session:
        session.execute(update(Initiative).where(Initiative.public_id == listing_id(desk, number)).values(published_at=at))


def end(desk: Desk, number: int) -> None:
    with desk.database.writing() as session:
        id = session.scalars(select(Initiative.id).where(Initiative.public_id == listing_id(desk, number))).one()
        stale_decisions.note_end(session, id, NOW)


def waiting(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        items = stale.items(session, limit=50)
        assert stale.waiting(session)[0] == len(items)
        return [(one.public_id, one.cause) for one in items]


def text(client: FlaskClient, path: str = PAGE, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def decide(client: FlaskClient, desk: Desk, number: int, cause: str, decision: str) -> Any:
    return client.post(PAGE, data={"listing": listing_id(desk, number), "cause": cause, "decision": decision})


def undo(client: FlaskClient, location: str) -> Any:
    (id,) = re.findall(r"done=(\d+)", location)
    return client.post(f"{PAGE}/undo", data={"decision": id})


def make_stale(desk: Desk, number: int, cause: str) -> None:
    if cause == "ended":
        end(desk, number)
    elif cause == "gone":
        desk.crawl([Record(f"r{n}", title={"lv": f"Ieraksts {n}"}, website=site_of(n)) for n in range(6) if n != number])
    elif cause == "unconfirmed":
        set_published(desk, number, LONG_AGO)
    else:
        failed_at = NOW - timedelta(days=31) if cause == "silent" else None
        seen = {"title": "Kazino", "lang": "en", "host": "kazino.example", "parked": "x" if cause == "parked" else ""}
        set_website(desk, number, WebsiteState(cause), first_failed_at=failed_at, seen=seen)


CAUSES = [str(cause) for cause in stale.Cause]


def test_the_surest_comes_first(desk: Desk) -> None:
    for number, cause in enumerate(("unconfirmed", "silent", "other", "parked", "dead", "ended")):
        make_stale(desk, number, cause)
    assert [cause for _, cause in waiting(desk)] == ["ended", "dead", "parked", "other", "silent", "unconfirmed"]


def test_the_count_says_since_when_the_oldest_waits(desk: Desk) -> None:
    with desk.database.reading() as session:
        assert stale.waiting(session) == (0, None)
    make_stale(desk, 1, "unconfirmed")
    make_stale(desk, 2, "dead")
    with desk.database.reading() as session:
        assert stale.waiting(session) == (2, LONG_AGO)


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_shown_settled_by_a_key_and_taken_back(desk: Desk, cause: str) -> None:
    curator = desk.signed_in()
    make_stale(desk, 2, cause)
    before = waiting(desk)
    assert before == [(listing_id(desk, 2), cause)]
    page = text(curator)
    assert "Ieraksts 2" in page
    assert 'data-key="1"' in page
    answer = decide(curator, desk, 2, cause, "keep")
    assert answer.status_code == 302
    assert waiting(desk) == []
    assert 'data-key="0"' in text(curator, answer.location)
    assert undo(curator, answer.location).status_code == 302
    assert waiting(desk) == before


@pytest.mark.parametrize("cause", CAUSES)
def test_each_can_be_taken_off_the_site_and_put_back(desk: Desk, cause: str) -> None:
    curator = desk.signed_in()
    make_stale(desk, 2, cause)
    before = waiting(desk)
    path = f"/lv/initiatives/{listing_id(desk, 2)}/ieraksts-2"
    answer = decide(curator, desk, 2, cause, "unpublish")
    assert desk.app.test_client().get(path).status_code == 404
    assert waiting(desk) == []
    undo(curator, answer.location)
    assert desk.app.test_client().get(path).status_code == 200
    assert waiting(desk) == before


def test_who_comes_second_is_told_who_decided_what(desk: Desk) -> None:
    make_stale(desk, 2, "dead")
    decide(desk.signed_in(), desk, 2, "dead", "keep")
    answer = decide(desk.signed_in(Role.ADMIN), desk, 2, "dead", "unpublish")
    assert answer.status_code == 409
    assert "curator@sic.example" in answer.get_data(as_text=True)
    with desk.database.reading() as session:
        state = session.scalars(select(Initiative.state).where(Initiative.public_id == listing_id(desk, 2))).one()
    assert state == InitiativeState.PUBLISHED


def test_what_changed_since_is_not_taken_back(desk: Desk) -> None:
    curator = desk.signed_in()
    make_stale(desk, 2, "dead")
    answer = decide(curator, desk, 2, "dead", "keep")
    set_website(desk, 2, WebsiteState.PARKED, settled_at=None)
    assert undo(curator, answer.location).status_code == 409
    assert waiting(desk) == [(listing_id(desk, 2), "parked")]


def test_a_settled_doubt_accepts_what_is_there_now(desk: Desk) -> None:
    make_stale(desk, 2, "other")
    decide(desk.signed_in(), desk, 2, "other", "keep")
    with desk.database.reading() as session:
        row = session.scalars(select(Website).where(Website.url == site_of(2))).one()
    assert row.known["title"] == "Kazino"
    assert row.state == WebsiteState.ALIVE


def test_an_edit_or_a_confirmation_counts_for_two_years(desk: Desk) -> None:
    for number in (1, 2, 3):
        set_published(desk, number, LONG_AGO)
    with desk.database.writing() as session:
        version = session.scalars(select(Initiative.version).where(Initiative.public_id == listing_id(desk, 1))).one()
        edits.set_value(session, edits.Edit(listing_id(desk, 1), "place", "", "c@sic.example", version), "Ogre")
        id = session.scalars(select(Initiative.id).where(Initiative.public_id == listing_id(desk, 2))).one()
        session.add(Confirmation(initiative_id=id, confirmed_at=NOW - timedelta(days=700), confirmed_by="c@sic.example"))
    assert waiting(desk) == [(listing_id(desk, 3), "unconfirmed")]


def test_what_is_gone_waits_only_in_its_grace_and_not_while_another_source_lists_it(desk: Desk) -> None:
    make_stale(desk, 2, "gone")
    assert waiting(desk) == [(listing_id(desk, 2), "gone")]
    page = text(desk.app.test_client(), f"/lv/initiatives/{listing_id(desk, 2)}/ieraksts-2")
    assert "Avots šo ierakstu vairs nepublicē" in page
    with desk.database.writing() as session:
        archive_overdue(session, datetime.now(UTC) + GRACE)
    assert waiting(desk) == []


def test_an_empty_queue_says_what_comes_here(desk: Desk) -> None:
    assert "Nekas negaida" in text(desk.signed_in())


def test_what_does_not_wait_any_more_is_said(desk: Desk) -> None:
    assert "vairs negaida" in text(desk.signed_in(), f"{PAGE}?item={listing_id(desk, 2)}-dead")


def test_readers_and_visitors_decide_nothing(desk: Desk) -> None:
    make_stale(desk, 2, "dead")
    assert decide(desk.signed_in(Role.READER), desk, 2, "dead", "keep").status_code == 403
    assert decide(desk.app.test_client(), desk, 2, "dead", "keep").status_code == 401
    assert len(waiting(desk)) == 1
