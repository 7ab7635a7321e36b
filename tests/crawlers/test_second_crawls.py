"""What a second crawl of each way of reading costs where sites send validators: what changed, and little beside."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask, Response, request

from crawlers.discovery.discover import discover
from crawlers.errors import SiteGivenUp
from crawlers.fetch import PoliteSession
from crawlers.recipe import HtmlRecipe, Limits, Recipe
from crawlers.state import CrawlResult
from tests.crawlers.remembering import TEXT, Remembering, crawled, watched

PAGES = 40
ENTRY = "<h1>{0}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>{0} {1} {2}</p>"


def site(pages: dict[str, str], media_type: str = "text/html") -> Flask:
    """The pages by path, each with an ETag that is heeded; `{here}` in them is the site's address."""
    app = Flask(__name__)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        full = request.full_path.strip("/").rstrip("?")
        if full not in pages:
            return Response(status=404)
        body = pages[full].replace("{here}", request.host_url)
        answer = Response(body, mimetype="text/html" if body.startswith("<h") else media_type)
        answer.set_etag(hashlib.sha256(body.encode()).hexdigest())
        return answer.make_conditional(request)  # type: ignore[return-value]

    return app


def atom(number: int, word: str = "") -> str:
    more = f'<link rel="next" href="/feed?page={number + 1}"/>' if number < PAGES else ""
    entries = "".join(
        f"<entry><id>urn:{number}:{n}</id><title>Vieta {number}.{n}</title><updated>2026-01-01T00:00:00Z</updated>"
        f"<content type='html'>{number}.{n} {word} {TEXT}</content></entry>"
        for n in range(3)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Biedri</title><id>urn:x</id>{more}{entries}</feed>'


def feeds() -> dict[str, str]:
    return {f"feed?page={n}" if n > 1 else "feed": atom(n) for n in range(1, PAGES + 1)}


def json_pages(version: str | None = None) -> dict[str, str]:
    def page(number: int) -> str:
        items = [{"id": f"{number}.{n}", "name": f"Vieta {number}.{n}", "title": f"Vieta {number}.{n}", "description": TEXT,
                  "content_text": TEXT} for n in range(3)]  # fmt: skip
        following = {"next_url": f"/feed?page={number + 1}"} if number < PAGES else {}
        return json.dumps({**({"version": version} if version else {}), "items": items, **following})

    return {f"feed?page={n}" if n > 1 else "feed": page(n) for n in range(1, PAGES + 1)}


def walked() -> dict[str, str]:
    front = "<h1>Vietas</h1>" + "".join(f'<a href="/vieta/{n}">{n}</a>' for n in range(PAGES))
    return {"": front} | {f"vieta/{n}": ENTRY.format(f"Vieta {n}", n, TEXT) for n in range(PAGES)}


def mapped() -> dict[str, str]:
    """A sitemap without dates whose every second page tells no initiative."""
    urls = "".join(f"<url><loc>{{here}}vieta/{n}</loc></url>" for n in range(PAGES))
    prose = {f"vieta/{n}": f"<h1>Stāsts {n}</h1><p>{TEXT}</p>" for n in range(0, PAGES, 2)}
    return {**walked(), **prose, "sitemap.xml": f"<urlset>{urls}</urlset>"}


def lists() -> dict[str, str]:
    def page(number: int) -> str:
        links = "".join(f'<a class="e" href="/vieta/{n}">{n}</a>' for n in range(number * 10, number * 10 + 10))
        return f'<h1>Saraksts</h1><p>{TEXT}</p>{links}<a class="n" href="/saraksts?p={number + 1}">Tālāk</a>'

    entries = {f"vieta/{n}": ENTRY.format(f"Vieta {n}", n, TEXT) for n in range(PAGES)}
    return {f"saraksts?p={n}": page(n) for n in range(PAGES // 10)} | entries


FEED: dict[str, object] = {"adapter": "feed", "addresses": ("feed",)}
WAYS: dict[str, tuple[dict[str, str], dict[str, object], str, str | None]] = {
    "feed": (feeds(), FEED, "feed?page=7", atom(7, "jauns")),
    "json": (json_pages(), FEED | {"adapter": "json"}, "feed?page=7", None),
    "sitemap, walked": (walked(), {"adapter": "sitemap"}, "vieta/7", ENTRY.format("Vieta 7", "jauns", TEXT)),
    "structured, walked": (walked(), {"adapter": "structured"}, "vieta/7", None),
    "sitemap": (mapped(), {"adapter": "sitemap"}, "vieta/7", ENTRY.format("Vieta 7", "jauns", TEXT)),
    "html": (
        lists(),
        {"adapter": "html", "addresses": ("saraksts?p=0",), "html": HtmlRecipe(entries="a.e", next="a.n")},
        "vieta/7",
        ENTRY.format("Vieta 7", "jauns", TEXT),
    ),
}


def recipe_of(url: str, changes: dict[str, object]) -> Recipe:
    addresses = tuple(f"{url}{path}" for path in changes.get("addresses", ()))  # type: ignore[attr-defined]
    return Recipe.for_address(url).model_copy(update=changes | {"addresses": addresses})


def twice(pages: dict[str, str], changes: dict[str, object], at: str, after: str | None) -> tuple[CrawlResult, CrawlResult]:
    """Both crawls; between them the page `at` changed, where `after` says to what."""
    pages, state = dict(pages), Remembering()
    with watched(site(pages, "application/xml")) as (url, _):
        recipe = recipe_of(url, changes)
        first = crawled(recipe, state)
        state.records.clear()
        if after:
            pages[at] = after
        second = crawled(recipe, state)
    assert (len(state.records) > 0) == (after is not None)
    return first, second


@pytest.mark.parametrize("way", [name for name in WAYS if name != "structured, walked"])
def test_a_second_crawl_takes_what_changed_and_finds_all(way: str) -> None:
    first, second = twice(*WAYS[way])
    assert second.found == first.found > 0
    assert second.complete == first.complete
    own = len((WAYS[way][3] or "").encode()) + len(WAYS[way][0].get("sitemap.xml", "")) * 2
    assert second.bytes_fetched < 0.03 * first.bytes_fetched + own


def test_a_walk_without_any_record_is_not_made_anew() -> None:
    first, second = twice(*WAYS["structured, walked"])
    assert (first.found, second.found) == (0, 0)
    assert second.bytes_fetched == 0 < first.bytes_fetched


def test_a_json_feed_that_did_not_change_is_still_a_window() -> None:
    pages = json_pages("https://jsonfeed.org/version/1.1")
    first, second = twice(pages, {"adapter": "json", "addresses": ("feed",)}, "", None)
    assert (first.found, second.found) == (3 * PAGES, 3 * PAGES)
    assert not first.complete
    assert not second.complete


def test_one_broken_feed_of_several_is_one_problem() -> None:
    pages = {"feed": atom(PAGES), "other": "<html><h1>Nav plūsmas</h1></html>"}
    with watched(site(pages, "application/xml")) as (url, requested):
        state = Remembering()
        result = crawled(recipe_of(url, {"adapter": "feed", "addresses": ("other", "feed")}), state)
    assert (result.failure, result.found, result.refused) == (None, 3, 1)
    assert "feed" in state.problems[0].reason
    assert requested.count("/feed") == 1


@pytest.mark.parametrize("way", ["feed", "json", "sitemap, walked"])
def test_what_an_interrupted_crawl_read_of_a_listing_is_neither_staged_nor_told_of_again(way: str) -> None:
    pages, changes, *_ = WAYS[way]
    state, before = Remembering(), Remembering()
    with watched(site(pages, "application/xml")) as (url, _):
        first = crawled(recipe_of(url, changes), before)
        state.staged = lambda url: frozenset(before.ids[url]) if url in before.ids else None  # type: ignore[method-assign]
        again = crawled(recipe_of(url, changes), state)
    assert (again.found, len(state.records), state.problems) == (first.found, 0, [])


def test_a_page_whose_records_were_refused_is_told_of_again() -> None:
    broken = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>urn:x</id><entry><id>1</id></entry></feed>"
    with watched(site({"feed": broken}, "application/xml")) as (url, _):
        state = Remembering()
        refused = [crawled(recipe_of(url, FEED), state).refused for _ in range(2)]
    assert refused == [1, 1]


@pytest.mark.parametrize("changing", ["lv/vieta/ola", "en/vieta/ola"])
def test_translations_stay_one_record_when_one_of_them_changes(changing: str) -> None:
    links = "".join(f'<link rel=alternate hreflang={code} href="/{code}/vieta/ola">' for code in ("lv", "en"))
    facts = "<p>Valsts: Latvija</p><p>Pilsēta: Ogre</p>"

    def translation(lang: str, title: str, text: str) -> str:
        return f"<html lang={lang}><head>{links}</head><h1>{title}</h1>{facts}<p>{text}</p></html>"

    english = "We restore an old house together with our neighbours. " * 5
    pages = {"lv/vieta/ola": translation("lv", "Ola", TEXT), "en/vieta/ola": translation("en", "Egg", english)}
    urls = "".join(f"<url><loc>{{here}}{path}</loc></url>" for path in pages)
    pages["sitemap.xml"] = f"<urlset>{urls}</urlset>"
    state = Remembering()
    with watched(site(pages, "text/xml")) as (url, _):
        crawled(recipe_of(url, {"adapter": "sitemap"}), state)
        (before,) = state.records.values()
        state.records.clear()
        pages[changing] = pages[changing].replace("Ogre", "Cēsis")
        result = crawled(recipe_of(url, {"adapter": "sitemap"}), state)
    (after,) = state.records.values()
    assert result.found == 1
    assert after.title == before.title == {"lv": "Ola", "en": "Egg"}


@pytest.mark.parametrize("adapter", ["sitemap", "structured"])
def test_pages_that_are_no_initiatives_use_up_nothing_of_the_limit(adapter: str) -> None:
    names = [*(f"news/{n}" for n in range(5)), *(f"vieta/{n}" for n in range(5))]
    urls = "".join(f"<url><loc>{{here}}{name}</loc></url>" for name in names)
    with watched(site({"sitemap.xml": f"<urlset>{urls}</urlset>"}, "text/xml")) as (url, requested):
        changes = {"adapter": adapter, "limits": Limits(pages=3)}
        result = crawled(recipe_of(url, changes), Remembering())
    assert [path for path in requested if path[1:] in names] == ["/vieta/0", "/vieta/1", "/vieta/2"]
    assert not result.complete


def test_discovery_ends_where_the_site_asks_to_be_left_alone() -> None:
    app = Flask(__name__)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        status = {"": 200, "robots.txt": 404}.get(path, 429)
        return Response("<h1>Vietas</h1>", status=status, headers={"Retry-After": "3600"} if status == 429 else {})

    with watched(app) as (url, requested), PoliteSession(None, True) as session, pytest.raises(SiteGivenUp, match="3600 s"):
        discover(url, session)
    assert len([path for path in requested if path not in ("/", "/robots.txt")]) == 1


def test_of_a_deep_address_only_what_lies_below_is_proposed() -> None:
    pages = {
        f"{folder}/{n}": ENTRY.format(f"{folder} {n}", n, TEXT) for folder in ("en/projects", "en/members") for n in range(6)
    }
    urls = "".join(f"<url><loc>{{here}}{path}</loc></url>" for path in pages)
    pages |= {"en/projects/": "<h1>Projects</h1>", "": "<h1>Site</h1>", "sitemap.xml": f"<urlset>{urls}</urlset>"}
    pages["en/projects"] = pages["en/projects/"]
    with watched(site(pages, "text/xml")) as (url, _), PoliteSession(None, True) as session:
        proposal = discover(f"{url}en/projects/", session)
        whole = discover(url, session)
    assert {record.title["en" if "en" in record.title else "lv"].split()[0] for record in proposal.samples} == {"en/projects"}
    assert len(proposal.recipe.include) == 1
    assert proposal.recipe.include[0] in proposal.tried[0]
    assert whole.recipe.include == ()
    assert len(whole.samples) > len(proposal.samples)
