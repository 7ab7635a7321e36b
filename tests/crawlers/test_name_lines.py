"""Plain lists of names, such as those of members: lines of a paragraph, or items of a list."""

from __future__ import annotations

import pytest

from crawlers.discovery.discover import discover
from crawlers.markup import Html
from crawlers.reading.name_lines import find_name_lines
from tests.crawlers.memory_site import BASE, Body, MemorySite, crawled

LINES = (
    "Arlandas Elevkår",
    "2. Blackebergs Elevkår",
    "Globala Elevkår - www.globala.example",
    "• Klara Elevkår (www.klara.example)",
    "Nacka Elevkår, Nacka",
)
NAMES = ["Arlandas Elevkår", "Blackebergs Elevkår", "Globala Elevkår", "Klara Elevkår", "Nacka Elevkår"]
DESIGNER = '<div class="bottom">Website made by <a href="mailto:me@designer.example">A. Designer</a></div>'


def page(lines: str, title: str = "Medlemmar") -> str:
    return f'<html lang="sv"><title>{title}</title><body><div class="page"><h1>{title}</h1><p>Vi har medlemmar i hela Stockholm.</p>{lines}</div>{DESIGNER}</body></html>'


@pytest.mark.parametrize(
    "lines",
    [f"<p>{'<br>'.join(LINES)}</p>", f"<ul>{''.join(f'<li>{line}</li>' for line in LINES)}</ul>", f"<table><tr><td>{'<br/>'.join(LINES)}</td></tr></table>",
     f"<div><span>{'</span><br>  <span>'.join(LINES)}</span></div>"],
)  # fmt: skip
def test_each_line_is_a_member_with_its_own_website_and_no_strangers_mail(lines: str) -> None:
    pages: dict[str, Body] = {"medlemmar": page(lines)}
    recipe = discover(f"{BASE}medlemmar", MemorySite(dict(pages))).recipe
    _, state = crawled(recipe, dict(pages))
    records = {next(iter(record.title.values())): record for record in state.records.values()}
    assert sorted(records) == NAMES
    assert {record.email for record in records.values()} == {None}
    websites = {name: record.website for name, record in records.items() if record.website}
    assert websites == {"Globala Elevkår": "https://www.globala.example", "Klara Elevkår": "https://www.klara.example"}
    _, again = crawled(recipe, dict(pages))
    assert again.records.keys() == state.records.keys()


def test_a_link_around_a_name_is_its_website() -> None:
    items = "".join(f'<li><a href="https://{n}.example">{name}</a> – Rīga</li>' for n, name in enumerate(NAMES))
    pages: dict[str, Body] = {"": page(f"<ul>{items}</ul>", "Biedri")}
    _, state = crawled(discover(BASE, MemorySite(dict(pages))).recipe, dict(pages))
    assert sorted(str(record.website) for record in state.records.values()) == [f"https://{n}.example" for n in range(5)]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (LINES, "Styrelsen"),
        (LINES, "Kontakt"),
        (("Vi möts varje vecka.", "Alla är välkomna!", "Kom och se.", "Det är roligt."), "Medlemmar"),
        (("stöd och råd", "kurser för unga", "egna lokaler", "rabatter"), "Medlemmar"),
        (("Sākums", "Par mums", "Kontakti", "Jaunumi"), "Biedri"),
        (LINES[:3], "Medlemmar"),
    ],
)
def test_other_lines_are_no_names_of_members(lines: tuple[str, ...], title: str) -> None:
    assert find_name_lines(Html(f"{BASE}x", page(f"<p>{'<br>'.join(lines)}</p>", title))) == []
