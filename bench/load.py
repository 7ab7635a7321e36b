"""`python -m bench.load`: searches at a steady rate for a while, answers, refusals and errors, their times, and memory.

Requests are sent at times that are set beforehand, each over a connection of its own as those of different visitors, and a time
counts from then, so that a site that falls behind is not asked less (open loop; G. Tene, “How NOT to Measure Latency”, 2015).
Client and site share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.corpus import questions
from bench.filled import add_arguments, filled
from bench.serving import Served, Timing, free_port, served
from platforma.services import open_services
from platforma.worker.indexing import ensure_index

TIMEOUT_SECONDS = 30
COLUMNS = (
    "asked a second",
    "pages a second",
    "ms p50 / p95 / p99",
    "refused (503)",
    "ms of these, p95",
    "no answer",
    "MB",
    "after",
)
FAILED = 0
"""Stands for a status where no answer came."""


@dataclass
class Outcome:
    """The statuses of the answers, and the milliseconds of those that are pages."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    refused_milliseconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=str(__doc__).splitlines()[0])
    add_arguments(parser)
    parser.add_argument("--rate", type=float, nargs="+", default=[100.0], help="searches a second, one row each (100)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each rate lasts (60)")
    parser.add_argument("--processes", type=int, default=2, help="web processes (2)")
    parser.add_argument("--questions", type=int, default=10_000, help="so many different ones (10000)")
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        with open_services(settings) as services:
            ensure_index(services)
        port = free_port()
        words = ["serve", "--no-worker", "--port", str(port), "--processes", str(chosen.processes)]
        environment = {"PLATFORMA_DATA_DIR": str(settings.data_dir), "PLATFORMA_DATABASE_URL": settings.database_url}
        paths = [f"/{('lv', 'en')[n % 2]}/search?q={quote(text)}" for n, text in enumerate(questions(chosen.questions))]
        with served([sys.executable, "-m", "platforma", *words], port, "/readyz", environment) as site:
            site.timing(paths[:50])
            print(f"{chosen.size} listings, {chosen.processes} web processes, {chosen.seconds:g} s each\n")
            print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
            for rate in chosen.rate:
                print(_row(site, paths, rate, chosen.seconds), flush=True)


def _row(site: Served, paths: Sequence[str], rate: float, seconds: float) -> str:
    before = site.private_megabytes()
    outcome = asyncio.run(ask(site.port, paths, rate, seconds))
    pages, refused = outcome.statuses[200], outcome.statuses[503]
    others = sum(outcome.statuses.values()) - pages - refused
    answered = Timing.of(outcome.milliseconds) if pages > 1 else "–"
    in_vain = f"{Timing.of(outcome.refused_milliseconds).p95:.1f}" if refused > 1 else "–"
    times = f"{answered} | {refused} | {in_vain}"
    return f"| {rate:g} | {pages / seconds:.0f} | {times} | {others} | {before:.0f} | {site.private_megabytes():.0f} |"


async def ask(port: int, paths: Sequence[str], rate: float, seconds: float) -> Outcome:
    """Send searches at a rate, each over a connection of its own, and wait for all answers."""
    outcome, begin = Outcome(), time.perf_counter() + 0.5

    async def send(turn: int) -> None:
        due = begin + turn / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status = await _status(port, paths[turn % len(paths)])
        outcome.statuses[status] += 1
        times = {200: outcome.milliseconds, 503: outcome.refused_milliseconds}.get(status, [])
        times.append((time.perf_counter() - due) * 1000)

    await asyncio.gather(*(send(turn) for turn in range(int(rate * seconds))))
    return outcome


async def _status(port: int, path: str) -> int:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request.encode())
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return FAILED
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else FAILED


if __name__ == "__main__":
    main()
