"""Duplicates: what a rule joins, what people are asked, and what is never asked again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import duplicate_queue, duplicates, judgements, match_keys
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.matching.profiles import profile_of
from platforma.catalogue.models import (
    DuplicateCandidate,
    Initiative,
    InitiativeState,
    Judgement,
    JudgementVerdict,
    MatchKey,
    PlatformState,
    Record,
    RecordState,
)
from tests.rules.rows import START, add_listing, payload

SITE = "https://saule.example"
NEW, PUBLISHED, REFUSED, ARCHIVED, MERGED = (
    InitiativeState.NEW,
    InitiativeState.PUBLISHED,
    InitiativeState.REFUSED,
    InitiativeState.ARCHIVED,
    InitiativeState.MERGED,
)
DIFFERENT = JudgementVerdict.DIFFERENT


def match(session: Session, *listings: Initiative, arriving: Collection[Initiative] = ()) -> int:
    """Match the records of listings, as an ingest of them does."""
    ids = [record.id for listing in listings for record in listing.records]
    return duplicates.match_records(session, ids, arriving=[listing.id for listing in arriving], now=START)


def match_all(session: Session) -> int:
    return match(session, *session.scalars(select(Initiative).order_by(Initiative.id)))


def asked(session: Session) -> dict[tuple[int, int], str]:
    return {(row.left_id, row.right_id): row.verdict for row in session.scalars(select(DuplicateCandidate))}


def change(session: Session, listing: Initiative, **fields: Any) -> None:
    """Change what the listing's record says."""
    (record,) = listing.records
    record.payload = payload(**fields)
    session.flush()


def test_the_same_name_and_site_on_another_platform_are_joined(session: Session) -> None:
    older, newer = add_listing(session, "a", website=SITE), add_listing(session, "b", website=f"{SITE}/")
    assert match_all(session) == 1
    assert (newer.merged_into_id, older.merged_into_id, newer.state) == (older.id, None, MERGED)
    (judgement,) = session.scalars(select(Judgement))
    assert (judgement.by, judgement.verdict, judgement.score is not None) == (duplicates.RULE, "same", True)
    assert judgement.reasons, "a rule says why"
    assert asked(session) == {}


def test_what_may_be_the_same_is_asked_and_not_joined(session: Session) -> None:
    one, other = add_listing(session, "a", website=SITE), add_listing(session, "b")
    assert match_all(session) == 0
    assert asked(session) == {(one.id, other.id): "unsure"}


@pytest.mark.parametrize("looked_at", ["older", "newer"])
def test_reasons_tell_of_the_sides_as_they_are_shown(session: Session, looked_at: str) -> None:
    """The older listing stands left, whichever of the two was compared with the other, also after it was joined."""
    oldest = add_listing(session, "c", title={"lv": "Kāpa"})
    title = {"lv": "Saules maizes nams"}
    older = add_listing(session, "a", title=title, website=SITE)
    newer = add_listing(session, "b", title=title, website="https://upe.example")
    match_keys.store_keys(session)
    duplicates.look(session, [(older if looked_at == "older" else newer).id], now=START)

    def shown() -> tuple[str, str, list[tuple[str, str]]]:
        (pair,) = duplicate_queue.waiting_pairs(session)
        sides = [(values["left"], values["right"]) for _, values in pair.reasons if "left" in values]
        return pair.left, pair.right, sides[-1:]

    sites = "saule.example", "upe.example"
    assert shown() == (older.public_id, newer.public_id, [sites])
    judgements.judge(session, newer.public_id, oldest.public_id, JudgementVerdict.SAME, Word("c", START))
    assert shown() == (oldest.public_id, older.public_id, [sites[::-1]])


def test_listings_of_one_platform_are_left_to_its_publisher(session: Session) -> None:
    one = add_listing(session, "a", website=SITE)
    same, alike = add_listing(session, "a", website=SITE), add_listing(session, "a")
    assert match_all(session) == 0
    assert asked(session) == {(one.id, same.id): "unsure"}, f"{alike.id} is not asked about: it is only alike"


def test_what_a_platform_no_longer_lists_stands_in_nobodys_way(session: Session) -> None:
    former, now = add_listing(session, "a", website=SITE), add_listing(session, "a", website=SITE)
    former.records[0].state = RecordState.GONE
    assert match_all(session) == 1
    assert now.merged_into_id == former.id


@pytest.mark.parametrize(
    ("state", "other", "is_joined", "asked_as"),
    [
        (PUBLISHED, PUBLISHED, True, None), (NEW, NEW, True, None), (PUBLISHED, ARCHIVED, True, None), (ARCHIVED, ARCHIVED, True, None),
        (NEW, PUBLISHED, False, "same"), (PUBLISHED, NEW, False, "same"), (NEW, ARCHIVED, False, "same"),
        (REFUSED, PUBLISHED, False, "same"), (NEW, REFUSED, False, "same"), (REFUSED, REFUSED, False, None),
        (PUBLISHED, InitiativeState.SUPPRESSED, False, None),
    ],
)  # fmt: skip
def test_joining_by_rule_publishes_and_hides_nothing(
    session: Session, state: InitiativeState, other: InitiativeState, is_joined: bool, asked_as: str | None
) -> None:
    add_listing(session, "a", state=state, website=SITE)
    add_listing(session, "b", state=other, website=SITE)
    assert match_all(session) == int(is_joined)
    assert list(asked(session).values()) == ([asked_as] if asked_as else [])


@pytest.mark.parametrize("state", [PUBLISHED, NEW])
def test_what_was_refused_stays_refused_whoever_brings_it_next(session: Session, state: InitiativeState) -> None:
    refused, arrived = (
        add_listing(session, "a", state=REFUSED, website=SITE),
        add_listing(session, "b", state=state, website=SITE),
    )
    match(session, refused)
    assert match(session, arrived, arriving=[arrived]) == 1
    assert (refused.state, arrived.state, arrived.merged_into_id) == (REFUSED, MERGED, refused.id)
    judgements.part_listings(session, refused.public_id, arrived.public_id, Word("c", START))
    assert (refused.state, arrived.state) == (REFUSED, NEW), "parted, it waits for a curator"


def test_between_two_that_fit_a_person_decides(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "a", website=SITE)
    third = add_listing(session, "b", website=SITE)
    assert match(session, one, two) == 0
    assert match(session, third) == 0
    assert asked(session).keys() == {(one.id, two.id), (one.id, third.id), (two.id, third.id)}


def test_what_arrives_and_may_be_the_refused_one_of_two_is_not_public_before_a_person_decides(session: Session) -> None:
    refused, public = add_listing(session, "a", state=REFUSED, website=SITE), add_listing(session, "a", website=SITE)
    match(session, refused, public)
    arrived = add_listing(session, "b", website=SITE)
    assert match(session, arrived, arriving=[arrived]) == 0
    assert (arrived.state, public.state, refused.state) == (NEW, PUBLISHED, REFUSED)
    assert {(refused.id, arrived.id), (public.id, arrived.id)} <= asked(session).keys()


def test_a_group_is_the_same_only_where_none_of_its_records_says_otherwise(session: Session) -> None:
    head = add_listing(session, "a", website=SITE)
    add_listing(session, "b", merged_into=head, website="https://cits.example", title={"lv": "Pavisam cita biedrība"})
    other = add_listing(session, "d", website=SITE)
    match_all(session)
    assert (other.merged_into_id, list(asked(session).values())) == (None, ["unsure"])


def test_what_was_told_apart_is_neither_joined_nor_asked_again(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE, state=NEW)
    match_all(session)
    judgements.judge(session, one.public_id, two.public_id, DIFFERENT, Word("c", START))
    two.state = PUBLISHED
    assert duplicates.look(session, [one.id, two.id], now=START) == 0
    assert asked(session) == {}


def test_it_is_asked_again_once_a_record_says_something_else(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE, state=NEW)
    match_all(session)
    judgements.judge(session, one.public_id, two.public_id, DIFFERENT, Word("c", START))
    two.state = PUBLISHED
    change(session, two, website=SITE, description={"lv": "Cits garš teksts par to pašu."})
    assert match(session, two) == 0
    assert asked(session) == {}, "a text is nothing that matching goes by"
    change(session, two, website=SITE, email="info@saule.example")
    assert match(session, two) == 0
    assert asked(session) == {(one.id, two.id): "unsure"}, "asked, and not joined by a rule"


def test_told_apart_holds_through_groups(session: Session) -> None:
    a, b = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE, state=NEW)
    match_all(session)
    judgements.judge(session, a.public_id, b.public_id, DIFFERENT, Word("c", START))
    b.state = PUBLISHED
    c = add_listing(session, "d", website=SITE)
    judgements.judge(session, b.public_id, c.public_id, JudgementVerdict.SAME, Word("c", START))
    assert match(session, c) == 0
    assert (asked(session), c.merged_into_id) == ({}, b.id)


def test_what_a_person_put_off_is_still_asked(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b")
    match_all(session)
    judgements.judge(session, one.public_id, two.public_id, JudgementVerdict.UNSURE, Word("c", START))
    duplicates.look(session, [one.id], now=START)
    assert asked(session) == {(one.id, two.id): "unsure"}


def test_listings_of_refused_platforms_are_not_asked_about(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b", state=NEW)
    two.records[0].platform.state = PlatformState.REFUSED
    match_all(session)
    assert asked(session) == {}
    two.records[0].platform.state = PlatformState.PROPOSED
    duplicates.look(session, [one.id], now=START)
    assert list(asked(session)) == [(one.id, two.id)]


def test_a_second_look_changes_nothing_and_the_pair_has_waited_since_the_first(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b")
    match_all(session)
    keys = session.scalars(select(MatchKey.key).order_by(MatchKey.key, MatchKey.record_id)).all()
    assert match_all(session) == 0
    duplicates.look(session, [one.id, two.id], now=START + timedelta(days=1))
    assert session.scalars(select(MatchKey.key).order_by(MatchKey.key, MatchKey.record_id)).all() == keys
    assert [row.found_at for row in session.scalars(select(DuplicateCandidate))] == [START]


def test_a_pair_has_waited_since_the_first_look_though_another_record_of_a_group_is_the_likest_now(session: Session) -> None:
    maize, asked_twin, krasts = (add_listing(session, platform) for platform in "abd")
    change(session, krasts, title={"lv": "Upes krasts"})
    match_all(session)
    judgements.judge(session, maize.public_id, krasts.public_id, JudgementVerdict.SAME, Word("c", START))
    change(session, maize, title={"lv": "Upes krasts"})
    change(session, krasts, title={"lv": "Saules maize"})
    changed = [*maize.records, *krasts.records]
    duplicates.match_records(session, [row.id for row in changed], now=START + timedelta(days=1))
    assert [(row.left_id, row.right_id, row.found_at) for row in session.scalars(select(DuplicateCandidate))] == [
        (asked_twin.id, krasts.id, START)
    ]


def test_a_pair_that_is_no_longer_alike_waits_no_longer(session: Session) -> None:
    add_listing(session, "a", website=SITE)
    two = add_listing(session, "b")
    match_all(session)
    change(session, two, title={"lv": "Pavisam cita biedrība"})
    match(session, two)
    assert asked(session) == {}


def test_a_record_that_became_something_else_leaves_its_group(session: Session) -> None:
    """It never rewrites what others say: the others have their listing again, and it has its own."""
    first, second = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE)
    match_all(session)
    before = profile_of(first.records[0].payload)
    change(session, first, title={"lv": "Kazino Bonuss"}, website="https://kazino.example")
    assert duplicates.depart(session, first.records[0], before, START)
    assert (first.merged_into_id, second.merged_into_id, second.state) == (None, None, PUBLISHED)
    assert second.composed["texts"]["title"] == {"lv": "Saules maize"}
    assert asked(session) == {}, "a rule joined them, so that nobody is asked"


def test_a_person_who_joined_it_is_asked_when_it_became_something_else(session: Session) -> None:
    first, second = add_listing(session, "a", website=SITE), add_listing(session, "b", website="https://cits.example")
    judgements.judge(session, first.public_id, second.public_id, JudgementVerdict.SAME, Word("c@sic.example", START))
    before = profile_of(second.records[0].payload)
    change(session, second, title={"lv": "Kazino Bonuss"}, website="https://kazino.example")
    assert duplicates.depart(session, second.records[0], before, START)
    assert asked(session) == {(first.id, second.id): "unsure"}


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {"lv": "Saules maizes"}, "website": SITE},
        {"website": "https://jauna-saule.example"},
        {"title": {"lv": "Kazino Bonuss"}, "website": SITE},
        {"place": "Talsi", "country": "LV"},
    ],
)
def test_a_renamed_or_moved_one_stays(session: Session, fields: dict[str, Any]) -> None:
    first, second = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE)
    match_all(session)
    before = profile_of(second.records[0].payload)
    change(session, second, **fields)
    assert not duplicates.depart(session, second.records[0], before, START)
    assert second.merged_into_id == first.id


def test_keys_that_many_share_bring_nobody_together(session: Session) -> None:
    """Names that many have, and the town that all are in: else each is compared with all."""
    listings = [add_listing(session, f"p{n}", place="Rīga") for n in range(match_keys.MAX_SHARING + 1)]
    match_all(session)
    assert asked(session) == {}
    session.execute(delete(MatchKey).where(MatchKey.record_id == listings[0].records[0].id))
    assert duplicates.look(session, [listings[1].id], now=START) == 0
    assert asked(session)


def test_missing_and_outdated_keys_are_stored_by_the_nightly_look(session: Session) -> None:
    one, two = add_listing(session, "a", website=SITE), add_listing(session, "b", website=SITE)
    assert duplicates.look_at_outdated(session, START, limit=1) == 1
    assert two.merged_into_id is None
    assert duplicates.look_at_outdated(session, START, limit=5) == 1
    assert two.merged_into_id == one.id
    assert duplicates.look_at_outdated(session, START, limit=5) == 0
    for record in session.scalars(select(Record)):
        record.material = "0:former"
    assert duplicates.look_at_outdated(session, START, limit=5) == 2
    assert session.scalar(select(func.count()).select_from(MatchKey))
