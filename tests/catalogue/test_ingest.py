"""Ingest on both databases: what comes in, what vanishes, what is held, what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawlers.crawl import crawl
from crawlers.fetch import PoliteSession
from crawlers.importing.reading import read_file
from crawlers.recipe import RECIPES, Limits, Recipe, load_recipe
from crawlers.record import Problem
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk import queues
from platforma.catalogue.errors import Suppressed, VersionConflict
from platforma.catalogue.ingest import crawl_end, held_crawls, staging
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings import edits, grace, listing_queries, removal
from platforma.catalogue.models import Initiative, RecordState, StagedRecord, Suppression
from platforma.catalogue.models import Record as Row
from platforma.catalogue.platforms import platform_states
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.crawlers.server import hostile
from tests.samples.initiatives import write

TEN = [record(str(n)) for n in range(10)]


def test_importing_again_changes_nothing(catalogue: CatalogueFixture) -> None:
    first = catalogue.load([record("1"), record("2"), Problem("refused", "no title", remote_id="line 3")])
    assert (first.new, first.refused) == (2, 1)
    again = catalogue.load([record("1"), record("2", "Cits nosaukums")])
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    assert set(catalogue.shown()) == {"Nosaukums 1", "Cits nosaukums"}


def test_more_records_than_are_stored_at_once_come_in_all(catalogue: CatalogueFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforma.catalogue.ingest.batch.STORED_AT_ONCE", 2)
    records = [record(str(number)) for number in range(5)]
    assert catalogue.load(records).new == 5
    assert list(catalogue.shown()) == [f"Nosaukums {number}" for number in (4, 3, 2, 1, 0)]
    assert catalogue.load(records).unchanged == 5


def test_the_rows_of_a_register_come_in_with_nothing_lost(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    items = list(read_file(write(tmp_path / "rows.jsonl"), load_recipe(RECIPES / "susy.yaml")))
    done = catalogue.load(items, "susy")
    assert (done.new, done.refused) == (400, 0)
    assert all(problem.field and problem.value for problem in done.problems)
    with catalogue.database.reading() as session:
        raws = [row.payload["raw"] for row in session.scalars(select(Row))]
    assert len({raw["id"] for raw in raws}) == 400


def test_texts_with_control_characters_come_in_without_them(catalogue: CatalogueFixture) -> None:
    odd = "\x00\x07\x1b\x81\ud800\ufdd0\ufffe\U0001ffff"
    catalogue.load([record("1", f"Ar{odd} nulli", raw={f"x{odd}": f"a{odd}\tb"})])
    assert set(catalogue.shown()) == {"Ar nulli"}
    with catalogue.database.reading() as session:
        (row,) = session.scalars(select(Row))
    assert row.payload["raw"] == {"x": "a\tb"}


def test_nothing_of_a_proposed_platform_is_public(catalogue: CatalogueFixture) -> None:
    catalogue.propose(approve=False)
    assert catalogue.crawl(TEN).counts["new"] == 10
    assert catalogue.shown() == {}
    with catalogue.database.writing() as session:
        assert queues.counted(session, queues.queue("new"))[0] == 0, "they are decided on together with their platform"
        assert len(listing_queries.new_listings(session, limit=99, platform_id="p")) == 10
        platform_states.approve_platform(session, platform_id="p", actor="test")
    assert len(catalogue.shown()) == 10


def test_what_vanishes_from_a_complete_listing_is_gone_archived_and_returns(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl(TEN)
    report = catalogue.crawl(TEN[1:])
    assert (report.state, report.counts["gone"], report.counts["unchanged"]) == ("done", 1, 9)
    gone = catalogue.shown()["Nosaukums 0"]
    assert gone.is_gone
    with catalogue.database.writing() as session:
        assert grace.archive_overdue(session, utc_now() + timedelta(days=6)) == 0
        assert grace.archive_overdue(session, utc_now() + timedelta(days=8)) == 1
    assert "Nosaukums 0" not in catalogue.shown()
    catalogue.crawl(TEN)
    assert catalogue.shown()["Nosaukums 0"].public_id == gone.public_id


@pytest.mark.parametrize(("left", "state"), [(10, "done"), (8, "done"), (7, "held"), (1, "held")])
def test_too_much_vanishing_holds_the_crawl(catalogue: CatalogueFixture, left: int, state: str) -> None:
    catalogue.propose()
    catalogue.crawl(TEN)
    assert catalogue.crawl(TEN[:left]).state == state
    assert sum(not one.is_gone for one in catalogue.shown().values()) == (10 if state == "held" else left)


def test_a_held_crawl_is_taken_in_without_crawling_anew(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl(TEN)
    held = catalogue.crawl([*TEN[:5], record("new")])
    with catalogue.database.writing() as session:
        held_crawls.approve_held_crawl(session, crawl_id=held.crawl_id, actor="test", secret_key=secret_key(catalogue.settings))
    assert "Nosaukums new" in catalogue.shown()
    assert sum(one.is_gone for one in catalogue.shown().values()) == 5


def test_growing_beyond_twice_the_last_good_count_is_held_and_can_be_thrown_away(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl(TEN[:4])
    held = catalogue.crawl(TEN)
    assert held.state == "held"
    with catalogue.database.writing() as session:
        held_crawls.discard_held_crawl(session, crawl_id=held.crawl_id, actor="test")
        assert session.scalar(select(func.count()).select_from(StagedRecord)) == 0
    assert len(catalogue.shown()) == 4


def test_a_window_or_a_failed_crawl_takes_nothing_away(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl(TEN)
    assert catalogue.crawl(TEN[:1], complete=False).counts["gone"] == 0
    assert catalogue.crawl([], failure="no answer", complete=False).state == "failed"
    assert sum(not one.is_gone for one in catalogue.shown().values()) == 10


def test_a_page_that_answers_404_takes_its_record_away(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([record("1", url="https://p.example/1"), record("2", url="https://p.example/2")], complete=False)
    catalogue.crawl([], complete=False, gone=("https://p.example/1",))
    assert {title: one.is_gone for title, one in catalogue.shown().items()} == {"Nosaukums 1": True, "Nosaukums 2": False}


def test_a_renamed_record_takes_over_the_listing(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([record("old", "Viens", website="https://viens.example"), *TEN])
    before = catalogue.shown()["Viens"].public_id
    catalogue.crawl([record("new", "Pavisam cits", website="https://viens.example"), *TEN])
    assert catalogue.shown()["Pavisam cits"].public_id == before


def test_records_whose_addresses_change_their_form_only_stay_the_same(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    former = [record(f"http://www.p.example/{name}/?utm_source=x", f"Vieta {name}") for name in "abcdefgh"]
    catalogue.crawl(former)
    ids = {title: listing.public_id for title, listing in catalogue.shown().items()}
    now = [record(f"https://p.example/{name}", f"Cita {name}") for name in "abcd"]
    done = catalogue.crawl([*now, *(record(f"https://p.example/{name}", f"Vieta {name}", place="Ogre") for name in "efgh")])
    assert (done.state, done.counts["new"], done.counts["changed"], done.counts["gone"]) == ("done", 0, 8, 0)
    shown = {title.replace("Cita", "Vieta"): listing.public_id for title, listing in catalogue.shown().items()}
    assert shown == ids


def test_a_killed_crawl_goes_on_where_it_was(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    first = staging.start_crawl(catalogue.database, "p")
    first.stage(TEN[0], None)
    first.flush()
    second = staging.start_crawl(catalogue.database, "p")
    assert second.crawl_id == first.crawl_id
    assert catalogue.crawl(TEN[1:]).counts["new"] == 10


def test_an_interrupted_crawl_goes_on_without_asking_again(catalogue: CatalogueFixture) -> None:
    paths = tuple(f"/project/{number}" for number in range(40))
    with hostile(listed=paths) as (base, asked), PoliteSession(None, allow_private=True) as polite:
        recipe = Recipe(platform="p", url=f"{base}/", adapter="sitemap", limits=Limits(delay_seconds=0))
        catalogue.propose()

        def run(stop: Callable[[], bool]) -> CrawlReport:
            stored = staging.start_crawl(catalogue.database, "p")
            return crawl_end.finish_crawl(
                catalogue.database, stored, crawl(recipe, polite, stored, stop=stop), secret_key=secret_key(catalogue.settings)
            )

        first = run(stop=lambda: len(asked) > 30)
        assert (first.state, catalogue.shown()) == ("running", {})
        assert "continues from there" in str(first.failure)
        second = run(stop=lambda: False)
        assert (second.state, second.counts["new"], second.failure) == ("done", 40, None)
        again = [path for path in paths if asked.count(path) != 1]
        assert len(again) <= 1, "only the page that was being read when it stopped may be asked for again"


def test_a_record_removed_while_its_site_is_crawled_stays_removed(catalogue: CatalogueFixture) -> None:
    one, two = (record(name, url=f"https://p.example/{name}") for name in "12")
    catalogue.propose()
    catalogue.crawl([one, two])
    stored = staging.start_crawl(catalogue.database, "p")
    for each in (one, two):
        stored.unchanged(each.remote_id, str(each.url))
    with catalogue.database.writing() as session:
        id = next(listing.public_id for title, listing in catalogue.shown().items() if title.endswith("1"))
        removal.suppress(session, public_id=id, actor="c", reason="asked", key=secret_key(catalogue.settings))
    assert stored.validators_of(str(one.url)) is None
    done = crawl_end.finish_crawl(
        catalogue.database, stored, CrawlResult(complete=True, found=2, refused=0), secret_key=secret_key(catalogue.settings)
    )
    assert (done.state, set(catalogue.shown())) == ("done", {"Nosaukums 2"})


def test_pages_are_remembered_only_once_their_records_are_in(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    url = "https://p.example/1"
    catalogue.crawl([record("1", url=url)], failure="no answer")
    assert staging.start_crawl(catalogue.database, "p").validators_of(url) is None
    catalogue.crawl([record("1", url=url)])
    again = staging.start_crawl(catalogue.database, "p")
    assert again.validators_of(url) is not None
    assert again.record_ids_of(url) == {"1"}


def test_the_same_initiative_on_two_platforms_is_one_listing(catalogue: CatalogueFixture) -> None:
    one = record("1", "Saules maize", website="https://saules.example/", place="Cēsis")
    catalogue.load([one], "a")
    catalogue.load([replace(one, website="https://www.saules.example", place=None, summary={"lv": "Ceptuve"})], "b")
    (listing,) = catalogue.shown().values()
    assert {source.platform_id for source in listing.sources} == {"a", "b"}
    assert listing.get("place") == "Cēsis"
    assert listing.texts["summary"] == {"lv": "Ceptuve"}
    with catalogue.database.reading() as session:
        merged = session.scalar(select(Initiative).where(Initiative.merged_into_id.is_not(None)))
        assert merged
        assert listing_queries.listing(session, merged.public_id) == listing_queries.Moved(listing.public_id, "saules-maize")


def test_many_listings_are_read_as_each_one_is_in_the_order_asked_for(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([record("1", "Viens"), record("2", "Divi", website="https://divi.example/"), record("3", "Trīs")])
    catalogue.load([record("2", "Divi", website="https://divi.example/")], "b")
    catalogue.crawl([record("2", "Divi", website="https://divi.example/"), record("3", "Trīs")])
    ids = [catalogue.shown()[title].public_id for title in ("Trīs", "Viens", "Divi")]
    with catalogue.database.reading() as session:
        found = listing_queries.listings(session, [ids[0], "nosuchthing", *ids[1:]])
        assert found == [listing_queries.listing(session, id) for id in ids]
    assert [[source.state for source in one.sources] for one in found] == [["seen"], ["gone"], ["seen", "seen"]]


def test_people_stand_over_records_and_the_organisations_own_site_over_others(catalogue: CatalogueFixture) -> None:
    one = record("1", "Saules maize", website="https://saules.example", licence="CC0")
    catalogue.load([one], "a")
    catalogue.load([replace(one, url="https://saules.example/par", licence="CC BY 4.0")], "b")
    catalogue.load([replace(one, licence="CC0")], "c")
    (listing,) = catalogue.shown().values()
    shown = listing.get("licence"), listing.origins["licence"]
    assert shown == ("CC BY 4.0", "b"), "neither the first nor the last of three"
    with catalogue.database.writing() as session:
        edits.set_value(session, edits.Edit(listing.public_id, "licence", "", "c", listing.version), "CC BY-NC 4.0")
    catalogue.load([replace(one, licence="CC BY-SA 4.0")], "a")
    (edited,) = catalogue.shown().values()
    assert (edited.get("licence"), edited.origins["licence"]) == ("CC BY-NC 4.0", "curator")
    with catalogue.database.writing() as session, pytest.raises(VersionConflict):
        edits.release_value(session, edits.Edit(listing.public_id, "licence", "", "c", listing.version))


def test_sources_of_one_rank_do_not_change_places_from_crawl_to_crawl(catalogue: CatalogueFixture) -> None:
    catalogue.propose("a")
    catalogue.propose("b")
    one = record("1", "Saules maize", website="https://saules.example")
    catalogue.crawl([replace(one, place="Cēsis")], "a")
    catalogue.crawl([replace(one, place="Rīga")], "b")
    for platform_id, said in (("a", "Cēsis"), ("b", "Rīga"), ("a", "Cēsis")):
        catalogue.crawl([replace(one, place=said)], platform_id)
        (listing,) = catalogue.shown().values()
        assert (listing.get("place"), listing.origins["place"]) == ("Cēsis", "a")
    catalogue.crawl([replace(one, remote_id="renamed", place="Cēsis")], "a")
    (listing,) = catalogue.shown().values()
    assert listing.origins["place"] == "a", "a new id at the source is no newer source"


def test_what_was_removed_stays_removed(catalogue: CatalogueFixture) -> None:
    one = record("1", "Lūdzu dzēst", url="https://p.example/1", website="https://dz.example")
    catalogue.load([one, record("2")])
    id = catalogue.shown()["Lūdzu dzēst"].public_id
    with catalogue.database.writing() as session:
        removal.suppress(session, public_id=id, actor="c", reason="asked", key=secret_key(catalogue.settings))
    again = catalogue.load([one, replace(one, remote_id="other"), record("2")])
    assert (again.new, again.refused, again.unchanged) == (0, 2, 1)
    assert set(catalogue.shown()) == {"Nosaukums 2"}
    with catalogue.database.reading() as session:
        with pytest.raises(Suppressed):
            listing_queries.listing(session, id)
        assert session.scalar(select(Initiative.composed).where(Initiative.public_id == id)) == {}
        assert list(session.scalars(select(Row.remote_id).where(Row.state == RecordState.SEEN))) == ["2"]
        assert "dz.example" not in str([vars(row) for row in session.scalars(select(Suppression))])


KILLED = """
import sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.orm import Session
from platforma.catalogue.models import Record
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
catalogue = CatalogueFixture(sys.argv[1], Path(sys.argv[2]))
@event.listens_for(Session, "after_flush")
def stop(session, _):
    if any(isinstance(row, Record) for row in session.new):
        print("in the middle", flush=True)
        sys.stdin.read()
catalogue.load([record(str(n)) for n in range(100)])
"""


def test_a_killed_import_leaves_nothing_half_written(catalogue: CatalogueFixture) -> None:
    words = [sys.executable, "-c", KILLED, catalogue.settings.database_url, str(catalogue.settings.data_dir)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(str(Path(__file__).parents[2] / part) for part in ("", "platform"))}
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdin and process.stdout
    assert "in the middle" in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    process.stdin.close()
    process.stdout.close()
    assert catalogue.shown() == {}
    assert _patient(catalogue) == 100


def _patient(catalogue: CatalogueFixture) -> int:
    """Import once the database has noticed that the killed process is gone."""
    for _ in range(120):
        try:
            return catalogue.load([record(str(n)) for n in range(100)]).new
        except Exception:  # noqa: BLE001 - whichever driver's lock error it is
            time.sleep(0.5)
    raise AssertionError("the database stays locked")


TOWN = {"country": "LV", "place": "Cēsis", "lat": 57.31, "lon": 25.27, "derived": {"lat": "town Cēsis", "lon": "town Cēsis"}}


def test_own_coordinates_win_over_a_towns_whatever_the_ranks(catalogue: CatalogueFixture) -> None:
    exact = record("1", "Saules maize", website="https://saule.example/", lat=57.3, lon=25.2)
    town = record("1", "Saules maize", website="https://saule.example/", **TOWN)
    catalogue.load([exact], "exact")
    catalogue.load([town], "town")
    shown = catalogue.shown()["Saules maize"]
    assert (len(shown.sources), shown.get("lat"), shown.get("lon")) == (2, 57.3, 25.2)
    assert not shown.derived.keys() & {"lat", "lon"}


def test_one_town_is_no_sign_that_two_are_the_same(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", "Saules maize", **TOWN)], "p")
    catalogue.load([record("1", "Saules maizes", **TOWN), record("2", "Saules maize", **TOWN)], "q")
    with catalogue.database.reading() as session:
        assert session.scalar(select(Initiative).where(Initiative.merged_into_id.is_not(None))) is None


def test_a_town_that_a_person_puts_right_takes_its_coordinates_along(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", "Saules maize", **TOWN)])
    listing = catalogue.shown()["Saules maize"]
    assert listing.derived["lat"] == "town Cēsis"
    with catalogue.database.writing() as session:
        edits.set_value(session, edits.Edit(listing.public_id, "place", "", "c", listing.version), "Valmiera")
    after = catalogue.shown()["Saules maize"]
    assert (after.get("place"), after.get("lat"), after.get("lon")) == ("Valmiera", None, None)
