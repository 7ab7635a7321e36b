"""How well questions of members are answered: `python -m bench.judged [FILE]`; `make bench` runs it without FILE.

A catalogue of the demonstration's listings (crawled for it, or of a `--data` folder that `platforma demo --data` filled), of
those of bench/crossing.jsonl in both languages, and of the real ones of FILE (the 400 of the SUSY map, one JSON object a line
with `id`, `name`, `description`, `city`, `country_raw`) is asked the 40 questions of bench/judged.jsonl. Each question has the
listings that answer it (2) or a part of it (1), by title, or by `id` for those of FILE: judged by reading what this search and
others brought, by one person; `irrelevant` names those that answer nothing. An unjudged listing counts as irrelevant though it
may not be; how many of what is shown are unjudged is told.

nDCG@10 (gain 2^grade - 1; Järvelin and Kekäläinen 2002), the share of questions with a full answer (2) on top, and the shares
of irrelevant and of unjudged ones among what is shown in the first ten.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import crossing
from bench.filling import filled_engine
from bench.serving import free_port
from platforma.catalogue.database import Database
from platforma.catalogue.listings.documents import all_documents
from platforma.cli.demonstration import HOST, crawl_missing, demo_settings
from platforma.demo.serve import start_sites
from platforma.services import look_towns_up, open_services
from platforma.settings import load_settings
from search.port import Document, Query, SearchEngine

JUDGED = Path(__file__).parent / "judged.jsonl"
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed on a page in a language, and the grades of the listings that were judged, by their keys; 0 is irrelevant."""

    text: str
    lang: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of some questions, as shares of 1."""

    ndcg: float
    full_on_top: float
    irrelevant: float
    unjudged: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.judged", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the real listings (none)")
    parser.add_argument("--data", type=Path, help="a data folder with the demonstration (it is crawled)")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    parser.add_argument("--meaning", action="store_true", help="find by meaning, too")
    parser.add_argument("--verbose", action="store_true", help="tell the nDCG@10 of each question, the worst first")
    chosen = parser.parse_args()
    run(chosen.file, chosen.data, chosen.engine, by_meaning=chosen.meaning, is_verbose=chosen.verbose)


def run(
    file: Path | None = None,
    data: Path | None = None,
    engine_url: str = "embedded:",
    *,
    by_meaning: bool = False,
    is_verbose: bool = False,
) -> None:
    """Print the measures of the questions in each language and of all."""
    look_towns_up()
    keys: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        documents = catalogue(data or crawled(Path(folder)), file, keys)
        keys |= {document.id: next(iter(document.title.values())) for document in documents if document.id not in keys}
        questions = list(read(known=set(keys.values())))
        engine = filled_engine(engine_url, Path(folder), documents, by_meaning=by_meaning)
        shown = [[keys[id] for id in _ids(engine, question)] for question in questions]
    print(f"{len(questions)} judged questions among {len(documents)} listings\n")
    print("| questions | nDCG@10 | full answer on top | irrelevant among what is shown | unjudged |\n|---|---|---|---|---|")
    for name, langs in {"Latvian": ("lv",), "English": ("en",), "all": ("lv", "en")}.items():
        pairs = [(question, hits) for question, hits in zip(questions, shown, strict=True) if question.lang in langs]
        measured = figures(pairs)
        shares = f"{measured.full_on_top:.2f} | {measured.irrelevant:.2f} | {measured.unjudged:.2f}"
        print(f"| {name} ({len(pairs)}) | {measured.ndcg:.3f} | {shares} |")
    if is_verbose:
        for value, text in sorted((ndcg(question, hits), question.text) for question, hits in zip(questions, shown, strict=True)):
            print(f"    {value:.3f} {text}")


def catalogue(folder: Path, path: Path | None, keys: dict[str, str] | None = None) -> list[Document]:
    """The listings of the demonstration in a data folder, of bench/crossing.jsonl, and of a file if there is one, whose ids are
    added to `keys`."""
    return [*demonstration(folder), *_crossing(), *(_real(path, {} if keys is None else keys) if path else ())]


def crawled(folder: Path) -> Path:
    """A data folder in this one with the listings of the demonstration, which is served and crawled for it."""
    port = free_port()
    settings = demo_settings(load_settings(), port=port, data=folder / "demonstration")
    with start_sites(port + 1, host=HOST), open_services(settings) as services:
        crawl_missing(services, port + 1)
    return settings.data_dir


def read(path: Path = JUDGED, *, known: Collection[str]) -> Iterator[Question]:
    """The questions of a file that a listing of a known key answers, with the judgements of those."""
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        if grades := {key: grade for key, grade in row["relevant"].items() if key in known}:
            yield Question(row["question"], row["lang"], grades | dict.fromkeys(row["irrelevant"], 0))


def figures(pairs: Sequence[tuple[Question, Sequence[str]]]) -> Figures:
    """The measures of questions, each with the keys of what was shown, the first one first."""
    shown = [question.grades.get(key) for question, hits in pairs for key in hits]
    on_top = [bool(hits) and question.grades.get(hits[0], 0) == 2 for question, hits in pairs]
    mean = sum(ndcg(question, hits) for question, hits in pairs) / len(pairs)
    unjudged, number = shown.count(None), max(1, len(shown))
    return Figures(mean, sum(on_top) / len(pairs), (shown.count(0) + unjudged) / number, unjudged / number)


def ndcg(question: Question, hits: Sequence[str]) -> float:
    """The normalised discounted cumulative gain of the first ten."""
    best = sorted(question.grades.values(), reverse=True)[:SHOWN]
    return _gain([question.grades.get(key, 0) for key in hits[:SHOWN]]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _ids(engine: SearchEngine, question: Question) -> list[str]:
    page = engine.search(Query(text=question.text, lang=question.lang, per_page=SHOWN, facets=()))
    return [hit.id for hit in page.hits]


def demonstration(folder: Path) -> list[Document]:
    """The listings of a data folder."""
    with Database(f"sqlite:///{folder / 'platforma.sqlite'}").reading() as session:
        return list(all_documents(session))


def _crossing() -> Iterator[Document]:
    for row in map(json.loads, crossing.JUDGED.read_text(encoding="utf-8").strip().split("\n")):
        for lang in ("lv", "en"):
            listing = crossing.listing(row, lang)
            yield Document(f"{row['concept']}:{lang}", listing.title, listing.summary)


def _real(path: Path, keys: dict[str, str]) -> Iterator[Document]:
    """The listings of a file; their ids are added to `keys`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").strip().split("\n")):
        row = json.loads(line)
        id = f"real{number:04}"
        keys[id] = row["id"]
        names = tuple(name for name in (row.get("city"), row.get("country_raw")) if name)
        yield Document(id, {"und": row["name"] or "-"}, body={"und": row.get("description") or ""}, names=names)


if __name__ == "__main__":
    main()
