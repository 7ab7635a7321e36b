"""Nights in which most titles change, or a field goes: held until a person decides, with the last good data standing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.ingest.plausibility import EMPTIED, RETITLED
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.models import Crawl, CrawlState
from platforma.secret_key import secret_key
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.small_site import SmallSite, small_site
from tests.crawlers.changing_site import page_of

NAMES = ["Saules maize", "Upes bērni", "Otrā elpa", "Labais rīts", "Zaļā sēta", "Kopā"]


def renamed(site: SmallSite, count: int) -> dict[str, str]:
    """The first pages with other titles, their texts as they were."""
    return {
        path: page_of(name).replace(f"<h1>{name}", f"<h1>Vietne {number}")
        for number, (path, name) in enumerate(zip(site.paths[:count], NAMES, strict=False))
    }


def without_place(site: SmallSite, count: int) -> dict[str, str]:
    return {
        path: page_of(name).replace("Pilsēta: Ogre", "Joma: vide") for path, name in zip(site.paths[:count], NAMES, strict=False)
    }


def held(site: SmallSite) -> list[int]:
    with site.catalogue.database.reading() as session:
        return list(session.scalars(select(Crawl.id).where(Crawl.state == CrawlState.HELD)))


def decide(site: SmallSite, report: CrawlReport, decision: str) -> None:
    key = secret_key(site.catalogue.settings)
    with site.catalogue.database.writing() as session:
        if decision == "approve":
            held_crawls.approve_held_crawl(session, crawl_id=report.crawl_id, actor="c", secret_key=key)
        else:
            held_crawls.discard_held_crawl(session, crawl_id=report.crawl_id, actor="c")


@pytest.mark.parametrize(("count", "is_held"), [(3, False), (4, True)])
def test_a_night_that_renames_more_than_half_is_held(catalogue: CatalogueFixture, count: int, is_held: bool) -> None:
    with small_site(catalogue, NAMES) as site:
        site.publish(renamed(site, count))
        report = site.night()
        if not is_held:
            assert (report.state, report.counts["changed"]) == ("done", count)
            return
        assert (report.state, report.reason, report.values) == ("held", RETITLED, {"changed": "4", "known": "6"})
        assert site.titles() == set(NAMES)


@pytest.mark.parametrize(("count", "is_held"), [(3, False), (4, True)])
def test_a_night_in_which_more_than_half_lose_a_field_is_held(catalogue: CatalogueFixture, count: int, is_held: bool) -> None:
    with small_site(catalogue, NAMES) as site:
        site.publish(without_place(site, count))
        report = site.night()
        assert (report.state, report.reason) == (("held", EMPTIED) if is_held else ("done", None))
        places = [listing.get("place") for listing in catalogue.shown().values()]
        assert places.count("Ogre") == (6 if is_held else 3)


def test_a_small_platform_is_not_held_for_all_that_it_has(catalogue: CatalogueFixture) -> None:
    with small_site(catalogue, NAMES[:2]) as site:
        site.publish(renamed(site, 2))
        assert (site.night().state, site.titles()) == ("done", {"Vietne 0", "Vietne 1"})


def test_a_recipe_may_let_all_titles_change(catalogue: CatalogueFixture) -> None:
    with small_site(catalogue, NAMES, expect={"changes": 100}) as site:
        site.publish(renamed(site, 6))
        assert (site.night().state, site.titles()) == ("done", {f"Vietne {number}" for number in range(6)})


@pytest.mark.parametrize("change", [renamed, without_place])
def test_the_same_again_is_held_again_and_what_was_discarded_leaves_the_last_good_data(
    catalogue: CatalogueFixture, change: Any
) -> None:
    with small_site(catalogue, NAMES) as site:
        good = {title: listing.get("place") for title, listing in catalogue.shown().items()}
        site.publish(change(site, 6))
        first, second = site.night(), site.night()
        assert (first.state, second.state, held(site)) == ("held", "held", [second.crawl_id])
        decide(site, second, "discard")
        third = site.night()
        assert (third.state, held(site)) == ("held", [third.crawl_id])
        assert {title: listing.get("place") for title, listing in catalogue.shown().items()} == good
        site.publish({path: page_of(name) for path, name in zip(site.paths, NAMES, strict=True)})
        mended = site.night()
        assert (mended.state, mended.counts["changed"], held(site)) == ("done", 0, [])


@pytest.mark.parametrize("change", [renamed, without_place])
def test_what_was_approved_is_taken_and_holds_nothing_the_next_night(catalogue: CatalogueFixture, change: Any) -> None:
    with small_site(catalogue, NAMES) as site:
        site.publish(change(site, 6))
        report = site.night()
        decide(site, report, "approve")
        taken = {title: listing.get("place") for title, listing in catalogue.shown().items()}
        assert taken == ({f"Vietne {n}": "Ogre" for n in range(6)} if change is renamed else dict.fromkeys(NAMES))
        after = site.night()
        assert (after.state, after.counts["unchanged"], held(site)) == ("done", 6, [])
        assert {title: listing.get("place") for title, listing in catalogue.shown().items()} == taken
