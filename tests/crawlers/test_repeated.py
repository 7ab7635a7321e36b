"""What is crawled again or stands at several places: asked for once, kept once, and never without end."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request

from crawlers.adapters.walking import MAX_EMPTY_PAGES
from crawlers.discovery.discover import discover
from crawlers.fetch import PoliteSession
from crawlers.recipe import Recipe
from tests.crawlers.remembering import TEXT, Remembering, crawled, watched


def wordpress(total: int, modified: dict[int, str]) -> Flask:
    """A REST interface of one type with `total` entries, with the fields and ids that are asked for."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return "<h1>Tīkls</h1>"

    @app.get("/wp-json/wp/v2/types")
    def types() -> dict[str, Any]:
        return {"member": {"name": "Biedri", "rest_base": "member"}}

    @app.get("/wp-json/wp/v2/member")
    def entry_list() -> Response:
        entries = [entry(n) for n in range(1, total + 1)]
        if wanted := request.args.get("include"):
            entries = [post for post in entries if str(post["id"]) in wanted.split(",")]
        size, page = request.args.get("per_page", 10, int), request.args.get("page", 1, int)
        fields = request.args.get("_fields")
        shown = [
            {k: v for k, v in post.items() if fields is None or k in fields.split(",")}
            for post in entries[(page - 1) * size : page * size]
        ]
        return Response(
            json.dumps(shown), mimetype="application/json", headers={"X-WP-TotalPages": str(-(-len(entries) // size) or 1)}
        )

    def entry(n: int) -> dict[str, Any]:
        return {"id": n, "link": f"{request.host_url}member/{n}/", "modified_gmt": modified.get(n, "2026-01-01T00:00:00"),
                "title": {"rendered": f"Vieta {n}"}, "content": {"rendered": f"<p>{n}. {TEXT}</p>"}}  # fmt: skip

    return app


def test_of_a_known_wordpress_only_what_changed_is_read_whole() -> None:
    modified: dict[int, str] = {}
    with watched(wordpress(250, modified)) as (url, _):
        recipe = Recipe.for_address(url).model_copy(update={"adapter": "wordpress"})
        state = Remembering()
        first = crawled(recipe, state)
        modified |= dict.fromkeys((3, 120), "2026-02-02T00:00:00")
        state.records.clear()
        second = crawled(recipe, state)
    assert (first.found, second.found) == (250, 250)
    assert second.complete
    assert set(state.records) == {"member:3", "member:120"}
    assert len(state.same) == 248
    assert second.bytes_fetched < 0.03 * first.bytes_fetched


def pages(dates: dict[str, str]) -> Flask:
    """A sitemap with dates of change, and a page with labelled facts for each name."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return "<h1>Vietas</h1>"

    @app.get("/sitemap.xml")
    def sitemap() -> Response:
        urls = "".join(
            f"<url><loc>{request.host_url}vieta/{name}</loc><lastmod>{date}</lastmod></url>" for name, date in dates.items()
        )
        return Response(f"<urlset>{urls}</urlset>", mimetype="text/xml")

    @app.get("/vieta/<name>")
    def entry(name: str) -> str:
        return f"<h1>{name}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>{TEXT}</p>"

    return app


def test_a_page_whose_date_in_the_sitemap_is_the_same_is_not_asked_for() -> None:
    dates = {"a": "2016-01-01", "b": "2016-01-02", "c": "2016-01-03"}
    with watched(pages(dates)) as (url, requests):
        recipe = Recipe.for_address(url).model_copy(update={"adapter": "sitemap"})
        state = Remembering()
        crawled(recipe, state)
        dates["b"] = "2016-03-03"
        requests.clear()
        result = crawled(recipe, state)
    assert [path for path in requests if path.startswith("/vieta")] == ["/vieta/b"]
    assert result.found == 3


def test_dates_that_are_all_the_same_are_not_trusted() -> None:
    with watched(pages(dict.fromkeys("abc", "2026-01-01"))) as (url, requests):
        recipe = Recipe.for_address(url).model_copy(update={"adapter": "sitemap"})
        state = Remembering()
        crawled(recipe, state)
        requests.clear()
        crawled(recipe, state)
    assert sum(path.startswith("/vieta") for path in requests) == 3


def test_one_content_at_two_addresses_and_declared_translations_are_one_record() -> None:
    app = Flask(__name__)
    contents = {"lv/vieta/ola": ("Ola", "lv", TEXT), "en/vieta/ola": ("Egg", "en", "We restore an old house together with our neighbours. " * 5),
             "vieta/divi": ("Divi", "lv", TEXT), "cits/divi": ("Divi", "lv", TEXT)}  # fmt: skip

    @app.get("/sitemap.xml")
    def sitemap() -> Response:
        urls = "".join(f"<url><loc>{request.host_url}{path}</loc></url>" for path in contents)
        return Response(f"<urlset>{urls}</urlset>", mimetype="text/xml")

    @app.get("/<path:path>")
    def page(path: str) -> str | tuple[str, int]:
        if path not in contents:
            return "", 404
        title, lang, text = contents[path]
        links = "".join(f'<link rel=alternate hreflang={code} href="/{code}/vieta/ola">' for code in ("lv", "en"))
        head = links if path.endswith("ola") else ""
        return f"<html lang={lang}><head>{head}</head><h1>{title}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>{text}</p>"

    with watched(app) as (url, _):
        state = Remembering()
        crawled(Recipe.for_address(url).model_copy(update={"adapter": "sitemap"}), state)
    assert sorted(sorted(record.title.values()) for record in state.records.values()) == [["Divi"], ["Egg", "Ola"]]


def test_a_calendar_without_end_ends() -> None:
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return '<a href="/kalendars?menesis=1">Kalendārs</a> <a href="/vieta/1">Viens</a>'

    @app.get("/kalendars")
    def month() -> str:
        number = request.args.get("menesis", 1, int)
        return f'<h1>{number}</h1><a href="/kalendars?menesis={number + 1}">Tālāk</a>'

    @app.get("/vieta/<int:number>")
    def entry(number: int) -> str:
        return f"<h1>Vieta {number}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>{TEXT}</p>"

    with watched(app) as (url, requests):
        state = Remembering()
        crawled(Recipe.for_address(url).model_copy(update={"adapter": "sitemap"}), state)
    assert len(state.records) == 1
    assert sum(path.startswith("/kalendars") for path in requests) == MAX_EMPTY_PAGES


def test_a_proposal_shows_the_sources_own_fields_and_values() -> None:
    with watched(pages(dict.fromkeys(("Viens", "Divi", "Trīs"), "2026-01-01"))) as (url, _), PoliteSession(None, True) as session:
        proposal = discover(url, session)
    fields = {one.name: one for one in proposal.fields}
    assert (fields["Valsts"].ours, fields["Valsts"].coverage, fields["Valsts"].samples) == ("country", 1.0, ("Latvija",))
    assert [(one.value, one.count, one.id) for one in proposal.values if one.dimension == "country"] == [("Latvija", 3, "LV")]
