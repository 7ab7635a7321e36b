"""Whatever a source writes into a field, a record or a problem comes of it, and soon."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from crawlers.html import Html
from crawlers.normalise import Normaliser
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Record
from tests.samples.hostile import HOSTILE

NAMES = (*(field.name for field in fields(Record) if field.name not in ("remote_id", "url", "raw", "derived")), "registration")
LONG = ("a" * 200_000, "1" * 200_000, "@" * 50_000, "a@" * 50_000, "a." * 50_000, "1°" * 50_000, " , " * 50_000, "(" * 100_000, "[at]" * 50_000,
        "+371 " * 50_000, "un " * 50_000, "https://" * 20_000, "° N " * 50_000, "2024-" * 50_000, "<a href='" * 20_000, "\x00" * 100_000)  # fmt: skip


def test_hostile_strings_in_every_field() -> None:
    normaliser = Normaliser(Recipe(platform="x", defaults={"country": "LV"}))
    for text in HOSTILE:
        record = normaliser.record(
            Raw("1", "https://x.lv/", {"title": "Nosaukums"} | {name: text for name in NAMES if name != "title"})
        )
        assert record
        assert record.website is None or record.website.startswith(("http://", "https://"))
        assert "<script" not in json.dumps([record.title, record.place, record.organisation]).lower()
        titled = normaliser.record(Raw("1", None, {"title": text}))
        assert titled is None or all(titled.title.values())


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_long_strings_in_every_field(text: str) -> None:
    record = Normaliser(Recipe(platform="x")).record(
        Raw("1", "https://x.lv/", dict.fromkeys(NAMES, text) | {"title": "Nosaukums"})
    )
    assert record
    assert (record.start_date, record.email, record.website, record.lat) == (None, None, None, None)


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_long_strings_on_pages(text: str) -> None:
    page = Html("https://x.lv/", f"<title>{text}</title><h1>{text}</h1><p>Valsts: {text}</p><div>{text}</div>")
    assert len(page.title) <= len(text)
    assert len(page.facts) <= 1
    assert len(page.description) <= len(f"Valsts: {text}")
