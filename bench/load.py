"""`python -m bench.load`: searches at a steady rate for a while, answers, refusals and errors, their times, and memory.

Requests are sent at times that are set beforehand, each over a connection of its own as those of different visitors, and a time
counts from then, so that a site that falls behind is not asked less (open loop; G. Tene, “How NOT to Measure Latency”, 2015).
Client and site share the machine, so that CPU time of the site alone stands beside the times that passed.

`--mix different` asks for results only, each question as often as every other. `--mix zipf` asks as visitors do: for results,
pages of listings and the start page, the question or listing of rank n with a weight of 1 / n (Xie and O'Hallaron, “Locality in
Search Engine Queries and Its Implications for Caching”, 2002: questions follow Zipf's law).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import quote

from sqlalchemy import select

from bench.corpus import questions
from bench.filled import add_arguments, filled
from bench.serving import Served, Timing, free_port, served
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.models import Initiative
from platforma.services import Services, open_services
from platforma.worker.indexing import ensure_index

TIMEOUT_SECONDS = 30
COLUMNS = (
    "asked a second",
    "pages a second",
    "ms p50 / p95 / p99",
    "refused (503)",
    "ms of these, p95",
    "no answer",
    "CPU ms a page",
    "MB",
    "after",
)
HEADERS = "Connection: close\r\nAccept-Encoding: br\r\nUser-Agent: Mozilla/5.0 (load)\r\n"
"""As a person's browser, so that what is asked for is counted and packed."""
SEARCHES, LISTINGS, STARTS = 70, 20, 10
"""How many of a hundred pages of the mix are results, listings and start pages: an assumption."""
DRAWN = 100_000
"""The mix has so many pages, after which it begins anew."""
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
    parser.add_argument("--mix", choices=("different", "zipf"), default="different", help="what is asked for (different)")
    chosen = parser.parse_args()
    with filled(chosen) as settings:
        with open_services(settings) as services:
            ensure_index(services)
            asked = _asked(services, chosen.mix, chosen.questions)
        port = free_port()
        words = ["serve", "--no-worker", "--port", str(port), "--processes", str(chosen.processes)]
        environment = {"PLATFORMA_DATA_DIR": str(settings.data_dir), "PLATFORMA_DATABASE_URL": settings.database_url}
        with served([sys.executable, "-m", "platforma", *words], port, "/readyz", environment) as site:
            site.timing(asked[:50])
            print(f"{chosen.size} listings, {chosen.processes} web processes, {chosen.seconds:g} s each, {chosen.mix}\n")
            print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
            for rate in chosen.rate:
                print(_row(site, asked, rate, chosen.seconds), flush=True)


def _asked(services: Services, mix: str, count: int) -> list[str]:
    """The addresses that are asked for, in turn."""
    texts = list(dict.fromkeys(questions(count)))
    results = [f"/{('lv', 'en')[n % 2]}/search?q={quote(text)}" for n, text in enumerate(texts)]
    if mix == "different":
        return results
    listings, starts = _listings(services, count), ["/lv/", "/en/"]
    generator = random.Random(11)
    kinds = generator.choices((results, listings, starts), (SEARCHES, LISTINGS, STARTS), k=DRAWN)
    weights = {id(kind): list(accumulate(1 / rank for rank in range(1, len(kind) + 1))) for kind in (results, listings, starts)}
    return [generator.choices(kind, cum_weights=weights[id(kind)])[0] for kind in kinds]


def _listings(services: Services, count: int) -> list[str]:
    """The addresses of the pages of so many listings, in both languages in turn."""
    with services.database.reading() as session:
        ids = session.scalars(select(Initiative.public_id).order_by(Initiative.id).limit(count)).all()
        found = listing_queries.listings(session, ids)
    return [f"/{('lv', 'en')[n % 2]}/initiatives/{one.public_id}/{one.slug}" for n, one in enumerate(found)]


def _row(site: Served, paths: Sequence[str], rate: float, seconds: float) -> str:
    before, computed = site.private_megabytes(), site.cpu_milliseconds()
    outcome = asyncio.run(ask(site.port, paths, rate, seconds))
    pages, refused = outcome.statuses[200], outcome.statuses[503]
    others = sum(outcome.statuses.values()) - pages - refused
    answered = Timing.of(outcome.milliseconds) if pages > 1 else "–"
    in_vain = f"{Timing.of(outcome.refused_milliseconds).p95:.1f}" if refused > 1 else "–"
    times = f"{answered} | {refused} | {in_vain}"
    cpu = (site.cpu_milliseconds() - computed) / max(1, pages)
    memory = f"{before:.0f} | {site.private_megabytes():.0f}"
    return f"| {rate:g} | {pages / seconds:.0f} | {times} | {others} | {cpu:.1f} | {memory} |"


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
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HEADERS}\r\n"
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
