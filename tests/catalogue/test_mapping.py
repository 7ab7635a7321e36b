"""Changed recipes over a real register: mapped anew from what is stored, or tried before they are live."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from platforma.catalogue.desk import queues
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import Platform, Record
from platforma.catalogue.platforms import coverage_counts, platform_queries, platform_states, recipes
from platforma.catalogue.terms import unmapped
from platforma.cli import files
from platforma.worker.crawl_job import crawl_platform, run_due_jobs
from platforma.worker.maintenance import run_maintenance
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.removing import everything, remove
from tests.crawlers.server import Handler

ROWS = "Nosaukums;Joma;Darbavieta\nViens;Kokapstrāde;Ogre\nDivi;Kokapstrāde;Cēsis\n"


class Register(Handler):
    """A register as one CSV file."""

    requested: list[str] = []  # noqa: RUF012 - of one test, set anew below

    def on_register(self) -> None:
        self.answer(200, ROWS.encode(), Content_Type="text/csv; charset=utf-8")


@pytest.fixture
def register(catalogue: CatalogueFixture) -> Iterator[list[str]]:
    """The paths that were asked for, of a register that is platform p and was crawled once."""
    Register.requested = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/register.csv"
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    recipe = {"platform": "p", "title": "p", "url": url, "adapter": "table"}
    with catalogue.database.writing() as session:
        platform_states.propose_platform(session, platform_states.Proposal(url=url, title="p", recipe=recipe), actor="t")
        platform_states.approve_platform(session, platform_id="p", actor="t")
    crawl_platform(catalogue.services, "p")
    yield Register.requested
    server.shutdown()
    server.server_close()


def due(catalogue: CatalogueFixture, platform_id: str = "p") -> CrawlReport:
    report = run_due_jobs(catalogue.services, platform_id)
    assert report is not None
    return report


def values(catalogue: CatalogueFixture, name: Literal["themes", "place", "country"]) -> list[object]:
    with catalogue.database.reading() as session:
        return [payload[name] for payload in session.scalars(select(Record.payload).order_by(Record.id))]


def test_a_changed_mapping_asks_the_site_for_nothing(catalogue: CatalogueFixture, register: list[str]) -> None:
    with catalogue.database.reading() as session:
        questions = unmapped.unmapped(session, "p")
        assert queues.counted(session, queues.queue("values"))[0] == 1
    assert [(value.dimension, value.text, value.count) for value in questions.values] == [("theme", "Kokapstrāde", 2)]
    assert [(field.name, field.values) for field in questions.fields] == [("Darbavieta", ("Cēsis", "Ogre"))]
    before = len(register)
    with catalogue.database.writing() as session:
        answers = {("theme", "Kokapstrāde"): "work_integration"}
        unmapped.save_answers(
            session,
            platform_id="p",
            answers=unmapped.Answers(answers, {"place": "Darbavieta"}),
            base_version=questions.recipe_version,
            actor="c",
        )
        asked_again = unmapped.unmapped(session, "p")
    assert (asked_again.values, asked_again.fields) == ((), ()), (
        "what was answered is not asked until the records are mapped anew"
    )
    report = due(catalogue)
    assert (report.state, report.purpose, report.counts["changed"]) == ("done", "mapping", 2)
    assert len(register) == before
    assert values(catalogue, "themes") == [["work_integration"]] * 2
    assert values(catalogue, "place") == ["Cēsis", "Ogre"]
    with catalogue.database.reading() as session:
        assert queues.counted(session, queues.queue("values"))[0] == 0
        assert unmapped.unmapped(session, "p").values == ()
    again = crawl_platform(catalogue.services, "p")
    assert (again.counts["unchanged"], again.counts["changed"], again.counts["warnings"]) == (2, 0, 0)
    assert values(catalogue, "themes") == [["work_integration"]] * 2


def test_a_choice_gives_the_same_from_what_is_stored_and_from_a_new_crawl(
    catalogue: CatalogueFixture, register: list[str]
) -> None:
    with catalogue.database.writing() as session:
        chosen = platform_queries.recipe_of(session, "p") | {"choices": {"Darbavieta": "place", "Joma": None}}
        recipes.save_live(session, platform_id="p", recipe=chosen, base_version=1, actor="c")
    assert due(catalogue).counts["changed"] == 2
    assert (values(catalogue, "place"), values(catalogue, "themes")) == (["Cēsis", "Ogre"], [[], []])
    again = crawl_platform(catalogue.services, "p")
    assert (again.counts["unchanged"], again.counts["changed"], again.counts["warnings"]) == (2, 0, 0)
    with catalogue.database.reading() as session:
        assert unmapped.unmapped(session, "p").fields == (), "what is chosen is not asked about at the desk"


def test_a_draft_is_tried_by_the_worker_and_waits_for_a_person(catalogue: CatalogueFixture, register: list[str]) -> None:
    with catalogue.database.writing() as session:
        draft = platform_queries.recipe_of(session, "p") | {"fields": {"title": "Darbavieta"}, "key": "Nosaukums"}
        recipes.save_draft(session, platform_id="p", recipe=draft, base_version=1, actor="c")
    report = due(catalogue)
    assert (report.state, report.purpose, report.recipe_version) == ("held", "trial", 2)
    assert set(catalogue.shown()) == {"Viens", "Divi"}
    with catalogue.database.writing() as session:
        assert session.get_one(Platform, "p").trial_version is None
        held_crawls.discard_held_crawl(session, crawl_id=report.crawl_id, actor="c")
        assert [(row.version, row.state) for row in recipes.versions(session, "p")] == [(2, "dropped"), (1, "live")]
    assert set(catalogue.shown()) == {"Viens", "Divi"}


IMPORTED = """
platform: fails
adapter: file
key: id
fields: {title: nos, place: vieta}
values: {theme: {Daba: environment}}
defaults: {country: LV}
"""


def load(catalogue: CatalogueFixture, folder: Path, rows: str, recipe: str = IMPORTED) -> None:
    (folder / "fails.csv").write_text(f"id;nos;vieta;joma;pilsēta\n{rows}", encoding="utf-8")
    (folder / "fails.yaml").write_text(recipe, encoding="utf-8")
    files.import_file(catalogue.settings, folder / "fails.csv", platform_id=None, recipe_file=folder / "fails.yaml")


def test_what_was_imported_by_a_recipe_is_mapped_anew_without_the_file(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    load(catalogue, tmp_path, "1;Viens;Ogre;Daba;Cēsis\n2;Divi;;Kokapstrāde;Madona\n")
    (tmp_path / "fails.csv").unlink()
    with catalogue.database.writing() as session:
        questions = unmapped.unmapped(session, "fails")
        assert [(value.dimension, value.text) for value in questions.values] == [("theme", "Kokapstrāde")]
        answers = {("theme", "Kokapstrāde"): "work_integration"}
        unmapped.save_answers(
            session,
            platform_id="fails",
            answers=unmapped.Answers(answers, {"place": "pilsēta"}),
            base_version=questions.recipe_version,
            actor="c",
        )
    report = due(catalogue, "fails")
    assert (report.purpose, report.counts["changed"]) == ("mapping", 2)
    assert values(catalogue, "themes") == [["environment"], ["work_integration"]]
    assert values(catalogue, "place") == ["Cēsis", "Madona"]
    assert values(catalogue, "country") == ["LV", "LV"]


def test_fields_in_nested_keys_of_an_import_are_asked_about(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    thing = {"nos": "Viens", "vietas": {"darba": "Cēsis"}, "valodas": ["latviešu", "lībiešu"], "id": "7"}
    (tmp_path / "fails.json").write_text(json.dumps([thing]), encoding="utf-8")
    (tmp_path / "fails.yaml").write_text(IMPORTED, encoding="utf-8")
    files.import_file(catalogue.settings, tmp_path / "fails.json", platform_id=None, recipe_file=tmp_path / "fails.yaml")
    with catalogue.database.reading() as session:
        asked = [(field.name, field.values) for field in unmapped.unmapped(session, "fails").fields]
    assert asked == [("valodas", ("latviešu, lībiešu",)), ("vietas.darba", ("Cēsis",))]


def test_a_new_import_leaves_what_people_mapped(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    load(catalogue, tmp_path, "1;Viens;Ogre;Kokapstrāde;Cēsis\n")
    load(catalogue, tmp_path, "1;Viens;Ogre;Kokapstrāde;Cēsis\n", IMPORTED.replace("LV}", "EE}"))
    assert values(catalogue, "country") == ["EE"]
    with catalogue.database.writing() as session:
        assert platform_queries.recipe_of(session, "fails")["defaults"] == {"country": "EE"}
        answers = {("theme", "Kokapstrāde"): "work_integration"}
        newest = recipes.newest_version(session, "fails")
        unmapped.save_answers(session, platform_id="fails", answers=unmapped.Answers(answers), base_version=newest, actor="c")
    load(catalogue, tmp_path, "1;Viens;Ogre;Kokapstrāde;Cēsis\n2;Divi;Ogre;Kokapstrāde;Cēsis\n")
    due(catalogue, "fails")
    assert values(catalogue, "themes") == [["work_integration"]] * 2
    assert values(catalogue, "country") == ["EE", "EE"]


def test_an_import_beside_a_crawl_does_not_change_how_the_site_is_read(
    catalogue: CatalogueFixture, register: list[str], tmp_path: Path
) -> None:
    with catalogue.database.reading() as session:
        before = platform_queries.recipe_of(session, "p")
    load(catalogue, tmp_path, "x;Trīs;Ogre;Daba;Cēsis\n", IMPORTED.replace("fails", "p"))
    with catalogue.database.reading() as session:
        assert platform_queries.recipe_of(session, "p") == before
        assert [source is None for source in session.scalars(select(Record.source).order_by(Record.id))] == [False, False, True]


MANY = "1;Viens;Ogre;Kokapstrāde;Cēsis\n2;Divi;;Kokapstrāde;Madona\n3;Trīs;;Aušana;Cēsis\n4;Četri;;Daba;\n"


def asked(catalogue: CatalogueFixture) -> unmapped.Unmapped:
    with catalogue.database.reading() as session:
        return unmapped.unmapped(session, "fails")


def test_what_is_counted_once_asks_the_same_as_what_is_counted_for_the_page(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    load(catalogue, tmp_path, MANY)
    at_once = asked(catalogue)
    assert (at_once.counted_at, at_once.is_partial, at_once.records) == (None, False, 4)
    assert [(value.text, value.count, [name.title for name in value.records]) for value in at_once.values] == [
        ("Kokapstrāde", 2, ["Viens", "Divi"]), ("Aušana", 1, ["Trīs"]),
    ]  # fmt: skip
    run_maintenance(catalogue.services)
    counted = asked(catalogue)
    assert counted.counted_at is not None and replace(counted, counted_at=None) == at_once
    load(catalogue, tmp_path, MANY + "5;Pieci;;Aušana;\n")
    assert [(value.text, value.count) for value in asked(catalogue).values] == [("Aušana", 2), ("Kokapstrāde", 2)]


def test_a_page_reads_some_records_where_none_were_counted_and_says_so(
    catalogue: CatalogueFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(catalogue, tmp_path, MANY)
    for number, is_partial in ((3, True), (4, False), (5, False)):
        monkeypatch.setattr(coverage_counts, "MAX_READ", number)
        found = asked(catalogue)
        assert (found.records, found.is_partial) == (min(number, 4), is_partial)
        assert sum(value.count for value in found.values) == 3
    monkeypatch.setattr(coverage_counts, "MAX_READ", 3)
    run_maintenance(catalogue.services)
    assert (asked(catalogue).records, asked(catalogue).is_partial) == (4, False)


def test_a_sample_says_what_its_record_says_now(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    load(catalogue, tmp_path, MANY)
    run_maintenance(catalogue.services)
    with catalogue.database.writing() as session:
        for row in session.scalars(select(Record).where(Record.remote_id.in_(("1", "2")))):
            row.unmapped = [["theme", "Aušana"]] if row.remote_id == "1" else row.unmapped
            row.payload = {**row.payload, "title": {"lv": "Otrais"}} if row.remote_id == "2" else row.payload
    remove(catalogue, "Trīs")
    counted = asked(catalogue)
    assert [(value.text, [name.title for name in value.records]) for value in counted.values] == [
        ("Kokapstrāde", ["Otrais"]), ("Aušana", []),
    ]  # fmt: skip
    assert "Trīs" not in everything(catalogue), "no sample keeps what was removed"


def test_only_the_most_frequent_values_are_kept(
    catalogue: CatalogueFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_counts, "MAX_KEPT", 1)
    load(catalogue, tmp_path, MANY)
    run_maintenance(catalogue.services)
    assert [(value.text, value.count) for value in asked(catalogue).values] == [("Kokapstrāde", 2)]
