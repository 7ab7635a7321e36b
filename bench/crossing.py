"""Whether a concept asked for in one language finds what is written only in another: `python -m bench.crossing`.

FILE holds one JSON object a line: `concept`, its questions in `lv` and `en` (lists), and `listing_lv` and `listing_en`, each with
a `title` and a `summary` in that language alone. An index holds the listings in one language, and those of `--among` (as
bench.known_item reads them); what counts is whether the concept's listing is among the first five. Beside it
the same without other names (`exact=1`), and asked in the language of the listings, which is the most that can be hoped for.

The authors of the shipped file did not look at the thesaurus, and wrote listings as organisations write them: many do not have
the word by which they are asked for.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import known_item
from bench.filling import filled_engine
from search.port import Document, Query, SearchEngine

JUDGED = Path(__file__).parent / "crossing.jsonl"
FIRST_RESULTS = 5
LANGUAGE_PAIRS = (("lv", "en"), ("en", "lv"))
HEAD = "| asked in | listings in | found | without other names | asked in the listings' language |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Question:
    """A concept as somebody typed it, and the id of the listing that answers it."""

    text: str
    lang: str
    wanted_id: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.crossing", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=JUDGED, metavar="FILE")
    parser.add_argument("--among", type=Path, nargs="*", default=[], help="files of other listings")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    parser.add_argument("--meaning", action="store_true", help="find by meaning, too")
    parser.add_argument("--verbose", action="store_true", help="name each question that missed")
    chosen = parser.parse_args()
    rows = [json.loads(line) for line in chosen.file.read_text(encoding="utf-8").strip().split("\n")]
    among = [document for path in chosen.among for document in known_item.read(path)]
    print(f"{len(rows)} concepts among {len(rows) + len(among)} listings\n\n{HEAD}")
    for asked_in, written_in in LANGUAGE_PAIRS:
        with tempfile.TemporaryDirectory() as folder:
            documents = [*(listing(row, written_in) for row in rows), *among]
            engine = filled_engine(chosen.engine, Path(folder), documents, by_meaning=chosen.meaning)
            questions = list(questions_of(rows, asked_in))
            missed = [question for question in questions if not is_found(engine, question)]
            same_language = list(questions_of(rows, written_in))
            shares = share(engine, questions), share(engine, questions, expand=False), share(engine, same_language)
            print(f"| {asked_in} | {written_in} | {' | '.join(f'{value:.3f}' for value in shares)} |", flush=True)
            for question in missed if chosen.verbose else ():
                print(f"    {question.wanted_id}: {question.text}")


def listing(row: dict[str, Any], lang: str) -> Document:
    """The listing of a concept in a language."""
    texts = row[f"listing_{lang}"]
    return Document(row["concept"], {lang: texts["title"]}, {lang: texts["summary"]})


def questions_of(rows: Sequence[dict[str, Any]], lang: str) -> Iterator[Question]:
    """Every question in a language."""
    for row in rows:
        yield from (Question(text, lang, row["concept"]) for text in row[lang])


def share(engine: SearchEngine, questions: Sequence[Question], *, expand: bool = True) -> float:
    """Of the questions, the share whose listing is found."""
    return sum(is_found(engine, question, expand=expand) for question in questions) / len(questions)


def is_found(engine: SearchEngine, question: Question, *, expand: bool = True) -> bool:
    """Whether the wanted listing is among the first five."""
    page = engine.search(Query(text=question.text, lang=question.lang, per_page=FIRST_RESULTS, facets=(), expand=expand))
    return question.wanted_id in (hit.id for hit in page.hits)


if __name__ == "__main__":
    main()
