"""Reading a site, apart from this process: crawling it by a recipe, and proposing a recipe for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crawlers.discovery.discover import Proposal
from crawlers.errors import FetchError, Stopped
from crawlers.fetch import PoliteSession
from crawlers.fetch.session import HOST_BUSY
from crawlers.isolation.host import Host, Session
from crawlers.isolation.messages import CrawlJob, ProposalJob
from crawlers.recipe import Recipe
from crawlers.state import INTERRUPTED, CrawlResult, CrawlState

MAX_LOST_IN_PROPOSAL = 4
"""The pages that may end a reader before a site is given up; a proposal is small, and somebody may be waiting for it."""


def crawl(recipe: Recipe, session: PoliteSession, state: CrawlState, *, stop: Callable[[], bool] = lambda: False) -> CrawlResult:
    """Crawl one platform into the state. Whatever the site does, nothing is raised; the result tells how the crawl ended.

    `stop` is asked between items, during requests and while a page is read; the crawl ends soon after it returns True.
    One that came to nothing while a host was read for other platforms counts as interrupted, not as failed.
    Whatever the state raises is raised.
    """
    deadline = session.clock.monotonic() + recipe.limits.seconds
    session.crawls(recipe, lambda: stop() or session.clock.monotonic() > deadline)
    host = Host(session, state, session.stop)
    try:
        result: CrawlResult = host.run(CrawlJob(recipe))
    except Stopped:
        result = CrawlResult(complete=False, found=len(host.staged_ids), refused=0, failure=INTERRUPTED, is_interrupted=True)
    except FetchError as error:  # a fault of our own, or too many pages that cannot be read
        values = {**error.values, "url": error.url}
        result = CrawlResult(False, len(host.staged_ids), 0, failure=str(error), reason=error.reason, values=values)
    if result.failure and not result.is_interrupted and session.busy_hosts:
        busy = {"host": min(session.busy_hosts)}
        result = replace(result, failure=HOST_BUSY % busy, reason=HOST_BUSY, values=busy, is_interrupted=True)
    return replace(result, refused=host.refused, pages_fetched=session.pages, bytes_fetched=session.bytes, cost=host.cost())


def propose(
    url: str,
    session: Session,
    base: Recipe | None = None,
    *,
    tell_found: Callable[[int], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Proposal:
    """Propose a recipe for an address, as discover does. Raises CrawlError, and Stopped soon after `stop` returns True."""
    host = Host(session, stop=stop, max_lost=MAX_LOST_IN_PROPOSAL, tell_found=tell_found)
    proposal: Proposal = host.run(ProposalJob(url, base))
    return proposal
