"""Crawling platforms side by side, so that one whose host is busy waits for the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from crawlers.errors import CrawlError
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.platforms.leases import PlatformBusy

Outcome = CrawlReport | str
"""How a platform's crawl ended, or one line on why there was none."""
BUSY = "another process crawls it or its host; try again when it is done"


def crawl_side_by_side(
    platform_ids: Sequence[str],
    crawl: Callable[[str], CrawlReport],
    max_at_once: int,
    on_outcome: Callable[[str, Outcome], None],
) -> None:
    """Crawl the platforms in threads, in this order; one that is busy is tried again after each crawl of ours that ends."""
    waiting, busy = list(platform_ids), list[str]()
    running: dict[Future[CrawlReport], str] = {}
    with ThreadPoolExecutor(max_at_once) as pool:
        while waiting or running:
            while waiting and len(running) < max_at_once:
                platform_id = waiting.pop(0)
                running[pool.submit(crawl, platform_id)] = platform_id
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = _outcome(future)
                if outcome is None and running.keys() - {future}:
                    busy.append(running.pop(future))
                    continue
                on_outcome(running.pop(future), outcome or BUSY)
                waiting, busy = [*busy, *waiting], []
            if not running:
                waiting, busy = [*busy, *waiting], []


def _outcome(future: Future[CrawlReport]) -> Outcome | None:
    """How the crawl ended; None when the platform or its host is busy."""
    try:
        return future.result()
    except PlatformBusy:
        return None
    except CrawlError as error:
        return str(error)
