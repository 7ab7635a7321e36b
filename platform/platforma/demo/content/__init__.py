"""The texts of the demonstration sites, and what a correct crawl of each must find."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def entries(site_id: str) -> list[Any]:
    """The entries of a site as its file has them."""
    with (Path(__file__).parent / f"{site_id}.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)  # type: ignore[no-any-return]


def expected_titles(site_id: str) -> set[str]:
    """The titles (in the entry's first language) that a correct crawl finds; entries without a title are left out."""
    found = set()
    for entry in entries(site_id):
        title = entry[1] if isinstance(entry, list) else entry.get("title", entry.get("name"))
        found.add(next(iter(title.values())) if isinstance(title, dict) else title)
    return found - {""}
