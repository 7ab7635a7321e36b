"""Towns as readers name them, and as the site names them to readers."""

from __future__ import annotations

from crawlers.values.towns import Town, town_meant, town_of_id
from vocabulary import load


def place_label(id: str, lang: str) -> str:
    """The name of a town in an interface language, where that has one of its own, else the local name; the id of no town."""
    label = load().label("place", id, lang)
    town = town_of_id(id) if label == id else None
    return town.name if town else label


def town_named(text: str) -> Town | None:
    """The town that a reader means by a name in any language or by an id; None where nobody knows it."""
    return town_meant(" ".join(text.split()))
