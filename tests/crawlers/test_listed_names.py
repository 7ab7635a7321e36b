"""Titles of entries: the heading of their page, or what the list calls them."""

from __future__ import annotations

import pytest

from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.markup import Html
from crawlers.reading.listed_names import chosen_title, names_of_links
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled, recipe_of
from tests.crawlers.remembering import Remembering

URL = f"{BASE}projekti/upes-talka-2026"
TEXT = "Kopā ar kaimiņiem sakopjam krastus un rīkojam darbnīcas bērniem un senioriem visa gada garumā."
NAMES = {"upes-talka": "Upes talka", "meza-skola": "Meža skola", "ezera-darbnica": "Ezera darbnīca"}

CHOSEN = [
    ("Upes talka", "Mēs sakopjam krastus", "Upes talka", "Upes talka"),  # the page declares its heading
    ("Article", "Upes talka", "Article", "Upes talka"),
    ("Kur ūdens satiek ļaudis", "Upes talka", "Projekti", "Upes talka"),
    ("Upes talka", "Kur ūdens satiek ļaudis", "Projekti", "Upes talka"),  # a teaser
    ("Aicinām visus uz talku Upes krastā!", "Lielā talka", "Projekti", "Lielā talka"),
    ("Upes talka 2026", "Upes talka", "Projekti", "Upes talka 2026"),
    ("Nāciet visi uz Upes talka 2026.", "Upes talka 2026", "Projekti", "Upes talka 2026"),
    ("Kur ūdens satiek ļaudis", "Mūsu stāsts", "Projekti", "Kur ūdens satiek ļaudis"),
    ("Kur ūdens satiek ļaudis", "", "Projekti", "Kur ūdens satiek ļaudis"),
]


@pytest.mark.parametrize(("heading", "listed", "declared", "title"), CHOSEN)
def test_the_name_in_the_list_counts_where_the_page_has_none_of_its_own(
    heading: str, listed: str, declared: str, title: str
) -> None:
    h1 = "" if heading == "Article" else f"<h1>{heading}</h1>"
    page = Html(URL, f"<title>{declared}</title>{h1}<p>{TEXT}</p>")
    assert chosen_title(heading, listed, page) == title


def card(slug: str, name: str, link: str = "Uz projektu") -> str:
    return f'<div class="card"><h3>{name}</h3><p>{TEXT}</p><a class="more" href="/projekti/{slug}">{link}</a></div>'


@pytest.mark.parametrize(
    "items",
    [
        "".join(card(*pair) for pair in NAMES.items()),
        "".join(card(slug, name, "Lasīt vairāk") for slug, name in NAMES.items()),
        "".join(f'<li><a href="/projekti/{slug}">{name}</a></li>' for slug, name in NAMES.items()),
        "".join(f'<a href="/projekti/{slug}"><h3>{name}</h3><p>{TEXT}</p></a>' for slug, name in NAMES.items()),
    ],
)
def test_a_list_calls_its_entries_by_the_link_or_the_heading_of_the_card(items: str) -> None:
    urls = {f"{BASE}projekti/{slug}": name for slug, name in NAMES.items()}
    assert names_of_links(Html(f"{BASE}projekti/", f"<h2>Projekti</h2><div>{items}</div>"), frozenset(urls)) == urls


def test_what_several_entries_are_called_names_none() -> None:
    items = "".join(f"<div><h3>Projekts</h3><a href='/projekti/{slug}'>Vairāk</a></div>" for slug in NAMES)
    assert names_of_links(Html(BASE, items), frozenset(f"{BASE}projekti/{slug}" for slug in NAMES)) == {}


def site() -> dict[str, Body]:
    pages: dict[str, Body] = {
        "": f"<title>Vietne</title><h1>Projekti</h1><main>{''.join(card(*pair) for pair in NAMES.items())}</main>"
    }
    slogan = "<html lang=lv><title>Vietne</title><main><h1>{0}</h1><p>{1} {2}</p></main></html>"
    return pages | {f"projekti/{slug}": slogan.format(f"Kur {name[:2]} sākas prieks", TEXT, name) for slug, name in NAMES.items()}


def test_entries_have_the_names_of_the_list_in_the_proposal_and_in_each_crawl() -> None:
    recipe = recipe_of("html", html={"entries": "a.more"})
    _, state = crawled(recipe, site())
    assert sorted(title for record in state.records.values() for title in record.title.values()) == sorted(NAMES.values())
    memory, again = Remembering(), MemorySite(site(), etag='"1"')
    for _ in range(2):
        run_crawl(recipe, again, memory)
    assert {title for record in memory.records.values() for title in record.title.values()} == set(NAMES.values())
    samples = discover(BASE, MemorySite(site())).samples
    assert {title for record in samples for title in record.title.values()} <= set(NAMES.values())


def test_what_a_recipe_picks_as_the_title_stays() -> None:
    _, state = crawled(recipe_of("html", html={"entries": "a.more", "fields": {"title": "h1"}}), site())
    assert all("sākas prieks" in title for record in state.records.values() for title in record.title.values())
