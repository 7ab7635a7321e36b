"""What a search found is kept until the index, or what questions are read by, changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.embedded.engine import EmbeddedEngine
from search.engines.engine_query import EngineQuery, EngineResult
from search.port import BadQuery, Document, Filter, Query
from search.query import places
from search.query.concepts import ThesaurusEntry, draft_thesaurus
from search.query.places import Town, use_gazetteer

GARDEN = Document("garden", {"en": "A garden"}, {"en": "Neighbours grow vegetables."}, facets={"country": ("LV",)})
HONEY = Document("honey", {"en": "Honey"}, {"en": "Vegetables and honey."}, facets={"place": ("LV-riga",), "country": ("LV",)})
VEGETABLES = Query(text="vegetables", lang="en")


class Counting(EmbeddedEngine):
    """Counts what is asked of the index."""

    asked = 0

    def execute(self, engine_query: EngineQuery) -> EngineResult:
        self.asked += 1
        return super().execute(engine_query)

    def has_asked(self) -> bool:
        """Whether anything was asked since the last call."""
        asked, self.asked = self.asked, 0
        return asked > 0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Counting]:
    engine = Counting(tmp_path)
    generation = engine.begin_generation()
    generation.add([GARDEN])
    generation.publish()
    yield engine
    engine.close()


def ids(engine: EmbeddedEngine, query: Query) -> list[str]:
    return [hit.id for hit in engine.search(query).hits]


def test_the_same_question_is_answered_without_the_index(engine: Counting) -> None:
    first = engine.search(VEGETABLES)
    assert engine.has_asked()
    assert engine.search(Query(text="vegetables", lang="en")) == first
    assert not engine.has_asked()


@pytest.mark.parametrize(
    "other",
    [
        Query(text="vegetable", lang="en"),
        Query(text="vegetables", lang="lv"),
        Query(text="vegetables", lang="en", page=2),
        Query(text="vegetables", lang="en", expand=False),
        Query(text="vegetables", lang="en", facets=("country",)),
        Query(text="vegetables", lang="en", filters={"country": Filter(("LV",))}),
    ],
)
def test_whatever_differs_is_another_question(engine: Counting, other: Query) -> None:
    engine.search(VEGETABLES)
    engine.has_asked()
    engine.search(other)
    assert engine.has_asked()


def test_what_came_to_the_index_or_left_it_is_seen_at_once(engine: Counting) -> None:
    assert ids(engine, VEGETABLES) == ["garden"]
    engine.apply([HONEY], [])
    assert set(ids(engine, VEGETABLES)) == {"garden", "honey"}
    engine.apply([], ["garden"])
    assert ids(engine, VEGETABLES) == ["honey"]
    generation = engine.begin_generation()
    generation.add([GARDEN])
    generation.publish()
    assert ids(engine, VEGETABLES) == ["garden"], "of an index that was built anew"


def test_another_process_may_have_written_it(engine: Counting, tmp_path: Path) -> None:
    assert ids(engine, VEGETABLES) == ["garden"]
    EmbeddedEngine(tmp_path).apply([HONEY], [])
    assert set(ids(engine, VEGETABLES)) == {"garden", "honey"}


def test_another_thesaurus_reads_the_same_question_otherwise(engine: Counting) -> None:
    engine.apply([HONEY], [])
    question = Query(text="apiary", lang="en")
    assert ids(engine, question) == []
    with draft_thesaurus([ThesaurusEntry("honey", {"lv": ["medus"], "en": ["honey", "apiary"]})]):
        assert ids(engine, question) == ["honey"]
    assert ids(engine, question) == []


def test_so_do_other_towns(engine: Counting) -> None:
    engine.apply([HONEY], [])
    former, question = places._Current.town, Query(text="Rīga", lang="lv")
    try:
        use_gazetteer(lambda name: None)
        assert ids(engine, question) == []
        use_gazetteer({"rīga": Town("LV-riga", "LV")}.get)
        assert ids(engine, question) == ["honey"]
    finally:
        places._Current.town = former
        places._places.cache_clear()


def test_a_question_that_is_wrong_is_told_each_time(engine: Counting) -> None:
    for _ in range(2):
        with pytest.raises(BadQuery):
            engine.search(Query(text="vegetables", per_page=-1))
