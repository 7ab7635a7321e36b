"""Adapters: one module for each way in which platforms publish; each defines an ADAPTER (see base.Adapter)."""

from __future__ import annotations

from crawlers.adapters import ckan, feed, gogocarto, html_list, json_data, murmurations, structured, table
from crawlers.adapters.base import Adapter, bounded
from crawlers.adapters.ical import ical
from crawlers.adapters.sitemap import sitemap
from crawlers.adapters.wordpress import wordpress

_ADAPTERS: dict[str, Adapter] = {
    "wordpress": wordpress.ADAPTER,
    "ckan": ckan.ADAPTER,
    "table": table.ADAPTER,
    "gogocarto": gogocarto.ADAPTER,
    "murmurations": murmurations.ADAPTER,
    "json": json_data.ADAPTER,
    "calendar": ical.ADAPTER,
    "structured": structured.ADAPTER,
    "sitemap": sitemap.ADAPTER,
    "feed": feed.ADAPTER,
    "html": html_list.ADAPTER,
}
ADAPTERS = {name: bounded(name, adapter) for name, adapter in _ADAPTERS.items()}
"""In the order in which discovery tries them: first those that need few requests and give the most fields."""
