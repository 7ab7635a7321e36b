"""Ranks of platforms: who speaks before others, in listings of several platforms and in joined ones, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.errors import NotFound
from platforma.catalogue.listings import compose, judgements
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Event, Initiative, JudgementVerdict, Outbox, Platform, RecordState
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.platforms.platform_states import RankPlace
from tests.rules.rows import START, add_listing, add_record, payload

OWN: dict[str, Any] = {"url": "https://saule.example/par", "website": "https://saule.example"}


def rank(session: Session, platform_id: str, place: RankPlace) -> None:
    platform_states.rank_platform(session, platform_id=platform_id, place=place, actor="c")
    session.flush()


def joined(session: Session, *platforms: str, fields: dict[str, dict[str, Any]] | None = None) -> Initiative:
    """Listings of one platform each, joined; each names its platform as its place."""
    first, *others = (add_listing(session, id, place=id, **(fields or {}).get(id, {})) for id in platforms)
    for other in others:
        judgements.judge(session, first.public_id, other.public_id, JudgementVerdict.SAME, Word("c", START))
    return first


def speaker(row: Initiative) -> str:
    return row.composed["origins"]["place"]


def test_who_speaks_before_others_is_composed_and_indexed_at_once_and_is_in_the_history(session: Session) -> None:
    row, alone = joined(session, "a", "b"), add_listing(session, "b")
    assert speaker(row) == "a"
    session.query(Outbox).delete()
    rank(session, "b", RankPlace.BEFORE)
    assert speaker(row) == "b"
    assert session.scalars(select(Outbox.initiative_id)).all() == [row.id], f"{alone.id} is of one platform alone"
    (event,) = session.scalars(select(Event).where(Event.action == "rank"))
    assert (event.actor, event.object_type, event.object_id, event.before, event.after) == (
        "c", "platform", "b", {"rank": 100}, {"rank": 50},
    )  # fmt: skip
    rank(session, "b", RankPlace.AFTER)
    assert speaker(row) == "a"


def test_saying_the_same_again_changes_nothing_and_leaves_a_rank_from_elsewhere(session: Session) -> None:
    joined(session, "a", "b")
    session.get_one(Platform, "a").rank = 30
    rank(session, "a", RankPlace.BEFORE)
    assert (session.get_one(Platform, "a").rank, session.scalars(select(Event.id).where(Event.action == "rank")).all()) == (
        30,
        [],
    )


def test_a_platform_that_is_not_there_has_no_rank(session: Session) -> None:
    with pytest.raises(NotFound):
        rank(session, "nosuch", RankPlace.AFTER)


@pytest.mark.parametrize(("number", "place"), [(0, "before"), (99, "before"), (100, "as"), (101, "after"), (10**6, "after")])
def test_every_number_has_its_words(number: int, place: str) -> None:
    assert platform_states.rank_place(number) == place


def test_the_organisations_own_site_speaks_before_any_rank(session: Session) -> None:
    row = joined(session, "a", "b", "d", fields={"d": OWN})
    rank(session, "a", RankPlace.BEFORE)
    rank(session, "d", RankPlace.AFTER)
    assert speaker(row) == "d"


def test_two_platforms_of_one_listing_go_by_rank_as_joined_ones_do(session: Session) -> None:
    row = add_listing(session, "a", place="a")
    add_record(session, "b", "b1", initiative=row, payload=payload(place="b"))
    rank(session, "b", RankPlace.BEFORE)
    assert speaker(row) == "b"


KEYS: dict[str, dict[str, Any]] = {
    "seen": {"state": RecordState.GONE},
    "own site": {"own": True},
    "rank": {"rank": 150},
    "known": {"first_seen_at": START + timedelta(days=5)},
}


@pytest.mark.parametrize("other", KEYS)
@pytest.mark.parametrize("key", KEYS)
def test_of_joined_listings_the_same_one_speaks_night_after_night(session: Session, key: str, other: str) -> None:
    """The sources differ in one or two of the reasons; whoever was crawled last is none of them."""
    order = list(KEYS)
    stronger = "b" if order.index(key) <= order.index(other) else "a"
    row = joined(session, "a", "b")
    records = {record.platform_id: record for record in _records(session)}
    _put(records, key, "b")
    if other != key:
        _put(records, other, "a")
    for night in range(1, 5):
        records["ab"[night % 2]].last_seen_at = START + timedelta(days=night)
        session.flush()
        compose.recompose(session, [row.id], START)
        assert speaker(row) == stronger


def _records(session: Session) -> list[Any]:
    return [record for row in session.scalars(select(Initiative)) for record in row.records]


def _put(records: dict[str, Any], key: str, first: str) -> None:
    """Give one of the two platforms the better place by a key alone."""
    last = "a" if first == "b" else "b"
    worse = KEYS[key]
    if key == "own site":
        records[first].payload = records[first].payload | OWN
    elif key == "rank":
        records[last].platform.rank = worse["rank"]
    else:
        for name, value in worse.items():
            setattr(records[last], name, value)
