"""Sites without a list of initiatives: they stand in the menu, or the address is that of one; and sites that have none."""

from __future__ import annotations

import pytest
from flask import Flask

from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadContent
from crawlers.fetch import PoliteSession
from crawlers.state import MemoryState
from tests.crawlers.memory_site import extracted, recipe_of
from tests.crawlers.server import served

NAMES = ("Zvejnieku māja", "Tālā stacija", "Kalna dārzs", "Ezera darbnīca", "Meža skola", "Pļavas vējš")
TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."
OWN = ("/about", "/team", "/news", "/contact")


def titles(app: Flask, path: str = "/") -> list[str]:
    state = MemoryState()
    with served(app) as url, PoliteSession(None, True) as session:
        crawl(discover(url.rstrip("/") + path, session).recipe, session, state)
    return sorted(next(iter(record.title.values())) for record in state.records.values())


def site(names: tuple[str, ...], fact: str, frame: str = "nav") -> Flask:
    """Pages that only a menu links to, beside the site's own, news in an aside, and partners' logos."""
    app = Flask(__name__)
    own = "".join(f'<li><a href="{path}">{path[1:].title()}</a></li>' for path in OWN)
    links = "".join(f'<li><a href="/p{n}.htm">{name}</a></li>' for n, name in enumerate(names))
    news = "".join(f'<li><a href="/news/{n}">Gada sanāksme {n}</a></li>' for n in range(6))
    logos = "".join(f'<a href="https://partner{n}.example"><img alt="Partner {n}"></a>' for n in range(6))

    def page(title: str, body: str) -> str:
        return (
            f"<html lang=lv><title>{title} | Tīkls</title><body><{frame}><ul>{own}{links}</ul></{frame.split()[0]}><aside><ul>{news}</ul></aside>"
            f"<main><h1>{title}</h1>{body}</main><div>{logos}</div></body></html>"
        )

    app.add_url_rule("/", "front", lambda: page("Tīkls", f"<p>{TEXT}</p>"))
    app.add_url_rule("/p<int:n>.htm", "entry", lambda n: page(names[n], f"<p>{TEXT}</p>{fact}"))
    app.add_url_rule("/news/<int:n>", "one", lambda n: page(f"Gada sanāksme {n}", f"<p>{TEXT}</p>"))
    for path in OWN:
        app.add_url_rule(path, path, lambda path=path: page(path[1:].title(), f"<p>{TEXT}</p>"))
    return app


@pytest.mark.parametrize("frame", ["nav", "aside", "header", 'nav id="main-menu"', 'nav class="main"'])
def test_initiatives_that_only_the_menu_names_are_found(frame: str) -> None:
    assert titles(site(NAMES, "<p>Ogre, Latvija</p>", frame)) == sorted(NAMES)


@pytest.mark.parametrize(
    "names",
    [
        ("Vīzija", "Mērķi", "Vēsture", "Pakalpojumi", "Atbalsts", "Statūti"),
        ("Tēja", "Kafija", "Ziepes", "Sveces", "Medus", "Sula"),
    ],
)
def test_a_menu_of_a_sites_own_pages_or_products_is_no_list_of_initiatives(names: tuple[str, ...]) -> None:
    with pytest.raises(BadContent):
        titles(site(names, ""))


def test_an_address_of_one_initiative_gives_this_one() -> None:
    app = Flask(__name__)
    app.add_url_rule(
        "/stasts/maja", "one", lambda: f"<html lang=lv><title>Zvejnieku māja</title><h1>Zvejnieku māja</h1><p>{TEXT}</p></html>"
    )
    assert titles(app, "/stasts/maja") == ["Zvejnieku māja"]


@pytest.mark.parametrize("path", ["/", "/about", "/news/1", "/team"])
def test_an_address_of_a_sites_own_page_gives_none(path: str) -> None:
    with pytest.raises(BadContent):
        titles(site((), ""), path)


def test_initiatives_under_a_heading_of_social_enterprises_are_no_bar_for_sharing() -> None:
    app = Flask(__name__)
    body = "".join(f"<p><strong>{name}</strong><br>Country: Latvia<br>{TEXT}</p>" for name in NAMES)
    app.add_url_rule("/", "front", lambda: f"<title>Network</title><h2>Social enterprises</h2><div>{body}</div>")
    assert titles(app) == sorted(NAMES)


def test_a_main_menu_of_pages_at_the_top_of_a_site_is_no_list_whatever_it_is_called() -> None:
    app = Flask(__name__)
    names = ("Apvienība", "Standarts", "Vide", "Darba grupas", "Pakalpojumi un projekti")
    menu = "".join(f'<li><a href="/{number}-nodala/">{name}</a></li>' for number, name in enumerate(names))

    def page(title: str, more: str = "") -> str:
        top = f'<nav><ul class="nav navbar-nav">{menu}</ul></nav>'
        return f"<html lang=lv><title>{title}</title><body>{top}<main><h1>{title}</h1><p>{TEXT}</p>{more}</main></body></html>"

    app.add_url_rule("/", "front", lambda: page("Projekti"))
    app.add_url_rule("/<int:n>-nodala/", "entry", lambda n: page(names[n], f'<a href="https://riks{n}.example/">Rīks</a>'))
    with pytest.raises(BadContent):
        titles(app)


@pytest.mark.parametrize("menu", ["nav", 'div role="navigation"'])
def test_a_part_of_a_menu_that_is_built_as_the_list_below_is_no_entry(menu: str) -> None:
    block = '<div class="box"><h3>{0}</h3><p>Kopā ar kaimiņiem atjaunojam māju {0}.</p></div>'
    body = f"<{menu}>{block.format('Sadaļas')}</{menu.split()[0]}><main>{''.join(block.format(name) for name in NAMES)}</main>"
    records, _ = extracted(recipe_of("html", html={"blocks": "div.box"}), f"<html lang=lv><body>{body}</body></html>")
    assert [title for record in records for title in record.title.values()] == list(NAMES)
    only, _ = extracted(
        recipe_of("html", html={"blocks": "div.box"}), f"<html lang=lv><body>{body.split('<main>')[0]}</body></html>"
    )
    assert [list(record.title.values()) for record in only] == [["Sadaļas"]]
