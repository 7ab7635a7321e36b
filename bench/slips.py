"""Whether slips are understood: `python -m bench.slips FILE --data FOLDER`.

The catalogue of bench.judged is asked the questions of bench/slips.jsonl, each with one slip: a doubled, missing, swapped or
other letter, a wrong diacritic, words joined or a word split. Each has what is meant. Counted is for how many the first result
of what is meant is among the first three, and for how many the question that is offered is just what is meant.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import judged
from platforma.services import look_towns_up
from search.factory import open_engine
from search.port import Query, SearchEngine

SLIPS = Path(__file__).parent / "slips.jsonl"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody typed on a page in a language, what is meant, and what kind of slip it is."""

    typed: str
    lang: str
    meant: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the first result of what is meant is among the first ones, and the question that was offered."""

    slip: Slip
    is_found: bool
    offered: str | None

    @property
    def is_right(self) -> bool:
        """Whether just what is meant was offered."""
        return self.offered == self.slip.meant


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.slips", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="the real listings")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="a data folder with the demonstration")
    parser.add_argument("--engine", default="embedded:", help="the engine's address (embedded:)")
    parser.add_argument("--verbose", action="store_true", help="tell which slips were not understood")
    chosen = parser.parse_args()
    look_towns_up()
    documents = judged.catalogue(chosen.data, chosen.file)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(chosen.engine, Path(folder))
        generation = engine.begin_generation()
        generation.add(documents)
        generation.publish()
        answers = [answer(engine, slip) for slip in read()]
    print(f"{len(answers)} slips among {len(documents)} listings\n")
    print(f"| slips | right result among {SHOWN} | did-you-mean right |\n|---|---|---|")
    for name, langs in {"Latvian": ("lv",), "English": ("en",), "all": ("lv", "en")}.items():
        print(_row(name, [one for one in answers if one.slip.lang in langs]))
    for one in answers if chosen.verbose else ():
        if not (one.is_found and one.is_right):
            print(f"    {one.slip.typed} ({one.slip.kind}): {'found' if one.is_found else 'not found'}, offered {one.offered}")


def read(path: Path = SLIPS) -> Iterator[Slip]:
    """The slips of a file."""
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        yield Slip(row["typed"], row["lang"], row["meant"], row["slip"])


def answer(engine: SearchEngine, slip: Slip) -> Answer:
    """What is found and offered for a slip."""
    right, shown = (
        engine.search(Query(text=text, lang=slip.lang, per_page=SHOWN, facets=())) for text in (slip.meant, slip.typed)
    )
    is_found = right.hits[0].id in [hit.id for hit in shown.hits]
    return Answer(slip, is_found, shown.did_you_mean)


def _row(name: str, answers: Sequence[Answer]) -> str:
    return f"| {name} ({len(answers)}) | {_count(one.is_found for one in answers)} | {_count(one.is_right for one in answers)} |"


def _count(are: Iterable[bool]) -> int:
    return sum(are)


if __name__ == "__main__":
    main()
