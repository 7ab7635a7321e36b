"""Which pages are a site's own: others' are not read as its records, whatever its sitemap and its links say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawlers.adapters.own_site import OwnSite
from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from crawlers.state import CrawlResult, MemoryState
from tests.crawlers.changing_site import changing, page_of, sitemap
from tests.crawlers.clocks import QuickClock

OWN = {f"project/{n}": page_of(f"Mūsu {n}") for n in range(4)}
EMPTY: dict[str, str] = {}
OTHERS = {f"vieta/{n}": page_of(f"Svešā {n}") for n in range(4)}


def crawled(url: str, **recipe: Any) -> tuple[CrawlResult, MemoryState, set[str]]:
    state = MemoryState()
    with PoliteSession(None, True, clock=QuickClock()) as session:
        result = crawl(Recipe.model_validate({"platform": "p", "url": url, "adapter": "sitemap", **recipe}), session, state)
    return result, state, {title for record in state.records.values() for title in record.title.values()}


def named(url: str, name: str = "localhost") -> str:
    """The same server by another name, so that it is another site."""
    return url.replace("127.0.0.1", name)


def listing_others(other: str, **more: str) -> dict[str, str]:
    listed = sitemap(*OWN).replace("</urlset>", "") + "".join(f"<url><loc>{other}{path}</loc></url>" for path in OTHERS)
    return {"": page_of("Vietne"), "sitemap.xml": f"{listed}</urlset>"} | OWN | more


@pytest.mark.parametrize("adapter", ["sitemap", "structured"])
def test_a_sitemap_does_not_make_others_pages_its_own(adapter: str) -> None:
    with changing(OTHERS | {"": page_of("Cita")}) as (other, asked), changing(listing_others(named(other))) as (url, _):
        result, state, titles = crawled(url, adapter=adapter)
    assert not [path for path in asked if path != "/robots.txt"]
    assert not {title for title in titles if title.startswith("Svešā")}
    assert [problem.values["host"] for problem in state.problems if "another site" in problem.reason] == ["localhost"]
    assert adapter == "structured" or (result.found, result.complete) == (4, True)


def test_discovery_does_not_propose_others_pages() -> None:
    with (
        changing(OTHERS) as (other, asked),
        changing(listing_others(named(other))) as (url, _),
        PoliteSession(None, True, clock=QuickClock()) as session,
    ):
        samples = discover(url, session).samples
    assert {title[:4] for record in samples for title in record.title.values()} == {"Mūsu"}
    assert not [path for path in asked if path != "/robots.txt"]


def test_a_host_whose_robots_txt_names_the_sitemap_agrees() -> None:
    others = dict(OTHERS)
    with changing(others) as (other, _), changing(listing_others(named(other))) as (url, _):
        others["robots.txt"] = f"Sitemap: {url}sitemap.xml\n"
        assert crawled(url)[0].found == 8
        others["robots.txt"] = f"Sitemap: {url}another.xml\n"
        assert crawled(url)[0].found == 4


def test_the_front_page_s_redirect_names_the_site_s_own_host() -> None:
    pages = dict(OWN)
    with changing(pages) as (other, _), changing(front := dict(EMPTY)) as (url, _):
        front |= listing_others(named(other), **{"": f"-> {named(other)}"})
        pages |= OTHERS | {"": page_of("Vietne")}
        assert crawled(url)[0].found == 8


@pytest.mark.parametrize(
    ("canonical", "is_own"), [("localhost", True), ("en.localhost", True), ("127.0.0.1", False), ("notlocalhost", False)]
)
def test_a_canonical_link_names_only_a_host_above_or_below(canonical: str, is_own: bool) -> None:
    with changing(pages := dict(EMPTY)) as (url, _), PoliteSession(None, True, clock=QuickClock()) as session:
        pages[""] = f'<html><head><link rel="canonical" href="{named(url, canonical)}"></head><h1>Vietne</h1></html>'
        own = OwnSite(session, Recipe(platform="p", url=named(url)))
        assert own.has(f"{named(url, canonical)}vieta/1") == is_own
        assert not own.has(f"{named(url, 'lv.localhost')}vieta/1")


@pytest.mark.parametrize(("front", "is_gone"), [(page_of("Vietne"), True), ("", True), ("-> {here}", False)])
def test_a_page_that_leads_elsewhere_is_gone_only_where_it_is_known_which_hosts_are_the_site_s(front: str, is_gone: bool) -> None:
    with changing(OTHERS) as (other, _), changing(pages := dict(EMPTY)) as (url, _):
        pages |= {"": front, "sitemap.xml": sitemap(*OWN)} | OWN | {"project/1": f"-> {named(other)}vieta/1"}
        result, _, titles = crawled(url)
    assert (result.gone, len(titles)) == ((f"{url}project/1",) if is_gone else (), 3)
    assert result.complete == is_gone


@pytest.mark.parametrize("lists", ["", "a.l"])
def test_links_of_list_pages_stay_on_the_site(lists: str) -> None:
    with (
        changing(OTHERS | {"list": "<html><a class=e href=/vieta/1>x</a></html>"}) as (other, asked),
        changing(pages := dict(EMPTY)) as (url, _),
    ):
        links = "".join(f'<a class="e" href="{path}">x</a>' for path in (*OWN, *(named(other) + path for path in OTHERS)))
        pages |= OWN | {
            "list": f"<html>{links}</html>",
            "": f'<html><a class=l href="list">1</a><a class=l href="{named(other)}list">2</a></html>',
        }
        recipe: dict[str, Any] = {"html": {"entries": "a.e", "lists": lists}, "addresses": [url if lists else f"{url}list"]}
        result, state, titles = crawled(url, adapter="html", **recipe)
    assert (result.found, asked, len(titles)) == (4, [], 4)
    assert "another site" in state.problems[0].reason


def test_a_walk_does_not_read_the_page_of_another_site_to_which_a_link_of_its_own_redirects() -> None:
    with changing(OTHERS) as (other, _), changing(pages := dict(EMPTY)) as (url, _):
        links = "".join(f'<a href="{path}">x</a>' for path in (*OWN, "go/1"))
        pages |= OWN | {"": f"<html>{links}</html>", "go/1": f"-> {named(other)}vieta/1"}
        _, _, titles = crawled(url)
    assert titles == {f"Mūsu {n}" for n in range(4)}


def test_a_list_in_json_is_not_followed_to_another_site() -> None:
    def answer(word: str, following: str) -> str:
        items = [{"id": f"{word}{n}", "name": f"{word} {n}", "url": f"https://{word.lower()}{n}.example/"} for n in range(3)]
        return json.dumps({"items": items, "next": following})

    with (
        changing({"api": answer("Svesa", "")}) as (other, asked),
        changing({"api": answer("Musu", f"{named(other)}api")}) as (url, _),
    ):
        result, state, _ = crawled(url, adapter="json", addresses=[f"{url}api"])
    assert (result.found, asked, result.complete) == (3, [], False)
    assert {record.website for record in state.records.values()} == {f"https://musu{n}.example/" for n in range(3)}, "links stay"


STALE = {
    "gone": {},
    "a page": {"old.xml": page_of("Nav atrasts")},
    "an empty one": {"old.xml": "<urlset></urlset>"},
    "entities": {"old.xml": '<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>{here}project/1</loc></url></urlset>'},
}


@pytest.mark.parametrize("kind", STALE)
@pytest.mark.parametrize("usual", ["sitemap.xml", "wp-sitemap.xml"])
def test_where_robots_txt_names_no_sitemap_that_lists_pages_the_usual_names_are_tried(kind: str, usual: str) -> None:
    pages = OWN | STALE[kind] | {"": page_of("Vietne"), usual: sitemap(*OWN), "robots.txt": "Sitemap: {here}old.xml\n"}
    with changing(pages) as (url, asked):
        result, state, titles = crawled(url)
    assert (result.found, len(titles)) == (4, 4)
    assert asked.count(f"/{usual}") == 1
    told = [problem.url for problem in state.problems if problem.severity == "refused"]
    assert told == ([] if kind == "an empty one" else [f"{url}old.xml"])
    assert result.complete == (kind == "an empty one"), "what a named sitemap would list may be missing"


def test_a_sitemap_that_robots_txt_names_is_enough() -> None:
    pages = OWN | {"own.xml": sitemap(*OWN), "robots.txt": "Sitemap: {here}own.xml\n", "sitemap.xml": sitemap("project/9")}
    with changing(pages) as (url, asked):
        assert crawled(url)[0].found == 4
    assert "/sitemap.xml" not in asked
