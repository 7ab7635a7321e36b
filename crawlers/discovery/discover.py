"""Discovery: an address in, a proposed recipe and sample records out, within few requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Gathering, Item
from crawlers.discovery.scoring import Candidate, rank
from crawlers.discovery.source_fields import FieldFound, ValueFound, fields_found, values_found
from crawlers.errors import BadContent, FetchError
from crawlers.fetch.probe import Fetcher, SiteProbe
from crawlers.messages import N_
from crawlers.normalise import Normaliser
from crawlers.reading.schema_org import owner_of
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record

SAMPLES = 20
ITEMS_TO_LIST = 2000
PAGES_TO_TRY = 4
REQUESTS_A_WAY = 12
NOTHING = N_("no initiatives were recognised; list them on a page of their own, or give the address of that page")
JOINED_SHARE = 0.6
"""How good, beside the best one, a further list must be to be taken too."""
JOINED = ("types", "addresses")
BY_ADDRESS = ("wordpress", "structured", "sitemap")
"""Adapters that find initiatives anywhere on a site."""
MIN_LINKS_BELOW = 3
_FLAT = re.compile(r"/?([a-z]{2}/?)?([^/]+\.\w+)?", re.IGNORECASE)
"""Paths of front pages, those of one language too, and of files."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What discovery found: the best recipe with records it gives, all that was tried (best first), what was missing.

    `fields` and `values` are what the source calls its fields and writes into them, with what of ours they are or could
    be. `missing` are messages that say what was not found and what the site's owner could do.
    """

    recipe: Recipe
    samples: list[Record] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    fields: list[FieldFound] = field(default_factory=list)
    values: list[ValueFound] = field(default_factory=list)

    @property
    def tried(self) -> list[str]:
        """One line for each candidate, best first."""
        return [
            f"{_named(one.recipe)}: {one.remark or f'{one.expected} records, score {one.score:g}'}" for one in self.candidates
        ]


def discover(url: str, session: Fetcher, base: Recipe | None = None) -> Proposal:
    """Propose how to crawl an address: every way is tried on a few pages, the one that yields most is proposed.

    Raises CrawlError when the address cannot be read, or when nothing on the site tells of initiatives.
    """
    site = SiteProbe(session, base or Recipe.for_address(url))
    site.recipe = _titled(site)
    candidates: list[Candidate] = []
    missing = []
    for name, adapter in ADAPTERS.items():
        found = list(_tried(site, name))
        candidates += found
        missing += [] if any(one.records for one in found) else [adapter.missing]
    ranked = rank(candidates)
    if not ranked or not ranked[0].score:
        raise BadContent(url, NOTHING)
    best = _joined(ranked)
    whole = _sampled(site, best.recipe, SAMPLES)
    best = whole if len(whole.records) > len(best.records) else best
    raws, recipe = best.raws, best.recipe
    return Proposal(recipe, list(best.records)[:SAMPLES], ranked, missing, fields_found(raws, recipe), values_found(raws, recipe))


def _titled(site: SiteProbe) -> Recipe:
    """The recipe with the site's own name, where until now it has only that of its host."""
    is_host = site.recipe.title in ("", urlsplit(site.recipe.url).hostname)
    return site.recipe.model_copy(update={"title": (is_host and owner_of(site.html)) or site.recipe.title})


def _tried(site: SiteProbe, name: str) -> Iterator[Candidate]:
    """The candidates of one adapter."""
    with site.budget.at_most(REQUESTS_A_WAY):
        try:
            for recipe in ADAPTERS[name].look(site):
                yield _narrowed(site, recipe) or _sampled(site, recipe, PAGES_TO_TRY)
        except FetchError as error:
            yield Candidate(site.recipe.model_copy(update={"adapter": name}), remark=str(error))


def _narrowed(site: SiteProbe, recipe: Recipe) -> Candidate | None:
    """Where the address given is deep in the site: only what lies below it, if that holds a list of initiatives."""
    address = site.recipe.url.split("?")[0].split("#")[0]
    if recipe.adapter not in BY_ADDRESS or recipe.include or _FLAT.fullmatch(urlsplit(address).path):
        return None
    below = f"^https?://(www\\.)?{re.escape(address.split('//')[1].removeprefix('www.').rstrip('/'))}/."
    found = _sampled(site, recipe.model_copy(update={"include": (below,)}), PAGES_TO_TRY)
    return found if found.expected >= MIN_LINKS_BELOW else None


def _sampled(site: SiteProbe, recipe: Recipe, pages_to_try: int) -> Candidate:
    """What a recipe gives on a few pages, by the same code as in a crawl."""
    adapter = ADAPTERS[recipe.adapter]
    raws: list[RawRecord] = []
    listing = Gathering(site.budget, recipe)
    try:
        with site.budget.at_most(site.budget.requests - pages_to_try):
            items, is_cut = _listed(adapter.gather(listing))
        pages = [item.url for item in items if item.url and not item.is_read]
        chosen = pages[:: max(1, len(pages) // pages_to_try)][:pages_to_try]
        raws = [raw for item in items for raw in item.raws]
        read = [page for url in chosen if (page := site.get(url))]
        for page in read:
            raws += adapter.extract(page, recipe)
    except FetchError as error:
        if not raws:
            return Candidate(recipe, remark=str(error))
    if not raws and listing.problems:
        return Candidate(recipe, remark=listing.problems[0].message())
    records = _records(raws, recipe)
    expected = len(records) * len(pages) / len(read) if read else len(records) * (1.5 if is_cut else 1)
    return Candidate(recipe, tuple(records), tuple(raws), round(expected))


def _records(raws: list[RawRecord], recipe: Recipe) -> list[Record]:
    normaliser = Normaliser(recipe)
    return list({record.remote_id: record for raw in raws if (record := normaliser.record(raw))}.values())


def _listed(items: Iterator[Item]) -> tuple[list[Item], bool]:
    """The first items of a listing, until they hold enough records or there are many addresses; whether there are more."""
    found, records = [], 0
    for item in items:
        found.append(item)
        records += len(item.raws)
        if records >= SAMPLES or len(found) >= ITEMS_TO_LIST:
            return found, next(items, None) is not None
    return found, False


def _joined(ranked: list[Candidate]) -> Candidate:
    """The best candidate with the lists beside it that are nearly as good and hold other records."""
    best = ranked[0]
    for other in ranked[1:]:
        differs = [name for name in type(best.recipe).model_fields if getattr(best.recipe, name) != getattr(other.recipe, name)]
        is_beside = len(differs) == 1 and differs[0] in JOINED and other.score >= JOINED_SHARE * ranked[0].score
        if is_beside and len(best.titles & other.titles) <= len(other.titles) // 4:
            both = {differs[0]: getattr(best.recipe, differs[0]) + getattr(other.recipe, differs[0])}
            recipe = best.recipe.model_copy(update=both)
            records, raws = best.records + other.records, best.raws + other.raws
            best = replace(best, recipe=recipe, records=records, raws=raws, expected=best.expected + other.expected)
    return best


def _named(recipe: Recipe) -> str:
    """The adapter and what tells its candidates apart."""
    details = [*recipe.types, *recipe.include, *recipe.addresses, recipe.html.blocks or recipe.html.entries]
    return " ".join([recipe.adapter, *(one for one in details if one)])
