"""Suppression: by what a removed record is known again, each mark alone, and what is none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crawlers.record import Identifier, Record
from platforma.catalogue.listings.suppression import FLAG, SuppressionList, add_suppressions, shared_addresses
from platforma.catalogue.models import Removal, Suppression
from tests.rules.rows import add_platform, add_record, payload

KEY, OTHER_KEY = b"key", b"other key"
NAME = "Kopienas nams"
GONE = Record(
    "1", url="https://reg.example/ogre", website="https://www.nams.example/ogre", title={"lv": NAME, "en": "Community House"}, place="Ogre",
    identifiers=(Identifier("LV-RE", "4000 8000"),),
)  # fmt: skip


def removed(session: Session, *records: Record, platform: str = "p", kinds: tuple[str, ...] = ()) -> SuppressionList:
    """The register after these were removed; of these kinds of marks only, where any are given."""
    add_platform(session, platform, url=f"https://{platform}.example/")
    add_suppressions(session, KEY, [(platform, record) for record in records], reason="asked", by="c")
    session.flush()
    if kinds:
        session.execute(delete(Suppression).where(Suppression.kind.not_in(kinds)))
    return SuppressionList(session, KEY)


def new(remote_id: str = "9", title: str = "Cits", **fields: Any) -> Record:
    return Record(remote_id, title={"lv": title}, **fields)


@pytest.mark.parametrize(
    ("kind", "field", "same", "others"),
    [
        (
            "identifier", "identifiers", new(identifiers=(Identifier("LV-RE", "1"), Identifier("LV-RE", "40008000"))),
            [new(identifiers=(Identifier("EE-RIK", "40008000"),)), new(identifiers=(Identifier("LV-RE", "40008001"),)), new()],
        ),
        ("id", "remote_id", new("1"), [new("11"), new("")]),
        (
            "address", "url", new(url="http://reg.example/OGRE/?utm_source=x"),
            [new(url="https://reg.example/ogre2"), new(url="https://reg.example/ogre?id=1"), new(url="https://other.example/ogre"), new()],
        ),
        ("address", "url", new(website="http://nams.example/ogre"), [new(website="http://nams.example/"), new(website="http://nams.example")]),
        ("address", "url", new(url="http://nams.example/ogre"), [new(website="https://nams.example/talsi")]),
        (
            "site_name", "title", new(title="KOPIENAS  nams", website="https://nams.example/x", place="OGRE"),
            [
                new(title=NAME, website="https://nams.example/x", place="Talsi"), new(title="Nams", website="https://nams.example", place="Ogre"),
                new(title=NAME, website="https://cits.example", place="Ogre"), new(title=NAME, place="Ogre"),
            ],
        ),
        ("site_name", "title", new(title="Community house", url="https://nams.example/x"), [new(title=NAME, url="https://reg.example/x")]),
    ],
)  # fmt: skip
def test_each_mark_alone_knows_what_bears_it(session: Session, kind: str, field: str, same: Record, others: list[Record]) -> None:
    register = removed(session, GONE, kinds=(kind,))
    assert register.suppressed_by("p", same) == field
    assert [register.suppressed_by("p", other) for other in others] == [None] * len(others)


def test_the_surest_mark_is_told(session: Session) -> None:
    register = removed(session, GONE)
    assert register.suppressed_by("p", GONE) == "identifiers"
    assert register.suppressed_by("p", Record("1", url=GONE.url, title=GONE.title)) == "remote_id"
    assert register.suppressed_by("q", Record("1", url=GONE.url, title=GONE.title)) == "url"
    assert register.suppressed_by("q", Record("1", website="https://nams.example", title=GONE.title)) == "title"


def test_an_id_is_one_of_its_platform_in_any_form_of_an_address(session: Session) -> None:
    register = removed(session, new("https://www.reg.example/a/"), kinds=("id",))
    for id in ("https://www.reg.example/a/", "http://reg.example/a"):
        assert register.suppressed_by("p", new(id)) == "remote_id"
        assert register.suppressed_by("q", new(id)) is None


@pytest.mark.parametrize(
    ("was", "arrives", "is_known"),
    [
        ("Ogre", "Ogre", True),
        ("Ogre", None, True),
        (None, "Ogre", True),
        (None, None, True),
        ("Ogre", "Talsi", False),
        ("Ogre", "ogrē", True),
    ],
)
def test_a_name_and_site_are_parted_by_the_place_where_both_tell_one(
    session: Session, was: str | None, arrives: str | None, is_known: bool
) -> None:
    register = removed(session, new("1", NAME, website="https://nams.example", place=was), kinds=("site_name",))
    arrived = new("2", NAME, website="https://nams.example/x", place=arrives)
    assert register.suppressed_by("p", arrived) == ("title" if is_known else None)


def test_without_a_site_of_its_own_a_name_belongs_to_the_site_that_publishes_it(session: Session) -> None:
    register = removed(session, new("1", NAME, url="https://reg.example/1"), kinds=("site_name",))
    assert register.suppressed_by("q", new("2", NAME, url="https://reg.example/2")) == "title"
    assert register.suppressed_by("p", new("2", NAME, url="https://cits.example/2")) is None
    assert register.suppressed_by("p", new("2", NAME)) is None


@pytest.mark.parametrize("common", ["https://www.facebook.com/nams", "https://facebook.com/"])
def test_where_everybody_is_nobody_is_known_by_their_site(session: Session, common: str) -> None:
    register = removed(session, new("1", NAME, website=common))
    assert register.suppressed_by("q", new("2", "Cits", website="https://facebook.com/")) is None
    assert register.suppressed_by("q", new("2", NAME, website="https://facebook.com/cits")) is None
    assert register.suppressed_by("p", new("2", NAME)) == "title", "of the same platform and name"


def test_a_bare_name_is_a_flag_only(session: Session) -> None:
    register = removed(session, GONE)
    namesake = new("2", "KOPIENAS NAMS", website="https://talsi.example", place="Talsi")
    assert register.suppressed_by("q", namesake) is None
    assert register.has_suppressed_name(namesake)
    assert register.has_suppressed_name(Record("3", title={"en": "X", "lv": "Community house"}))
    assert not any(register.has_suppressed_name(new("2", name)) for name in ("Kopienas namiņš", "Kopienasnams"))
    removed(session, kinds=("id",))
    assert not SuppressionList(session, KEY).has_suppressed_name(namesake)


def test_addresses_that_others_have_too_are_no_marks(session: Session) -> None:
    add_platform(session, "p", url="https://p.example/")
    add_record(
        session,
        "p",
        "2",
        payload=payload(title={"lv": "Cits"}, url="https://reg.example/saraksts", website="https://shared.example"),
    )
    add_record(session, "p", "3", payload=payload(title={"lv": NAME}, url="https://reg.example/own"))
    gone = [
        new("1", NAME, url="https://reg.example/saraksts", website="http://www.shared.example/"),
        new("4", NAME, url="https://reg.example/own", website="https://p.example"),
    ]
    register = removed(session, *gone, kinds=("address",))
    for url in ("https://reg.example/saraksts", "https://shared.example", "https://p.example/"):
        assert register.suppressed_by("q", new(url=url)) is None
    assert register.suppressed_by("q", new(url="https://reg.example/own")) == "url", "one of the same name has it"
    assert register.suppressed_by("q", new(url="https://reg.example/own"), {"reg.example/own"}) is None, (
        "those that arrive share it"
    )


def test_an_entry_of_a_page_is_not_known_by_the_page(session: Session) -> None:
    page = "https://reg.example/saraksts"
    register = removed(session, new(f"{page}#nams", NAME, url=page), kinds=("address",))
    assert register.suppressed_by("q", new("2", url=page)) is None
    register = removed(session, new("https://reg.example/cita#nams", NAME, url=page), kinds=("address",))
    assert register.suppressed_by("q", new("2", url=page)) == "url"
    register = removed(session, new(f"{page}/viens", "Viens", url=f"{page}/viens"), kinds=("address",))
    assert register.suppressed_by("q", new("2", url=f"{page}/viens")) == "url", "a page of its own, by whose address it is known"


def test_shared_addresses_are_those_of_records_of_different_names() -> None:
    records = [
        payload(title={"lv": "Viens"}, url="https://a.example/1", website="https://s.example"),
        payload(title={"lv": "VIENS"}, url="https://www.a.example/1/"),
        payload(title={"lv": "Divi"}, url="https://b.example", website="http://www.s.example/"),
        payload(title={"lv": "Trīs"}),
    ]
    assert shared_addresses(records) == {"s.example"}
    assert shared_addresses(records[:2]) == frozenset()
    assert shared_addresses([*records, payload(title={"lv": "Trīs"}, url="https://a.example/1")]) == {"a.example/1", "s.example"}
    assert (
        shared_addresses([payload(title={}, url="https://a.example"), payload(title={}, url="https://a.example")]) == frozenset()
    )
    assert (
        shared_addresses(
            [payload(title={"lv": "A", "en": "B"}, url="https://a.example"), payload(title={"en": "A"}, url="https://a.example")]
        )
        == frozenset()
    )


def test_only_hashes_of_the_key_are_kept_once_for_each_removal_with_who_and_why(session: Session) -> None:
    assert not removed(session)
    register = removed(session, GONE, GONE)
    assert register
    rows = list(session.scalars(select(Suppression)))
    entries = session.scalars(select(Removal).where(Removal.id.in_([row.removal_id for row in rows])))
    assert [(row.reason, row.by) for row in entries] == [("asked", "c")]
    assert all(len(row.hash) == 64 for row in rows)
    assert not any(word in str([vars(row) for row in rows]) for word in ("nams", "Nams", "4000", "reg.example"))
    assert {row.kind for row in rows} == {"identifier", "id", "address", "site_name", FLAG}
    removed(session, GONE)
    assert len(list(session.scalars(select(Suppression)))) == 2 * len(rows), "a second removal has marks of its own"
    assert SuppressionList(session, OTHER_KEY).suppressed_by("p", GONE) is None
    assert not SuppressionList(session, OTHER_KEY).has_suppressed_name(GONE)


def test_nothing_is_known_where_nothing_was_removed(session: Session) -> None:
    register = SuppressionList(session, KEY)
    assert not register and register.suppressed_by("p", GONE) is None and not register.has_suppressed_name(GONE)
