"""Alphabetical lists: a name in bold, then its place and a text in one line, in groups under letters."""

from __future__ import annotations

from itertools import groupby

import pytest

from crawlers.adapters.html_list import raw_records
from crawlers.markup import Html
from crawlers.normalise import Normaliser
from crawlers.reading.blocks import find_blocks
from crawlers.reading.cards import read_card
from crawlers.recipe import HtmlRecipe, Recipe
from vocabulary import load

URL = "https://a.example/members"
MEMBERS = (
    ("Acorn Housing", "Bristol", "UK", "We build homes with tenants. In Italy, too."),
    ("Aurora", "Rīga", "Latvia", "A place for youth and work, Estonia."),
    ("Bread & Co", "San José", "Spain", "Bakery of the street (founded in Lyon, France)"),
    ("Barn", "St. Gallen", "Switzerland", "Repairs for everybody."),
    ("Casa Verde", "Reggio nell'Emilia", "", "Gardeners. Partners in Germany."),
    ("Common", "Cork", "Ireland", "A library of things."),
    ("Dabas", "Ogre", "LV", "Nature education."),
    ("Estonian Food Bank", "Ventspils", "Latvia", "Food for all."),
    ("France Active", "", "", "Finance for those who are refused by banks, Paris."),
)
COUNTRIES = ["GB", "LV", "ES", "CH", None, "IE", "LV", "LV", None]


def lines(tag: str, between: str, after: str, letter: str, group: str = "") -> str:
    body = ""
    for first, members in groupby(MEMBERS, key=lambda member: member[0][0]):
        body += letter.format(first) + (f"<{group}>" if group else "")
        for name, town, country, text in members:
            place = ", ".join(part for part in (town, country) if part)
            body += f"<{tag}><strong>{name}</strong>{between}{place + after if place else ''}{text}</{tag}>"
        body += f"</{group}>" if group else ""
    index = "".join(f"<li><a href='#{first}'>{first}</a></li>" for first in "ABCDEF")
    return f"<html lang=en><title>Members A–Z</title><main><h1>Members</h1><ul>{index}</ul>{body}</main></html>"


@pytest.mark.parametrize(
    "page",
    [
        lines("p", ", ", ". ", "<h2>{}</h2>"),
        lines("p", " – ", ". ", "<p><strong>{}</strong></p>"),
        lines("li", ", ", " – ", "<h3>{}</h3>", "ul"),
        lines("div", ", ", ". ", "<h2>{}</h2>", "div"),
        lines("p", "<br>", "<br>", "<h2 id={0}>{0}</h2>"),
        lines("div", " (", "). ", "<a name={0}></a><div>{0}</div>"),
    ],
    ids=["paragraphs", "letters in bold", "list", "divs in groups", "breaks", "brackets"],
)  # fmt: skip
def test_each_line_gives_its_own_country_or_none(page: str) -> None:
    html = Html(URL, page)
    recipe = Recipe.for_address(URL).model_copy(update={"adapter": "html", "html": HtmlRecipe(blocks=find_blocks(html)[0].css)})
    records = [Normaliser(recipe).record(raw) for raw in raw_records(html, recipe, list_url=URL)]
    assert [next(iter(record.title.values())) if record else None for record in records] == [member[0] for member in MEMBERS]
    assert [record.country if record else None for record in records] == COUNTRIES


@pytest.mark.parametrize(
    ("line", "country"),
    [
        ("<b>Barn</b>, Latvia. Repairs.", "LV"),
        ("1. <b><a href=/barn>Barn</a></b>, Tartu, Estonia. Repairs.", "EE"),
        ("<a href=/barn><b>Barn</b></a> – Tartu, EE. Repairs.", "EE"),
        ("<b>Barn</b>, Acquaviva delle Fonti (Ba),, Italy. Repairs.", "IT"),
        ("Supported by <b>Northern Fund</b>, Norway. Repairs.", None),
        ("<b>Barn</b>, Software, IT. Repairs.", None),
        ("<b>Barn</b>, Housing, Germany. Repairs.", None),
        ("<b>Barn</b>, Latvia, Estonia. Repairs.", None),
        ("<b>Barn</b>, Atlanta, Georgia. Repairs.", None),
        ("<b>Barn</b>, Tbilisi, Georgia. Repairs.", "GE"),
        ("<b>Barn</b>, Rīga, Latvia / Tartu, Estonia. Repairs.", None),
        ("<b>Barn</b>, Work with farmers, Kenya. Repairs.", None),
        ("<b>Barn</b> works with partners in Latvia. Repairs.", None),
        ("<b>Barn</b>. Cork. A library, Germany.", None),
    ],
)
def test_what_follows_a_name_is_a_country_only_where_it_is_its_place(line: str, country: str | None) -> None:
    assert load().find_country(read_card(f"<p>{line}</p>", URL, {})[0].get("country", "")) == country


def test_a_comma_belongs_to_a_name_only_where_no_other_parts_it_from_its_place() -> None:
    lines = ("<b>Barn,</b> Tartu, Estonia. Repairs.", "<b>Barn,</b>, Tartu, Estonia. Repairs.", "<b>Barn,</b> Repairs.")
    assert [read_card(f"<p>{line}</p>", URL, {})[0]["title"] for line in lines] == ["Barn", "Barn,", "Barn,"]


def test_a_card_of_bold_headings_is_one_thing() -> None:
    card = "<div class=card><p><strong>{0}</strong> of Cork</p><p><strong>Our aim</strong> is to mend things together with all.</p></div>"
    cards = "".join(card.format(member[0]) for member in MEMBERS)
    best = find_blocks(Html(URL, f"<title>Members</title><main>{cards}</main>"))[0]
    assert (best.css, best.count) == ("div.card", len(MEMBERS))
