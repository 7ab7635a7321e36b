"""What a listing's dates of change are believed: where they tell entries apart, and never more than they can say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
import time_machine
from flask import Flask, Response, abort, request

from crawlers.adapters.base import is_day_over, tells_apart
from crawlers.recipe import CkanRecipe, Recipe
from crawlers.state import CrawlResult
from tests.crawlers.remembering import Remembering, crawled, watched

MIGRATED = "2025-03-01T10:00:00"
LATER = "2025-04-01T10:00:00"
TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas."


@dataclass(frozen=True)
class Entry:
    """What one address or row says, and the date of change that the listing gives it."""

    text: str = TEXT
    changed_at: str | None = MIGRATED
    translation: int | None = None
    path: str = "biedri"


@dataclass
class Site:
    """A site of numbered entries, which tests change between crawls, and how it is crawled."""

    entries: dict[int, Entry]
    recipe: dict[str, object]
    app: Flask = field(default_factory=lambda: Flask(__name__))

    def nights(self, *changes: Mapping[int, Entry | None]) -> list[Night]:
        """A crawl now, and one after each of these changes; None takes an entry away."""
        state, nights = Remembering(), []
        with watched(self.app) as (url, requested):
            recipe = Recipe.for_address(url).model_copy(update=self.recipe)
            for change in ({}, *changes):
                merged = {**self.entries, **change}
                self.entries.clear()
                self.entries.update({number: entry for number, entry in merged.items() if entry})
                before = contents(state)
                requested.clear()
                state.same.clear()
                result = crawled(recipe, state)
                after = contents(state)
                nights.append(Night(result, {id for id in after if before.get(id) != after[id]}, list(requested)))
        return nights


@dataclass(frozen=True)
class Night:
    """What one crawl found, the remote ids of what it found new or changed, and the paths that it requested."""

    result: CrawlResult
    changed: set[str]
    requested: list[str]

    @property
    def outcome(self) -> tuple[int, int, str | None, bool]:
        return self.result.found, self.result.refused, self.result.failure, self.result.complete


def contents(state: Remembering) -> dict[str, str]:
    """Remote id to a digest of what was last read of it, but for its date."""
    return {id: replace(record, source_changed_at=None).content_hash() for id, record in state.records.items()}


def wordpress(entries: dict[int, Entry], *, answers_single: bool = True) -> Site:
    """A WordPress of one type, heeding `include` and `_fields`; with or without an answer at an entry's own REST address."""
    site = Site(entries, {"adapter": "wordpress"})

    @site.app.get("/")
    def front() -> str:
        return "<html lang=lv><h1>Tīkls</h1></html>"

    @site.app.get("/wp-json/wp/v2/types")
    def types() -> dict[str, Any]:
        return {"biedrs": {"name": "Biedri", "rest_base": "biedrs"}}

    @site.app.get("/wp-json/wp/v2/biedrs")
    def posts() -> Response:
        wanted = request.args.get("include", "")
        matches = [whole(number) for number in site.entries if not wanted or str(number) in wanted.split(",")]
        size, page = request.args.get("per_page", 10, int), request.args.get("page", 1, int)
        fields = request.args.get("_fields")
        shown = [
            {k: v for k, v in entry.items() if not fields or k in fields.split(",")}
            for entry in matches[(page - 1) * size :][:size]
        ]
        pages = {"X-WP-TotalPages": str(-(-len(matches) // size) or 1)}
        return Response(json.dumps(shown), mimetype="application/json", headers=pages)

    @site.app.get("/wp-json/wp/v2/biedrs/<int:number>")
    def single(number: int) -> dict[str, Any]:
        return whole(number) if answers_single and number in site.entries else abort(404)

    def whole(number: int) -> dict[str, Any]:
        entry = site.entries[number]
        post = {"id": number, "link": f"{request.host_url}{entry.path}/{number}/", "title": {"rendered": f"Vieta {number}"},
                "content": {"rendered": f"<p>{number}. {entry.text}</p>"}}  # fmt: skip
        post |= {"modified_gmt": entry.changed_at} if entry.changed_at else {}
        return post | ({"lang": "lv", "translations": {"lv": number, "en": entry.translation}} if entry.translation else {})

    return site


def alike(numbers: Iterable[int], **more: Any) -> dict[int, Entry]:
    return {number: Entry(**more) for number in numbers}


EQUAL = alike(range(1, 31))
SOME = {number: replace(entry, changed_at=LATER if number < 4 else MIGRATED) for number, entry in EQUAL.items()}
WORDPRESSES = {
    "one date for all": EQUAL,
    "dates that differ": SOME,
    "no dates": alike(range(1, 31), changed_at=None),
    "dates on some": EQUAL | alike(range(1, 4), changed_at=None),
    "translations of some, one date": EQUAL | {1: Entry(translation=2), 3: Entry(translation=4)},
    "a single entry": alike([1]),
    "pages about the site among them": SOME | {7: Entry(path="privatums", changed_at=LATER)},
}


@pytest.mark.parametrize("answers_single", [True, False])
@pytest.mark.parametrize("kind", WORDPRESSES)
def test_an_unchanged_wordpress_is_unchanged_every_night_and_no_entry_is_asked_for_alone(kind: str, answers_single: bool) -> None:
    first, *others = wordpress(dict(WORDPRESSES[kind]), answers_single=answers_single).nights({}, {}, {})
    assert first.result.found > 0
    assert first.outcome == (first.result.found, 0, None, True)
    for night in others:
        assert (night.outcome, night.changed) == (first.outcome, set())
        assert sum("/wp/v2/biedrs" in path for path in night.requested) <= 2
        assert not [path for path in night.requested if "/wp/v2/biedrs/" in path]


@pytest.mark.parametrize("kind", ["one date for all", "no dates", "dates on some", "translations of some, one date"])
def test_where_dates_say_nothing_a_changed_text_is_seen_without_one(kind: str) -> None:
    site = wordpress(dict(WORDPRESSES[kind]))
    _, night, after = site.nights({9: replace(site.entries[9], text="Tagad mēs cepam maizi.")}, {})
    assert (night.changed, after.changed) == ({"biedrs:9"}, set())


@pytest.mark.parametrize("kind", ["one date for all", "dates that differ", "no dates", "dates on some"])
def test_an_entry_with_a_new_date_is_changed_and_the_others_are_not(kind: str) -> None:
    site = wordpress(dict(WORDPRESSES[kind]))
    first, night, after = site.nights({9: Entry("Tagad mēs cepam maizi.", "2025-05-01T10:00:00")}, {})
    assert (night.changed, after.changed) == ({"biedrs:9"}, set())
    assert night.outcome == after.outcome == first.outcome


def test_of_one_date_for_all_and_a_later_one_only_the_later_one_is_read_whole() -> None:
    _, night = wordpress(dict(EQUAL)).nights({9: Entry("Tagad mēs cepam maizi.", LATER)})
    assert [path.partition("include=")[2] for path in night.requested if "include=" in path] == ["9&page=1"]


def test_a_migration_that_gives_all_one_new_date_changes_nothing() -> None:
    _, night, after = wordpress(dict(SOME)).nights(alike(SOME, changed_at="2025-06-01T00:00:00"), {})
    assert (night.changed, after.changed) == (set(), set())


@pytest.mark.parametrize("kind", WORDPRESSES)
def test_an_entry_that_vanished_and_came_back_with_its_old_date_is_the_same(kind: str) -> None:
    site = wordpress(dict(WORDPRESSES[kind]) | alike([99]))
    entry = site.entries[99]
    first, gone, back = site.nights({99: None}, {99: entry})
    assert gone.outcome == (first.result.found - 1, 0, None, True)
    assert (back.outcome, back.changed) == (first.outcome, set())


def test_a_translation_that_came_later_is_seen_though_its_date_is_the_old_one() -> None:
    site = wordpress(SOME | {9: Entry(translation=50)})
    _, night = site.nights({50: Entry("Now we bake bread together with all our neighbours.")})
    assert night.changed == {"biedrs:9"}


def test_entries_that_the_site_lists_and_does_not_give_leave_the_listing_unfinished() -> None:
    site = wordpress(dict(SOME))
    plain = site.app.view_functions["posts"]

    def without_one() -> Response:
        answer = cast(Response, plain())
        shown = [entry for entry in json.loads(answer.data) if "include" not in request.args or entry["id"] != 9]
        return Response(json.dumps(shown), mimetype="application/json")

    site.app.view_functions["posts"] = without_one
    (night,) = site.nights()
    assert night.outcome == (len(SOME) - 1, 0, None, False)


def sitemap(entries: dict[int, Entry]) -> Site:
    """Pages with labelled facts, and a sitemap that gives their dates."""
    site = Site(entries, {"adapter": "sitemap"})

    @site.app.get("/sitemap.xml")
    def posts() -> Response:
        lines = (
            f"<url><loc>{request.host_url}vieta/{number}</loc>"
            + (f"<lastmod>{entry.changed_at}</lastmod>" if entry.changed_at else "")
            + "</url>"
            for number, entry in site.entries.items()
        )
        return Response(f"<urlset>{''.join(lines)}</urlset>", mimetype="text/xml")

    @site.app.get("/vieta/<int:number>")
    def page(number: int) -> str:
        entry = site.entries.get(number) or abort(404)
        return f"<h1>Vieta {number}</h1><p>Valsts: Latvija</p><p>Pilsēta: Ogre</p><p>{number}. {entry.text}</p>"

    return site


def pages_asked(night: Night) -> list[str]:
    return sorted(path for path in night.requested if path.startswith("/vieta/"))


@pytest.mark.parametrize(
    ("dates", "asked_again"),
    [
        (("2025-01-01", "2025-01-02", "2025-01-03"), []),
        (("2025-01-01", "2025-01-01", "2025-01-01"), ["/vieta/1", "/vieta/2", "/vieta/3"]),
        ((None, "2025-01-01", "2025-01-01"), ["/vieta/1", "/vieta/2", "/vieta/3"]),
        ((None, "2025-01-01", "2025-01-02"), ["/vieta/1"]),
        ((None, None, None), ["/vieta/1", "/vieta/2", "/vieta/3"]),
    ],
)
def test_pages_are_left_where_the_sitemaps_dates_tell_them_apart(dates: tuple[str | None, ...], asked_again: list[str]) -> None:
    first, night = sitemap({number: Entry(changed_at=date) for number, date in enumerate(dates, start=1)}).nights({})
    assert (pages_asked(night), night.changed, night.outcome) == (asked_again, set(), first.outcome)


@pytest.mark.parametrize(("changed_at", "is_seen"), [("2025-05-10", True), ("2025-05-09", True), ("2025-05-08", False)])
def test_a_day_that_has_not_ended_everywhere_may_hold_another_change(changed_at: str, is_seen: bool) -> None:
    site = sitemap({1: Entry(changed_at=changed_at), 2: Entry(changed_at="2025-01-01")})
    with time_machine.travel(datetime(2025, 5, 10, 23, tzinfo=UTC)):
        _, night = site.nights({1: Entry("Tagad mēs cepam maizi.", changed_at)})
    assert bool(night.changed) == is_seen


def test_what_dates_say() -> None:
    assert [tells_apart(dates) for dates in ([], ["a"], ["a", "a"], ["a", None], [None, ""], ["a", "b"])] == [False] * 5 + [True]
    day = date(2025, 5, 10)
    assert [is_day_over(changed_at, day) for changed_at in ("2025-05-10", " 2025-05-09 ", "2025-05-08", "2025-05-10T01:00:00Z", "2025", None)] == [
        False, False, True, True, True, True,
    ]  # fmt: skip
    assert is_day_over("2025-05-10", None)


def portal(entries: dict[int, Entry], resource: dict[str, Any]) -> Site:
    """A CKAN portal with a register for each entry, each a table of one row, in the form that `resource` says."""
    site = Site(entries, {"adapter": "ckan", "ckan": CkanRecipe(datasets=("biedri",))})

    @site.app.get("/api/3/action/package_show")
    def package() -> dict[str, Any]:
        resources = [{"id": f"r{number}", "name": f"Biedri {'ABCDEFGH'[number]}", "format": "CSV", "url": f"{request.host_url}f/{number}.csv",
                  "last_modified": entry.changed_at} | resource for number, entry in site.entries.items()]  # fmt: skip
        return {"success": True, "result": {"id": "p", "name": "biedri", "resources": resources}}

    @site.app.get("/api/3/action/datastore_search")
    def rows() -> dict[str, Any]:
        number = int(request.args["resource_id"][1:])
        row = {"_id": 1, "Nosaukums": f"Vieta {number}", "Apraksts": site.entries[number].text}
        records = [] if request.args.get("limit") == "0" else [row]
        return {"success": True, "result": {"total": 1, "fields": [{"id": name} for name in row], "records": records}}

    @site.app.get("/f/<int:number>.csv")
    def table(number: int) -> Response:
        return Response(f"Nosaukums;Apraksts\nVieta {number};{site.entries[number].text}\n", mimetype="text/csv")

    return site


@pytest.mark.parametrize(
    ("resource", "is_seen"), [({"url_type": "upload"}, False), ({"url_type": None}, True), ({"datastore_active": True}, True)]
)
def test_a_portals_date_holds_for_files_that_lie_there(resource: dict[str, Any], is_seen: bool) -> None:
    site = portal({1: Entry(), 2: Entry(changed_at=LATER)}, resource)
    first, quiet, night = site.nights({}, {1: replace(site.entries[1], text="Tagad mēs cepam maizi.")})
    assert (first.result.found, quiet.result.found, quiet.changed) == (2, 2, set())
    assert night.changed == ({"vieta 1"} if is_seen else set())
