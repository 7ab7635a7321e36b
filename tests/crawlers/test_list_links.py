"""The links of a list: those to its next pages by their whole labels, and those to entries as the page writes them."""

from __future__ import annotations

import pytest

from crawlers.discovery.discover import discover
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.reading.links import find_entries, find_next
from crawlers.reading.next_labels import next_label
from crawlers.reading.selected_links import selected_addresses
from tests.crawlers.memory_site import BASE, MemorySite, crawled, recipe_of

LIST = "https://x.example/biedri/"


@pytest.mark.parametrize(
    "text",
    ["Next", "Next »", "Older posts", "Nākamā lapa", "Tālāk →", "Järgmine", "Kitas puslapis", "Następna strona", "Næste side", "Nästa sida",
     "Neste", "Seuraava sivu", "Nächste Seite", "weiter >", "Следующая страница", "Далі", "Наступная старонка", "»"],
)  # fmt: skip
def test_next_is_a_whole_label_in_the_languages_of_the_region(text: str) -> None:
    assert next_label(text) in text != ""
    page = Html("https://x.example/list/", f'<main><a href="/otra">{text}</a></main>')
    assert find_next(page) == f'a:-soup-contains-own("{next_label(text)}")'


@pytest.mark.parametrize(
    "text",
    ["Kitas in Leipzig", "Nextcloud", "Next steps for towns", "Weiterbildung für alle", "Tālākizglītība", "Dalejowo", "Older people together",
     "Nästa generation", "Toliaregis", "Далекий берег", "Next seite", "» Baum", ""],
)  # fmt: skip
def test_a_name_that_begins_like_next_leads_to_no_next_page(text: str) -> None:
    assert next_label(text) == ""
    assert find_next(Html("https://x.example/list/", f'<main><a href="/otra">{text}</a></main>')) == ""


def test_a_name_that_holds_the_word_of_the_next_link_is_no_next_page() -> None:
    entries = "".join(f'<a href="/p/{name}">{text}</a>' for name, text in (("a", "Nextcloud"), ("b", "Baum")))
    pages: dict[str, str | bytes] = {
        "": f'<main>{entries}<a href="/2">Next »</a></main>',
        "2": '<main><a href="/p/c">Ceļš</a></main>',
        **{f"p/{name}": f'<main><h1>{name}</h1><a href="/p/other">Next door</a></main>' for name in "abc"},
        "p/other": "<main><h1>other</h1></main>",
    }
    recipe = recipe_of("html", html={"entries": 'a[href*="p/"]', "next": 'a:-soup-contains-own("Next")'})
    _, state = crawled(recipe, pages)
    assert sorted(state.records) == [f"{BASE}p/{name}" for name in "abc"]


def test_a_next_link_whose_word_stands_in_an_element_is_found() -> None:
    page = Html(LIST, '<main><a href="/otra"><span>Tālāk</span> <i></i></a></main>')
    assert find_next(page) == 'a:-soup-contains("Tālāk")'
    assert [link.attribute("href") for link in Part.of_page(LIST, page.text).many(find_next(page))] == ["https://x.example/otra"]


@pytest.mark.parametrize(
    ("written", "condition"),
    [("/biedri/{}/", '[href*="biedri/"]'), ("../biedri/{}/index.html", '[href*="biedri/"]'), ("https://x.example/biedri/{}", '[href*="biedri/"]'),
     ("{}/", ':not([href^="/"]):not([href^="."]):not([href*=":"])'), ("{}.html", ':not([href^="/"]):not([href^="."]):not([href*=":"])'),
     ("./{}/", "")],
)  # fmt: skip
def test_entries_are_selected_by_what_the_page_writes(written: str, condition: str) -> None:
    links = "".join(f'<li><a href="{written.format(name)}"><img src="{name}.png"></a></li>' for name in ("saule", "egle", "upe"))
    page = Html(LIST, f'<main><ul class="g">{links}</ul></main>')
    best = find_entries(page)[0]
    assert best.css == f"ul.g > li > a{condition}"
    addresses = {link.attribute("href") for link in Part.of_page(LIST, page.text).many(best.css)}
    assert len(addresses) == best.count == 3


@pytest.mark.parametrize("written", ["{}/", "{}.html", "{}/index.html", "../biedri/{}/", "./{}/", "/biedri/{}/"])
def test_a_list_of_relative_links_is_read(written: str) -> None:
    names = {"saule": "Saules māja", "egle": "Eglaines pamatne", "upe": "Upes ļaudis", "mezs": "Meža skola"}
    items = "".join(
        f'<figure><a class="card" href="{written.format(name)}"><img src="x.png" alt=""></a></figure>' for name in names
    )
    menu = '<nav><a href="/">Sākums</a><a href="../kontakti/">Kontakti</a></nav>'
    text = (
        "<p>Darbnīca jauniešiem un senioriem, kurā kopā ar kaimiņiem strādā visu gadu.</p><h3>Materiāli</h3><p>Koks un vilna.</p>"
    )
    paths = {name: written.format(name).removeprefix("../biedri/").removeprefix("./").removeprefix("/biedri/") for name in names}
    pages = {"biedri/": f"<title>Biedri</title>{menu}<main><h1>Biedri</h1>{items}</main>"}
    pages |= {
        f"biedri/{path}": f"<title>{names[name]}</title>{menu}<main><h1>{names[name]}</h1>{text}</main>"
        for name, path in paths.items()
    }
    recipe = discover(f"{BASE}biedri/", MemorySite(dict(pages))).recipe
    _, state = crawled(recipe, dict(pages))
    assert sorted(text for record in state.records.values() for text in record.title.values()) == sorted(names.values())


def test_relative_links_go_by_the_base_that_the_page_declares() -> None:
    page = Html(LIST, '<base href="/projekti/"><a href="saule/">Saule</a><link rel="canonical" href="visi">')
    assert (page.links, page.canonical) == (["https://x.example/projekti/saule/"], "https://x.example/projekti/visi")
    assert Html(LIST, '<base target="_top"><a href="saule/">Saule</a>').links == ["https://x.example/biedri/saule/"]
    assert Html(LIST, '<base href="http://[x/"><a href="saule/">Saule</a>').links == ["https://x.example/biedri/saule/"]


@pytest.mark.parametrize(
    ("written", "css"),
    [("page/2/", 'a[href*="page/"]'), ("?lapa=2", 'a[href*="lapa="]'), ("/biedri/page/2/", 'a[href*="/page/"]')],
)
def test_numbered_pages_are_selected_by_what_the_page_writes(written: str, css: str) -> None:
    page = Html(LIST, f'<main><a href="{written}">2</a></main>')
    assert find_next(page) == css
    assert [link.attribute("href") for link in Part.of_page(LIST, page.text).many(css)]


CARDS = "".join(
    f'<article class="card"><h3 class="t"><a href="/{folder}/{name}/">{name.title()}</a></h3></article>'
    for folder, name in (
        ("artikler", "gror"),
        ("prototype", "ark"),
        ("artikler", "jott"),
        ("prototype", "lucida"),
        ("artikler", "flabber"),
    )
)


def test_a_list_of_two_kinds_of_addresses_is_one_list() -> None:
    page = Html("https://x.example/", f"<title>Prototyper</title><main><div>{CARDS}</div></main>")
    best = find_entries(page)[0]
    assert (best.css, best.count) == ('h3.t > a:is([href*="artikler/"], [href*="prototype/"])', 5)
    assert len(Part.of_page(page.url, page.text).many(best.css)) == 5


def test_links_of_one_place_in_different_lists_are_no_list() -> None:
    lists = "".join(
        f"<ul>{''.join(f'<li><a href=/{folder}/{n}-x>Nosaukums {n}</a></li>' for n in range(3))}</ul>"
        for folder in ("projekti", "raksti")
    )
    assert {selection.count for selection in find_entries(Html("https://x.example/", f"<main><div>{lists}</div></main>"))} == {3}


def test_a_single_link_into_another_folder_is_no_part_of_a_list() -> None:
    page = Html(
        "https://x.example/",
        f'<main><div>{CARDS}<article class="card"><h3 class="t"><a href="/cits/viens/">Viens</a></h3></article></div></main>',
    )
    assert find_entries(page)[0].count == 5


@pytest.mark.parametrize(
    "button",
    ['<button class="load-more" data-url="/biedri?lapa=2">Vēl</button>', '<a class="btn" data-next="?lapa=2">Rādīt vairāk</a>',
     '<div id="loadMore" hx-get="/biedri/2">…</div>', '<button data-href="/biedri/dala/2">Näita rohkem</button>'],
)  # fmt: skip
def test_a_button_that_keeps_the_address_of_more_leads_to_the_next_page(button: str) -> None:
    page = Html(LIST, f"<main><ul><li>x</li></ul>{button}</main>")
    addresses = selected_addresses(page, find_next(page))
    assert len(addresses) == 1 and addresses[0].startswith("https://x.example/biedri")


@pytest.mark.parametrize(
    "button",
    ['<button class="load-more" data-url="/wp-admin/admin-ajax.php">Vairāk</button>', '<button data-url="/karte.json">Karte</button>',
     '<button class="load-more" data-url="https://other.example/2">Vairāk</button>', '<button class="load-more">Vairāk</button>'],
)  # fmt: skip
def test_other_buttons_lead_to_no_next_page(button: str) -> None:
    assert find_next(Html(LIST, f"<main>{button}</main>")) == ""


def test_what_a_button_loads_is_read_though_it_is_only_a_part_of_a_page() -> None:
    def items(*names: str) -> str:
        return "".join(f'<li><a href="/biedri/{name}">{name.title()}</a></li>' for name in names)

    more = '<button class="more" data-next="/dala/2">Vairāk</button>'
    pages: dict[str, str | bytes] = {
        "biedri": f'<html><body><main><ul id="saraksts">{items("saule", "egle", "upe")}</ul>{more}</main></body></html>',
        "dala/2": items("mezs", "ezers"),
        **{
            f"biedri/{name}": f"<main><h1>{name.title()}</h1><p>Vieta: Cēsis</p></main>"
            for name in ("saule", "egle", "upe", "mezs", "ezers")
        },
    }
    recipe = discover(f"{BASE}biedri", MemorySite(dict(pages))).recipe
    _, state = crawled(recipe, dict(pages))
    assert len(state.records) == 5
    _, again = crawled(recipe, dict(pages))
    assert again.records.keys() == state.records.keys()
