"""Renames: addresses that changed their form only, and those that did not."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.ingest.renames import new_remote_ids, rename_records
from platforma.catalogue.models import Record, RecordState
from tests.rules.rows import add_crawl, add_record

NOW = "https://p.example/a"


@pytest.mark.parametrize(
    "former",
    [
        "http://p.example/a", "https://www.p.example/a", "https://p.example/a/", "https://p.example/a?utm_source=x&fbclid=1",
        "https://P.example/a", "https://p.example:443/a", "https://p.example//a", "http://www.p.example:80/a/?gclid=1",
    ],
)  # fmt: skip
def test_each_other_form_of_an_address_is_the_same_record(former: str) -> None:
    assert new_remote_ids([former], [NOW]) == {former: NOW}
    assert new_remote_ids([NOW], [former]) == {NOW: former}


@pytest.mark.parametrize(
    "former",
    [
        "https://p.example/b", "https://p.example/a#1", "https://p.example/a?id=1", "https://q.example/a", "https://p.example:8443/a",
        "post:1", "p.example/a", "https://p.example/A", "",
    ],
)  # fmt: skip
def test_another_address_is_another_record(former: str) -> None:
    assert new_remote_ids([former], [NOW]) == {}
    assert new_remote_ids([NOW], [former]) == {}


def test_what_is_no_address_is_left_alone() -> None:
    assert new_remote_ids(["post:1"], ["post:1 ", "POST:1"]) == {}
    assert new_remote_ids(["ftp://p.example/a"], ["ftp://p.example/a/"]) == {}


def test_what_is_still_staged_keeps_its_id() -> None:
    former = "http://p.example/a"
    assert new_remote_ids([former], [former, NOW]) == {}
    assert new_remote_ids([former], [former]) == {}


def test_what_is_known_by_its_new_id_already_is_no_new_name() -> None:
    assert new_remote_ids(["http://p.example/a", NOW], [NOW]) == {}


def test_a_new_id_is_given_once_to_the_first() -> None:
    first, second = "http://p.example/a", "https://p.example/a/"
    assert new_remote_ids([first, second], [NOW]) == {first: NOW}
    assert new_remote_ids([second, first], [NOW]) == {second: NOW}


def test_each_gets_its_own() -> None:
    known = [f"http://www.p.example/{name}/" for name in "abc"]
    assert new_remote_ids(known, ["https://p.example/b", "https://p.example/a"]) == {
        known[0]: "https://p.example/a",
        known[1]: "https://p.example/b",
    }


def test_of_two_new_forms_the_same_one_is_taken_whatever_their_order() -> None:
    new = ["https://p.example/a", "https://www.p.example/a"]
    former = "http://p.example/a"
    assert new_remote_ids([former], new) == new_remote_ids([former], new[::-1]) == {former: new[1]}


def ids(session: Session, platform: str = "p") -> dict[int, str]:
    query = select(Record.id, Record.remote_id).where(Record.platform_id == platform)
    return {row.id: row.remote_id for row in session.execute(query)}


def test_the_record_keeps_everything_but_its_id(session: Session) -> None:
    row = add_record(session, "p", "http://p.example/a")
    other = add_record(session, "p", "http://p.example/b")
    foreign = add_record(session, "q", "http://p.example/a")
    crawl = add_crawl(session, staged=[NOW])
    add_crawl(session, staged=["https://p.example/b"])
    assert rename_records(session, crawl) == 1
    assert ids(session) == {row.id: NOW, other.id: "http://p.example/b"}
    assert ids(session, "q") == {foreign.id: "http://p.example/a"}
    assert rename_records(session, crawl) == 0


@pytest.mark.parametrize("state", [RecordState.GONE, RecordState.ARCHIVED])
def test_one_that_stands_goes_before_one_that_is_gone_then_the_older(session: Session, state: RecordState) -> None:
    gone = add_record(session, "p", "http://p.example/a", state=state)
    first = add_record(session, "p", "https://www.p.example/a")
    second = add_record(session, "p", "https://p.example/a/")
    assert rename_records(session, add_crawl(session, staged=[NOW])) == 1
    assert ids(session) == {gone.id: "http://p.example/a", first.id: NOW, second.id: "https://p.example/a/"}


def test_one_that_is_gone_returns_by_its_new_name(session: Session) -> None:
    first, second = (
        add_record(session, "p", id, state=RecordState.ARCHIVED) for id in ("http://p.example/a", "https://p.example/a/")
    )
    assert rename_records(session, add_crawl(session, staged=[NOW])) == 1
    assert ids(session) == {first.id: NOW, second.id: "https://p.example/a/"}
