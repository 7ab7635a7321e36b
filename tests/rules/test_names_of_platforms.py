"""A platform of which there is only a name: no listing among others until somebody describes it or a source lists it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.listings import compose, edits, judgements, listing_queries, sitemap_queries
from platforma.catalogue.listings.documents import all_documents, documents
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.models import Initiative, JudgementVerdict, PlatformState
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.totals import totals
from tests.rules.rows import START, add_listing, add_platform

CURATOR = Word("c", START)


@pytest.fixture
def own(session: Session) -> Initiative:
    """The listing of a platform that was just approved."""
    add_platform(session, "p", url="https://p.example/", state=PlatformState.PROPOSED)
    platform_states.approve_platform(session, platform_id="p", actor="c")
    return session.scalars(select(Initiative)).one()


def is_listed(session: Session, row: Initiative) -> bool:
    """Whether the listing is among others, which every list must answer alike."""
    session.flush()
    id = row.public_id
    is_other = Initiative.id != row.id, Initiative.state == "published", Initiative.is_only_name.is_(False)
    others = session.scalars(select(Initiative.id).where(*is_other)).all()
    answers = {
        "newest": id in {listing.public_id for listing in listing_queries.newest(session, 9)},
        "by id": bool(listing_queries.listings(session, [id])),
        "ids": id in listing_queries.published_ids(session, [id]),
        "index": id in {document.id for document in documents(session, [row.id])[0]},
        "not to be deleted": id not in documents(session, [row.id])[1],
        "whole index": id in {document.id for document in all_documents(session)},
        "sitemap": id in {entry.public_id for entry in sitemap_queries.entries(session, 0)},
        "total": totals(session).initiatives == len(others) + 1,
    }  # fmt: skip
    assert len(set(answers.values())) == 1, answers
    return answers["newest"]


def set_text(session: Session, row: Initiative, field: str, text: str) -> None:
    edits.set_value(session, edits.Edit(row.public_id, field, "lv", "c", row.version), text)
    session.flush()


def test_a_platform_that_was_just_approved_is_listed_nowhere_and_keeps_its_page(session: Session, own: Initiative) -> None:
    assert not is_listed(session, own)
    listing = listing_queries.listing_of_platform(session, "p")
    assert listing is not None and (listing.public_id, listing.is_only_name) == (own.public_id, True)


@pytest.mark.parametrize("field", ["summary", "description"])
def test_who_describes_it_makes_it_a_listing_and_who_takes_that_away_makes_it_a_name(
    session: Session, own: Initiative, field: str
) -> None:
    set_text(session, own, field, "Viss par kopienām")
    assert is_listed(session, own)
    set_text(session, own, field, "")
    assert not is_listed(session, own)


def test_another_title_or_place_makes_no_listing_of_it(session: Session, own: Initiative) -> None:
    set_text(session, own, "title", "Cits nosaukums")
    edits.set_value(session, edits.Edit(own.public_id, "place", "", "c", own.version), "Cēsis")
    assert not is_listed(session, own)


def test_a_source_that_lists_it_makes_it_a_listing_until_they_are_parted(session: Session, own: Initiative) -> None:
    other = add_listing(session, "a")
    compose.recompose(session, [other.id], START)
    judgements.judge(session, own.public_id, other.public_id, JudgementVerdict.SAME, CURATOR)
    assert is_listed(session, own)
    judgements.part_listings(session, own.public_id, other.public_id, CURATOR)
    assert (is_listed(session, own), is_listed(session, other)) == (False, True)


def test_a_listing_of_a_source_or_of_a_person_is_listed_without_a_text(session: Session) -> None:
    rows = add_listing(session, "a"), add_listing(session)
    compose.recompose(session, [row.id for row in rows], START)
    assert [is_listed(session, row) for row in rows] == [True, True]
