"""Parked addresses: pages that only say that a domain is taken or for sale, told by phrases and services (parking.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawlers.texts.wordlists import data_beside
from crawlers.values.addresses import host_of
from vocabulary import word_key

MAX_TEXT_CHARACTERS = 3000
"""A page with more text than this says more than that its domain is parked."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """Phrases as word_key writes them, hosts on which parked domains end, and hosts from which parking pages load."""

    phrases: frozenset[str]
    hosts: frozenset[str]
    loaded: re.Pattern[str]


def parking_sign(title: str, text: str, markup: str, url: str) -> str:
    """What shows that a page is only a parked domain: a phrase of its title or short text, or a service; "" where nothing does.

    `text` is what readers see of the page, `url` the address at which it ended.
    """
    signs, host = _signs(), host_of(url)
    ended = next((name for name in _with_parents(host) if name in signs.hosts), "")
    if ended:
        return ended
    said = f" {word_key(title)} " + (f"{word_key(text)} " if len(text) <= MAX_TEXT_CHARACTERS else "")
    phrase = next((phrase for phrase in sorted(signs.phrases) if f" {phrase} " in said), "")
    if phrase or len(text) > MAX_TEXT_CHARACTERS:
        return phrase
    loaded = signs.loaded.search(markup)
    return loaded[1].lower() if loaded else ""


@cache
def _signs() -> _Signs:
    data: Mapping[str, Any] = data_beside(__file__)
    loaded = "|".join(re.escape(entry["host"]) for entry in data["loaded"])
    return _Signs(
        phrases=frozenset(word_key(entry["phrase"]) for entries in data["phrases"].values() for entry in entries),
        hosts=frozenset(entry["host"] for entry in data["hosts"]),
        loaded=re.compile(rf"(?:src|href)=[\"']?(?:https?:)?//(?:[\w-]{{1,63}}\.){{0,3}}({loaded})[/\"'?\s>]", re.IGNORECASE),
    )


def _with_parents(host: str) -> Iterable[str]:
    """A host, and the domains that it is in."""
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))
