"""Removal: what was removed stays out by whatever it is known by, namesakes come in, and reports tell of both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from sqlalchemy import delete, select, text, update

from crawlers.record import Identifier, Problem, Record
from crawlers.state import CrawlResult, PageValidators
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import alembic_config
from platforma.catalogue.desk import queues
from platforma.catalogue.ingest import crawl_end, crawl_queries, held_crawls, staging
from platforma.catalogue.ingest.refusals import NAMESAKE, NOT_UPDATED
from platforma.catalogue.listings import edits
from platforma.catalogue.listings.left_out import LEFT_OUT
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Crawl, Event, Initiative, Notice, Suppression
from platforma.catalogue.platforms import crawled_platforms
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.removing import NAME, OGRE, TALSI, everything, remove


def keep_only(catalogue: CatalogueFixture, kinds: Collection[str]) -> None:
    with catalogue.database.writing() as session:
        session.execute(delete(Suppression).where(Suppression.kind.not_in(kinds)))


def known_by(catalogue: CatalogueFixture, arrived: Record, platform_id: str = "p") -> str | None:
    with catalogue.database.reading() as session:
        return SuppressionList(session, secret_key(catalogue.settings)).suppressed_by(platform_id, arrived)


def other(**fields: Any) -> Record:
    return record("99", "Cits nosaukums", **fields)


@pytest.mark.parametrize(
    ("kind", "same", "different"),
    [
        ("identifier", other(identifiers=(Identifier("LV-RE", "4000 8000001"),)), other(identifiers=(Identifier("EE-RIK", "40008000001"),))),
        ("identifier", other(identifiers=(Identifier("LV-RE", "1"), Identifier("LV-RE", "40008000001"))), other(identifiers=(Identifier("LV-RE", "40008000002"),))),
        ("id", record("1", "Cits"), record("11", "Cits")),
        ("address", other(website="http://ogresnams.example"), other(website="https://ogresnams.example/otra")),
        ("address", other(website="https://OGRESNAMS.example/?utm_source=x"), other(website="https://ogresnams.example/?id=2")),
        ("address", other(url="http://www.reg.example/ogre/#par"), other(url="https://reg.example/ogre2")),
        ("site_name", record("99", "KOPIENAS  NAMS", website="http://ogresnams.example/par", place="Ogre"), record("99", NAME, website="https://cits.example", place="Ogre")),
        ("site_name", record("99", NAME, website="https://ogresnams.example/par"), record("99", "Kopienas namiņš", website="https://ogresnams.example/par")),
    ],
)  # fmt: skip
def test_each_mark_alone_keeps_out_what_bears_it_and_nothing_else(
    catalogue: CatalogueFixture, kind: str, same: Record, different: Record
) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    keep_only(catalogue, [kind])
    assert (
        known_by(catalogue, same)
        == {"identifier": "identifiers", "id": "remote_id", "address": "url", "site_name": "title"}[kind]
    )
    assert known_by(catalogue, different) is None
    keep_only(catalogue, [])
    assert known_by(catalogue, same) is None


def test_an_id_is_one_of_its_platform_and_an_address_as_id_is_known_in_its_other_forms(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("https://www.reg.example/a/", "Viens")])
    remove(catalogue, "Viens")
    keep_only(catalogue, ["id"])
    assert known_by(catalogue, record("http://reg.example/a", "Cits")) == "remote_id"
    assert known_by(catalogue, record("http://reg.example/a", "Cits"), "q") is None


@pytest.mark.parametrize("platform_id", ["p", "q"])
def test_a_namesake_elsewhere_comes_in_and_the_desk_is_told_once(catalogue: CatalogueFixture, platform_id: str) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    report = catalogue.load([TALSI], platform_id)
    assert (report.new, report.refused) == (1, 0)
    assert [(problem.severity, problem.reason, problem.remote_id, problem.field) for problem in report.problems] == [
        ("warning", NAMESAKE, "2", "title")
    ]
    (listing,) = catalogue.shown().values()
    assert listing.get("place") == "Talsi"
    with catalogue.database.reading() as session:
        assert queues.counted(session, queues.queue("removed"))[0] == 1
        (notice,) = crawled_platforms.crawled_platform(session, platform_id).notices
        assert (notice.key, notice.values["title"]) == (listing.public_id, NAME)
    again = catalogue.load([replace(TALSI, summary={"lv": "Jauns teksts"})], platform_id)
    assert (again.changed, again.problems) == (1, [])


@pytest.mark.parametrize("published_together", [True, False])
def test_a_namesake_that_is_listed_already_goes_on_being_updated(catalogue: CatalogueFixture, published_together: bool) -> None:
    catalogue.load([OGRE, TALSI] if published_together else [OGRE])
    catalogue.load([TALSI], "q") if not published_together else None
    remove(catalogue, where="Ogre")
    report = catalogue.load([replace(TALSI, place="Sabile")], "p" if published_together else "q")
    assert (report.changed, report.refused, report.problems) == (1, 0, [])
    assert [listing.get("place") for listing in catalogue.shown().values()] == ["Sabile"]


@pytest.mark.parametrize(
    ("removed_place", "arriving_place", "is_kept_out"),
    [("Ogre", "Talsi", False), ("Ogre", "ogre", True), ("Ogre", None, True), (None, "Talsi", True), (None, None, True)],
)
def test_in_a_register_without_websites_the_place_tells_namesakes_apart(
    catalogue: CatalogueFixture, removed_place: str | None, arriving_place: str | None, is_kept_out: bool
) -> None:
    catalogue.load([record("1", NAME, url="https://reg.example/1", place=removed_place)])
    remove(catalogue)
    arrived = record("2", NAME, url="https://reg.example/2", place=arriving_place)
    assert (known_by(catalogue, arrived) == "title") is is_kept_out


def test_a_name_on_a_site_that_everybody_is_on_is_a_name_alone(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", NAME, website="https://www.facebook.com/ogresnams")])
    remove(catalogue)
    assert known_by(catalogue, record("2", NAME, website="https://facebook.com/talsunams"), "q") is None
    assert known_by(catalogue, record("2", "Cits", website="https://m.facebook.com/x"), "q") is None
    assert known_by(catalogue, record("2", "Cits", website="https://facebook.com/ogresnams"), "q") == "url"


@pytest.mark.parametrize("address", ["https://www.facebook.com/", "https://p.example/", "https://jumts.example/"])
def test_an_address_that_many_share_keeps_nothing_else_out(catalogue: CatalogueFixture, address: str) -> None:
    catalogue.propose("p")
    catalogue.load([record("1", NAME, website=address), record("2", "Cita", website="https://jumts.example")])
    remove(catalogue)
    assert known_by(catalogue, record("3", "Trešā", website=address)) is None


def test_a_page_that_lists_many_is_no_ones_address(catalogue: CatalogueFixture) -> None:
    page = "https://reg.example/biedri"
    members = [record(f"{page}#{name}", name, url=page) for name in ("a", "b", "c")]
    catalogue.load(members)
    remove(catalogue, "a")
    report = catalogue.load([*members, record(f"{page}#d", "d", url=page)])
    assert (report.new, report.unchanged, report.refused) == (1, 2, 1)


def test_a_page_that_listed_one_is_not_its_address(catalogue: CatalogueFixture) -> None:
    page = "https://reg.example/biedri"
    catalogue.load([record(f"{page}#a", "a", url=f"{page}/")])
    remove(catalogue, "a")
    assert known_by(catalogue, record(f"{page}#b", "b", url=page)) is None
    assert known_by(catalogue, record(f"{page}#a", "b", url=page)) == "remote_id"


def test_an_address_that_only_copies_of_it_share_keeps_its_next_copy_out(catalogue: CatalogueFixture) -> None:
    catalogue.load([record("1", NAME, website="https://nams.example"), record("2", NAME, website="https://nams.example")])
    remove(catalogue)
    assert known_by(catalogue, record("3", "Jauns nosaukums", website="http://nams.example/"), "q") == "url"


def test_a_page_that_lists_many_later_is_no_ones_address_then(catalogue: CatalogueFixture) -> None:
    page = "https://reg.example/biedri"
    catalogue.load([record("1", NAME, url=page)])
    remove(catalogue)
    assert catalogue.load([record("2", "Cita", url=page)]).refused == 1
    report = catalogue.load([record("2", "Cita", url=page), record("3", "Trešā", url=page)])
    assert (report.new, report.refused) == (2, 0)


def test_a_crawl_tells_what_it_left_out_and_brings_nothing_of_it_back(catalogue: CatalogueFixture) -> None:
    list_url, third = "https://reg.example/saraksts", record("3", url="https://reg.example/tresais")
    catalogue.propose()
    catalogue.crawl([OGRE, third])
    remove(catalogue)
    for _night in range(2):
        stored = staging.start_crawl(catalogue.database, "p")
        for crawled in (OGRE, replace(OGRE, remote_id="other", url="https://reg.example/ogre2"), third):
            stored.stage(crawled, crawled.url)
            stored.remember(str(crawled.url), PageValidators(etag="x"), frozenset({crawled.remote_id}))
        stored.remember(list_url, PageValidators(etag="x"), frozenset({"1", "other", "3"}))
        stored.problem(Problem("warning", "unreadable", OGRE.url, OGRE.remote_id, "phone", "Saulcerīte"))
        report = crawl_end.finish_crawl(
            catalogue.database, stored, CrawlResult(complete=True, found=3, refused=0), secret_key=secret_key(catalogue.settings)
        )
        assert (report.state, report.counts["refused"]) == ("done", 2)
        with catalogue.database.reading() as session:
            problems = crawl_queries.crawl_report(session, report.crawl_id).problems
        assert [
            (problem.severity, problem.reason, problem.field, problem.url, problem.remote_id, problem.value)
            for problem in problems
        ] == [("refused", LEFT_OUT, "identifiers", None, None, None)] * 2
    again = staging.start_crawl(catalogue.database, "p")
    assert (again.validators_of(list_url), again.record_ids_of(str(third.url))) == (None, frozenset({"3"}))
    remaining = everything(catalogue)
    assert [word for word in ("ogresnams", "reg.example/ogre", "Saulcerīte", "40008000001", NAME) if word in remaining] == []


def test_an_import_names_the_ids_of_its_file_to_whoever_runs_it(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    report = catalogue.load([OGRE, record("3")])
    assert (report.new, report.refused) == (1, 1)
    assert [(p.severity, p.reason, p.remote_id) for p in report.problems] == [("refused", LEFT_OUT, "1")]


def test_what_is_listed_twice_is_told_by_name_when_one_of_it_was_removed(catalogue: CatalogueFixture) -> None:
    twin = record("7", "Kopienas nams Ogrē")
    catalogue.load([OGRE])
    catalogue.load([twin], "q")
    remove(catalogue)
    report = catalogue.load([replace(twin, identifiers=OGRE.identifiers)], "q")
    assert [(p.severity, p.reason, p.remote_id) for p in report.problems] == [("refused", NOT_UPDATED, "7")]
    with catalogue.database.reading() as session:
        assert queues.counted(session, queues.queue("removed"))[0] == 1


def test_what_somebody_decided_to_leave_listed_is_not_asked_about_again(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    catalogue.load([TALSI], "q")
    with catalogue.database.writing() as session:
        notices.resolve_notices(session, "q", notices.REMOVAL_TOPICS, now=utc_now())
    catalogue.load([replace(TALSI, title={"lv": "Kopienas  nams"})], "q")
    with catalogue.database.reading() as session:
        assert queues.counted(session, queues.queue("removed"))[0] == 0


def test_removal_erases_history_and_what_was_merged(catalogue: CatalogueFixture) -> None:
    catalogue.propose("p")
    catalogue.crawl([OGRE])
    catalogue.load([replace(OGRE, summary={"lv": "Saulcerīte arī te"})], "q")
    (listing,) = catalogue.shown().values()
    with catalogue.database.writing() as session:
        edit = edits.Edit(listing.public_id, "email", "", "c", listing.version)
        edits.set_value(session, edit, "vecais@ogresnams.example")
    catalogue.crawl([replace(OGRE, description={"lv": "Saulcerīte vēlreiz"})])
    with catalogue.database.writing() as session:
        is_merged = Initiative.merged_into_id.is_not(None)
        session.execute(
            update(Initiative).where(is_merged).values(composed={"slug": "saulcerite-ogre", "texts": {"title": {"lv": NAME}}})
        )
    remove(catalogue)
    remaining = everything(catalogue)
    assert [word for word in ("ogresnams", "reg.example/ogre", "Saulcerīte", "40008000001", NAME) if word in remaining] == []
    with catalogue.database.reading() as session:
        of_edit = list(session.scalars(select(Event).where(Event.action == "set")))
        assert [(event.before, event.after) for event in of_edit] == [(None, None)]


def test_removal_erases_what_pages_were_found_to_hold_and_reads_them_anew(catalogue: CatalogueFixture) -> None:
    list_url, own = "https://reg.example/saraksts", str(OGRE.url)
    catalogue.propose()
    catalogue.crawl([OGRE, TALSI])
    for url, ids in ((own, frozenset({"old id"})), (list_url, frozenset({"1", "2"}))):
        stored = staging.start_crawl(catalogue.database, "p")
        stored.remember(url, PageValidators(etag="x"), ids)
        crawl_end.finish_crawl(
            catalogue.database, stored, CrawlResult(complete=False, found=0, refused=0), secret_key=secret_key(catalogue.settings)
        )
    remove(catalogue, where="Ogre")
    again = staging.start_crawl(catalogue.database, "p")
    assert [again.validators_of(url) is None for url in (own, list_url, str(TALSI.url))] == [True, True, False]


def test_removal_erases_what_waits_in_a_held_crawl_and_the_addresses_of_what_is_gone(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([OGRE, *(record(str(n)) for n in range(10, 20))])
    held = catalogue.crawl([OGRE])
    assert held.state == "held"
    with catalogue.database.writing() as session:
        session.execute(update(Crawl).values(gone=[OGRE.url, "https://reg.example/cits"]))
    remove(catalogue)
    assert "ogre" not in everything(catalogue)
    with catalogue.database.writing() as session:
        held_crawls.approve_held_crawl(session, crawl_id=held.crawl_id, actor="c", secret_key=secret_key(catalogue.settings))
    assert NAME not in catalogue.shown()


@pytest.mark.parametrize("is_held_before", [True, False])
def test_what_was_removed_leaves_the_stage_of_another_platforms_held_crawl(
    catalogue: CatalogueFixture, is_held_before: bool
) -> None:
    few, copy = [record(str(n)) for n in range(10, 12)], replace(OGRE, remote_id="saulcerite", url="https://q.example/ogresnams")
    many = [record(str(n)) for n in range(10, 20)]
    catalogue.load([OGRE])
    catalogue.propose("q")
    catalogue.crawl(few, "q")
    if not is_held_before:
        remove(catalogue)
    held = catalogue.crawl([*many, copy], "q")
    if is_held_before:
        remove(catalogue)
    assert held.state == "held"
    remaining = everything(catalogue).lower()
    assert [word for word in ("ogresnams", "saulcerīt", "saulcerit", "40008000001", NAME.lower()) if word in remaining] == []
    with catalogue.database.writing() as session:
        held_crawls.approve_held_crawl(session, crawl_id=held.crawl_id, actor="c", secret_key=secret_key(catalogue.settings))
    with catalogue.database.reading() as session:
        report = crawl_queries.crawl_report(session, held.crawl_id)
    assert (report.counts["new"], report.counts["refused"]) == (8, 1)
    assert [(one.severity, one.reason, one.field, one.remote_id) for one in report.problems] == [
        ("refused", LEFT_OUT, "identifiers", None)
    ]
    assert set(catalogue.shown()) == {one.title["lv"] for one in many}
    again = staging.start_crawl(catalogue.database, "q")
    assert again.validators_of(str(copy.url)) is None, "the page is read again, so that the next report tells of it, too"


def test_what_is_listed_stays_staged_when_another_platforms_copy_is_removed(catalogue: CatalogueFixture) -> None:
    """Else it would be gone when the crawl is released, though its source has it."""
    twin, few = record("7", "Kopienas nams Ogrē"), [record(str(n)) for n in range(10, 12)]
    catalogue.load([OGRE])
    catalogue.propose("q")
    catalogue.crawl([twin, *few], "q")
    held = catalogue.crawl([replace(twin, identifiers=OGRE.identifiers), *few, *(record(str(n)) for n in range(20, 30))], "q")
    remove(catalogue)
    with catalogue.database.writing() as session:
        held_crawls.approve_held_crawl(session, crawl_id=held.crawl_id, actor="c", secret_key=secret_key(catalogue.settings))
    with catalogue.database.reading() as session:
        report = crawl_queries.crawl_report(session, held.crawl_id)
    assert (report.counts["gone"], [one.reason for one in report.problems]) == (0, [NOT_UPDATED])


def test_a_flag_goes_with_the_listing_that_it_is_of(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    catalogue.load([TALSI], "q")
    remove(catalogue)
    with catalogue.database.reading() as session:
        assert list(session.scalars(select(Notice))) == []


def test_names_of_old_installations_become_flags_and_back(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    remove(catalogue)

    def move(step: Callable[..., None], revision: str) -> set[str]:
        with catalogue.database.engine.connect() as connection:
            step(alembic_config(connection), revision)
            connection.commit()
            return set(connection.scalars(text("select kind from suppressions")))

    assert "name" in move(command.downgrade, "0006")
    assert "flag" in move(command.upgrade, "head")
    assert known_by(catalogue, replace(TALSI, identifiers=OGRE.identifiers)) == "identifiers"
    report = catalogue.load([TALSI])
    assert (report.new, [problem.reason for problem in report.problems]) == (1, [NAMESAKE])
