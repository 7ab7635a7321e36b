"""What discovery says of a list as a whole, how it calls a site, and which failure it passes on."""

from __future__ import annotations

import pytest

from crawlers.discovery.discover import NOTHING, Proposal, discover
from crawlers.discovery.remarks import FACTLESS, FEWER
from crawlers.discovery.site_words import site_words
from crawlers.errors import BadContent
from crawlers.markup import Html
from tests.crawlers.memory_site import BASE, Body, MemorySite

TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."
NAMES = ("Saules māja", "Eglaines pamatne", "Upes ļaudis", "Meža skola")


def proposal(said: str = "", fact: str = "") -> Proposal:
    cards = "".join(
        f"<article class='card'><h3><a href='/projekti/{n}'>{name}</a></h3></article>" for n, name in enumerate(NAMES)
    )
    pages: dict[str, Body] = {
        "projekti/": f"<html lang=lv><title>Projekti | Kopiena</title><main><h1>Projekti</h1><p>{said}</p>{cards}</main></html>"
    }
    pages |= {
        f"projekti/{n}": f"<html lang=lv><title>{name}</title><main><h1>{name}</h1><p>{TEXT} {name}</p>{fact}</main></html>"
        for n, name in enumerate(NAMES)
    }
    return discover(f"{BASE}projekti/", MemorySite(pages))


def reasons(of: Proposal) -> list[str]:
    return [problem.reason for problem in of.problems]


def test_a_list_without_facts_is_proposed_with_a_doubt_in_words() -> None:
    assert FACTLESS in reasons(proposal())
    assert FACTLESS not in reasons(proposal(fact="<p>Vieta: Cēsis</p>"))


@pytest.mark.parametrize(
    ("said", "claimed"),
    [("Kopā 61 organizācijas", "61"), ("We support 245 social projects.", "245"), ("Vi har 66 medlemmar i länet", "66"), ("Kokku 1 204 algatused", "1204"),
     ("12 projekti Rīgā, 48 projekti kopā", "48")],
)  # fmt: skip
def test_a_page_that_speaks_of_more_entries_than_were_found_is_told(said: str, claimed: str) -> None:
    problems = [problem for problem in proposal(said).problems if problem.reason == FEWER]
    assert [dict(problem.values) for problem in problems] == [{"claimed": claimed, "found": "4"}]


@pytest.mark.parametrize(
    "said",
    ["", "4 projekti", "Gadā 2019 projekti sākās", "12 cilvēki", "95% projekti", "Projekti 12", "3,5 projekti", "90000 projekti"],
)
def test_other_numbers_are_no_claims(said: str) -> None:
    assert FEWER not in reasons(proposal(said))


@pytest.mark.parametrize(
    ("head", "body", "path", "name"),
    [
        ("<title>Projekti | Kopiena</title>", "", "projekti/", "Kopiena"),
        ("<title>Kopiena – Latvijas tīkls</title>", "", "", "Kopiena"),
        ("<title>Sākums | Kopiena</title>", "", "", "Kopiena"),
        ("<title>Tīkls | Kopiena</title>", '<img class="logo" src="x.svg" alt="Kopiena">', "", "Kopiena"),
        ("<title>Tīkls | Kopiena</title>", "<h1>Kopiena</h1>", "", "Kopiena"),
        ("", '<img src="/logo.png" alt="Kopiena logo"><h1>Sveiki</h1>', "", "Kopiena"),
        ("", "<h1>Kopiena</h1>", "", "Kopiena"),
        ('<meta property="og:site_name" content="Kopiena"><title>Cits</title>', "<h1>Vēl cits</h1>", "", "Kopiena"),
        ("<title>Kopiena</title>", "", "", "Kopiena"),
        ("", "", "", ""),
    ],
)
def test_a_site_is_called_by_its_own_name(head: str, body: str, path: str, name: str) -> None:
    assert site_words(Html(BASE + path, f"<html><head>{head}</head><body>{body}</body></html>")).name == name


def test_a_proposal_has_no_host_for_its_title() -> None:
    assert proposal().recipe.title == "Kopiena"


def test_a_site_without_a_list_is_told_what_else_to_give() -> None:
    with pytest.raises(BadContent) as raised:
        discover(BASE, MemorySite({"": f"<title>Kopiena</title><p>{TEXT}</p>"}))
    assert (raised.value.reason, raised.value.values) == (NOTHING, {"site": "Kopiena"})
