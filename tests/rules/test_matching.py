"""Matching: what is certainly the same, which listing is joined, and what is left to people."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings.matching import RULE, Candidate, certain_keys, match_new, oldest_match
from platforma.catalogue.models import Event, Initiative, InitiativeState, Judgement
from platforma.catalogue.shapes import RecordPayload
from tests.rules.rows import START, add_listing, add_record, payload

SITE = "https://saule.example"
NUMBER = {"scheme": "LV-RE", "value": "40103000000"}
PUBLISHED, NEW, ARCHIVED = InitiativeState.PUBLISHED, InitiativeState.NEW, InitiativeState.ARCHIVED


def keys(**fields: Any) -> set[str]:
    return set(certain_keys(cast(RecordPayload, {**payload(), **fields})))


@pytest.mark.parametrize(
    "other",
    [
        {"website": "https://saule.example/"},
        {"website": "http://www.saule.example"},
        {"website": "https://SAULE.example/#par"},
        {"website": "https://saule.example/?utm_source=x"},
        {"title": {"lv": "SAULES   MAIZE"}},
        {"title": {"en": "Saules maize"}},
        {"title": {"en": "Sun Bread", "lv": "Saules maize"}},
        {"title": {"lv": " Saules\nmaize "}},
    ],
)
def test_the_same_name_and_website_are_the_same_however_they_are_written(other: dict[str, Any]) -> None:
    assert keys(website=SITE) & keys(**{"website": SITE} | other)


@pytest.mark.parametrize(
    "other",
    [
        {"title": {"lv": "Saules maizes"}},
        {"title": {"lv": "Saulesmaize"}},
        {"website": None},
        {"website": f"{SITE}/cits"},
        {"website": f"{SITE}/?id=2"},
        {"website": "https://saule.example.org"},
        {"website": "https://blogs.saule.example"},
        {"website": "https://saule.example:8080"},
    ],
)
def test_another_name_or_another_page_is_not_certain(other: dict[str, Any]) -> None:
    assert not keys(website=SITE) & keys(**{"website": SITE} | other)


def test_a_path_and_parameters_of_the_website_count() -> None:
    """On a portal many stand side by side under one name of a host."""
    assert keys(website=f"{SITE}/a?id=1") & keys(website=f"{SITE}/a/?id=1")
    assert not keys(website=f"{SITE}/a?id=1") & keys(website=f"{SITE}/a?id=2")


def test_a_bare_name_or_a_bare_website_is_no_key() -> None:
    assert keys() == set()
    assert keys(website="") == set()
    assert keys(website="saule.example") == keys(website="mailto:info@saule.example") == set()
    assert keys(title={}, website=SITE, identifiers=[NUMBER]) == set()


def test_an_identifier_counts_with_its_scheme_and_the_name() -> None:
    known = keys(identifiers=[NUMBER])
    assert known & keys(identifiers=[{"scheme": "LV-SRV", "value": "1"}, NUMBER])
    assert known & keys(identifiers=[NUMBER], website=SITE)
    assert not known & keys(identifiers=[NUMBER | {"scheme": "EE-RIK"}])
    assert not known & keys(identifiers=[NUMBER | {"value": "40103000001"}])
    assert not known & keys(identifiers=[NUMBER], title={"lv": "Mēness"})


def test_every_title_is_joined_with_every_mark() -> None:
    blocking_keys = keys(title={"lv": "Saule", "en": "Sun"}, website=SITE, identifiers=[NUMBER])
    assert blocking_keys == {f"{title}\n{mark}" for title in ("saule", "sun") for mark in (SITE, "LV-RE:40103000000")}


def known(id: int, platform: str = "a", state: InitiativeState = PUBLISHED) -> Candidate:
    return Candidate(id, state, {platform})


def match(*others: tuple[str, Candidate], state: InitiativeState = PUBLISHED, keys_of_new: str = "xy") -> int | None:
    by_key: dict[str, list[Candidate]] = {}
    for key, other in others:
        by_key.setdefault(key, []).append(other)
    oldest = oldest_match(Candidate(99, state, {"new"}), keys_of_new, by_key)
    return oldest.id if oldest else None


def test_the_oldest_of_all_that_share_a_key_is_joined() -> None:
    assert match(("x", known(2)), ("y", known(1))) == match(("x", known(1)), ("y", known(2))) == 1
    assert match(("x", known(2)), ("x", known(1))) == match(("x", known(1)), ("x", known(2))) == 1
    assert match(("x", known(2)), ("z", known(1))) == 2
    assert match(("z", known(1))) is None
    assert match(("x", known(1)), keys_of_new="") is None


def test_of_its_own_platform_nothing_is_joined_not_even_by_way_of_another() -> None:
    assert match(("x", known(1, "new"))) is None
    assert match(("x", known(1, "new")), ("x", known(2, "b"))) == 2
    assert match(("x", Candidate(1, PUBLISHED, {"b", "new"}))) is None


@pytest.mark.parametrize("state", InitiativeState)
@pytest.mark.parametrize("other", InitiativeState)
def test_what_waits_joins_what_waits_and_what_is_public_what_is_public(state: InitiativeState, other: InitiativeState) -> None:
    is_joined = state == other and state in (NEW, PUBLISHED)
    assert match(("x", known(1, state=other)), state=state) == (1 if is_joined else None)
    assert match(("x", known(1, state=other)), ("x", known(2, state=state)), state=state) == (
        1 if is_joined else 2 if state in (NEW, PUBLISHED) else None
    )


def test_joining_keeps_the_older_and_tells_both_histories(session: Session) -> None:
    older, newer = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE)
    apart = add_listing(session, "b", website=f"{SITE}/cits")
    assert match_new(session, [newer.id, apart.id], now=START) == 1
    session.flush()
    assert (newer.state, newer.merged_into_id, newer.changed_at) == (InitiativeState.MERGED, older.id, START)
    assert (older.state, older.merged_into_id, apart.state, apart.merged_into_id) == (PUBLISHED, None, PUBLISHED, None)
    (judgement,) = session.scalars(select(Judgement))
    assert (judgement.left_id, judgement.right_id, judgement.verdict, judgement.score) == (older.id, newer.id, "same", 1.0)
    assert (judgement.by, judgement.at, judgement.undone_at) == (RULE, START, None)
    events = {event.object_id: event for event in session.scalars(select(Event))}
    assert {id: event.after for id, event in events.items()} == {
        older.public_id: {"joined": newer.public_id},
        newer.public_id: {"merged_into": older.public_id},
    }
    assert {(event.actor, event.action, event.object_type) for event in events.values()} == {(RULE, "join", "initiative")}


def test_the_oldest_is_joined_by_any_of_the_records_and_keys(session: Session) -> None:
    oldest = add_listing(session, "a", identifiers=[NUMBER])
    add_listing(session, "b", website=SITE)
    newer = add_listing(session, "c", website=SITE)
    add_record(session, "d", "1", initiative=newer, payload=payload() | {"identifiers": [NUMBER]})
    session.expire(newer)
    assert match_new(session, [newer.id], now=START) == 1
    assert newer.merged_into_id == oldest.id


def test_what_was_joined_with_a_listing_goes_along_when_that_is_joined_and_nothing_else_does(session: Session) -> None:
    oldest = add_listing(session, "a", website=SITE)
    newer = add_listing(session, "b", website=SITE)
    child = add_listing(session, "c", state=InitiativeState.MERGED, merged_into=newer)
    elsewhere = add_listing(session, "d", title={"lv": "Cits"})
    other_child = add_listing(session, "e", state=InitiativeState.MERGED, merged_into=elsewhere)
    assert match_new(session, [newer.id], now=START) == 1
    session.expire_all()
    assert (child.merged_into_id, other_child.merged_into_id) == (oldest.id, elsewhere.id)
    assert (oldest.merged_into_id, elsewhere.merged_into_id) == (None, None)


def test_a_listing_is_known_by_the_records_of_those_merged_into_it(session: Session) -> None:
    standing = add_listing(session, "a", website=SITE)
    add_listing(session, "b", state=InitiativeState.MERGED, merged_into=standing, website=SITE, identifiers=[NUMBER])
    newer = add_listing(session, "c", identifiers=[NUMBER])
    assert match_new(session, [newer.id], now=START) == 1
    assert newer.merged_into_id == standing.id
    twin = add_listing(session, "b", identifiers=[NUMBER])
    assert match_new(session, [twin.id], now=START) == 0, "platform b has a record in it already"


def test_two_of_one_platform_do_not_both_join_a_third(session: Session) -> None:
    standing = add_listing(session, "a", website=SITE)
    first, second = add_listing(session, "b", website=SITE), add_listing(session, "b", website=SITE)
    other, third = add_listing(session, "c", website=SITE), add_listing(session, "a", website=SITE)
    assert match_new(session, [third.id, other.id, second.id, first.id], now=START) == 2
    joined = [listing.merged_into_id for listing in (first, second, other, third)]
    assert joined == [standing.id, None, standing.id, None]


def test_new_ones_are_not_joined_to_each_other(session: Session) -> None:
    new = [add_listing(session, platform, website=SITE).id for platform in "ab"]
    assert match_new(session, new, now=START) == 0


def test_what_waits_is_not_joined_to_what_is_public_and_the_archive_is_left_alone(session: Session) -> None:
    add_listing(session, "a", website=SITE)
    add_listing(session, "b", website=SITE, state=ARCHIVED)
    waiting = add_listing(session, "c", website=SITE, state=NEW)
    assert match_new(session, [waiting.id], now=START) == 0
    second = add_listing(session, "d", website=SITE, state=NEW)
    assert match_new(session, [second.id], now=START) == 1
    assert second.merged_into_id == waiting.id


def test_nothing_new_is_nothing_to_do(session: Session) -> None:
    add_listing(session, "a", website=SITE)
    add_listing(session, "b", website=SITE)
    assert match_new(session, [], now=START) == 0
    assert not list(session.scalars(select(Judgement)))
    assert not list(session.scalars(select(Initiative).where(Initiative.merged_into_id.is_not(None))))
