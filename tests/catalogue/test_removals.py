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
from platforma.catalogue import notices, totals
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import alembic_config
from platforma.catalogue.ingest import crawl_end, crawl_queries, held_crawls, staging
from platforma.catalogue.ingest.refusals import LEFT_OUT, NAMESAKE, NOT_UPDATED
from platforma.catalogue.listings import edits, removal
from platforma.catalogue.listings.suppression import SuppressionList
from platforma.catalogue.models import Base, Crawl, Event, Initiative, Notice, Suppression
from platforma.catalogue.platforms import crawled_platforms
from platforma.secret_key import secret_key
from tests.catalogue.place import Place, record

NAME = "Kopienas nams"
OGRE = record(
    "1", NAME, url="https://reg.example/ogre", website="https://www.ogresnams.example/", place="Ogre",
    identifiers=(Identifier("LV-RE", "40008000001"),), description={"lv": "Saulcerīte Ogrē"}, email="saulcerite@ogresnams.example",
)  # fmt: skip
TALSI = record("2", NAME, url="https://reg.example/talsi", website="https://talsunams.example", place="Talsi")


def remove(place: Place, title: str = NAME, *, where: str | None = None) -> str:
    """Remove the listing of a title (and a place); its public id."""
    with place.database.writing() as session:
        rows = session.scalars(select(Initiative).where(Initiative.merged_into_id.is_(None)).order_by(Initiative.id))
        row = next(
            one for one in rows
            if title in one.composed.get("texts", {}).get("title", {}).values()
            and where in (None, one.composed["fields"].get("place"))
        )  # fmt: skip
        removal.suppress(session, public_id=row.public_id, actor="c", reason="asked", key=secret_key(place.settings))
        return row.public_id


def keep_only(place: Place, kinds: Collection[str]) -> None:
    with place.database.writing() as session:
        session.execute(delete(Suppression).where(Suppression.kind.not_in(kinds)))


def known_by(place: Place, arrived: Record, platform_id: str = "p") -> str | None:
    with place.database.reading() as session:
        return SuppressionList(session, secret_key(place.settings)).suppressed_by(platform_id, arrived)


def everything(place: Place) -> str:
    """All that the database holds, as one text."""
    with place.database.reading() as session:
        return str([list(session.execute(select(table))) for table in Base.metadata.sorted_tables])


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
    place: Place, kind: str, same: Record, different: Record
) -> None:
    place.load([OGRE])
    remove(place)
    keep_only(place, [kind])
    assert known_by(place, same) == {"identifier": "identifiers", "id": "remote_id", "address": "url", "site_name": "title"}[kind]
    assert known_by(place, different) is None
    keep_only(place, [])
    assert known_by(place, same) is None


def test_an_id_is_one_of_its_platform_and_an_address_as_id_is_known_in_its_other_forms(place: Place) -> None:
    place.load([record("https://www.reg.example/a/", "Viens")])
    remove(place, "Viens")
    keep_only(place, ["id"])
    assert known_by(place, record("http://reg.example/a", "Cits")) == "remote_id"
    assert known_by(place, record("http://reg.example/a", "Cits"), "q") is None


@pytest.mark.parametrize("platform_id", ["p", "q"])
def test_a_namesake_elsewhere_comes_in_and_the_desk_is_told_once(place: Place, platform_id: str) -> None:
    place.load([OGRE])
    remove(place)
    report = place.load([TALSI], platform_id)
    assert (report.new, report.refused) == (1, 0)
    assert [(one.severity, one.reason, one.remote_id, one.field) for one in report.problems] == [
        ("warning", NAMESAKE, "2", "title")
    ]
    (listing,) = place.shown().values()
    assert listing.get("place") == "Talsi"
    with place.database.reading() as session:
        assert totals.desk_counts(session).maybe_removed == 1
        (notice,) = crawled_platforms.crawled_platform(session, platform_id).notices
        assert (notice.key, notice.values["title"]) == (listing.public_id, NAME)
    again = place.load([replace(TALSI, summary={"lv": "Jauns teksts"})], platform_id)
    assert (again.changed, again.problems) == (1, [])


@pytest.mark.parametrize("published_together", [True, False])
def test_a_namesake_that_is_listed_already_goes_on_being_updated(place: Place, published_together: bool) -> None:
    place.load([OGRE, TALSI] if published_together else [OGRE])
    place.load([TALSI], "q") if not published_together else None
    remove(place, where="Ogre")
    report = place.load([replace(TALSI, place="Sabile")], "p" if published_together else "q")
    assert (report.changed, report.refused, report.problems) == (1, 0, [])
    assert [one.get("place") for one in place.shown().values()] == ["Sabile"]


@pytest.mark.parametrize(
    ("removed_place", "arriving_place", "is_kept_out"),
    [("Ogre", "Talsi", False), ("Ogre", "ogre", True), ("Ogre", None, True), (None, "Talsi", True), (None, None, True)],
)
def test_in_a_register_without_websites_the_place_tells_namesakes_apart(
    place: Place, removed_place: str | None, arriving_place: str | None, is_kept_out: bool
) -> None:
    place.load([record("1", NAME, url="https://reg.example/1", place=removed_place)])
    remove(place)
    arrived = record("2", NAME, url="https://reg.example/2", place=arriving_place)
    assert (known_by(place, arrived) == "title") is is_kept_out


def test_a_name_on_a_site_that_everybody_is_on_is_a_name_alone(place: Place) -> None:
    place.load([record("1", NAME, website="https://www.facebook.com/ogresnams")])
    remove(place)
    assert known_by(place, record("2", NAME, website="https://facebook.com/talsunams"), "q") is None
    assert known_by(place, record("2", "Cits", website="https://m.facebook.com/x"), "q") is None
    assert known_by(place, record("2", "Cits", website="https://facebook.com/ogresnams"), "q") == "url"


@pytest.mark.parametrize("address", ["https://www.facebook.com/", "https://p.example/", "https://jumts.example/"])
def test_an_address_that_many_share_keeps_nothing_else_out(place: Place, address: str) -> None:
    place.propose("p")
    place.load([record("1", NAME, website=address), record("2", "Cita", website="https://jumts.example")])
    remove(place)
    assert known_by(place, record("3", "Trešā", website=address)) is None


def test_a_page_that_lists_many_is_no_ones_address(place: Place) -> None:
    page = "https://reg.example/biedri"
    members = [record(f"{page}#{name}", name, url=page) for name in ("a", "b", "c")]
    place.load(members)
    remove(place, "a")
    report = place.load([*members, record(f"{page}#d", "d", url=page)])
    assert (report.new, report.unchanged, report.refused) == (1, 2, 1)


def test_a_page_that_listed_one_is_not_its_address(place: Place) -> None:
    page = "https://reg.example/biedri"
    place.load([record(f"{page}#a", "a", url=f"{page}/")])
    remove(place, "a")
    assert known_by(place, record(f"{page}#b", "b", url=page)) is None
    assert known_by(place, record(f"{page}#a", "b", url=page)) == "remote_id"


def test_an_address_that_only_copies_of_it_share_keeps_its_next_copy_out(place: Place) -> None:
    place.load([record("1", NAME, website="https://nams.example"), record("2", NAME, website="https://nams.example")])
    remove(place)
    assert known_by(place, record("3", "Jauns nosaukums", website="http://nams.example/"), "q") == "url"


def test_a_page_that_lists_many_later_is_no_ones_address_then(place: Place) -> None:
    page = "https://reg.example/biedri"
    place.load([record("1", NAME, url=page)])
    remove(place)
    assert place.load([record("2", "Cita", url=page)]).refused == 1
    report = place.load([record("2", "Cita", url=page), record("3", "Trešā", url=page)])
    assert (report.new, report.refused) == (2, 0)


def test_a_crawl_tells_what_it_left_out_and_brings_nothing_of_it_back(place: Place) -> None:
    listed, third = "https://reg.example/saraksts", record("3", url="https://reg.example/tresais")
    place.propose()
    place.crawl([OGRE, third])
    remove(place)
    for _night in range(2):
        stored = staging.start_crawl(place.database, "p")
        for one in (OGRE, replace(OGRE, remote_id="other", url="https://reg.example/ogre2"), third):
            stored.stage(one, one.url)
            stored.remember(str(one.url), PageValidators(etag="x"), frozenset({one.remote_id}))
        stored.remember(listed, PageValidators(etag="x"), frozenset({"1", "other", "3"}))
        stored.problem(Problem("warning", "unreadable", OGRE.url, OGRE.remote_id, "phone", "Saulcerīte"))
        report = crawl_end.finish_crawl(
            place.database, stored, CrawlResult(complete=True, found=3, refused=0), secret_key=secret_key(place.settings)
        )
        assert (report.state, report.counts["refused"]) == ("done", 2)
        with place.database.reading() as session:
            told = crawl_queries.crawl_report(session, report.crawl_id).problems
        assert [(p.severity, p.reason, p.field, p.url, p.remote_id, p.value) for p in told] == [
            ("refused", LEFT_OUT, "identifiers", None, None, None)
        ] * 2
    again = staging.start_crawl(place.database, "p")
    assert (again.record_ids_of(listed), again.record_ids_of(str(third.url))) == (frozenset({"3"}), frozenset({"3"}))
    left = everything(place)
    assert [word for word in ("ogresnams", "reg.example/ogre", "Saulcerīte", "40008000001", NAME) if word in left] == []


def test_an_import_names_the_ids_of_its_file_to_whoever_runs_it(place: Place) -> None:
    place.load([OGRE])
    remove(place)
    report = place.load([OGRE, record("3")])
    assert (report.new, report.refused) == (1, 1)
    assert [(p.severity, p.reason, p.remote_id) for p in report.problems] == [("refused", LEFT_OUT, "1")]


def test_what_is_listed_twice_is_told_by_name_when_one_of_it_was_removed(place: Place) -> None:
    twin = record("7", "Kopienas nams Ogrē")
    place.load([OGRE])
    place.load([twin], "q")
    remove(place)
    report = place.load([replace(twin, identifiers=OGRE.identifiers)], "q")
    assert [(p.severity, p.reason, p.remote_id) for p in report.problems] == [("refused", NOT_UPDATED, "7")]
    with place.database.reading() as session:
        assert totals.desk_counts(session).maybe_removed == 1


def test_what_somebody_decided_to_leave_listed_is_not_asked_about_again(place: Place) -> None:
    place.load([OGRE])
    remove(place)
    place.load([TALSI], "q")
    with place.database.writing() as session:
        notices.resolve_notices(session, "q", notices.REMOVAL_TOPICS, now=utc_now())
    place.load([replace(TALSI, title={"lv": "Kopienas  nams"})], "q")
    with place.database.reading() as session:
        assert totals.desk_counts(session).maybe_removed == 0


def test_removal_erases_history_and_what_was_merged(place: Place) -> None:
    place.propose("p")
    place.crawl([OGRE])
    place.load([replace(OGRE, summary={"lv": "Saulcerīte arī te"})], "q")
    (listing,) = place.shown().values()
    with place.database.writing() as session:
        edit = edits.Edit(listing.public_id, "email", "", "c", listing.version)
        edits.set_value(session, edit, "vecais@ogresnams.example")
    place.crawl([replace(OGRE, description={"lv": "Saulcerīte vēlreiz"})])
    with place.database.writing() as session:
        is_merged = Initiative.merged_into_id.is_not(None)
        session.execute(
            update(Initiative).where(is_merged).values(composed={"slug": "saulcerite-ogre", "texts": {"title": {"lv": NAME}}})
        )
    remove(place)
    left = everything(place)
    assert [word for word in ("ogresnams", "reg.example/ogre", "Saulcerīte", "40008000001", NAME) if word in left] == []
    with place.database.reading() as session:
        of_edit = list(session.scalars(select(Event).where(Event.action == "set")))
        assert [(one.before, one.after) for one in of_edit] == [(None, None)]


def test_removal_erases_what_pages_were_found_to_hold_and_reads_them_anew(place: Place) -> None:
    listed, own = "https://reg.example/saraksts", str(OGRE.url)
    place.propose()
    place.crawl([OGRE, TALSI])
    for url, ids in ((own, frozenset({"old id"})), (listed, frozenset({"1", "2"}))):
        stored = staging.start_crawl(place.database, "p")
        stored.remember(url, PageValidators(etag="x"), ids)
        crawl_end.finish_crawl(
            place.database, stored, CrawlResult(complete=False, found=0, refused=0), secret_key=secret_key(place.settings)
        )
    remove(place, where="Ogre")
    again = staging.start_crawl(place.database, "p")
    assert [again.known(url) is None for url in (own, listed, str(TALSI.url))] == [True, True, False]


def test_removal_erases_what_waits_in_a_held_crawl_and_the_addresses_of_what_is_gone(place: Place) -> None:
    place.propose()
    place.crawl([OGRE, *(record(str(n)) for n in range(10, 20))])
    held = place.crawl([OGRE])
    assert held.state == "held"
    with place.database.writing() as session:
        session.execute(update(Crawl).values(gone=[OGRE.url, "https://reg.example/cits"]))
    remove(place)
    assert "ogre" not in everything(place)
    with place.database.writing() as session:
        held_crawls.approve_held_crawl(session, crawl_id=held.crawl_id, actor="c", secret_key=secret_key(place.settings))
    assert NAME not in place.shown()


def test_a_flag_goes_with_the_listing_that_it_is_of(place: Place) -> None:
    place.load([OGRE])
    remove(place)
    place.load([TALSI], "q")
    remove(place)
    with place.database.reading() as session:
        assert list(session.scalars(select(Notice))) == []


def test_names_of_old_installations_become_flags_and_back(place: Place) -> None:
    place.load([OGRE])
    remove(place)

    def move(step: Callable[..., None], revision: str) -> set[str]:
        with place.database.engine.connect() as connection:
            step(alembic_config(connection), revision)
            connection.commit()
            return set(connection.scalars(text("select kind from suppressions")))

    assert "name" in move(command.downgrade, "0006")
    assert known_by(place, replace(TALSI, identifiers=OGRE.identifiers)) == "identifiers"
    assert "flag" in move(command.upgrade, "head")
    report = place.load([TALSI])
    assert (report.new, [one.reason for one in report.problems]) == (1, [NAMESAKE])
