"""Whether what is typed is finished as it was meant: `python -m bench.suggesting FILE --data FOLDER`.

The site over a copy of FOLDER (which `platforma demo --data FOLDER` or `make run` filled with the demonstration), over the
listings of bench/crossing.jsonl in both languages and over the real ones of FILE (as bench.judged reads them) is asked for its
suggestions for the 40 beginnings of bench/suggested.jsonl. Each has the labels of what was meant, written down by one person
before the suggestions were made; it counts whether one of these is among the first three. `--more` adds generated listings.

CPU time is that of the whole answer: the mean of all beginnings, asked a second time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from bench import corpus, crossing
from crawlers.record import Record
from platforma.catalogue.files.imports import import_records
from platforma.services import Services, open_services
from platforma.settings import load_settings
from platforma.web.app import create_app
from platforma.worker.indexing import ensure_index
from vocabulary.languages import LANGUAGES

JUDGED = Path(__file__).parent / "suggested.jsonl"
FIRST = 3


@dataclass(frozen=True, slots=True)
class Beginning:
    """What somebody typed on a page in a language, and the labels of what was meant."""

    typed: str
    lang: str
    meant: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.suggesting", description=str(__doc__).splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="the real listings")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="a data folder with the demonstration")
    parser.add_argument("--more", type=int, default=0, metavar="N", help="so many generated listings beside these")
    parser.add_argument("--verbose", action="store_true", help="tell what each beginning brought")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(shutil.copytree(chosen.data, Path(folder, "data"))))
        with open_services(settings) as services:
            add(services, "crossing", crossing_records())
            add(services, "real", real_records(chosen.file))
            add(services, "more", corpus.records(chosen.more))
            ensure_index(services)
            print(f"{services.engine.count()} listings\n")
        with create_app(Services.open(settings)).test_client() as client:
            run(client, list(read()), is_verbose=chosen.verbose)


def run(client: FlaskClient, beginnings: Sequence[Beginning], *, is_verbose: bool) -> None:
    """Print how many beginnings are finished as meant, and what an answer costs."""
    shown = [labels(client, beginning) for beginning in beginnings]
    before = time.process_time()
    for beginning in beginnings:
        labels(client, beginning)
    milliseconds = (time.process_time() - before) * 1_000 / len(beginnings)
    print("| beginnings | meant among the first three |\n|---|---|")
    for name, langs in {"Latvian": ("lv",), "English": ("en",), "all": LANGUAGES}.items():
        found = [is_found(one, its) for one, its in zip(beginnings, shown, strict=True) if one.lang in langs]
        print(f"| {name} ({len(found)}) | {sum(found)} |")
    print(f"\n{milliseconds:.1f} ms of CPU time an answer")
    for one, its in zip(beginnings, shown, strict=True) if is_verbose else ():
        print(f"    {'' if is_found(one, its) else 'missed: '}{one.lang} {one.typed}: {'; '.join(its)}")


def read(path: Path = JUDGED) -> Iterator[Beginning]:
    """The beginnings of a file with what was meant."""
    for line in path.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        yield Beginning(row["typed"], row["lang"], tuple(row["meant"]))


def labels(client: FlaskClient, beginning: Beginning) -> list[str]:
    """The labels of the suggestions, the first one first."""
    answer = client.get(f"/{beginning.lang}/suggest", query_string={"q": beginning.typed})
    return [item["label"] for item in answer.get_json()["items"]]


def is_found(beginning: Beginning, shown: Sequence[str]) -> bool:
    """Whether what was meant is among the first three."""
    return not set(beginning.meant).isdisjoint(shown[:FIRST])


def add(services: Services, platform: str, records: Iterator[Record]) -> None:
    """Import records under a platform of this name."""
    import_records(services.database, platform, records, actor="bench", secret_key=services.secret_key)


def crossing_records() -> Iterator[Record]:
    """The listings of bench/crossing.jsonl in each language."""
    for row in map(json.loads, crossing.JUDGED.read_text(encoding="utf-8").strip().split("\n")):
        for lang in LANGUAGES:
            listing = crossing.listing(row, lang)
            yield Record(f"{listing.id}:{lang}", title=listing.title, summary=listing.summary)


def real_records(path: Path) -> Iterator[Record]:
    """The listings of a file as records."""
    for row in map(json.loads, path.read_text(encoding="utf-8").strip().split("\n")):
        description = {"und": row["description"]} if row.get("description") else {}
        yield Record(row["id"], title={"und": row["name"] or "-"}, description=description, place=row.get("city"))


if __name__ == "__main__":
    main()
