"""Discovery: from an address to a proposed recipe with sample records, within few requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from crawlers.adapters import ADAPTERS
from crawlers.adapters.base import Gathering, Item, refusal
from crawlers.adapters.entry_pages import entries_of
from crawlers.discovery.list_names import names_of_list, titles_around
from crawlers.discovery.remarks import remarks_on
from crawlers.discovery.scoring import Candidate, are_one_list, rank
from crawlers.discovery.site_words import SiteWords, site_words
from crawlers.discovery.source_fields import SourceField, SourceValue, source_fields, source_values
from crawlers.errors import BadContent, FetchError
from crawlers.fetch.indexing import asks_not_to_be_listed
from crawlers.fetch.probe import Fetcher, SiteProbe, is_html
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from vocabulary.messages import N_

MAX_SAMPLES = 20
"""The number of sample records that are proposed; also the number of listed records after which a listing is long enough."""
MAX_ITEMS = 2000
MAX_SAMPLE_PAGES = 4
MAX_REQUESTS_PER_ADAPTER = 12
LAST = "html"
REQUESTS_FOR_LAST = 16
"""The last adapter looks for lists of links on several pages, and tries each: so many requests are kept for it."""
NOTHING = N_("no initiatives were recognised; give the address of the page or file that lists them, or send the list as a table")
BY_VALUES = N_("No heading says this; the column “%(column)s” was taken because of its values: map another one if it is wrong")
MIN_JOINED_SHARE = 0.6
"""The share of the best candidate's score that a further list needs to be joined with it."""
JOINED_KEYS = ("types", "addresses")
"""Keys of a recipe that may list several lists of one site."""
SITE_WIDE_ADAPTERS = ("wordpress", "structured", "sitemap")
"""Adapters that find initiatives anywhere on a site."""
MIN_RECORDS_BELOW = 3
"""The number of records that must be expected below an address for a recipe to be limited to it."""
_FRONT_PATH = re.compile(r"/?([a-z]{2}/?)?([^/]+\.\w+)?", re.IGNORECASE)
"""Paths of front pages, also of one language, and of files at the top level."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The result of discovery: the best recipe, sample records by it, and all candidates, best first.

    `fields` and `values` are those of the source, with the fields and ids of ours that they map to. `missing` are message
    ids: for each adapter that found nothing, what the site lacks and what its owner could do. `expected` is the estimated
    number of records in the whole listing; `is_open_ended`: there are more than were listed, and nothing tells how many.
    `problems` are those of the samples, `raws` what these were made of, `words` what the site says of itself,
    `titles` those of the front page and of the list.
    """

    recipe: Recipe
    samples: list[Record] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    fields: list[SourceField] = field(default_factory=list)
    values: list[SourceValue] = field(default_factory=list)
    expected: int = 0
    is_open_ended: bool = False
    problems: list[Problem] = field(default_factory=list)
    raws: list[RawRecord] = field(default_factory=list)
    words: SiteWords = field(default_factory=SiteWords)
    titles: tuple[str, ...] = ()

    @property
    def tried(self) -> list[str]:
        """One line for each candidate, best first."""
        return [
            f"{_label(tried.recipe)}: {tried.remark or f'{tried.expected} records, score {tried.score:g}'}"
            for tried in self.candidates
        ]


def discover(
    url: str, session: Fetcher, base: Recipe | None = None, tell_found: Callable[[int], None] = lambda _: None
) -> Proposal:
    """Propose a recipe for an address: try every adapter on a few pages, and take the one that yields most.

    `base` is a recipe to start from. `tell_found` is told how many records the best list is expected to have, before more of
    them are read. Raises CrawlError if the address cannot be read or no initiatives are recognised.
    """
    site = SiteProbe(session, base or Recipe.for_address(url))
    words = site_words(site.html)
    site.recipe = _titled(site.recipe, words)
    candidates: list[Candidate] = []
    missing = []
    for name, adapter in ADAPTERS.items():
        tried = list(_candidates(site, name))
        candidates += tried
        missing += [] if any(candidate.records for candidate in tried) else [adapter.missing]
    ranked = rank(candidates, day=site.front.fetched_on.isoformat() if site.front.fetched_on else "")
    if not ranked or not ranked[0].score:
        raise _failure_of_file(site, candidates) or BadContent(url, NOTHING, values={"site": words.name})
    best = _joined(ranked)
    tell_found(max(best.expected, len(best.records)))
    larger = _sampled(site, best.recipe, MAX_SAMPLES)
    best = larger if len(larger.records) > len(best.records) else best
    raws, recipe = best.raws, best.recipe
    samples = list(best.records)[:MAX_SAMPLES]
    expected = max(best.expected, len(best.records))
    return Proposal(
        recipe=recipe,
        samples=samples,
        candidates=ranked,
        missing=missing,
        fields=source_fields(raws, recipe),
        values=source_values(raws, recipe),
        expected=expected,
        is_open_ended=best.is_open_ended,
        problems=[
            *remarks_on(site, recipe, best.records, raws, 0 if best.is_open_ended else expected),
            *_concluded(site.recipe, recipe),
            *_problems(raws, recipe),
        ],
        raws=_of_samples(raws, samples),
        words=words,
        titles=titles_around(site, recipe),
    )


def _failure_of_file(site: SiteProbe, candidates: Iterable[Candidate]) -> BadContent | None:
    """Return why the file at the site's address could not be read, where it is no page and one adapter knows it."""
    if is_html(site.front) and site.front.body.strip():
        return None
    is_markup = site.front.body.lstrip().startswith(b"<")
    known = (each for each in candidates if each.recipe.adapter != "feed" or is_markup)  # anything may be tried as a feed
    problems = (each.failure for each in known if each.failure and each.failure.url == site.front.url)
    return next((BadContent(site.front.url, each.reason, values=each.values) for each in problems), None)


def _titled(recipe: Recipe, words: SiteWords) -> Recipe:
    """Return the recipe with the site's own name as its title, if its title is only the host's name."""
    is_host = recipe.title in ("", urlsplit(recipe.url).hostname)
    return recipe.model_copy(update={"title": (is_host and words.name) or recipe.title})


def _candidates(site: SiteProbe, name: str) -> Iterator[Candidate]:
    """Yield the candidates of one adapter; one with a remark if the site fails, or our own code does (see bounded)."""
    left = site.budget.requests
    with site.budget.at_most(left if name == LAST else min(MAX_REQUESTS_PER_ADAPTER, left - REQUESTS_FOR_LAST)):
        try:
            for recipe in ADAPTERS[name].look(site):
                yield _narrowed(site, recipe) or _sampled(site, recipe, MAX_SAMPLE_PAGES)
        except FetchError as error:
            yield Candidate(site.recipe.model_copy(update={"adapter": name}), remark=str(error), failure=refusal(error))


def _concluded(before: Recipe, recipe: Recipe) -> list[Problem]:
    """Return what was concluded of the values of columns, so that people look whether it is right."""
    columns = {ours: theirs for ours, theirs in recipe.fields.items() if ours not in before.fields}
    return [
        Problem("warning", BY_VALUES, recipe.url, field=ours, value=theirs, values={"column": theirs})
        for ours, theirs in columns.items()
    ]


def _narrowed(site: SiteProbe, recipe: Recipe) -> Candidate | None:
    """Return the candidate limited to pages below the address, if it lies deep in the site and holds a list of initiatives."""
    address = site.recipe.url.split("?")[0].split("#")[0]
    if recipe.adapter not in SITE_WIDE_ADAPTERS or recipe.include or _FRONT_PATH.fullmatch(urlsplit(address).path):
        return None
    below = f"^https?://(www\\.)?{re.escape(address.split('//')[1].removeprefix('www.').rstrip('/'))}/."
    narrowed = _sampled(site, recipe.model_copy(update={"include": (below,)}), MAX_SAMPLE_PAGES)
    return narrowed if narrowed.expected >= MIN_RECORDS_BELOW else None


def _sampled(site: SiteProbe, recipe: Recipe, max_pages: int) -> Candidate:
    """Return the candidate with the records that a recipe gives on a few pages, by the code that a crawl uses."""
    adapter = ADAPTERS[recipe.adapter]
    raws: list[RawRecord] = []
    listing = Gathering(site.budget, recipe)
    try:
        with site.budget.at_most(site.budget.requests - max_pages):
            items, is_cut = _first_items(adapter.gather(listing))
        urls = [item.url for item in items if item.url and not item.is_read]
        chosen = _sample_of(site, urls, recipe, max_pages)
        raws = [raw for item in items for raw in item.raws]
        own_pages = {item.url for item in items if item.is_own_page}
        read = ((url, site.get(url)) for url in chosen)
        pages = [page for url, page in read if page and not (url in own_pages and asks_not_to_be_listed(page))]
        if own_pages:
            raws += entries_of(adapter, recipe, pages, {item.url: item.name for item in items if item.url})
        else:
            raws += [raw for page in pages for raw in adapter.extract(page, recipe)]
    except FetchError as error:
        if not raws:
            return Candidate(recipe, remark=str(error), failure=refusal(error))
    if not raws and listing.problems:
        problem = listing.problems[0]
        return Candidate(recipe, remark=problem.message(), failure=replace(problem, url=problem.url or recipe.url))
    records = _records(raws, recipe)
    is_one_page = len(records) == 1 and len(pages) > 2  # under several addresses, such as one for each value of a filter
    expected = len(records) * len(urls) / len(pages) if pages and not is_one_page else len(records) * (1.5 if is_cut else 1)
    is_open_ended, called = is_cut and not pages, names_of_list(site, recipe)
    return Candidate(recipe, tuple(records), tuple(raws), round(expected), is_open_ended=is_open_ended, called=called)


def _sample_of(site: SiteProbe, urls: list[str], recipe: Recipe, max_pages: int) -> list[str]:
    """The addresses of the pages that are read, spread over the listing; of lists of blocks, those that were read before."""
    known = [url for url in urls if site.budget.has(url)] if recipe.html.lists and not recipe.html.entries else []
    return known if len(known) >= max_pages else urls[:: max(1, len(urls) // max_pages)][:max_pages]


def _records(raws: list[RawRecord], recipe: Recipe) -> list[Record]:
    """Return the normalised records, the last one of each remote id."""
    normaliser = Normaliser(recipe)
    return list({record.remote_id: record for raw in raws if (record := normaliser.record(raw))}.values())


def _problems(raws: Iterable[RawRecord], recipe: Recipe) -> list[Problem]:
    """Return what is wrong with the raw records."""
    normaliser = Normaliser(recipe)
    for raw in raws:
        normaliser.record(raw)
    return normaliser.take_problems()


def _of_samples(raws: Iterable[RawRecord], samples: Iterable[Record]) -> list[RawRecord]:
    """Return what the samples were made of: the last raw record of each remote id."""
    by_id = {raw.remote_id: raw for raw in raws}
    return [by_id[record.remote_id] for record in samples if record.remote_id in by_id]


def _first_items(items: Iterator[Item]) -> tuple[list[Item], bool]:
    """Return the first items of a listing, up to MAX_SAMPLES records or MAX_ITEMS items, and whether there are more."""
    first_items, records = [], 0
    for item in items:
        first_items.append(item)
        records += len(item.raws)
        if records >= MAX_SAMPLES or len(first_items) >= MAX_ITEMS:
            return first_items, next(items, None) is not None
    return first_items, False


def _joined(ranked: list[Candidate]) -> Candidate:
    """Return the best candidate, joined with other lists of the site that score nearly as well and hold other records.

    The same list in another language holds the same ones, whatever their names.
    """
    best = ranked[0]
    for other in ranked[1:]:
        differs = [name for name in type(best.recipe).model_fields if getattr(best.recipe, name) != getattr(other.recipe, name)]
        is_other_list = len(differs) == 1 and differs[0] in JOINED_KEYS and other.score >= MIN_JOINED_SHARE * ranked[0].score
        is_other_list = is_other_list and not are_one_list(best.recipe, other.recipe)
        if is_other_list and len(best.titles & other.titles) <= len(other.titles) // 4:
            joined = {differs[0]: getattr(best.recipe, differs[0]) + getattr(other.recipe, differs[0])}
            recipe = best.recipe.model_copy(update=joined)
            records, raws = best.records + other.records, best.raws + other.raws
            best = replace(best, recipe=recipe, records=records, raws=raws, expected=best.expected + other.expected)
    return best


def _label(recipe: Recipe) -> str:
    """Return the adapter's name and the keys in which its candidates differ."""
    details = [*recipe.types, *recipe.include, *recipe.addresses, recipe.html.blocks or recipe.html.entries or recipe.html.lines]
    return " ".join([recipe.adapter, *filter(None, details)])
