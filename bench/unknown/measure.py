"""Crawls a site with the command line as a curator would, and compares what comes out with what the site holds."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.unknown import facts, feeds, onepage, others, prose, registers, schema, sitemaps, themes, wordpress
from bench.unknown.entries import SIZES, Entry, draw
from bench.unknown.site import WORDS, Site, serving

KINDS: dict[str, Mapping[str, Callable[[Site], None]]] = {
    "WordPress REST": wordpress.VARIANTS,
    "sitemaps": sitemaps.VARIANTS,
    "schema.org": schema.VARIANTS,
    "feeds": feeds.VARIANTS,
    "registers": registers.VARIANTS,
    "one page": onepage.VARIANTS,
    "labelled facts": facts.VARIANTS,
    "prose": prose.VARIANTS,
    "other interfaces": others.VARIANTS,
}
TIMEOUT_SECONDS = 120
Read = Callable[[str], tuple[list[dict[str, Any]], str]]
"""Crawls an address: the records as they are written, and a complaint or an empty string."""


@dataclass
class Outcome:
    """Counts of one site or the sum of several."""

    expected: int = 0
    right: int = 0
    extra: int = 0
    stated: int = 0
    country_right: int = 0
    country_wrong: int = 0
    seconds: float = 0.0
    setting: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the entries whose title came out."""
        return self.right / self.expected if self.expected else 0.0

    @property
    def country(self) -> float:
        """Share of the entries with a stated country that came out with the right one; a missing entry has none."""
        return self.country_right / self.stated if self.stated else 0.0

    @property
    def extra_share(self) -> float:
        """Share of the records that are no entry, or an entry a second time."""
        return self.extra / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def passed(self) -> bool:
        """The thresholds asked for: 95 % of titles, 90 % of countries, at most 5 % extra."""
        return self.recall >= 0.95 and (self.country >= 0.9 or not self.stated) and self.extra_share <= 0.05

    def add(self, other: Outcome) -> None:
        for name in ("expected", "right", "extra", "stated", "country_right", "country_wrong", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def measure(entries: Sequence[Entry], kind: str, variant: str, seed: int, read: Read, sizes: tuple[int, int] = SIZES) -> Outcome:
    """Build the site of a variant with this seed, `read` it by its address only, compare."""
    rng = random.Random(f"{kind}/{variant}/{seed}")

    def make(base: str) -> Site:
        site = Site(base, draw(list(entries), rng, sizes), rng, rng.choice(list(WORDS)), rng.choice(list(themes.THEMES)))
        KINDS[kind][variant](site)
        site.finish()
        return site

    with serving(make) as site:
        started = time.monotonic()
        records, complaint = read(site.base + site.start)
        outcome = compare(site.stated(), records)
        outcome.seconds = time.monotonic() - started
        outcome.setting = f"{site.theme}, {site.lang}, {site.links}"
        if complaint:
            outcome.notes.append(complaint)
    return outcome


def crawl(platforma: Path, address: str) -> tuple[list[dict[str, Any]], str]:
    """The records that the command writes within the time, and its last complaint or an empty string."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PLATFORMA_DATA_DIR": folder, "PLATFORMA_CRAWL_PRIVATE_HOSTS": "1"}
        command = [str(platforma), "crawl", "--url", address, "--jsonl", "-"]
        with (Path(folder) / "out").open("w+b") as out, (Path(folder) / "err").open("w+b") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err, env=environment, start_new_session=True)
            try:
                code = process.wait(TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                code = process.wait()
            out.seek(0)
            err.seek(0)
            lines, complaints = (
                out.read().decode(errors="replace").splitlines(),
                err.read().decode(errors="replace").strip().splitlines(),
            )
    records = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    return records, f"exit {code}: {complaints[-1] if complaints else ''}" if code else ""


def compare(stated: Mapping[str, str | None], records: Sequence[Mapping[str, Any]]) -> Outcome:
    """Titles are equal after normalising blanks and case; a record matches by any of its languages, an entry only once."""
    names = {_plain(name): name for name in stated}
    outcome = Outcome(expected=len(stated), stated=sum(code is not None for code in stated.values()))
    open_names, wrong, extra = dict(names), Counter[str](), []
    for record in records:
        titles = [str(title) for title in (record.get("title") or {}).values()]
        key = next((_plain(title) for title in titles if _plain(title) in open_names), None)
        if key is None:
            extra.append(f"{titles[0] if titles else '(no title)'}  <{record.get('url')}>")
            continue
        code = stated[open_names.pop(key)]
        if code is None:
            continue
        outcome.country_right += record.get("country") == code
        if record.get("country") not in (None, code):
            wrong[f"{record.get('country')} for {code}"] += 1
    outcome.right, outcome.extra, outcome.country_wrong = len(names) - len(open_names), len(extra), sum(wrong.values())
    outcome.notes += [f"missing: {name}" for name in list(open_names.values())[:4]]
    outcome.notes += [f"extra: {name}" for name in extra[:6]]
    outcome.notes += [f"country {what} ×{count}" for what, count in wrong.most_common(4)]
    return outcome


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
