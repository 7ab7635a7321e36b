"""How matching does in a catalogue: `python -m bench.two_platforms` imports real records as if two platforms published them.

Reads susy_sample_400.jsonl from the folder in PLATFORMA_SHARED_DATA (default ../shared/data), or FILE in the same form.
Platform a has the records as they are, platform b a copy of each, of five kinds in rotation (bench.matching.KINDS). Both go in
by the code of `platforma import`. Prints how many listings there are then, which records were joined wrongly, and what became
of each pair.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bench.matching import KINDS, copy_of, real_records, shared_data
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.files import imports, incoming
from platforma.catalogue.listings import duplicate_queue, groups
from platforma.catalogue.models import Initiative, Record
from platforma.catalogue.shapes import RecordPayload
from platforma.settings import load_settings

OUTCOMES = ("joined", "asked", "missed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the pairs: `counts` by kind and outcome; `asked_besides` are waiting pairs that are not the same.

    `listings` are those that stand; `wrong` the groups with records of several initiatives, by their titles.
    """

    counts: Mapping[tuple[str, str], int]
    listings: int
    asked_besides: int
    wrong: Sequence[Sequence[str]]
    missed: Sequence[str]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.two_platforms", description=__doc__.split("\n")[0] if __doc__ else None
    )
    parser.add_argument("file", nargs="?", type=Path, help="records of the SUSY map, one JSON object a line")
    parser.add_argument("--show", action="store_true", help="also print what was joined wrongly, and what was missed")
    chosen = parser.parse_args()
    records = real_records(chosen.file or shared_data() / "susy_sample_400.jsonl")
    kinds = list(KINDS)
    copies = [copy_of(record, kinds[number % len(kinds)]) for number, record in enumerate(records)]
    with tempfile.TemporaryDirectory() as folder:
        database = prepare(load_settings(data_dir=Path(folder)))
        seconds = [_load(database, Path(folder), platform, rows) for platform, rows in (("a", records), ("b", copies))]
        outcome = _outcome(database, [record["remote_id"] for record in records])
        database.dispose()
    _print(outcome, len(records), seconds, show=chosen.show)


def _load(database: Database, folder: Path, platform: str, records: Sequence[RecordPayload]) -> float:
    """Import records under a platform; the CPU seconds that it took."""
    path = folder / f"{platform}.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    started = time.process_time()
    report = imports.import_records(
        database, platform, incoming.read_lines(path, platform), actor="bench", secret_key=b"bench", mapping=None
    )
    for problem in report.problems:
        print(f"- refused: {problem}")
    return time.process_time() - started


def _outcome(database: Database, remote_ids: Sequence[str]) -> Outcome:
    with database.reading() as session:
        heads = groups.heads(session, set(session.scalars(select(Initiative.id))))
        public_ids = {row.id: row.public_id for row in session.execute(select(Initiative.id, Initiative.public_id))}
        rows = session.execute(select(Record.platform_id, Record.remote_id, Record.initiative_id, Record.payload)).all()
        listing_of = {(row.platform_id, row.remote_id): public_ids[heads[row.initiative_id]] for row in rows}
        behind: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            title = next(iter(row.payload["title"].values()))
            behind[listing_of[row.platform_id, row.remote_id]][row.remote_id] = f"{title}, {row.payload.get('place')}"
        waiting = {frozenset((pair.left, pair.right)) for pair in duplicate_queue.waiting_pairs(session)}
    counts: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    asked: set[frozenset[str]] = set()
    for number, id in enumerate(remote_ids):
        kind = list(KINDS)[number % len(KINDS)]
        if ("a", id) not in listing_of or ("b", id) not in listing_of:
            continue
        pair = frozenset((listing_of["a", id], listing_of["b", id]))
        outcome = "joined" if len(pair) == 1 else "asked" if pair in waiting else "missed"
        counts[kind, outcome] += 1
        if outcome == "asked":
            asked.add(pair)
        if outcome == "missed":
            missed.append(f"{kind}: {behind[listing_of['a', id]][id]}")
    wrong = [list(titles.values()) for titles in behind.values() if len(titles) > 1]
    return Outcome(counts, len(behind), len(waiting - asked), wrong, missed)


def _print(outcome: Outcome, total: int, seconds: Sequence[float], *, show: bool) -> None:
    print(f"| second copy | {' | '.join(OUTCOMES)} |\n|---|{'---|' * len(OUTCOMES)}")
    for kind in KINDS:
        print(f"| {kind} | {' | '.join(str(outcome.counts[kind, name]) for name in OUTCOMES)} |")
    found = sum(count for (_, name), count in outcome.counts.items() if name != "missed")
    print(
        f"\n{total} + {total} records: {outcome.listings} listings, {len(outcome.wrong)} of them joined wrongly;"
        f" {found / total:.1%} of the pairs joined or asked, {outcome.asked_besides} other pairs asked."
        f" CPU seconds: {seconds[0]:.1f} and {seconds[1]:.1f}."
    )
    if show:
        print("\n".join(f"- wrong: {' | '.join(titles)}" for titles in outcome.wrong))
        print("\n".join(f"- missed: {title}" for title in outcome.missed))


if __name__ == "__main__":
    main()
