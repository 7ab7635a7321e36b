"""Pages within the limit of size that cost more than their size: what is read of each grows with it, and no faster."""

from __future__ import annotations

import json

import pytest

from crawlers.adapters import ADAPTERS
from crawlers.markup import Html
from crawlers.normalise import Normaliser
from crawlers.record import RawRecord
from crawlers.texts.clean import plain_text
from crawlers.texts.foreign import MAX_ATTRIBUTES, fit_markup
from tests.crawlers.limited import in_limits
from tests.crawlers.memory_site import crawled, page, recipe_of

ATTRIBUTES = " ".join(f"a{n}=1" for n in range(100_000))


@pytest.mark.parametrize(
    "attributes",
    [ATTRIBUTES, ATTRIBUTES.replace("=1", ""), ATTRIBUTES.replace("=1", "='>'"), ATTRIBUTES.replace("=1", '="<p>"').replace(" ", "\n")],
    ids=["plain", "bare", "quoted", "with tags"],
)  # fmt: skip
def test_of_a_hundred_thousand_attributes_the_first_are_read(attributes: str) -> None:
    html = Html("https://x.example/", f"<p {attributes}>Zvejnieku māja</p><h1>Kopā</h1>")
    assert [len(node.attrib) for node in html.root.iter("p")] == [MAX_ATTRIBUTES]
    assert html.title == "Kopā"


@pytest.mark.parametrize(
    "markup",
    [f'<p data-x="{"y" * 200_000}" class="a">x</p>', f"<script>for (i = 0; i <n; i++) {{ {'x y; ' * 500} }} var a = [1];</script>",
     f"<!-- {'a <b ' * 500} --><b>x</b>", f"<style>a <b {'x ' * 500}</style>", '<img alt="a > b" src=x>', "1 < 2 and 3 > 2", "<p<p" * 500],
    ids=["long", "script", "comment", "style", "bracket", "signs", "tags"],
)  # fmt: skip
def test_what_is_long_for_another_reason_stays_as_it_is(markup: str) -> None:
    assert fit_markup(markup) == markup


@pytest.mark.parametrize(
    ("markup", "fit"),
    [("a\x0bb\x1a", "ab"), ("&#11;", ""), ("&#xB;", ""), ("&#10;&#x9;&#65;&amp;", "&#10;&#x9;&#65;&amp;"), ("&#xD800;", "�"), ("\ud83d", "�"),
     ("&#55357;&#56832;", "��"), ("&#x110000;", "�"), (f"&#{'0' * 5000}65;", f"&#{'0' * 5000}65;"), (f"&#{'9' * 5000};", "�"), ("&#0;", "")],
)  # fmt: skip
def test_only_characters_of_unicode_are_referred_to(markup: str, fit: str) -> None:
    assert fit_markup(markup) == fit


NESTED = [{"@id": f"#o{n}", "@type": "NGO", "name": f"N {n}", "knows": [{"@id": f"#o{m}"} for m in range(10)]} for n in range(10)]
FRAMES = '<div class="menu">' * 200 + "Kopā ar kaimiņiem atjaunojam vecu ēku. " * 100_000
COSTLY: dict[str, tuple[str, str]] = {
    "frames in frames": ("html", FRAMES),
    "tables in tables": ("html blocks", "<table><tr><td>Zvejnieku māja" * 2_500),
    "siblings": ("sitemap", "<p>x</p>" * 100_000),
    "siblings that may be labels": ("html", "<b>Valsts</b>" * 50_000),
    "attributes": ("html", f"<p {ATTRIBUTES}>x</p>" * 5),
    "attributes of a feed": ("feed", f'<?xml version="1.0"?><rss version="2.0" {ATTRIBUTES}><channel/></rss>'),
    "things that know each other": ("structured", f'<script type="application/ld+json">{json.dumps({"@graph": NESTED})}</script>'),
    "markup in a text": ("json", json.dumps([{"name": "a", "description": f"<p {ATTRIBUTES}>x</p>"}, {"name": "b"}])),
}  # fmt: skip


def read(name: str) -> int:
    """The number of records of a costly page, normalised."""
    adapter, body = COSTLY[name]
    recipe = recipe_of(adapter.split()[0], html={"blocks": "tr"} if "blocks" in adapter else {})
    normaliser = Normaliser(recipe)
    return sum(normaliser.record(raw) is not None for raw in ADAPTERS[recipe.adapter].extract(page(body), recipe))


def test_costly_pages_are_read_within_seconds_of_work_and_little_memory() -> None:
    assert len(in_limits(read, list(COSTLY), megabytes=1_500, seconds=20)) == len(COSTLY)


def test_a_description_with_a_hundred_thousand_attributes_is_one_text() -> None:
    record = Normaliser(recipe_of("json")).record(
        RawRecord("1", None, {"title": "a", "description": f"<p {ATTRIBUTES}>Kopā</p>"})
    )
    assert record is not None
    assert [*record.description.values()] == ["Kopā"] == [plain_text("<p>Kopā</p>")]


def walked(links: int) -> int:
    """The number of records that the walk of a site finds whose front page leads to so many pages, all of them missing but one."""
    front = "".join(f'<a href="/p/{number}">Nosaukums {number}</a> ' for number in range(links))
    ngo = '<script type="application/ld+json">{"@type": "NGO", "name": "Biedrība"}</script>'
    return len(crawled(recipe_of("structured"), {"": f"<html><body>{front}</body></html>", "p/7": ngo})[1].records)


def test_a_walk_past_many_links_costs_no_more_for_each() -> None:
    assert in_limits(walked, [40_000], seconds=40) == [1]
