"""Discovery: an address in, a proposed recipe and sample records out, within few requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Item, Listing
from crawlers.errors import BadContent, CrawlError
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Record
from crawlers.scoring import Candidate, rank
from crawlers.site import Fetches, Site

SAMPLES = 20
ITEMS_TO_LIST = 2000
PAGES_TO_TRY = 6
REQUESTS_A_WAY = 16
NOTHING = N_("no initiatives were recognised; list them on a page of their own, or give the address of that page")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What discovery found: the best recipe with records it gives, all that was tried (best first), what was missing.

    `missing` are messages that say what was not found and what the site's owner could do.
    """

    recipe: Recipe
    samples: list[Record] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def tried(self) -> list[str]:
        """One line for each candidate."""
        return [f"{one.recipe.adapter}: {one.remark or f'{len(one.records)} sample records'}" for one in self.candidates]


def discover(url: str, session: Fetches, base: Recipe | None = None) -> Proposal:
    """Propose how to crawl an address: every way is tried on a few pages, the one that yields most is proposed.

    Raises CrawlError when the address cannot be read, or when nothing on the site tells of initiatives.
    """
    site = Site(session, base or Recipe.for_address(url))
    candidates: list[Candidate] = []
    missing = []
    for name, adapter in ADAPTERS.items():
        found = list(_tried(site, name))
        candidates += found
        missing += [] if any(one.records for one in found) else [adapter.missing]
    ranked = rank(candidates)
    if not ranked or not ranked[0].records:
        raise BadContent(url, NOTHING)
    best = ranked[0]
    return Proposal(best.recipe, list(best.records)[:SAMPLES], ranked, missing)


def _tried(site: Site, name: str) -> Iterator[Candidate]:
    """The candidates of one adapter."""
    with site.budget.at_most(REQUESTS_A_WAY):
        try:
            for recipe in ADAPTERS[name].look(site):
                yield _sampled(site, recipe)
        except CrawlError as error:
            yield Candidate(site.recipe.model_copy(update={"adapter": name}), remark=str(error))


def _sampled(site: Site, recipe: Recipe) -> Candidate:
    """What a recipe gives on a few pages, by the same code as in a crawl."""
    adapter = ADAPTERS[recipe.adapter]
    raws: list[Raw] = []
    try:
        items = _listed(adapter.gather(Listing(site.budget, recipe)))
        pages = [item.url for item in items if item.url]
        chosen = pages[:: max(1, len(pages) // PAGES_TO_TRY)][:PAGES_TO_TRY]
        raws = [raw for item in items for raw in item.raws]
        for page in filter(None, map(site.get, chosen)):
            raws += adapter.extract(page, recipe)
    except CrawlError as error:
        if not raws:
            return Candidate(recipe, remark=str(error))
    normaliser = Normaliser(recipe)
    records = {record.remote_id: record for raw in raws if (record := normaliser.record(raw))}
    expected = round(len(records) * len(pages) / len(chosen)) if chosen else len(records)
    return Candidate(recipe, tuple(records.values()), expected)


def _listed(items: Iterator[Item]) -> list[Item]:
    """The first items of a listing, until they hold enough records or there are many addresses."""
    found, records = [], 0
    for item in items:
        found.append(item)
        records += len(item.raws)
        if records >= SAMPLES or len(found) >= ITEMS_TO_LIST:
            break
    return found
