"""Adapters: one module for each way in which platforms publish; all have `gather` and `extract` of base.Adapter."""

from __future__ import annotations

from crawlers.adapters import calendar, ckan, feed, gogocarto, html, json, murmurations, sitemap, structured, table, wordpress
from crawlers.adapters.base import Adapter

ADAPTERS: dict[str, Adapter] = {
    "wordpress": wordpress.ADAPTER,
    "ckan": ckan.ADAPTER,
    "table": table.ADAPTER,
    "gogocarto": gogocarto.ADAPTER,
    "murmurations": murmurations.ADAPTER,
    "json": json.ADAPTER,
    "calendar": calendar.ADAPTER,
    "structured": structured.ADAPTER,
    "sitemap": sitemap.ADAPTER,
    "feed": feed.ADAPTER,
    "html": html.ADAPTER,
}
"""In the order in which discovery tries them: those first that ask for little and say most."""
