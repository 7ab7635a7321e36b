"""Lists that stand on several pages, beside menus and in two languages: all of a list is found, once, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.discovery.discover import Proposal, discover
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled

TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."
TOPICS = {
    "valsts": ("Saules māja", "Upes ļaudis", "Meža skola", "Ezera darbnīca"),
    "majoklis": ("Jumta fonds", "Silta istaba"),
    "veseliba": ("Elpa", "Sirds ceļš", "Solis"),
    "darbs": (),
    "tiesibas": ("Upes ļaudis",),
}
MENU = tuple(
    f"lapa-{word}"
    for word in "skolam skolas tirgus konkurss stasti arpus klubs karte skolotaji diena foto liderim mentori padome parskats".split()
)


def document(title: str, body: str, lang: str = "lv", above: str = "") -> Body:
    return f"<html lang={lang}><title>{title}</title><body>{above}<main><h1>{title}</h1>{body}</main></body></html>"


def links(urls: Iterable[str], text: str = "{}") -> str:
    return "".join(f'<li><a href="/{url}">{text.format(url.strip("/").rpartition("/")[2].title())}</a></li>' for url in urls)


def cards(names: Iterable[str], site: str = "https://{}.example/") -> str:
    hosts = [(name, site.format("".join(c for c in name.lower() if c.isalnum()))) for name in names]
    items = "".join(f'<li><h3><a href="{host}">{name}</a></h3><p>{TEXT} {name}</p></li>' for name, host in hosts)
    return f"<ol id=organizacijas>{items}</ol>"


def topic_site(site: str = "https://{}.example/") -> dict[str, Body]:
    pages = {f"palidziba/{topic}/": document(topic.title(), cards(names, site)) for topic, names in TOPICS.items()}
    hub = '<ul class=temas><li><a href="/palidziba/valsts/">Valsts organizācijas</a></li>' + links(list(pages)[1:]) + "</ul>"
    return {
        "": document("Rokasgrāmata", f'<p>{TEXT}</p><a href="/atbalsts/">Atbalsts</a>'),
        "atbalsts/": document("Atbalsts", hub),
        **pages,
    }


def proposed(pages: dict[str, Body], path: str = "") -> tuple[Proposal, list[str]]:
    """What is proposed, and the titles of what a crawl by it finds."""
    proposal = discover(BASE + path, MemorySite(pages))
    _, state = crawled(proposal.recipe, pages)
    return proposal, sorted(next(iter(record.title.values())) for record in state.records.values())


def test_a_list_that_stands_on_a_page_for_each_topic_is_read_on_all_of_them() -> None:
    proposal, found = proposed(topic_site())
    assert set(found) == {name for names in TOPICS.values() for name in names}
    assert proposal.recipe.addresses == (BASE + "atbalsts/",)
    assert proposal.recipe.html.lists
    assert proposal.recipe.html.blocks


def test_pages_of_one_folder_whose_parts_lead_nowhere_are_not_joined() -> None:
    pages = topic_site()
    for topic in list(TOPICS)[1:]:
        pages[f"palidziba/{topic}/"] = document(topic, cards(TOPICS[topic], "#{}"))
    _, found = proposed(pages)
    assert found == sorted(TOPICS["valsts"])


def test_the_menu_of_a_site_in_plain_elements_is_no_list() -> None:
    menu = "<ul class=sub>" + links([f"{name}.html" for name in MENU]) + "</ul>"
    above = f"<div class=galva>{menu}</div>"
    projects = "".join(f"<div class=projekts><h2>{name}</h2><p>{TEXT} {name}</p></div>" for name in TOPICS["valsts"])
    pages = {f"{name}.html": document(name, f"<p>{TEXT} {name}</p>", above=above) for name in MENU}
    pages |= {"": document("Jaunie uzņēmēji", f'<p>{TEXT}</p><a href="/projekti.html">Projekti</a>', above=above)}
    pages |= {"projekti.html": document("Projekti", projects, above=above)}
    pages = {path: str(body).replace("<main>", "<div>").replace("</main>", "</div>") for path, body in pages.items()}
    _, found = proposed(pages)
    assert found == sorted(TOPICS["valsts"])


def bilingual(english: int) -> dict[str, Body]:
    """A site whose list in English holds only the first entries, under names of their own; nothing declares which is which."""
    names = sorted({name for names in TOPICS.values() for name in names})
    numbers = range(len(names))
    pages = {f"lv/biedri/nr-{n}x/": document(names[n], f"<p>{TEXT} {names[n]}</p>") for n in numbers}
    pages |= {
        f"en/biedri/nr-{n}x/": document(f"Member {n} House", f"<p>We repair bicycles, {n} a day. Estonia</p>", "en")
        for n in range(english)
    }
    switch = '<nav><a href="/lv/biedri/">LV</a><a href="/en/biedri/">EN</a></nav>'
    pages["lv/biedri/"] = document("Biedri", f"<ul class=b>{links(f'lv/biedri/nr-{n}x/' for n in numbers)}</ul>", above=switch)
    pages["en/biedri/"] = document(
        "Members", f"<ul class=b>{links(f'en/biedri/nr-{n}x/' for n in range(english))}</ul>", "en", switch
    )
    return {"": document("Tīkls", f"<p>{TEXT}</p>", above=switch), **pages}


def test_the_same_list_in_two_languages_is_read_in_the_one_that_holds_more() -> None:
    proposal, found = proposed(bilingual(5))
    assert proposal.recipe.addresses == (BASE + "lv/biedri/",)
    assert set(found) == {name for names in TOPICS.values() for name in names}


def test_a_table_whose_column_of_names_is_called_by_what_it_lists() -> None:
    names = TOPICS["valsts"]
    rows = "".join(
        f'<tr><td>{name}</td><td><a href="statuti-{n}.pdf">Statuti</a></td><td></td></tr>' for n, name in enumerate(names)
    )
    table = f"<table class=t><tr><th>Biedrība</th><th>Statuti</th><th>2026</th></tr>{rows}</table>"
    pages = {"": document("Kopiena", f'<p>{TEXT}</p><a href="/biedri/">Biedri</a>'), "biedri/": document("Mūsu biedri", table)}
    proposal, found = proposed(pages)
    assert found == sorted(names)
    assert proposal.recipe.fields == {"title": "Biedrība"}
    assert any(problem.field == "title" and problem.value == "Biedrība" for problem in proposal.problems)


def test_a_column_that_repeats_what_it_is_called_by_names_no_rows() -> None:
    rows = "".join(f"<tr><td>Saules māja</td><td>{day}.05.2026</td></tr>" for day in range(1, 8))
    table = f"<table><tr><th>Biedrība</th><th>Sapulce</th></tr>{rows}</table>"
    _, found = proposed(
        {"": document("Sapulces", f"<p>{TEXT}</p>{table}"), "biedri/": document("Biedri", cards(TOPICS["valsts"]))}, "biedri/"
    )
    assert found == sorted(TOPICS["valsts"])


def test_the_whole_list_below_the_address_comes_before_the_highlights_on_its_page() -> None:
    names = [f"Saules māja {n}" for n in range(24)]
    pages = {f"projekti/saule-{n}x/": document(name, f"<p>{TEXT} {name}. Latvija</p>") for n, name in enumerate(names)}
    whole = "<ul class=visi>" + links(pages) + "</ul>"
    best = (
        "<div class=labakie>"
        + "".join(f'<p><a href="/{url}">{name}</a></p>' for url, name in zip(list(pages)[:4], names, strict=False))
        + "</div>"
    )
    pages |= {"projekti/visi/": document("Visi projekti", whole)}
    pages |= {"projekti/": document("Projekti", f'{best}<p><a href="/projekti/visi/">Visi projekti</a></p>')}
    _, found = proposed(pages, "projekti/")
    assert found == sorted(names)
