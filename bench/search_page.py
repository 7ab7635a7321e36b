"""Search pages with all facets: the server's time for the whole HTML, and the engine's part of it.

Listings are made of words of the field in Latvian and English, drawn with a fixed seed; the site answers in this process,
without a network in between, as the time of the server alone.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawlers.record import Record
from platforma.app import create_app
from platforma.catalogue.database import prepare
from platforma.catalogue.ingest import import_records
from platforma.indexing import ensure_index
from platforma.settings import Settings, load_settings
from search.opening import open_engine
from search.port import Query

WORDS = {
    "lv": "kopiena jaunieši darbnīca vide izglītība aprūpe mežs pilsēta ciems skola maize amats brīvprātīgie dārzs senioriem "
    "iekļaušana pārtika kultūra mūzika inovācija uzņēmums atbalsts projekts sadarbība reģions bibliotēka veselība",
    "en": "community youth workshop environment education care forest town village school bread craft volunteers garden elderly "
    "inclusion food culture music innovation enterprise support project cooperation region library health",
}
COUNTRIES = ("LV", "EE", "LT", "PL", "DK", "SE", "FI", "DE", "NO")
THEMES = ("education", "youth", "environment", "culture", "inclusion", "food_agriculture", "health_care")
SECTORS = ("ngo", "private", "public")
KINDS = ("organisation", "project", "social_enterprise", "network")


def records(size: int) -> Iterator[Record]:
    """So many records, the same every time."""
    chance = random.Random(42)
    words = {lang: text.split() for lang, text in WORDS.items()}
    for number in range(size):
        lang = chance.choice(("lv", "en"))
        country = chance.choice(COUNTRIES)
        yield Record(
            str(number),
            kind=chance.choice(KINDS),
            title={lang: " ".join(chance.choices(words[lang], k=4)).capitalize()},
            description={lang: " ".join(chance.choices(words[lang], k=60))},
            country=country,
            countries=(country,),
            themes=(chance.choice(THEMES),),
            sectors=(chance.choice(SECTORS),),
        )


def run(size: int, queries: int) -> None:
    """Print a table: milliseconds of the engine's answer and of the whole page, p50 and p95."""
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS["lv"].split(), k=chance.choice((1, 1, 2)))) for _ in range(queries)]
    print(f"{size} listings, {queries} queries of one or two words, six facets; milliseconds p50 / p95")
    print("| engine | engine alone | whole page | indexing |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        print(measure("embedded", "embedded:", Path(folder), size, texts), flush=True)
    with suppress(RuntimeError, FileNotFoundError), elasticsearch() as url, tempfile.TemporaryDirectory() as folder:
        print(measure("Elasticsearch", f"{url}/bench", Path(folder), size, texts))


def measure(name: str, url: str, folder: Path, size: int, texts: list[str]) -> str:
    """One row of the table."""
    settings = load_settings(data_dir=folder, search_url=url)
    database = prepare(settings)
    import_records(database, "bench", records(size), actor="bench", settings=settings)
    engine = open_engine(url, folder)
    started = time.perf_counter()
    ensure_index(settings, database, engine)
    indexing = time.perf_counter() - started
    alone = timed(texts, lambda text: engine.search(Query(text=text)))
    pages = timed(texts, page_of(settings))
    engine.close()
    return f"| {name} | {alone} | {pages} | {indexing:.1f} s |"


def page_of(settings: Settings) -> Callable[[str], object]:
    """Asks the site for a page of results."""
    client = create_app(settings).test_client()

    def ask(text: str) -> object:
        answer = client.get("/lv/search", query_string={"q": text})
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")
        return answer.data

    return ask


def timed(texts: list[str], ask: Callable[[str], object]) -> str:
    """p50 / p95 in milliseconds, after ten that warm up."""
    for text in texts[:10]:
        ask(text)
    found = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        found.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(found):.1f} / {statistics.quantiles(found, n=20)[-1]:.1f}"


@contextmanager
def elasticsearch() -> Iterator[str]:
    """A node of its own, ended afterwards."""
    from tests.servers import elastic, process

    node = elastic.start_node()
    try:
        yield node.url
    finally:
        process.stop(node.popen.pid, node.folder)
