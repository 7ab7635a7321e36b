"""A process killed with -9 in the middle of a join or of an ingest, at one point after the other: nothing half is left, and the
next one, by itself, does all that was left."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import edits, judgements
from platforma.catalogue.models import (
    Base,
    Crawl,
    CrawlState,
    Event,
    Initiative,
    Judgement,
    JudgementVerdict,
    Outbox,
    Platform,
    Record,
)
from platforma.worker.due import due_platforms
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.dying import Act, is_killed_at
from tests.catalogue.invariants import Memory, check
from tests.catalogue.small_site import small_site
from tests.catalogue.small_world import Content, Site
from tests.crawlers.changing_site import page_of

BY = "c@sic.example"
PLAIN, REGISTERED, SOMETHING_ELSE = 0, 4, 6
FORMER = {0: Content(2, PLAIN), 1: Content(3, PLAIN), 2: Content(1, REGISTERED)}
"""What b lists on the first night: its third record is the same as one of a's."""
PRESENT = {0: Content(2, PLAIN), 2: Content(1, SOMETHING_ELSE), 3: Content(0, PLAIN), 4: Content(4, PLAIN)}
"""What it lists on the next one: something vanished, something left its group, something is the same as a's, something is new."""


OF_A_CRAWL = ("crawls", "crawl_problems", "staged_records", "staged_pages")
"""What a crawl writes before it is taken over; it is gone on with."""

Copies = Callable[[], CatalogueFixture]
COMMIT_OF_INGEST = 4
"""Which commit of a turn is that of its ingest; the next one plans the next turn."""


def site_b(contents: dict[int, Content], *, is_renumbered: bool = False) -> Site:
    site = Site("b", dict(contents))
    if is_renumbered:
        site.renumber(0)
    return site


def next_night(catalogue: CatalogueFixture) -> Any:
    """Crawl what b lists now."""
    return catalogue.crawl(site_b(PRESENT, is_renumbered=True).records().values(), "b")


def join_by_a_curator(catalogue: CatalogueFixture) -> None:
    """Join the group of the second organisation with the listing of the first one."""
    with catalogue.database.writing() as session:
        judgements.judge(session, *pair(session), JudgementVerdict.SAME, judgements.Word(BY, utc_now()))


def pair(session: Any) -> tuple[str, str]:
    """The public ids of a's two listings."""
    query = select(Initiative.public_id).join(Record).where(Record.platform_id == "a").order_by(Record.remote_id)
    one, other = session.scalars(query)
    return one, other


@pytest.fixture
def former(catalogue: CatalogueFixture) -> CatalogueFixture:
    """Two platforms that were crawled, with a group by rule and a word of a curator."""
    for platform in "ab":
        catalogue.propose(platform)
    catalogue.crawl(Site("a", {0: Content(0, PLAIN), 1: Content(1, PLAIN)}).records().values(), "a")
    catalogue.crawl(site_b(FORMER).records().values(), "b")
    with catalogue.database.writing() as session:
        row = session.scalars(select(Initiative).where(Initiative.public_id == pair(session)[0])).one()
        edits.set_value(session, edits.Edit(row.public_id, "title", "lv", BY, row.version), "Saules maizes ceptuve")
        assert session.scalar(select(func.count()).where(Initiative.merged_into_id.is_not(None))) == 1
    catalogue.database.dispose()
    return catalogue


@pytest.fixture
def copies(request: pytest.FixtureRequest, former: CatalogueFixture, tmp_path: Path) -> Copies:
    return copier(request, former, tmp_path)


def copier(request: pytest.FixtureRequest, former: CatalogueFixture, folder: Path) -> Copies:
    """Makes copies of a catalogue as it is now."""
    numbers = count()

    def copy() -> CatalogueFixture:
        former.database.dispose()
        home, url = folder / f"copy-{next(numbers)}", make_url(former.settings.database_url)
        home.mkdir()
        if url.drivername.startswith("sqlite"):
            address = f"sqlite:///{shutil.copy(str(url.database), home / 'catalogue.sqlite')}"
        else:
            address = request.getfixturevalue("new_postgres")(str(url.database))
        made = CatalogueFixture(address, home)
        made.settings = former.settings.model_copy(update={"data_dir": home, "database_url": address})
        return made

    return copy


def written(catalogue: CatalogueFixture, *, but: Collection[str] = ()) -> dict[str, list[str]]:
    """All rows of all tables, but for these tables."""
    with catalogue.database.connection() as connection:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
        return {table.name: sorted(str(tuple(row)) for row in connection.execute(select(table))) for table in tables}


def told(catalogue: CatalogueFixture) -> dict[str, Any]:
    """What does not differ between two catalogues to which the same was done: where each record is, what its listing shows, with
    which others it is one, and how much was written about it."""
    with catalogue.database.reading() as session:
        heads = {row.id: row.merged_into_id or row.id for row in session.scalars(select(Initiative))}
        shown = {row.id: row.composed for row in session.scalars(select(Initiative))}
        records = list(session.scalars(select(Record)))
        groups = defaultdict(list)
        for record in records:
            groups[heads[record.initiative_id]].append(f"{record.platform_id}/{record.remote_id} {record.state}")
        judged = [(str(one.verdict), one.by, one.undone_at is None) for one in session.scalars(select(Judgement))]
        counted = {table: session.scalar(select(func.count()).select_from(table)) for table in (Event, Initiative, Outbox)}
        listings = sorted((sorted(names), shown[head].get("title"), shown[head].get("place")) for head, names in groups.items())
        return {"listings": listings, "judged": sorted(judged), "counted": counted}


def rules_hold(catalogue: CatalogueFixture) -> None:
    with catalogue.database.reading() as session:
        check(session, Memory())


def kill_until_done(act: Act, catalogue: CatalogueFixture, step: int, *, but: Collection[str] = ()) -> int:
    """Kill at every so-many-th point until nothing is as before; after each kill before that, all is. Return the last point."""
    before = written(catalogue, but=but)
    for point in count(1, step):
        if not is_killed_at(point, act, catalogue) or written(catalogue, but=but) != before:
            return point
    raise AssertionError("it never ends")


def test_a_join_killed_at_any_point_is_made_whole_or_not_at_all(former: CatalogueFixture, copies: Copies) -> None:
    undisturbed = copies()
    join_by_a_curator(undisturbed)
    assert kill_until_done(join_by_a_curator, former, 5) > 30
    rules_hold(former)
    assert told(former) == told(undisturbed)


def test_an_ingest_killed_at_any_point_is_made_whole_or_not_at_all(former: CatalogueFixture, copies: Copies) -> None:
    undisturbed = copies()
    next_night(undisturbed)
    assert kill_until_done(next_night, former, 20, but=OF_A_CRAWL) > 100
    rules_hold(former)
    assert told(former) == told(undisturbed)
    again = next_night(former).counts
    assert (again["unchanged"], again["new"], again["changed"], again["gone"]) == (len(PRESENT), 0, 0, 0)
    assert told(former) == told(undisturbed)


def test_a_turn_killed_between_its_ingest_and_the_plan_of_the_next_one_is_ended_by_the_next_worker(
    migrated_sqlite: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    catalogue = CatalogueFixture(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path)}", tmp_path)
    with small_site(catalogue, ["Saules maize", "Dzintara darbnīca", "Zaļā pēda"]) as site:
        site.publish({"project/2": page_of("Zaļās pēdas")})
        with catalogue.database.writing() as session:
            session.get_one(Platform, "p").next_crawl_at = utc_now()
        undisturbed = replace(site, catalogue=copier(request, catalogue, tmp_path)())
        undisturbed.night()
        assert is_killed_at(COMMIT_OF_INGEST, lambda _: site.night(), catalogue, only_commits=True)
        with catalogue.database.reading() as session:
            assert set(session.scalars(select(Crawl.state))) == {CrawlState.DONE}
        assert due_platforms(catalogue.database, "Europe/Riga") == ["p"]
        again = site.night()
        assert (again.state, again.counts["changed"], again.counts["new"]) == (CrawlState.DONE, 0, 0)
    assert due_platforms(catalogue.database, "Europe/Riga") == []
    rules_hold(catalogue)
    assert told(catalogue) == told(undisturbed.catalogue)
    catalogue.database.dispose()
