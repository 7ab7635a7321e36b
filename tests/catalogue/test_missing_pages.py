"""Pages that say with status 200 that nothing is there: what is known stays as it was, and the report says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers.texts.missing_pages import NOTHING_THERE
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.small_site import HTML, small_site
from tests.crawlers.changing_site import page_of

NAMES = ["Saules maize", "Upes bērni", "Otrā elpa", "Labais rīts"]


def notice(title: str, heading: str) -> str:
    """A page that says that nothing is there, in the frame that all pages of its site have."""
    return f"<html><head><title>{title}</title></head><body><header>Vietne</header><h1>{heading}</h1><p>Atgriezieties sākumlapā.</p></body></html>"


@pytest.mark.parametrize("recipe", [{}, {"has_sitemap": False}, HTML], ids=["sitemap", "links", "list"])
@pytest.mark.parametrize(
    "page",
    [
        notice("Lapa nav atrasta – Vietne", "Lapa nav atrasta"),
        page_of("Puslapis nerastas"),
    ],
)
def test_what_is_known_of_a_page_stays_as_it_was(catalogue: CatalogueFixture, recipe: dict[str, Any], page: str) -> None:
    with small_site(catalogue, NAMES, **recipe) as site:
        site.publish({site.paths[1]: page})
        for _night in range(2):
            report = site.night()
            counts = {name: report.counts[name] for name in ("found", "new", "changed", "unchanged", "gone", "refused")}
            assert (report.state, counts) == (
                "done",
                {"found": 3, "new": 0, "changed": 0, "unchanged": 3, "gone": 0, "refused": 1},
            )
            (problem,) = site.problems(report)
            assert (problem.severity, problem.reason, problem.field) == ("refused", NOTHING_THERE, "title")
            assert problem.url is not None and problem.url.endswith(site.paths[1])
            assert site.titles() == set(NAMES)
        site.publish({site.paths[1]: page_of(NAMES[1])})
        assert (site.night().counts["unchanged"], site.titles()) == (4, set(NAMES))


def test_a_page_that_was_never_read_lets_others_go(catalogue: CatalogueFixture) -> None:
    with small_site(catalogue, NAMES) as site:
        site.paths[0] = "project/new"
        site.publish({"project/new": page_of("Page not found"), "project/0": ""})
        report = site.night()
        assert (report.counts["gone"], report.counts["refused"], site.titles()) == (1, 1, {*NAMES})


def test_what_is_named_like_such_a_page_comes_in(catalogue: CatalogueFixture) -> None:
    with small_site(catalogue, NAMES) as site:
        site.publish({site.paths[0]: page_of("Not Found Festival"), site.paths[1]: page_of("Error 404 collective")})
        assert (site.night().counts["changed"], site.titles()) == (2, {"Not Found Festival", "Error 404 collective", *NAMES[2:]})


def cards(*names: str) -> str:
    """A page that lists these in cards."""
    texts = "".join(f"<div class=card><h2>{name}</h2><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p></div>" for name in names)
    return f"<html><h1>Visi</h1>{texts}</html>"


def test_in_a_list_nothing_counts_as_gone_while_an_entry_says_that_nothing_is_there(catalogue: CatalogueFixture) -> None:
    recipe: dict[str, Any] = {"adapter": "html", "addresses": ("cards",), "html": {"blocks": "div.card"}}
    with small_site(catalogue, NAMES, more={"cards": cards(*NAMES)}, **recipe) as site:
        site.publish({"cards": cards(NAMES[0], "Lapa nav atrasta", *NAMES[2:])})
        for _night in range(2):
            report = site.night()
            assert (report.state, report.counts["gone"], report.counts["refused"], site.titles()) == ("done", 0, 1, {*NAMES})
        site.publish({"cards": cards(NAMES[0], *NAMES[2:])})
        assert (site.night().counts["gone"], site.titles()) == (1, {*NAMES})
