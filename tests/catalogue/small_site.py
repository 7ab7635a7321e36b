"""A small site over several nights: an approved platform whose pages a test changes before each crawl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crawlers.record import Problem
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.platforms import platform_states
from platforma.worker.crawl_job import crawl_platform
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock

HTML = {"adapter": "html", "addresses": ("list",), "html": {"entries": "a.e"}}
"""A recipe by which the site is read from its list, not from its sitemap."""


@dataclass
class SmallSite:
    """The site: the bodies of its pages by path, with a list of `paths`, and a sitemap of them where it has one."""

    catalogue: CatalogueFixture
    paths: list[str]
    has_sitemap: bool = True
    pages: dict[str, str] = field(default_factory=dict)

    def publish(self, pages: dict[str, str]) -> None:
        """From now on these pages, beside the front page, the list and the sitemap; the others as they were."""
        self.pages |= pages
        links = "".join(f'<li><a class="e" href="/{path}">{path}</a></li>' for path in self.paths)
        listed = f"<html><h1>Visi</h1><ul>{links}</ul></html>"
        self.pages |= {"": listed, "list": listed, "sitemap.xml": sitemap(*self.paths) if self.has_sitemap else ""}

    def night(self) -> CrawlReport:
        """One crawl by a worker."""
        return crawl_platform(self.catalogue.services, "p", clock=QuickClock())

    def problems(self, report: CrawlReport) -> tuple[Problem, ...]:
        with self.catalogue.database.reading() as session:
            return problems_of(session, report.crawl_id)

    def titles(self) -> set[str]:
        """The Latvian titles of the public listings."""
        return set(self.catalogue.shown())


@contextmanager
def small_site(
    catalogue: CatalogueFixture,
    titles: list[str],
    *,
    has_sitemap: bool = True,
    more: Mapping[str, str] | None = None,
    **recipe: Any,
) -> Iterator[SmallSite]:
    """A site with a page for each title, and `more` by path, read once; by a sitemap unless the recipe says otherwise."""
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    site = SmallSite(catalogue, [f"project/{number}" for number in range(len(titles))], has_sitemap)
    site.publish({path: page_of(title) for path, title in zip(site.paths, titles, strict=True)} | dict(more or {}))
    with changing(site.pages) as (url, _):
        data: dict[str, Any] = {"platform": "p", "title": "p", "url": url, "adapter": "sitemap"} | recipe
        data |= {"addresses": [f"{url}{path}" for path in recipe.get("addresses", ())]}
        with catalogue.database.writing() as session:
            platform_states.propose_platform(session, platform_states.Proposal(url=url, title="p", recipe=data), actor="t")
            platform_states.approve_platform(session, platform_id="p", actor="t")
        assert site.night().counts["new"] == len(titles)
        yield site
