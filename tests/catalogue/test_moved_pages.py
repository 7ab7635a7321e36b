"""Pages that redirect on the second night: gone where no initiative is there, the same listing where it only moved."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.record import Problem
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.platforms import platform_states
from platforma.worker.crawl_job import crawl_platform
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock

NAMES = tuple(f"Vieta {number}" for number in range(6))
PATHS = tuple(f"project/{number}" for number in range(6))


@pytest.fixture
def catalogue(catalogue: CatalogueFixture) -> CatalogueFixture:
    """The catalogue, whose crawls may reach this machine."""
    catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
    return catalogue


def site_of_six(**more: str) -> dict[str, str]:
    pages = {path: page_of(name) for path, name in zip(PATHS, NAMES, strict=True)}
    listed = "".join(f'<li><a class="e" href="/{path}">{name}</a></li>' for path, name in zip(PATHS, NAMES, strict=True))
    front = {"": page_of("Vietne"), "home": page_of("Sākums"), "list": f"<html><h1>Visi</h1><ul>{listed}</ul></html>"}
    return front | pages | {"sitemap.xml": sitemap(*PATHS)} | more


def two_nights(catalogue: CatalogueFixture, changes: dict[str, str], **recipe: Any) -> tuple[CrawlReport, dict[str, str]]:
    """The report of the second night, before which the site changed, and the title by public id after the first one."""
    pages = site_of_six()
    with changing(pages) as (url, _):
        data: dict[str, Any] = {"platform": "p", "title": "p", "url": url, "adapter": "sitemap", "expect": {"min": 1}} | recipe
        data |= {"addresses": [f"{url}{path}" for path in recipe.get("addresses", ())]}
        with catalogue.database.writing() as session:
            proposal = platform_states.Proposal(url=url, title="p", recipe=data)
            platform_states.propose_platform(session, proposal, actor="t")
            platform_states.approve_platform(session, platform_id="p", actor="t")
        assert crawl_platform(catalogue.services, "p", clock=QuickClock()).counts["new"] == len(PATHS)
        before = {listing.public_id: title for title, listing in catalogue.shown().items()}
        pages |= changes
        return crawl_platform(catalogue.services, "p", clock=QuickClock()), before


def problems(catalogue: CatalogueFixture, report: CrawlReport) -> tuple[Problem, ...]:
    with catalogue.database.reading() as session:
        return tuple(problems_of(session, report.crawl_id))


HTML = {"adapter": "html", "addresses": ("list",), "html": {"entries": "a.e"}}


ARRIVED = {name: page_of("Kāda lapa") for name in ("project/", "404", "errors/not-found", "about")}
"""Pages in the shape of an initiative's that are none."""


@pytest.mark.parametrize("target", ["", "?gone=1", *ARRIVED])
@pytest.mark.parametrize("recipe", [{}, HTML], ids=["sitemap", "html"])
def test_a_page_that_leads_to_no_initiative_is_gone_and_makes_no_listing(
    catalogue: CatalogueFixture, target: str, recipe: dict[str, Any]
) -> None:
    report, _ = two_nights(catalogue, {PATHS[1]: f"-> /{target}", PATHS[4]: f"-> /{target}"} | ARRIVED, **recipe)
    assert (report.state, report.counts["new"], report.counts["gone"], report.counts["unchanged"]) == ("done", 0, 2, 4)


def test_a_page_that_leads_back_to_the_list_is_gone(catalogue: CatalogueFixture) -> None:
    report, _ = two_nights(catalogue, {PATHS[1]: "-> /list"}, **HTML)
    assert (report.counts["new"], report.counts["gone"]) == (0, 1)


def test_the_report_names_where_the_page_leads(catalogue: CatalogueFixture) -> None:
    report, _ = two_nights(catalogue, {PATHS[1]: "-> /about"} | ARRIVED)
    (problem,) = problems(catalogue, report)
    assert problem.url is not None
    assert problem.url.endswith(PATHS[1])
    assert problem.values["address"].endswith("/about")


def test_a_page_that_moved_stays_the_same_listing(catalogue: CatalogueFixture) -> None:
    _, before = two_nights(catalogue, {PATHS[1]: "-> /place/one", "place/one": page_of(NAMES[1])})
    assert {listing.public_id: title for title, listing in catalogue.shown().items()} == before


def test_a_page_that_moved_and_changed_stays_the_same_listing(catalogue: CatalogueFixture) -> None:
    moved = page_of(NAMES[1]).replace("Ogre", "Cēsis")
    _, before = two_nights(catalogue, {PATHS[1]: "-> /place/one", "place/one": moved})
    shown = {listing.public_id: title for title, listing in catalogue.shown().items()}
    assert shown == before


def test_a_page_of_another_site_is_not_taken_for_the_page_that_led_there(catalogue: CatalogueFixture) -> None:
    with changing({"project/x": page_of("Svešā")}) as (other, _):
        report, _ = two_nights(catalogue, {PATHS[1]: f"-> {other.replace('127.0.0.1', 'localhost')}project/x"})
    assert (report.counts["new"], report.counts["gone"]) == (0, 1)
    assert "leads to another site" in problems(catalogue, report)[0].reason
