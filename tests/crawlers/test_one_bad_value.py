"""A value that nobody thought of costs itself: the rest of its record, of its page and of the crawl comes in."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from crawlers.adapters import ADAPTERS, html_list, structured, table
from crawlers.adapters.base import Gathering, Item, bounded
from crawlers.adapters.sitemap import sitemap
from crawlers.adapters.sitemap.reader import read_sitemap
from crawlers.adapters.wordpress import wordpress as wordpress_adapter
from crawlers.crawl import crawl
from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadContent
from crawlers.fetch import PoliteSession
from crawlers.importing.reading import read_file
from crawlers.markup import Html
from crawlers.normalise import Normaliser, normaliser
from crawlers.normalise.normaliser import BAD_ENTRY
from crawlers.reading import json_objects
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import MemoryState
from crawlers.texts.clean import plain_text
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled, extracted, recipe_of, titles
from tests.crawlers.remembering import Remembering, watched

NAMES = ("Zvejnieku māja", "Tālā stacija", "Kalna dārzs")


def objects(**odd: Any) -> list[dict[str, Any]]:
    """Three objects of an answer, of which the second has something odd."""
    return [{"id": n, "name": name, "city": "Talsi"} | (odd if n == 1 else {}) for n, name in enumerate(NAMES)]


def feed(items: Iterable[str], kind: str = "rss") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ziņas</title>{"".join(items)}</channel></rss>'


def item(name: str, more: str = "") -> str:
    return f"<item><title>{name}</title><guid>{name}</guid>{more}</item>"


def calendar(*odd_lines: str) -> str:
    events = [
        ["BEGIN:VEVENT", f"UID:{n}", f"SUMMARY:{name}", "DTSTART:20260505T100000Z", *(odd_lines if n == 1 else ()), "END:VEVENT"]
        for n, name in enumerate(NAMES)
    ]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *(line for event in events for line in event), "END:VCALENDAR", ""])


HALF = r'"\ud83d"'
LARGE = "&#" + "9" * 5000 + ";"
PAGES: dict[str, tuple[str, Body]] = {
    "half an emoji in JSON": ("json", json.dumps(objects(description="teksts")).replace('"teksts"', HALF)),
    "half an emoji in JSON lines": ("json", "\n".join(json.dumps(o) for o in objects(description="teksts")).replace('"teksts"', HALF)),
    "half an emoji on a map": ("gogocarto", json.dumps({"data": objects(geo="x", note="teksts")}).replace('"teksts"', HALF)),
    "half an emoji in a name on a map": ("gogocarto", json.dumps({"data": [*objects(), {"id": 9, "name": "teksts"}]}).replace('"teksts"', HALF)),
    "a number without an end": ("json", json.dumps(objects(lat="teksts")).replace('"teksts"', "9" * 5000)),
    "an infinite number": ("json", json.dumps(objects(lat="teksts")).replace('"teksts"', "1e999")),
    "no number": ("json", json.dumps(objects(lat="teksts")).replace('"teksts"', "NaN")),
    "a list as link": ("json", json.dumps(objects(url=["https://x.example/"], modified={"a": 1}))),
    "a large reference in JSON": ("json", json.dumps(objects(description=f"<p>{LARGE}</p>"))),
    "a pair of references": ("feed", feed([item(NAMES[0]), item(NAMES[1], "<description>Bad &#55357;&#56832;</description>"), item(NAMES[2])])),
    "a reference beyond Unicode": ("feed", feed([item(NAMES[0]), item(NAMES[1], "<description>&#x110000;</description>"), item(NAMES[2])])),
    "a reference of many digits": ("feed", feed([item(NAMES[0]), item(NAMES[1], f"<description>{LARGE}</description>"), item(NAMES[2])])),
    "no name of an encoding": ("feed", feed(map(item, NAMES)).replace('"1.0"', '"1.0" encoding="ut\udcff-8"').encode("utf-8", "surrogateescape")),
    "decimal commas": ("calendar", calendar("GEO:56,9;24,1")),
    "an end that is no time": ("calendar", calendar("RRULE:FREQ=WEEKLY;UNTIL=2024-01-01")),
    "an unknown weekday": ("calendar", calendar("RRULE:FREQ=WEEKLY;BYDAY=XX")),
    "no frequency": ("calendar", calendar("RRULE:FREQ=")),
    "a rule of a large number": ("calendar", calendar("RRULE:FREQ=DAILY;INTERVAL=99999999999")),
    "a zone's long name": ("calendar", calendar(f"DTEND;TZID={'x' * 300}:20260505T110000")),
    "a zone's folded long name": ("calendar", calendar(f"DTEND;TZID={'x' * 70}\r\n {'x' * 230}:20260505T110000")),
    "a calendar's zone of many folders": ("calendar", calendar().replace("VERSION:2.0", f"X-WR-TIMEZONE:{'a/' * 3000}x")),
    "numbers as addresses of a profile": ("murmurations", json.dumps([{"linked_schemas": ["x"], "name": n, "urls": 5, "tags": "a", "unique_id": n, "kvm_category": ["b"]} for n in NAMES])),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_other_entries_of_a_page_come_in_and_nothing_is_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    adapter, body = PAGES[name]
    records, _ = extracted(recipe_of(adapter), body)
    assert titles(records) >= set(NAMES)
    assert json.dumps([record.to_json() for record in records], ensure_ascii=False, allow_nan=False).encode()
    assert caplog.records == []


@pytest.mark.parametrize("name", ["half an emoji in JSON", "half an emoji in JSON lines", "a number without an end"])
def test_discovery_goes_on_over_a_bad_value(name: str, caplog: pytest.LogCaptureFixture) -> None:
    proposal = discover(BASE, MemorySite({"": PAGES[name][1]}))
    assert (proposal.recipe.adapter, titles(list(proposal.samples))) == ("json", set(NAMES))
    assert caplog.records == []


ODD = {
    "a control character before a script": "<p>Soft\x0b<script>1</script> break</p>",
    "a reference to one": "<p>Soft&#11;<script>1</script> break</p>",
    "one before a share bar": "<p>Soft\x1f<span class='sharedaddy'>x</span> break</p>",
    "one before a menu": "<p>Soft\x1a</p><nav>x</nav><p>break</p>",
    "one alone": "\x1a<script></script>",
    "a half pair": "<p>Soft &#xD800;<script></script> break</p>",
    "a hidden part": "<p>Soft\x0b<i style='display:none'>x</i> break</p>",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("adapter", ["html", "sitemap", "structured"])
def test_a_page_with_what_no_text_may_hold_is_read(name: str, adapter: str, caplog: pytest.LogCaptureFixture) -> None:
    thing = '<script type="application/ld+json">{"@type": "NGO", "name": "Zvejnieku māja"}</script>'
    facts = "<dl><dt>Country<dd>Latvia<dt>Website<dd>https://x.example/</dl>"
    records, problems = extracted(
        recipe_of(adapter), f"<html><title>Zvejnieku māja</title><h1>Zvejnieku māja</h1>{facts}{ODD[name]}{thing}", "a"
    )
    assert titles(records) == {"Zvejnieku māja"}
    assert (problems, caplog.records) == ([], [])


def test_a_hidden_part_beside_a_control_character_is_left_out() -> None:
    assert plain_text(ODD["a hidden part"]) == "Soft break"


@pytest.mark.parametrize(
    ("markup", "text"),
    [("<title>display:none", ""), ("<i hidden>x</i>", ""), ("a <b>b</b><i style='visibility: hidden'>x</i> c", "a b c"),
     ("<html><head></head><body hidden>x</body>", ""), ("<!><p style=display:none", "")],
)  # fmt: skip
def test_markup_of_any_kind_is_read_without_its_hidden_parts(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x110000;", LARGE])
def test_a_sitemap_with_a_reference_beyond_unicode_is_read(reference: str) -> None:
    body = (
        f"<urlset><url><loc>https://x.example/a</loc><d>{reference}</d></url><url><loc>https://x.example/b</loc></url></urlset>"
    )
    for encoding in ("utf-8", "utf-16"):
        assert [url for url, _ in read_sitemap(body.encode(encoding)).pages] == ["https://x.example/a", "https://x.example/b"]


def test_an_empty_answer_is_no_feed() -> None:
    with pytest.raises(BadContent, match="no RSS or Atom feed"):
        extracted(recipe_of("feed"), b"")


def test_the_relative_link_of_an_entry_is_one_of_the_feeds_site() -> None:
    records, _ = extracted(recipe_of("feed"), feed([item(NAMES[0], "<link>/members/kopa/</link>")]), "feed/")
    assert [record.url for record in records] == ["https://partner.example/members/kopa/"]


WORDPRESS: dict[str, Body] = {
    "": "<html lang=lv><h1>Sveiki</h1></html>",
    "wp-json/wp/v2/types": json.dumps({"org": {"rest_base": "org"}}),
    "wp-json/wp/v2/categories?per_page=100": json.dumps([{"id": 1, "count": "many", "name": "x"}]),
}


def wordpress(**odd: Any) -> dict[str, Body]:
    entries = [
        {"id": n, "modified_gmt": f"2026-05-0{n}T10:00:00", "link": f"{BASE}o/{n}", "title": {"rendered": name}, "acf": {"country": "Latvija"},
         **(odd if n == 1 else {})}
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    brief = "wp-json/wp/v2/org?per_page=100&_fields=id%2Cmodified_gmt%2Clang%2Ctranslations%2Cwpml_translations&page=1"
    return WORDPRESS | {brief: json.dumps(entries), "wp-json/wp/v2/taxonomies": "{}"}


@pytest.mark.parametrize(
    "odd",
    [{"id": "pirmais"}, {"id": [1]}, {"link": [BASE]}, {"link": 5}, {"modified_gmt": {"a": 1}}, {"translations": [5, {"id": []}]},
     {"translations": "x"}, {"title": ["x"]}, {"acf": [1], "meta": "x"}, {"categories": [True]}],
)  # fmt: skip
def test_an_entry_of_wordpress_may_have_any_shape(odd: dict[str, Any]) -> None:
    result, state = crawled(recipe_of("wordpress"), wordpress(**odd), x_wp_totalpages="²")
    assert result.failure is None
    assert titles(list(state.records.values())) >= {NAMES[0], NAMES[2]}
    assert discover(BASE, MemorySite(wordpress(**odd))).samples


@pytest.mark.parametrize(
    "odd",
    [
        {"resources": 5},
        {"tags": 5},
        {"metadata_modified": {"a": 1}},
        {"name": ["x"]},
        {"organization": "x"},
        {"title": {"lv": "x"}},
    ],
)
def test_a_dataset_may_have_any_shape(odd: dict[str, Any]) -> None:
    datasets = [{"id": name, "name": name, "title": name, **(odd if n == 1 else {})} for n, name in enumerate(NAMES)]
    search = "api/3/action/package_search?q=&rows=100&start=0"
    pages: dict[str, Body] = {search: json.dumps({"success": True, "result": {"count": "1,5", "results": datasets}})}
    result, state = crawled(recipe_of("ckan", ckan={"is_catalogue": True}), pages)
    assert result.failure is None
    assert titles(list(state.records.values())) >= {NAMES[0], NAMES[2]}
    assert crawled(recipe_of("ckan"), pages)[0].failure


def test_a_broken_link_to_the_next_page_ends_the_list() -> None:
    result, _ = crawled(recipe_of("json"), {"": json.dumps(objects())}, link="<http://[::1>; rel=next")
    assert (result.found, result.failure, result.complete) == (3, None, True)


@pytest.mark.parametrize("around", ["<fb:like>{}", "<o:p>{}</o:p>", "<st1:place>{}</st1:place>", "<h3.>{}", "<main(>{}"])
def test_cards_in_elements_of_other_programs_are_found(around: str) -> None:
    cards = "".join(
        f'<div class="card"><h3>{name} {n}</h3><p>Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā.</p><p>Latvija</p></div>'
        for n in "12"
        for name in NAMES
    )
    proposal = discover(BASE, MemorySite({"": f"<html><body>{around.format(cards)}</body></html>"}))
    assert proposal.recipe.html.blocks.endswith("div.card")
    assert len(proposal.samples) == 6


def broken_for(module: Any, name: str, value: str) -> Any:
    """A function of a module that our own code has a fault in: it stumbles where its first argument holds a value."""
    whole = getattr(module, name)

    def stumbling(thing: Any, *more: Any, **named: Any) -> Any:
        if value in str(thing):
            raise ZeroDivisionError
        return whole(thing, *more, **named)

    return stumbling


def test_a_value_on_which_our_own_code_fails_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(normaliser, "organisations_email", broken_for(normaliser, "organisations_email", "evil"))
    reader = Normaliser(recipe_of("json"))
    record = reader.record(RawRecord("1", BASE, {"title": NAMES[0], "email": "evil@x.example", "phone": "+371 67000000"}))
    assert record is not None
    assert (record.title, record.email, record.phone) == ({"lv": NAMES[0]}, None, "+37167000000")
    assert [(p.severity, p.field, p.values) for p in reader.take_problems()] == [
        ("warning", "email", {"error": "ZeroDivisionError"})
    ]
    assert [(entry.levelname, entry.exc_info is not None) for entry in caplog.records] == [("ERROR", True)]


def test_an_entry_on_which_our_own_code_fails_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normaliser, "name_line", broken_for(normaliser, "name_line", NAMES[1]))
    result, state = crawled(recipe_of("json"), {"": json.dumps(objects())})
    assert (result.found, result.refused, result.complete, result.failure) == (2, 1, False, None)
    assert [(p.severity, p.remote_id, p.values) for p in state.problems] == [("refused", "1", {"error": "ZeroDivisionError"})]


def facts(name: str) -> str:
    return f"<html lang=lv><title>{name}</title><h1>{name}</h1><dl><dt>Valsts<dd>Latvija<dt>Vieta<dd>Talsi<dt>Nosaukums<dd>{name}</dl>"


LINKS = "<html lang=lv><title>Tīkls</title>" + "".join(f"<a href=/biedri/{n}>{n}</a>" for n in range(2))
THINGS = json.dumps([{"@type": "NGO", "@id": f"{BASE}biedri/{n}", "name": name} for n, name in enumerate(NAMES)])
CARDS = "".join(f"<div class=card><h3>{name}</h3><p>Talsi</p></div>" for name in NAMES)
ENTRIES: dict[str, tuple[Any, str, dict[str, Any], dict[str, Body]]] = {
    "structured": (structured, "entity_to_raw", {}, {"": f'<html><script type="application/ld+json">{THINGS}</script>'}),
    "html": (html_list, "read_card", {"html": {"blocks": "div.card"}}, {"": f"<html><body>{CARDS}"}),
    "html, a page for each": (
        html_list,
        "read_card",
        {"html": {"entries": "a"}},
        {"": LINKS + "<a href=/biedri/2>2</a>", **{f"biedri/{n}": facts(name) for n, name in enumerate(NAMES)}},
    ),
    "sitemap": (
        sitemap,
        "map_fields",
        {},
        {"": LINKS, **{f"biedri/{n}": facts(name) + "<a href=/biedri/2>2</a>" * (n == 1) for n, name in enumerate(NAMES)}},
    ),
    "wordpress": (wordpress_adapter, "_fields", {}, {}),
}
"""By adapter: where our own code stumbles over the second of three entries, the recipe's keys, and the site's pages."""


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_that_our_own_code_cannot_read_takes_nothing_of_its_page_along(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module, function, keys, pages = ENTRIES[name]
    monkeypatch.setattr(module, function, broken_for(module, function, NAMES[1]))
    result, state = crawled(recipe_of(name.partition(",")[0], **keys), pages or wordpress())
    assert titles(list(state.records.values())) == {NAMES[0], NAMES[2]}
    assert (result.complete, result.failure) == (False, None)
    unread = [problem for problem in state.problems if problem.reason == BAD_ENTRY]
    assert [(problem.severity, problem.values) for problem in unread] == [("refused", {"error": "ZeroDivisionError"})]
    assert [entry.levelno for entry in caplog.records] == [logging.ERROR]


def test_a_page_with_an_entry_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    state, recipe = Remembering(), recipe_of("html", html={"blocks": "div.card"})
    site = MemorySite({"": f"<html><body>{CARDS}"})
    with monkeypatch.context() as patch:
        patch.setattr(html_list, "read_card", broken_for(html_list, "read_card", NAMES[1]))
        run_crawl(recipe, site, state)
    assert titles(list(state.records.values())) == {NAMES[0], NAMES[2]}
    run_crawl(recipe, site, state)
    assert titles(list(state.records.values())) == set(NAMES)


def test_an_entry_that_cannot_be_staged_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = MemoryState.stage

    def stumbling(state: MemoryState, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        if record.remote_id == "1":
            raise ZeroDivisionError
        whole(state, record, url, raw)

    monkeypatch.setattr(MemoryState, "stage", stumbling)
    result, state = crawled(recipe_of("json"), {"": json.dumps(objects())})
    assert (result.found, result.refused, result.complete, result.failure) == (2, 1, False, None)
    assert titles(list(state.records.values())) == {NAMES[0], NAMES[2]}


def test_a_listing_that_our_own_code_fails_to_read_ends_with_what_was_gathered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbling(_: Gathering) -> Any:
        yield Item(None, (RawRecord("1", BASE, {"title": NAMES[0]}),))
        raise ZeroDivisionError

    monkeypatch.setitem(ADAPTERS, "json", bounded("json", replace(ADAPTERS["json"], gather=stumbling)))
    result, state = crawled(recipe_of("json"), {})
    assert (result.found, result.refused, result.complete, result.failure) == (1, 1, False, None)
    assert [(p.url, p.values) for p in state.problems] == [(BASE, {"error": "ZeroDivisionError"})]
    (entry,) = caplog.records
    assert (entry.levelno, entry.exc_info is not None, entry.getMessage()) == (
        logging.ERROR,
        True,
        f"adapter json, reading {BASE}",
    )


def test_an_adapter_that_fails_ends_no_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbling(_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(ADAPTERS, "table", bounded("table", replace(ADAPTERS["table"], look=stumbling)))
    assert discover(BASE, MemorySite({"": json.dumps(objects())})).recipe.adapter == "json"


def test_a_page_whose_article_cannot_be_told_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbling(*_: Any, **__: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("trafilatura.extract", stumbling)
    text = "Kopā ar kaimiņiem atjaunojam vecu ēku. " * 20
    assert Html(BASE, f"<article><p>{text}</p></article><nav>x</nav>").main_text == text.strip()


@pytest.mark.parametrize("url", ["http://[::1", "//[x"])
def test_an_address_that_cannot_be_parsed_is_none(url: str, caplog: pytest.LogCaptureFixture) -> None:
    facts = "<dl><dt>Country<dd>Latvia<dt>Website<dd>https://x.example/</dl>"
    page = f'<html><link rel=canonical href="{url}"><h1><a href="{url}">{NAMES[0]}</a></h1>{facts}<a href="{url}">x</a>'
    records, _ = extracted(recipe_of("sitemap"), page)
    assert titles(records) == {NAMES[0]}
    _, state = crawled(recipe_of("wordpress"), wordpress(link=url))
    assert titles(list(state.records.values())) == set(NAMES)
    assert caplog.records == []


@pytest.mark.parametrize(("suffix", "line"), [(".json", "line 2"), (".csv", "line 3")])
def test_of_a_file_an_entry_on_which_our_own_code_fails_is_one_refusal(
    tmp_path: Path, suffix: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json_objects.with_title

    def stumbling(fields: Any) -> Any:
        if NAMES[1] in map(str, fields.values()):
            raise ZeroDivisionError
        return whole(fields)

    for module in (json_objects, table):
        monkeypatch.setattr(module, "with_title", stumbling)
    path = tmp_path / f"a{suffix}"
    path.write_text(
        json.dumps(objects()) if suffix == ".json" else "\n".join(["name,city", *(f"{name},Talsi" for name in NAMES)])
    )
    entries = list(read_file(path, recipe_of("json")))
    assert titles([entry for entry in entries if isinstance(entry, Record)]) == {NAMES[0], NAMES[2]}
    refusals = [entry for entry in entries if isinstance(entry, Problem) and entry.severity == "refused"]
    assert [(refusal.remote_id, refusal.values) for refusal in refusals] == [(line, {"error": "ZeroDivisionError"})]


@pytest.mark.parametrize("suffix", [".jsonl", ".json"])
def test_a_file_with_half_an_emoji_is_imported(tmp_path: Path, suffix: str) -> None:
    texts = [json.dumps(thing) for thing in objects(description="teksts")]
    path = tmp_path / f"a{suffix}"
    path.write_text(("\n".join(texts) if suffix == ".jsonl" else f"[{', '.join(texts)}]").replace('"teksts"', HALF))
    records = [entry for entry in read_file(path, recipe_of("json")) if isinstance(entry, Record)]
    assert titles(records) == set(NAMES)
    assert [text for record in records for text in record.description.values()] == ["�"]


class Storing(MemoryState):
    """A state that makes JSON of what it is given, as the catalogue does."""

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        assert raw
        json.dumps([record.to_json(), raw.to_json()])
        super().stage(record, url, raw)


def nested(depth: int) -> Any:
    value: Any = "dziļi"
    for _ in range(depth):
        value = {"name": [value]}
    return value


@pytest.mark.parametrize("key", ["tags", "x"])
def test_a_value_in_many_lists_costs_itself(key: str) -> None:
    """Where it could just be handed over from the reader and no more be stored, the crawl ended."""
    places = [{"id": depth, "name": f"Vieta {depth}", "city": "Talsi", key: nested(depth)} for depth in range(10, 250)]
    places += [{"id": 1, "name": "Vieta 1", "city": "Talsi", key: json.loads("[" * 900 + "]" * 900)}]
    state = Storing()
    app = Flask("deep")
    app.add_url_rule("/", view_func=lambda: json.dumps(places))
    with watched(app) as (url, _), PoliteSession(None, True) as session:
        result = crawl(Recipe(platform="p", url=url, adapter="json"), session, state)
    assert (result.failure, result.refused, len(state.records)) == (None, 0, len(places))
    assert state.records["10"].raw[key] == nested(10)
