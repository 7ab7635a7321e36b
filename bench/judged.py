"""How well questions of members of the ecosystem are answered: `python -m bench.judged FILE --data FOLDER`.

A catalogue of the demonstration's listings (FOLDER is one that `platforma demo --data FOLDER` or `make run` filled), of those of
bench/crossing.jsonl in both languages, and of the real ones of FILE (the 400 of the SUSY map, one JSON object a line with `id`,
`name`, `description`, `city`, `country_raw`) is asked the 40 questions of bench/judged.jsonl. Each question has the listings
that answer it (2) or a part of it (1), by title, or by `id` for those of FILE: judged by reading what this search and one
without other names brought, by one person, so that an unjudged listing counts as irrelevant though it may not be.

nDCG@10 (gain 2^grade - 1; Järvelin and Kekäläinen 2002), the share of questions with a full answer (2) on top, and the share
of irrelevant ones among what is shown in the first ten.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import crossing
from bench.filling import filled_engine
from platforma.catalogue.database import Database
from platforma.catalogue.listings.documents import all_documents
from platforma.services import look_towns_up
from search.port import Document, Query, SearchEngine

JUDGED = Path(__file__).parent / "judged.jsonl"
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed on a page in a language, and the grades of the listings that answer it by their keys."""

    text: str
    lang: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of some questions, as shares of 1."""

    ndcg: float
    full_on_top: float
    irrelevant: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.judged", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="the real listings")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="a data folder with the demonstration")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    parser.add_argument("--meaning", action="store_true", help="find by meaning, too")
    parser.add_argument("--verbose", action="store_true", help="tell the nDCG@10 of each question, the worst first")
    chosen = parser.parse_args()
    look_towns_up()
    keys: dict[str, str] = {}
    documents = [*_demonstration(chosen.data), *_crossing(), *_real(chosen.file, keys)]
    keys |= {document.id: next(iter(document.title.values())) for document in documents if document.id not in keys}
    questions = list(read())
    with tempfile.TemporaryDirectory() as folder:
        engine = filled_engine(chosen.engine, Path(folder), documents, by_meaning=chosen.meaning)
        shown = [[keys[id] for id in _ids(engine, question)] for question in questions]
    print(f"{len(questions)} questions among {len(documents)} listings\n")
    print("| questions | nDCG@10 | full answer on top | irrelevant among what is shown |\n|---|---|---|---|")
    for name, langs in {"Latvian": ("lv",), "English": ("en",), "all": ("lv", "en")}.items():
        pairs = [(question, hits) for question, hits in zip(questions, shown, strict=True) if question.lang in langs]
        measured = figures(pairs)
        print(f"| {name} ({len(pairs)}) | {measured.ndcg:.3f} | {measured.full_on_top:.2f} | {measured.irrelevant:.2f} |")
    if chosen.verbose:
        for value, text in sorted((ndcg(question, hits), question.text) for question, hits in zip(questions, shown, strict=True)):
            print(f"    {value:.3f} {text}")


def read(path: Path = JUDGED) -> Iterator[Question]:
    """The questions of a file with their judgements."""
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        yield Question(row["question"], row["lang"], row["relevant"])


def figures(pairs: Sequence[tuple[Question, Sequence[str]]]) -> Figures:
    """The measures of questions, each with the keys of what was shown, the first one first."""
    shown = [question.grades.get(key, 0) for question, hits in pairs for key in hits]
    on_top = [bool(hits) and question.grades.get(hits[0], 0) == 2 for question, hits in pairs]
    mean = sum(ndcg(question, hits) for question, hits in pairs) / len(pairs)
    return Figures(mean, sum(on_top) / len(pairs), shown.count(0) / max(1, len(shown)))


def ndcg(question: Question, hits: Sequence[str]) -> float:
    """The normalised discounted cumulative gain of the first ten."""
    best = sorted(question.grades.values(), reverse=True)[:SHOWN]
    return _gain([question.grades.get(key, 0) for key in hits[:SHOWN]]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _ids(engine: SearchEngine, question: Question) -> list[str]:
    page = engine.search(Query(text=question.text, lang=question.lang, per_page=SHOWN, facets=()))
    return [hit.id for hit in page.hits]


def _demonstration(folder: Path) -> list[Document]:
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
