"""Documents that engines are filled with in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from search.port import Document, Query, SearchEngine

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def document(id: str, title: str, lang: str = "lv", **more: Any) -> Document:
    facets = {name: tuple(values) for name, values in more.pop("facets", {}).items()}
    return Document(
        id=id,
        title={lang: title},
        sort_names={"lv": title, "en": title},
        facets=facets,
        newest_at=WHEN,
        **more,
    )


CORPUS = [
    document("a1", "Jaunatnes iniciatīvu centrs", facets={"country": ["LV"], "theme": ["youth"], "kind": ["organisation"]}),
    document("a2", "Otrā elpa", summary={"lv": "Labdarības veikals, kas atbalsta iniciatīvas"},
             facets={"country": ["LV"], "theme": ["circular_economy"], "kind": ["social_enterprise"]}),
    document("a3", "Repair café network", "en", body={"en": "Volunteers repairing broken things together"},
             facets={"country": ["EE", "LV"], "theme": ["circular_economy"], "kind": ["network"]}),
    document("a4", "Āboliņš un draugi", facets={"country": ["LT"], "sector": ["ngo"]}),
    document("a5", "Ķekavas čiekurs", names=("Ķekava", "SIA Čiekurs"), facets={"country": ["EE"], "sector": ["private"]}),
    document("a6", "Vasaras konference", ends_on=date(2026, 6, 30), facets={"kind": ["event"]}),
]  # fmt: skip


def changed(sources: Sequence[Path], name: str, old: str, new: str, folder: Path) -> tuple[Path, ...]:
    """Source files, one of them in a copy in which a text is replaced."""
    (source,) = (path for path in sources if path.name == name)
    text = source.read_text(encoding="utf-8")
    assert old in text
    copy = folder / name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return tuple(copy if path == source else path for path in sources)


def fill(engine: SearchEngine, documents: list[Document]) -> SearchEngine:
    generation = engine.begin_generation()
    assert generation.add(documents) == len(documents)
    generation.publish()
    return engine


def ids(engine: SearchEngine, text: str = "", **more: Any) -> list[str]:
    return [hit.id for hit in engine.search(Query(text=text, **more)).hits]


CROSSING = [
    document("c1", "Food bank of the coast", "en"), document("c2", "Pārtikas banka"), document("c3", "Sinine maja", "et",
             facets={"theme": ["circular_economy"], "country": ["EE"]}),
    document("c4", "Otrreizējās pārstrādes darbnīca"), document("c5", "Baltic repair workshop", "en"), document("c6", "Skola"),
]  # fmt: skip
