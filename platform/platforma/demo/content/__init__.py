"""The entries of the demonstration sites, and the titles that a correct crawl of each must find."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def entries(site_id: str) -> list[Any]:
    """The entries of a site, as its YAML file has them; the same list at each call."""
    with (Path(__file__).parent / f"{site_id}.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)  # type: ignore[no-any-return]


def expected_titles(site_id: str) -> set[str]:
    """The titles, in each entry's first language, that a correct crawl finds; an entry without a title is not among them."""
    titles = set()
    for entry in entries(site_id):
        title = entry[1] if isinstance(entry, list) else entry.get("title", entry.get("name"))
        titles.add(next(iter(title.values())) if isinstance(title, dict) else title)
    return titles - {""}
