"""The frame of a site: what most of its entry pages share leaves their texts, contacts, websites and images."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response, request

from crawlers.discovery.discover import discover
from crawlers.markup import Html
from crawlers.markup.elements import parse_html
from crawlers.reading.frame import Frame, shared_by, shared_values, traits_of, without_frame, without_shared_values
from crawlers.reading.page_lines import lines_of
from crawlers.record import Record
from tests.crawlers.memory_site import BASE, MemorySite, crawled, recipe_of
from tests.crawlers.remembering import Remembering, watched
from tests.crawlers.remembering import crawled as crawled_again

NAMES = ("Saules māja", "Eglaines pamatne", "Upes ļaudis", "Meža skola")
TEXTS = ("Darbnīca jauniešiem.", "Atbalsta bērnus laukos.", "Sakopj Gaujas krastus.", "Māca bērnus mežā.")
BEFORE = (
    '<div class="top"><a href="/">Sākums</a> <a href="/visi">Visi biedri</a></div><p><a href="/">Atpakaļ uz sākumlapu</a></p>'
)
AFTER = (
    '<div class="bottom"><p>Portālu uztur ar Eiropas Savienības fondu atbalstu kopš 2019. gada.</p>'
    '<p>Powered by <a href="https://dzinejs.example/cms">Dzinējs</a></p>'
    '<p>Website made by <a href="mailto:studija@dizains.example">A. Dizaineris</a>, <a href="tel:+37167000001">tālrunis</a></p></div>'
)
Pages = dict[str, str | bytes]
RECIPE = {"html": {"entries": 'a[href*="b/"]'}}


def entry(number: int, inside: str = "", before: str = BEFORE, after: str = AFTER, head: str = "") -> str:
    name, text = NAMES[number], TEXTS[number]
    return f'<html lang="lv"><head><title>{name} – Tīkls</title>{head}</head><body>{before}<h1>{name}</h1><p>{text}</p>{inside}{after}</body></html>'


def site(*entries: str) -> Pages:
    links = "".join(f'<li><a href="/b/{number}">{NAMES[number]}</a></li>' for number in range(len(entries)))
    pages: Pages = {"": f"<html><main><h1>Biedri</h1><ul>{links}</ul></main></html>"}
    return pages | {f"b/{n}": body for n, body in enumerate(entries)}


def records(*entries: str, **keys: object) -> list[Record]:
    _, state = crawled(recipe_of("html", **{**RECIPE, **keys}), site(*entries))
    return [state.records[f"{BASE}b/{number}"] for number in range(len(entries))]


def text(record: Record) -> str:
    return "\n".join(record.description.values())


def test_texts_have_only_the_words_of_the_entry() -> None:
    assert [text(record) for record in records(*map(entry, range(4)))] == list(TEXTS)


def test_contacts_and_links_of_the_site_are_nobodys() -> None:
    for record in records(*map(entry, range(3))):
        assert (record.email, record.phone, record.website) == (None, None, None)


def test_contacts_of_the_entry_stay_beside_those_of_the_site() -> None:
    own = [f'<p><a href="mailto:info@b{n}.example">Raksti</a> <a href="https://b{n}.example/">b{n}</a></p>' for n in range(3)]
    for number, record in enumerate(records(*(entry(n, own[n]) for n in range(3)))):
        assert (record.email, record.website) == (f"info@b{number}.example", f"https://b{number}.example/")


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_pages_show_no_frame(count: int) -> None:
    assert "Powered by" in text(records(*map(entry, range(count)))[0])


def test_two_of_three_pages_show_no_frame_and_three_of_four_do() -> None:
    line = "<p>Mēs gaidām ikvienu, kas grib darboties kopā ar mums.</p>"
    some = [text(record) for record in records(entry(0, line), entry(1, line), entry(2))]
    assert ["gaidām" in one for one in some] == [True, True, False]
    most = [text(record) for record in records(entry(0, line), entry(1, line), entry(2, line), entry(3))]
    assert not any("gaidām" in one for one in most)


def test_facts_that_all_share_stay() -> None:
    facts = '<dl><dt>Valsts</dt><dd>Latvija</dd><dt>Darbojas</dt><dd>visā novadā</dd></dl><p>Pilsēta: Ogre</p><p class="country">Latvija</p>'
    for record in records(*(entry(n, facts) for n in range(3))):
        assert (record.country, record.place) == ("LV", "Ogre")
        assert record.raw["facts"]["Darbojas"] == "visā novadā"


def test_short_lines_between_the_words_of_an_entry_stay_and_sentences_of_all_go() -> None:
    more = "<h2>Ko darām</h2><p>{0} katru dienu.</p><p>Saturs ir atbalsta saņēmēja paša atbildība un pienākums.</p><p>{0} arī svētdienās.</p>"
    for number, record in enumerate(records(*(entry(n, more.format(TEXTS[n][:-1])) for n in range(3)))):
        assert "Ko darām" in text(record)
        assert "atbildība" not in text(record)
        assert TEXTS[number][:-1] + " arī svētdienās." in text(record)


def test_a_value_alike_on_most_entries_is_the_sites_where_each_has_its_own() -> None:
    office = "<dl><dt>E-pasts</dt><dd>birojs@tikls.example</dd><dt>Adrese</dt><dd>Brīvības iela 1, Rīga</dd><dt>Mājaslapa</dt><dd>https://tikls.example/</dd></dl>"
    for record in records(*(entry(n, office) for n in range(3))):
        assert (record.email, record.address, record.website) == (None, None, None)


def test_the_image_of_the_site_is_no_entrys() -> None:
    icon, own = (f'<meta property="og:image" content="/{name}.png">' for name in ("icon", "own"))
    images = [record.image for record in records(*(entry(n, head=icon) for n in range(3)), entry(3, head=own))]
    assert images == [None, None, None, f"{BASE}own.png"]


def test_a_description_of_the_site_is_no_summary_of_an_entry() -> None:
    head = '<meta name="description" content="Tīkls vieno biedrības visā Latvijā.">'
    for number, record in enumerate(records(*(entry(n, head=head) for n in range(3)))):
        assert "".join(record.summary.values()) in ("", TEXTS[number])


def test_a_host_that_most_pages_link_is_a_service_unless_it_is_called_website() -> None:
    links = [f'<p><a href="https://uznemumi.example/{n}">4000{n}</a></p>' for n in range(3)]
    assert [record.website for record in records(*(entry(n, links[n]) for n in range(3)))] == [None] * 3
    called = [f'<p><a href="https://uznemumi.example/{n}">Mājaslapa</a></p>' for n in range(3)]
    assert [record.website for record in records(*(entry(n, called[n]) for n in range(3)))] == [
        f"https://uznemumi.example/{n}" for n in range(3)
    ]


def test_lines_are_compared_among_pages_of_one_language() -> None:
    def bodies(lang: str, line: str) -> list[str]:
        return [f'<html lang="{lang}"><h1>{name}</h1><p>{line}</p></html>' for name in NAMES[:3]]

    pages = [Html(BASE, body) for body in (*bodies("lv", "Seko mums"), *bodies("en-GB", "Follow us"))]
    frame = shared_by([traits_of(one) for one in pages])
    assert all("Seko" not in (without_frame(one, frame) or "Seko") for one in pages[:3])
    assert all("Follow" not in (without_frame(one, frame) or "Follow") for one in pages[3:])


def test_the_heading_of_an_entry_stays_where_the_menu_of_all_pages_has_the_names_of_all() -> None:
    menu = "".join(f'<a href="/b/{n}"><b>{name}</b></a><br>' for n, name in enumerate(NAMES))
    pages = [
        f"<title>Tīkls :: {name}</title><h1>Tīkls</h1><div>{menu}</div><h2>{name}</h2><p>{TEXTS[n]}</p>"
        for n, name in enumerate(NAMES)
    ]
    entries = [f'<html lang="lv">{page}</html>' for page in pages]
    assert [(record.title, text(record)) for record in records(*entries)] == [
        ({"lv": name}, words) for name, words in zip(NAMES, TEXTS, strict=True)
    ]


def test_a_page_that_is_nothing_but_frame_stays_as_it_is() -> None:
    pages = [Html(BASE, "<p>Lapa tiek veidota, nāciet vēlāk un skatiet atkal.</p>")] * 3
    assert without_frame(pages[0], shared_by([traits_of(one) for one in pages])) is None


def test_what_a_recipe_picks_is_that_of_the_whole_page() -> None:
    inside = '<p class="programme">Programma “Kopā”</p>'
    keys = {**RECIPE["html"], "fields": {"organisation": "p.programme"}}
    found = records(*(entry(n, inside) for n in range(3)), html=keys)
    assert [record.organisation for record in found] == ["Programma “Kopā”"] * 3
    assert [text(record) for record in found] == list(TEXTS[:3])


def test_discovery_shows_what_a_crawl_gives() -> None:
    pages = site(*map(entry, range(4)))
    shown = discover(BASE, MemorySite(dict(pages)))
    _, state = crawled(shown.recipe, dict(pages))
    crawled_texts = {record.remote_id: text(record) for record in state.records.values()}
    assert {record.remote_id: text(record) for record in shown.samples}.items() <= crawled_texts.items()
    assert set(crawled_texts.values()) == set(TEXTS)


def served_site(pages: Pages) -> Flask:
    app = Flask(__name__)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def one(path: str) -> Response:
        if path not in pages:
            return Response(status=404)
        answer = Response(pages[path], mimetype="text/html")
        answer.add_etag()
        return answer.make_conditional(request)  # type: ignore[return-value]

    return app


def test_a_second_crawl_asks_for_what_changed_alone_and_the_frame_stays_away() -> None:
    pages, state = site(*map(entry, range(4))), Remembering()
    with watched(served_site(pages)) as (url, requested):
        recipe = recipe_of("html", **RECIPE).model_copy(update={"url": url})
        crawled_again(recipe, state)
        first = {id.rpartition("/")[2]: text(record) for id, record in state.records.items()}
        state.records.clear()
        crawled_again(recipe, state)
        assert (state.records, len(state.same)) == ({}, 4)
        pages["b/2"] = entry(2, "<p>Arī ziemā.</p>")
        requested.clear()
        crawled_again(recipe, state)
    assert first == {str(n): TEXTS[n] for n in range(4)}
    assert [text(record) for record in state.records.values()] == [f"{TEXTS[2]}\nArī ziemā."]
    assert sorted(path for path in requested if path.startswith("/b/")) == [f"/b/{n}" for n in range(4)]


def test_a_frame_that_changed_is_learnt_anew() -> None:
    pages, state = site(*map(entry, range(4))), Remembering()
    with watched(served_site(pages)) as (url, _):
        recipe = recipe_of("html", **RECIPE).model_copy(update={"url": url})
        crawled_again(recipe, state)
        state.records.clear()
        after = "<p>Jauns vadītājs</p><p><a href='/jauns'>Jauna izvēlne</a></p><p>Jauna kājene</p><p>Vēl viena rinda</p>"
        pages |= {f"b/{n}": entry(n, before="", after=after) for n in range(4)}
        crawled_again(recipe, state)
    assert sorted(map(text, state.records.values())) == sorted(TEXTS)


def test_blocks_of_one_page_share_what_is_the_sites() -> None:
    blocks = "".join(
        f'<div class="card"><h3>{name}</h3><p>{TEXTS[n]}</p><a href="mailto:birojs@tikls.example">Raksti</a><a href="https://ziedo.example/">Ziedo</a></div>'
        for n, name in enumerate(NAMES)
    )
    _, state = crawled(recipe_of("html", html={"blocks": "div.card"}), {"": f"<html><main>{blocks}</main></html>"})
    assert [(record.email, record.website) for record in state.records.values()] == [(None, None)] * 4


def test_values_of_few_entries_are_theirs() -> None:
    entries = [{"email": "a@x.example", "title": "A"}, {"email": "a@x.example", "title": "A"}]
    assert without_shared_values(entries[0], shared_values(entries)) == entries[0]
    assert without_shared_values(entries[0], shared_values([*entries, *entries])) == {"title": "A"}


@pytest.mark.parametrize(
    ("markup", "lines"),
    [("<p>A <b>b</b> c</p><p>d</p>", ["A b c", "d"]), ("<div>A<p>b</p>c</div>", ["A", "b", "c"]), ("<p>A<br>b</p>", ["A", "b"]),
     ("<p>–</p><script>x</script><p>A</p>", ["A"]), ("<ul><li><a>A</a><li>b</ul>", ["A", "b"])],
)  # fmt: skip
def test_lines_are_those_that_a_reader_sees(markup: str, lines: list[str]) -> None:
    root = parse_html(markup)
    found = lines_of(root)
    assert [line.text for line in found] == lines
    for line in found:
        line.blank()
    assert lines_of(root) == []


def test_the_frame_of_hostile_pages_is_bounded() -> None:
    deep = "<div>" * 3_000 + "x" + "</div>" * 3_000
    wide = "".join(f"<p>{n}</p><a href='https://h{n}.example'>{n}</a>" for n in range(30_000))
    for body in (deep, wide, "<html>", ""):
        traits = traits_of(Html(BASE, body))
        assert len(traits.keys) <= 4_000
        assert shared_by([traits] * 3) == Frame(traits.keys)


def test_a_page_without_the_frame_is_read_in_its_own_letters() -> None:
    coded = [entry(n, head='<meta charset="windows-1257">').encode("cp1257") for n in range(3)]
    pages = site("", "", "") | {f"b/{n}": body for n, body in enumerate(coded)}
    _, state = crawled(recipe_of("html", **RECIPE), pages)
    assert [(record.title, text(record)) for record in state.records.values()] == [({"lv": NAMES[n]}, TEXTS[n]) for n in range(3)]


def structured_entry(number: int, more: str = "") -> str:
    """A page with JSON-LD that gives each entry the office's contacts, as a form of a content management system does."""
    data = f'{{"@type": "NGO", "name": "{NAMES[number]}", "email": "birojs@tikls.example", "sameAs": "https://portals.example/tikls"}}'
    return entry(number, more, head=f'<script type="application/ld+json">{data}</script>')


def labelled_entry(number: int, more: str = "") -> str:
    facts = "<p>Valsts: Latvija</p><p>E-pasts: birojs@tikls.example</p><p>Pilsēta: Cēsis</p>"
    return entry(number, facts + more)


@pytest.mark.parametrize(("adapter", "body"), [("structured", structured_entry), ("sitemap", labelled_entry)])
@pytest.mark.parametrize("has_sitemap", [False, True])
def test_pages_with_data_leave_what_is_the_sites_however_they_are_reached(
    adapter: str, body: Callable[..., str], has_sitemap: bool
) -> None:
    pages = site(*(body(n) for n in range(4)))
    if has_sitemap:
        places = "".join(f"<url><loc>{BASE}b/{n}</loc></url>" for n in range(4))
        pages["sitemap.xml"] = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    _, state = crawled(recipe_of(adapter), pages)
    assert sorted(map(text, state.records.values())) == sorted(TEXTS)
    assert {(record.email, record.phone, record.website, record.same_as) for record in state.records.values()} == {
        (None, None, None, ())
    }


def test_a_second_walk_that_reads_one_page_anew_leaves_the_same_frame_out() -> None:
    pages, state = site(*map(structured_entry, range(4))), Remembering()
    with watched(served_site(pages)) as (url, _):
        recipe = recipe_of("structured").model_copy(update={"url": url})
        crawled_again(recipe, state)
        first = {id: record.content_hash() for id, record in state.records.items()}
        state.records.clear()
        crawled_again(recipe, state)
        assert {id: record.content_hash() for id, record in state.records.items()} == {id: first[id] for id in state.records}
        pages["b/2"] = structured_entry(2, "<p>Arī ziemā.</p>")
        state.records.clear()
        crawled_again(recipe, state)
    changed = [text(record) for record in state.records.values() if "ziemā" in text(record)]
    assert changed == [f"{TEXTS[2]}\nArī ziemā."]
    assert {record.email for record in state.records.values()} == {None}
