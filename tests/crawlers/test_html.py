"""The html adapter: what repeats on a page is found by itself, and recipes select by CSS, field by field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort, request

from crawlers.adapters import html_list
from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadContent, RecipeError
from crawlers.fetch import Page, PoliteSession
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.reading.blocks import find_blocks
from crawlers.reading.links import find_entries, find_next
from crawlers.recipe import Recipe, load_recipe, parse_recipe
from crawlers.record import RawRecord
from crawlers.state import MemoryState
from tests.crawlers.server import served

ADDRESS = "https://tikls.example/iniciativas/"
FOUND = {
    "Zvejnieku māja": (
        "Latvija",
        "Engure",
        "Kopā ar kaimiņiem atjaunojam vecu zivju žāvētavu un rīkojam tajā darbnīcas bērniem.",
    ),
    "Second Climb": ("Estonia", "Tartu", "Young people repair bicycles and learn a trade while they look for their first job."),
    "Kaimynų sodas": ("Lietuva", "Kaunas", "Bendras sodas tarp daugiabučių, kuriame auginamos daržovės ir pažintys."),
    "Kuchnia na rogu": ("Polska", "Gdynia", "Spółdzielnia gotuje obiady dla seniorów i uczy zawodu osoby po kryzysie."),
    "Bees on the roof": ("Finland", "Turku", "Hives on school roofs, looked after by pupils who sell the honey at the market."),
}
AROUND = """<!doctype html><html lang="lv"><head><title>{title} – Tīkls</title></head><body class="home blog"><div class="cookie-bar">Mēs izmantojam
sīkdatnes. <a href="/sikdatnes">Vairāk</a></div><nav><ul><li><a href="/">Sākums</a></li><li><a href="/iniciativas/">Iniciatīvas</a></li>
<li><a href="/jaunumi/">Jaunumi</a></li><li><a href="/kontakti/">Kontakti</a></li></ul></nav><main><h1>{title}</h1>
<p>Šeit ir organizācijas, kuras jau strādā mūsu tīklā un labprāt dalās pieredzē.</p>{body}
<section class="news"><h2>Jaunumi</h2><div class="teaser"><h3>Tīkls paplašinās</h3><p>Aizvadīts gada lielākais pasākums.</p></div>
<div class="teaser"><h3>Atskats uz gadu</h3><p>Kas mums izdevās un kas ne.</p></div><div class="teaser"><h3>Meklējam kolēģi</h3><p>Piesakies darbam
birojā.</p></div></section><section><h2>Mūsu komanda</h2><div class="person"><h3>Vadītāja</h3><p>vada tīklu un raksta projektus</p></div><div class="person"><h3>Grāmatvede</h3>
<p>rēķina un maksā rēķinus</p></div><div class="person"><h3>Mentors</h3><p>palīdz jaunajiem biedriem</p></div></section></main>
<footer><div class="col"><h4>Adrese</h4><p>Lielā iela 1, Rīga, Latvija</p></div><div class="col"><h4>Raksti</h4><p>info@tikls.example</p></div>
<div class="col"><h4>Seko</h4><p><a href="https://facebook.com/x">Facebook</a> un citur</p></div></footer></body></html>"""


def cards() -> str:
    rows, row = [], ""
    for number, (title, (country, place, text)) in enumerate(FOUND.items(), start=1):
        row += f"""<div class="col-md-4"><div class="card h-100"><div class="card-body"><h5 class="card-title">{title}</h5><span class="badge">{place},
        {country}</span><p class="card-text">{text}</p><a class="btn" href="https://n{number}.example">Uzzināt vairāk</a></div></div></div>"""
        if number % 3 == 0 or number == len(FOUND):
            rows.append(f'<div class="row">{row}</div>')
            row = ""
    return "".join(rows)


def headings_without_wrappers() -> str:
    return "".join(
        f"<h3>{t}</h3><p>{text}</p><p><strong>Valsts:</strong> {c}</p><p>Vieta: {p}</p>" for t, (c, p, text) in FOUND.items()
    )


def list_items() -> str:
    return (
        "<ul>" + "".join(f"<li><strong>{t}</strong><br>{text}<br>Valsts: {c}</li>" for t, (c, _, text) in FOUND.items()) + "</ul>"
    )


def accordion() -> str:
    return "".join(f"<details><summary>{t}</summary><div><p>{text}</p><dl><dt>Valsts</dt><dd>{c}</dd><dt>Pilsēta</dt><dd>{p}</dd></dl></div></details>"
                   for t, (c, p, text) in FOUND.items())  # fmt: skip


def definitions() -> str:
    return (
        "<dl class='biedri'>"
        + "".join(f"<dt>{t}</dt><dd>{text} <span class='country'>{c}</span></dd>" for t, (c, _, text) in FOUND.items())
        + "</dl>"
    )


def table() -> str:
    rows = "".join(
        f"<tr><td>{n}.</td><td>{t}</td><td>{c}</td><td>{p}</td><td>{text}</td></tr>"
        for n, (t, (c, p, text)) in enumerate(FOUND.items(), 1)
    )
    return f"<table><tr><th>Nr.</th><th>Nosaukums</th><th>Valsts</th><th>Pilsēta</th><th>Apraksts</th></tr>{rows}</table>"


def bold_paragraphs() -> str:
    return "".join(f"<p><b>{t}</b> ({p}, {c}). {text}</p>" for t, (c, p, text) in FOUND.items())


def nameless_divs() -> str:
    return (
        "<div>"
        + "".join(f"<div><h2>{t}</h2><div><span>{c}</span></div><div>{text}</div></div>" for t, (c, _, text) in FOUND.items())
        + "</div>"
    )


SHAPES = [cards, headings_without_wrappers, list_items, accordion, definitions, table, bold_paragraphs, nameless_divs]


def page_of(body: str, url: str = ADDRESS) -> Page:
    return Page(url, 200, {"content-type": "text/html; charset=utf-8"}, AROUND.format(title="Iniciatīvas", body=body).encode())


def found_on(page: Page) -> list[RawRecord]:
    parsed = Html(page.url, page.text())
    best = find_blocks(parsed)[0]
    recipe = parse_recipe({"platform": "x", "html": {"blocks": best.css}})
    return list(html_list.extract(page, recipe))


@pytest.mark.parametrize("shape", SHAPES)
def test_blocks_of_all_shapes_are_found_and_nothing_else(shape: Callable[[], str]) -> None:
    raws = found_on(page_of(shape()))
    assert [raw.fields["title"] for raw in raws] == list(FOUND)
    for raw in raws:
        country, _, text = FOUND[raw.fields["title"]]
        assert text[:30] in raw.fields["description"]
        if shape is not bold_paragraphs:
            assert raw.fields["country"] == country


def slug(title: str) -> str:
    return title.lower().replace(" ", "-").encode("ascii", "ignore").decode()


def prose_site() -> Flask:
    """A hub that lists pages of prose, three to a page; news and pages about the network beside it."""
    app = Flask(__name__)
    titles = list(FOUND)

    def page(title: str, body: str, trail: str = "") -> str:
        return (
            f'<!doctype html><html lang="lv"><head><title>{title} | Tīkls</title></head><body><header><a href="/">Tīkls</a><nav><a href="/musu-projekti">'
            f'Projekti</a> <a href="/zinas">Ziņas</a> <a href="/par-mums">Par mums</a></nav></header><div id="content">{trail}<h1>{title}</h1>{body}'
            "</div><footer><p>Adrese: Rīga, Latvija</p><p>Tālrunis: 67000000</p></footer></body></html>"
        )

    @app.get("/")
    def front() -> str:
        return page("Sveiki", '<p>Mēs esam tīkls. <a href="/musu-projekti">Skatīt projektus</a></p><h2>Jaunākās ziņas</h2><ul>'
                    + "".join(f'<li><a href="/zinas/{n}">Ziņa numur {n}</a></li>' for n in range(4)) + "</ul>")  # fmt: skip

    @app.get("/musu-projekti")
    def hub() -> str:
        n = request.args.get("lapa", 1, int)
        shown = titles[(n - 1) * 3 : n * 3] or abort(404)
        links = "".join(
            f'<article><h2><a href="/musu-projekti/{slug(t)}">{t}</a></h2><p>{FOUND[t][2][:40]}…</p></article>' for t in shown
        )
        return page(
            "Projekti", links + '<div class="pages">' + "".join(f'<a href="?lapa={m}">{m}</a>' for m in (1, 2)) + "</div>"
        )

    @app.get("/musu-projekti/<name>")
    def entry(name: str) -> str:
        title = next((t for t in titles if slug(t) == name), None) or abort(404)
        country, _, text = FOUND[title]
        return page(
            title,
            f"<p>{text}</p><p>{text} Un vēl vairāk.</p><p>Valsts: {country}</p>",
            '<div class="breadcrumbs"><a href="/">Sākums</a></div>',
        )

    @app.get("/zinas")
    @app.get("/zinas/<int:n>")
    @app.get("/par-mums")
    def other(n: int = 0) -> str:
        return page(
            f"Ziņa numur {n}", "<p>Tīkls gada sapulcē ievēlēja jaunu valdi un pieņēma budžetu.</p><p>Paldies visiem biedriem.</p>"
        )

    return app


def test_prose_pages_are_found_through_the_page_that_lists_them() -> None:
    state = MemoryState()
    with served(prose_site()) as url, PoliteSession(None, True) as session:
        result = crawl(Recipe.for_address(url), session, state)
        assert result.failure is None
        proposal = discover(url, session)
    assert proposal.recipe.adapter == "html"
    by_title = {next(iter(record.title.values())): record for record in state.records.values()}
    assert set(by_title) == set(FOUND)
    assert {title: record.country for title, record in by_title.items()} == dict(
        zip(FOUND, ("LV", "EE", "LT", "PL", "FI"), strict=True)
    )
    assert all(FOUND[title][2] in next(iter(record.description.values())) for title, record in by_title.items())
    assert {record.phone for record in by_title.values()} == {None}


RECIPE = {
    "platform": "x",
    "html": {
        "entries": "li.entry > a",
        "next": "a.next",
        "fields": {
            "title": "h2.name",
            "website": "a.site@href",
            "country": {"label": "Seat"},
            "tags": ".tag",
            "image": "img@src",
        },
    },
}
ENTRY = """<html><base href="/base/"><h1>Tīkls</h1><main><h2 class="name">Nams</h2><img src="a.jpg"><a class="site" href="https://nams.example">x</a>
<p>Seat: Latvia</p><span class="tag">vide</span><span class="tag">jaunieši</span></main></html>"""


def entry(text: str = ENTRY) -> Page:
    return Page("https://x.example/e/1", 200, {"content-type": "text/html"}, text.encode())


def test_fields_are_picked_by_selector_attribute_and_label() -> None:
    (raw,) = html_list.extract(entry(), parse_recipe(RECIPE))
    fields = raw.fields
    assert (fields["title"], fields["website"], fields["country"]) == ("Nams", "https://nams.example", ["Latvia"])
    assert (fields["tags"], fields["image"]) == (["vide", "jaunieši"], "https://x.example/base/a.jpg")


@pytest.mark.parametrize(
    ("page", "title"),
    [("<title>Otrā – elpa - Tīkls</title><h1>Tīkls</h1><main><h2>Otrā – elpa</h2><p>x</p></main>", "Otrā – elpa"),
     ("<title>Tīkls :: Otrā elpa</title><table><tr><td><h1>Tīkls</h1>Sākums Par mums<td><h2>Otrā elpa</h2><p>Mēbeles, ko pārvelk no jauna.</p></table>",
      "Otrā elpa"),
     ("<title>Tīkls</title><h1>Otrā elpa</h1><h2>Kas mēs esam</h2>", "Otrā elpa"), ("<title>Otrā elpa | Tīkls</title><p>x</p>", "Otrā elpa")],
)  # fmt: skip
def test_a_page_is_named_by_its_own_heading_and_not_by_the_sites(page: str, title: str) -> None:
    (raw,) = html_list.extract(entry(f"<body>{page}</body>"), Recipe(platform="x"))
    assert raw.fields["title"] == title


def test_a_selector_that_finds_more_than_its_field_holds_refuses_the_page() -> None:
    doubled = ENTRY.replace("</main>", '<h2 class="name">Vēl viens</h2></main>')
    with pytest.raises(BadContent, match=r"“h2\.name” finds 2 elements where there should be one; look at the recipe"):
        list(html_list.extract(entry(doubled), parse_recipe(RECIPE)))


def test_selections_hold_to_their_counts() -> None:
    part = Part.of_page(
        "https://x.example/", "<p class=a>Viens</p><p>Divi</p><div><h2>A</h2>pirmais<h3>B</h3>otrais<h2>C</h2>trešais</div>"
    )
    assert part.one(".a").line == "Viens"
    assert (part.text(".a"), part.text("em")) == ("Viens", None)
    assert [selected.line for selected in part.many("p", at_least=2)] == ["Viens", "Divi"]
    for failing in (lambda: part.one("p"), lambda: part.one("em"), lambda: part.text("p"), lambda: part.many("p", at_least=3)):
        with pytest.raises(BadContent, match="look at the recipe"):
            failing()
    assert [" ".join(selected.section().line.split()) for selected in part.many("h2, h3")] == [
        "A pirmais B otrais",
        "B otrais",
        "C trešais",
    ]


@pytest.mark.parametrize(
    ("keys", "says"),
    [({"entrys": "a"}, r"html\.entrys: there is no such key; did you mean entries\?"), ({"blocks": "div["}, r"html\.blocks: .*'div\[' is no CSS selector"),
     ({"fields": {"titel": "h1"}}, r"there is no field titel; did you mean title\?"), ({"fields": {"title": "h1["}}, "is no CSS selector"),
     ({"fields": {"title": {"label": "Name", "css": "h1"}}}, "write a CSS selector"), ({"fields": {"title": {"labl": "Name"}}}, "did you mean label"),
     ({"fields": {"title": 3}}, "title")],
)  # fmt: skip
def test_a_wrong_key_or_selector_is_named(keys: dict[str, object], says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        parse_recipe({"platform": "x", "html": keys})


def test_a_recipe_for_pages_survives_a_round_trip(tmp_path: Path) -> None:
    recipe = parse_recipe(RECIPE)
    path = tmp_path / "recipe.yaml"
    path.write_text(recipe.to_yaml(), encoding="utf-8")
    assert load_recipe(path) == recipe
    assert "website: a.site@href" in recipe.to_yaml()


@pytest.mark.parametrize(
    ("links", "css"),
    [('<a rel="next" href="/p/2">2</a>', "[rel~=next]"), ('<a href="?page=2">2</a>', 'a[href*="page="]'), ('<a href="/list/page/2/">2</a>', 'a[href*="/page/"]'),
     ('<a href="/tālāk">Tālāk »</a>', 'a:-soup-contains-own("Tālāk")'), ('<a href="/other?page=2">x</a>', ""), ("<a>»</a>", ""),
     ('<a href="/otra">»</a>', 'a:-soup-contains-own("»")'), ('<a href="/raksts">» Lasīt vairāk</a>', ""), ('<a href="/r">» Lasīt</a><a href="/otra">»</a>', "")],
)  # fmt: skip
def test_next_pages_are_found_in_all_their_forms(links: str, css: str) -> None:
    page = Html("https://x.example/list/", f"<main><p>Saraksts</p>{links}</main>")
    assert find_next(page) == css
    assert bool(css) == bool([link for link in Part.of_page(page.url, page.text).many(css or "none") if link.attribute("href")])


def test_links_to_files_news_and_pages_about_the_site_are_no_entries() -> None:
    links = {
        "projects": '<ul class="projects">'
        + "".join(f'<li><a href="/projects/{n}">Projekts {n}</a></li>' for n in "abcd")
        + "</ul>",
        "news": '<ul class="latest">' + "".join(f'<li><a href="/news/{n}">Ziņa {n}</a></li>' for n in "abcde") + "</ul>",
        "files": "".join(f'<p><a href="/files/{n}.pdf">Atskaite {n}</a></p>' for n in "abcde"),
    }
    page = Html("https://x.example/", f"<main>{''.join(links.values())}</main>")
    assert [selection.css for selection in find_entries(page)] == ['ul.projects > li > a[href*="projects/"]']
    assert find_entries(Html("https://x.example/", f"<main>{links['news']}{links['files']}</main>")) == []


def by_country() -> Flask:
    """A list of countries, each with its own page of links; an endless calendar of next pages beside them."""
    app = Flask(__name__)
    countries = {"latvija": ("Latvija", ["Zvejnieku māja", "Kalna dārzs"]), "igaunija": ("Igaunija", ["Second Climb", "Vana Uus", "Laste Labor"]),
                 "lietuva": ("Lietuva", ["Kaimynų sodas"])}  # fmt: skip

    @app.get("/")
    def front() -> str:
        return '<main><h1>Tīkls</h1><a href="/valstis/">Organizācijas</a></main>'

    @app.get("/valstis/")
    def entry_list() -> str:
        return (
            "<main><h1>Organizācijas</h1><ul class=c>"
            + "".join(f'<li><a href="/valstis/{k}/">{n}</a></li>' for k, (n, _) in countries.items())
            + "</ul></main>"
        )

    @app.get("/valstis/<key>/")
    def country(key: str) -> str:
        name, titles = countries[key]
        items = "".join(f'<li><a href="/valstis/{key}/{slug(t)}/">{t}</a></li>' for t in titles)
        return f"<main><h1>{name}</h1><ul class=c>{items}</ul></main>"

    @app.get("/valstis/<key>/<name>/")
    def entry_page(key: str, name: str) -> str:
        title = next(t for t in countries[key][1] if slug(t) == name)
        text = "<p>Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā.</p>"
        return f'<main><ul class="breadcrumb"><li><a href="/valstis/{key}/">{countries[key][0]}</a></li></ul><h1>{title}</h1>{text}{text}</main>'

    return app


def test_lists_of_lists_are_followed_and_breadcrumbs_tell_the_country() -> None:
    state = MemoryState()
    with served(by_country()) as url, PoliteSession(None, True) as session:
        assert crawl(Recipe.for_address(url), session, state).failure is None
    country_of_title = {next(iter(record.title.values())): record.country for record in state.records.values()}
    assert country_of_title == {
        "Zvejnieku māja": "LV",
        "Kalna dārzs": "LV",
        "Second Climb": "EE",
        "Vana Uus": "EE",
        "Laste Labor": "EE",
        "Kaimynų sodas": "LT",
    }


def endless() -> Flask:
    """A list whose next page always exists: with the same entries, or with ever new ones."""
    app = Flask(__name__)

    @app.get("/<kind>")
    def entry_list(kind: str) -> str:
        n = request.args.get("n", 1, int)
        first = n * 3 if kind == "new" else 0
        links = "".join(f'<li class="entry"><a href="/{kind}/e/{m}">Nams {m}</a></li>' for m in range(first, first + 3))
        return f'<main><ul>{links}</ul><a class="next" href="/{kind}?n={n + 1}">Tālāk</a></main>'

    @app.get("/<kind>/e/<int:n>")
    def entry_page(kind: str, n: int) -> str:
        return f'<main><h2 class="name">Nams {n}</h2><p>Seat: Latvia</p></main>'

    return app


@pytest.mark.parametrize(("kind", "count"), [("same", 3), ("new", 12)])
def test_endless_lists_end(kind: str, count: int) -> None:
    state = MemoryState()
    with served(endless()) as url, PoliteSession(None, True) as session:
        recipe = parse_recipe(RECIPE | {"url": url, "adapter": "html", "addresses": [url + kind], "limits": {"pages": 12}})
        result = crawl(recipe, session, state)
    assert len(state.records) == count
    assert result.complete == (kind == "same")
