"""The register of removals: what it tells, and what comes in again once an entry is lifted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from sqlalchemy import delete, select, text, update

from crawlers.record import Identifier
from crawlers.state import CrawlResult, PageValidators
from platforma.catalogue import notices
from platforma.catalogue.errors import BadState, BadValue, NotFound, Suppressed
from platforma.catalogue.ingest import crawl_end, crawl_queries, full_reports, staging
from platforma.catalogue.ingest.refusals import NOT_UPDATED
from platforma.catalogue.listings import listing_queries, removal_register
from platforma.catalogue.listings.left_out import LEFT_OUT
from platforma.catalogue.models import Event, Initiative, Removal, Suppression
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.catalogue.migrating import migrate
from tests.catalogue.removing import NAME, OGRE, TALSI, everything, remove
from tests.catalogue.small_site import HTML, small_site

NAMES = ["Saules maize", "Upes bērni", "Otrā elpa", "Labais rīts"]


def lift(catalogue: CatalogueFixture, removal_id: int | None = None, reason: str = "lūdza atpakaļ") -> None:
    """Lift a removal; the last one unless another is named."""
    with catalogue.database.writing() as session:
        removal_id = removal_id or removal_register.entries(session)[0][0].id
        key = secret_key(catalogue.settings)
        removal_register.lift(session, removal_id=removal_id, reason=reason, actor="admin", key=key)


def register(catalogue: CatalogueFixture) -> list[removal_register.RegisterEntry]:
    with catalogue.database.reading() as session:
        return removal_register.entries(session)[0]


def test_the_register_tells_who_when_and_why_and_nothing_of_what_was_removed(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE, record("3", "Cits", url="https://reg.example/cits")])
    first, second = remove(catalogue), remove(catalogue, "Cits")
    newest, oldest = register(catalogue)
    assert [(one.public_id, one.by, one.reason, one.lifted_at) for one in (newest, oldest)] == [
        (second, "c", "asked", None), (first, "c", "asked", None),
    ]  # fmt: skip
    assert oldest.kinds == ("identifier", "id", "address", "site_name", "flag")
    assert newest.kinds == ("id", "address", "site_name", "flag")
    assert "Kopienas" not in str([newest, oldest]) and "reg.example" not in str([newest, oldest])
    with catalogue.database.reading() as session:
        assert [one.id for one in removal_register.entries(session, limit=1, offset=1)[0]] == [oldest.id]
        assert removal_register.entries(session, limit=1)[1] == 2


@pytest.mark.parametrize("recipe", [{}, {"has_sitemap": False}, HTML], ids=["sitemap", "links", "list"])
def test_what_is_lifted_comes_in_with_the_next_crawl_though_its_page_did_not_change(
    catalogue: CatalogueFixture, recipe: dict[str, Any]
) -> None:
    with small_site(catalogue, NAMES, **recipe) as site:
        old_id = remove(catalogue, NAMES[1])
        for _night in range(2):
            report = site.night()
            assert (report.counts["refused"], site.titles()) == (1, {*NAMES} - {NAMES[1]})
            assert [(problem.reason, problem.url) for problem in site.problems(report)] == [(LEFT_OUT, None)], "each night"
        lift(catalogue)
        back = site.night()
        assert (back.counts["new"], back.counts["refused"], site.titles()) == (1, 0, {*NAMES})
        assert catalogue.shown()[NAMES[1]].public_id != old_id
        with catalogue.database.reading() as session, pytest.raises(Suppressed):
            listing_queries.listing(session, old_id)


def test_what_stands_in_a_list_comes_in_again_though_the_list_did_not_change(catalogue: CatalogueFixture) -> None:
    url, entries = "https://reg.example/saraksts", [record("a", "Viens"), record("b", "Divi")]

    def night() -> None:
        stored = staging.start_crawl(catalogue.database, "p")
        if stored.validators_of(url) is None:
            for one in entries:
                stored.stage(one, url)
            stored.remember(url, PageValidators(etag="x"), frozenset({"a", "b"}))
        else:
            for id in stored.record_ids_of(url):
                stored.unchanged(id, url)
        crawl_end.finish_crawl(catalogue.database, stored, CrawlResult(True, 2, 0), secret_key=secret_key(catalogue.settings))

    catalogue.propose()
    night()
    remove(catalogue, "Viens")
    night()
    assert set(catalogue.shown()) == {"Divi"}
    lift(catalogue)
    night()
    assert set(catalogue.shown()) == {"Viens", "Divi"}


def test_an_import_brings_in_again_what_was_lifted(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    remove(catalogue)
    assert catalogue.load([OGRE]).refused == 1
    lift(catalogue)
    assert (catalogue.load([OGRE]).new, len(catalogue.shown())) == (1, 1)


def test_lifting_one_of_two_removals_with_the_same_marks_leaves_the_other(catalogue: CatalogueFixture) -> None:
    twin = replace(TALSI, identifiers=OGRE.identifiers)
    catalogue.load([OGRE, twin])
    remove(catalogue, where="Ogre")
    remove(catalogue, where="Talsi")
    second, first = register(catalogue)
    lift(catalogue, first.id)
    arrived = record("9", "Cits", identifiers=OGRE.identifiers)
    assert catalogue.load([arrived], "q").refused == 1
    assert catalogue.load([replace(OGRE, identifiers=())]).new == 1, "by what only the lifted one was known"
    lift(catalogue, second.id)
    assert catalogue.load([arrived], "q").new == 1


def test_what_was_lifted_can_be_removed_again(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    first = remove(catalogue)
    lift(catalogue)
    catalogue.load([OGRE])
    second = remove(catalogue)
    assert first != second
    assert [(one.public_id, one.lifted_at is None) for one in register(catalogue)] == [(second, True), (first, False)]
    assert catalogue.load([OGRE]).refused == 1


def test_lifting_is_recorded_with_its_reason_and_deletes_the_marks(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE])
    public_id = remove(catalogue)
    lift(catalogue, reason="  lūdza atpakaļ ")
    (entry,) = register(catalogue)
    assert (entry.lifted_by, entry.lift_reason, entry.kinds) == ("admin", "lūdza atpakaļ", ())
    with catalogue.database.reading() as session:
        assert list(session.scalars(select(Suppression))) == []
        (event,) = session.scalars(select(Event).where(Event.action == "lift"))
        assert (event.actor, event.object_type, event.object_id) == ("admin", "removal", str(entry.id))
        assert event.after == {"public_id": public_id, "reason": "lūdza atpakaļ"}


@pytest.mark.parametrize(
    ("removal_id", "reason", "error"),
    [(1, " ", BadValue), (1, "x" * 501, BadValue), (1, "x" * 500, None), (99, "x", NotFound), (2, "x", BadState)],
)
def test_what_cannot_be_lifted_stays(
    catalogue: CatalogueFixture, removal_id: int, reason: str, error: type[Exception] | None
) -> None:
    catalogue.load([OGRE, TALSI])
    remove(catalogue, where="Ogre")
    remove(catalogue, where="Talsi")
    lift(catalogue, 2)
    if error is None:
        lift(catalogue, removal_id, reason)
        return
    before = register(catalogue)
    with pytest.raises(error):
        lift(catalogue, removal_id, reason)
    assert register(catalogue) == before


def test_a_listing_that_was_no_longer_updated_is_updated_again(catalogue: CatalogueFixture) -> None:
    twin = record("7", "Kopienas nams Ogrē", url="https://q.example/7", identifiers=(Identifier("LV-RE", "1"),))
    catalogue.propose("q")
    catalogue.load([OGRE])
    catalogue.crawl([twin], "q")
    remove(catalogue)
    changed = replace(twin, identifiers=OGRE.identifiers)
    report = catalogue.crawl([changed], "q")
    with catalogue.database.reading() as session:
        assert [problem.reason for problem in crawl_queries.crawl_report(session, report.crawl_id).problems] == [NOT_UPDATED]
    lift(catalogue)
    assert catalogue.crawl([changed], "q").counts["changed"] == 1


def test_curators_are_not_asked_any_more_because_of_what_was_lifted(catalogue: CatalogueFixture) -> None:
    """Of two removals with one name each asks about its own namesake; removed again, it asks again."""

    def asked() -> list[str]:
        with catalogue.database.reading() as session:
            return [str(notice.values["title"]) for notice in notices.open_notices(session, notices.REMOVAL_TOPICS)]

    namesakes = [record("8", NAME, place="Cēsis"), record("9", "Cits nams", place="Cēsis")]
    catalogue.load([OGRE, replace(TALSI, title={"lv": "Cits nams"})])
    for title in (NAME, "Cits nams"):
        remove(catalogue, title)
    catalogue.load(namesakes, "q")
    assert asked() == [NAME, "Cits nams"]
    second, first = register(catalogue)
    lift(catalogue, first.id)
    assert asked() == ["Cits nams"]
    catalogue.load([OGRE])
    remove(catalogue, where="Ogre")
    catalogue.load([replace(namesakes[0], title={"lv": NAME.upper()})], "q")
    assert asked() == ["Cits nams", NAME.upper()]
    lift(catalogue, second.id)
    assert asked() == [NAME.upper()]


def test_a_dry_run_and_a_held_crawl_name_nothing_of_what_was_removed(catalogue: CatalogueFixture) -> None:
    catalogue.propose()
    catalogue.crawl([OGRE, *(record(str(number)) for number in range(10, 20))])
    remove(catalogue)
    stored = staging.start_crawl(catalogue.database, "p")
    for one in (OGRE, record("10"), record("new")):
        stored.stage(one, one.url)
    key, result = secret_key(catalogue.settings), CrawlResult(True, 3, 0)
    run = crawl_end.diff_crawl(catalogue.database, stored, result, secret_key=key)
    assert [name.remote_id for name in run.difference.new] == ["new"]
    assert (run.difference.unchanged, [(problem.reason, problem.url) for problem in run.problems]) == (1, [(LEFT_OUT, None)])
    held = catalogue.crawl([OGRE, record("10"), record("new")])
    with catalogue.database.reading() as session:
        difference = full_reports.full_report(session, held.crawl_id, secret_key=key, limit=9).difference
    assert difference is not None and "Kopienas" not in str(difference)
    assert [problem.reason for problem in difference.kept_out] == [LEFT_OUT]


def test_removals_of_older_versions_become_entries_and_go_on_holding(catalogue: CatalogueFixture) -> None:
    catalogue.load([OGRE, TALSI, record("3", "Cits", url="https://reg.example/cits")])
    ids = [remove(catalogue, where="Ogre"), remove(catalogue, where="Talsi"), remove(catalogue, "Cits")]
    with catalogue.database.writing() as session:
        for number, row in enumerate(session.scalars(select(Removal).order_by(Removal.id))):
            row.reason, row.at = f"asked {number}", row.at.replace(year=2020 + number)
    migrate(catalogue.database, command.downgrade, "0016")
    with catalogue.database.writing() as session:
        events = session.execute(select(Event.id, Event.at).where(Event.action == "suppress").order_by(Event.id)).all()
        for number, event in enumerate(events):
            session.execute(update(Event).where(Event.id == event.id).values(at=event.at.replace(year=2020 + number)))
        session.execute(delete(Event).where(Event.id == events[-1].id))
    with catalogue.database.engine.connect() as connection:
        assert connection.scalar(text("select count(distinct kind || hash) = count(*) from suppressions")), "each hash once"
    migrate(catalogue.database, command.upgrade, "head")
    entries = list(reversed(register(catalogue)))
    assert [(one.public_id, one.reason, one.at.year, one.by) for one in entries] == [
        (ids[0], "asked 0", 2020, "c"), (ids[1], "asked 1", 2021, "c"), (None, "asked 2", 2022, "c"),
    ]  # fmt: skip
    assert catalogue.load([OGRE, TALSI, record("3", "Cits", url="https://reg.example/cits")]).refused == 3
    lift(catalogue, entries[2].id)
    assert catalogue.load([record("3", "Cits", url="https://reg.example/cits")]).new == 1
    assert "Kopienas" not in everything(catalogue)
    with catalogue.database.reading() as session:
        assert session.scalar(select(Initiative.public_id).where(Initiative.public_id == ids[0])) == ids[0]
