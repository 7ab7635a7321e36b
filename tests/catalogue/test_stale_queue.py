"""The queue of what may be out of date, on both databases: what waits, and what another source or platform changes in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from platforma.catalogue.enums import PlatformState, WebsiteState
from platforma.catalogue.listings import stale, stale_decisions
from platforma.catalogue.models import Confirmation, Initiative, Platform, Website
from tests.catalogue.catalogue_fixture import CatalogueFixture, record

NOW = datetime.now(UTC)
SAME = {"website": "https://saule.example/"}


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """Two platforms that list the same thing, and a second listing of the first."""
    catalogue.propose()
    catalogue.propose("q")
    catalogue.crawl([record("1", **SAME), record("2")])
    catalogue.crawl([record("1", **SAME)], "q")
    return catalogue


def waiting(catalogue: CatalogueFixture) -> list[str]:
    with catalogue.database.reading() as session:
        count, oldest = stale.waiting(session)
        items = stale.items(session, limit=9)
        assert (count, oldest) == (len(items), min((one.since for one in items), default=None))
        return [one.cause for one in items]


def test_a_listing_waits_as_gone_only_when_no_public_source_lists_it(catalogue: CatalogueFixture) -> None:
    catalogue.crawl([record("2")])
    assert waiting(catalogue) == []
    catalogue.crawl([], "q")
    assert waiting(catalogue) == ["gone"]
    catalogue.crawl([record("1", **SAME)], "q")
    assert waiting(catalogue) == []


def test_a_source_that_is_no_longer_public_does_not_count(catalogue: CatalogueFixture) -> None:
    catalogue.crawl([record("2")])
    with catalogue.database.writing() as session:
        session.execute(update(Platform).where(Platform.id == "q").values(state=PlatformState.REFUSED))
    assert waiting(catalogue) == ["gone"]


def test_what_is_gone_again_is_asked_again(catalogue: CatalogueFixture) -> None:
    catalogue.crawl([record("1", **SAME)])
    (listing,) = [one for one in catalogue.shown().values() if one.title("lv").text == "Nosaukums 2"]
    with catalogue.database.writing() as session:
        stale_decisions.keep(session, public_id=listing.public_id, cause="gone", actor="c@sic.example")
    assert waiting(catalogue) == []
    catalogue.crawl([record("1", **SAME), record("2")])
    catalogue.crawl([record("1", **SAME)])
    assert waiting(catalogue) == ["gone"]


@pytest.mark.parametrize("decide", [stale_decisions.ask, stale_decisions.keep])
def test_what_is_taken_back_leaves_nothing_behind_but_what_stood_before(
    catalogue: CatalogueFixture, decide: Callable[..., int | tuple[int, int]]
) -> None:
    catalogue.crawl([record("1", **SAME)])
    (listing,) = [one for one in catalogue.shown().values() if one.title("lv").text == "Nosaukums 2"]
    confirmations: list[object] = []
    for _ in range(2):
        with catalogue.database.writing() as session:
            found = decide(session, public_id=listing.public_id, cause="gone", actor="c@sic.example")
        with catalogue.database.writing() as session:
            stale_decisions.take_back(session, found[0] if isinstance(found, tuple) else found, actor="c@sic.example")
        assert waiting(catalogue) == ["gone"]
        with catalogue.database.writing() as session:
            rows = session.scalars(select(Confirmation)).all()
            confirmations.append([row.confirmed_at for row in rows])
            ids = select(Initiative.id).where(Initiative.public_id == listing.public_id)
            session.add_all(Confirmation(initiative_id=id, confirmed_at=NOW) for id in session.scalars(ids) if not rows)
    assert confirmations == [[], [NOW]]


def test_all_causes_stand_in_one_queue(catalogue: CatalogueFixture) -> None:
    long_ago = NOW - timedelta(days=800)
    with catalogue.database.writing() as session:
        session.execute(update(Website).where(Website.url == SAME["website"]).values(state=WebsiteState.DEAD, since=NOW))
        session.execute(update(Initiative).values(published_at=long_ago))
        ids = session.scalars(select(Initiative.id).where(Initiative.merged_into_id.is_(None))).all()
        stale_decisions.note_end(session, max(ids), NOW)
    causes = waiting(catalogue)
    assert causes[:2] == ["ended", "dead"]
    assert set(causes[2:]) == {"unconfirmed"}
