"""Places as the scripts of a page hold them, and what discovery and a crawl make of a site with such pages."""

from __future__ import annotations

from typing import Any

from flask import Flask

from crawlers.crawl import crawl
from crawlers.discovery.discover import discover
from crawlers.fetch import PoliteSession
from crawlers.record import Record
from crawlers.state import MemoryState
from tests.crawlers.server import served

URL = "https://a.example/map"
TEXT = "We mend what others throw away, together with the neighbours."
PLACES: list[dict[str, Any]] = [
    {"id": 7, "name": "Good Bread", "country": "Latvia", "city": "Cēsis", "url": "/places/7", "description": TEXT},
    {
        "id": 8,
        "name": "Far <b>Station</b>",
        "country": "Estonia",
        "city": "Tartu",
        "url": "/places/8",
        "description": f"{TEXT} [a]",
    },
    {"id": 9, "name": 'Hill "Garden"', "country": "Lithuania", "city": "Alytus", "url": "/places/9", "description": "{“=[”}"},
]
FOUND = [("Good Bread", "LV"), ("Far Station", "EE"), ('Hill "Garden"', "LT")]


def read(pages: dict[str, str]) -> tuple[str, list[Record]]:
    """The adapter that discovery proposes for a site of these pages, and what a crawl by it gives."""
    app, state = Flask(__name__), MemoryState()
    for path, body in pages.items():
        app.add_url_rule(path, path, lambda body=body: f"<html lang=en><title>A map</title><body>{body}</body></html>")
    with served(app) as address, PoliteSession(None, True) as session:
        recipe = discover(address, session).recipe
        crawl(recipe, session, state)
    return recipe.adapter, list(state.records.values())


def named(records: list[Record]) -> list[tuple[str, str | None]]:
    return [(next(iter(record.title.values())), record.country) for record in records]
