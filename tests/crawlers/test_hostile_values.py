"""Whatever a source writes into a field, a record or a problem comes of it, and soon."""

from __future__ import annotations

import json
from dataclasses import fields
from html import escape

import pytest

from crawlers.adapters import html_list, structured
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.normalise import Normaliser
from crawlers.recipe import Recipe
from crawlers.record import RawRecord, Record
from tests.samples.hostile import HOSTILE

NAMES = (*(field.name for field in fields(Record) if field.name not in ("remote_id", "url", "raw", "derived")), "registration")
LONG = ("a" * 200_000, "1" * 200_000, "@" * 50_000, "a@" * 50_000, "a." * 50_000, "1°" * 50_000, " , " * 50_000, "(" * 100_000, "[at]" * 50_000,
        "+371 " * 50_000, "un " * 50_000, "https://" * 20_000, "° N " * 50_000, "2024-" * 50_000, "<a href='" * 20_000, "\x00" * 100_000)  # fmt: skip


def test_hostile_strings_in_every_field() -> None:
    normaliser = Normaliser(Recipe(platform="x", defaults={"country": "LV"}))
    for text in HOSTILE:
        record = normaliser.record(
            RawRecord("1", "https://x.lv/", {"title": "Nosaukums"} | {name: text for name in NAMES if name != "title"})
        )
        assert record
        assert record.website is None or record.website.startswith(("http://", "https://"))
        assert "<script" not in json.dumps([record.title, record.place, record.organisation]).lower()
        titled = normaliser.record(RawRecord("1", None, {"title": text}))
        assert titled is None or all(titled.title.values())


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_long_strings_in_every_field(text: str) -> None:
    record = Normaliser(Recipe(platform="x")).record(
        RawRecord("1", "https://x.lv/", dict.fromkeys(NAMES, text) | {"title": "Nosaukums"})
    )
    assert record
    assert (record.start_date, record.email, record.website, record.lat) == (None, None, None, None)


BROKEN_ADDRESSES = ("http://[", "//[", "//][", "http://[email\u00a0protected]/", "https://[::1")
RECIPE = Recipe(platform="x")
PLACES = {
    "JSON-LD": '<script type="application/ld+json">{{"@type": "NGO", "@id": {1}, "name": "Viens", "url": {1}, "image": {1}}}</script>',
    "microdata": '<p itemscope itemtype="https://schema.org/NGO" itemid="{0}"><b itemprop="name">Viens</b><a itemprop="url" href="{0}">x</a></p>',
    "RDFa": '<p vocab="https://schema.org/" typeof="NGO" resource="{0}"><b property="name">Viens</b><a property="url" href="{0}">x</a></p>',
    "head": '<base href="{0}"><link rel="canonical" href="{0}"><h1>Viens</h1><p>Valsts: Latvija</p><p>Mājaslapa: <a href="{0}">x</a></p>',
}


def titles(place: str, address: str) -> list[str]:
    """Of what comes of a page that has this address in some place."""
    in_json = json.dumps(address).replace("<", "\\u003c")
    page = Html("https://x.lv/a", PLACES[place].format(escape(address), in_json))
    raws = html_list.raw_records(page, RECIPE, list_url=page.url) if place == "head" else structured.raw_records(page, RECIPE)
    assert Part.of_page(page.url, page.text).url
    return [str(raw.fields["title"]) for raw in raws]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("address", BROKEN_ADDRESSES)
def test_a_broken_address_costs_no_more_than_itself(place: str, address: str) -> None:
    assert titles(place, address) == ["Viens"]


@pytest.mark.parametrize("place", PLACES)
def test_no_hostile_address_on_a_page_raises(place: str) -> None:
    assert sum(len(titles(place, text)) for text in HOSTILE) > 0.9 * len(HOSTILE)


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_long_strings_on_pages(text: str) -> None:
    page = Html("https://x.lv/", f"<title>{text}</title><h1>{text}</h1><p>Valsts: {text}</p><div>{text}</div>")
    assert len(page.title) <= len(text)
    assert len(page.facts) <= 1
    assert len(page.description) <= len(f"Valsts: {text}")
