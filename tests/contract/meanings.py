"""What is near in meaning, in tests: the real model, and a model of a few words that tells which texts it was given."""

from __future__ import annotations

from pathlib import Path

from search.factory import open_nearness
from search.meaning.model import DIMENSIONS, Role, why_not
from search.meaning.nearness import Nearness
from tests.servers.missing import missing

TOPICS = (
    ("bread", "maize", "bakery", "ceptuve"),
    ("river", "upe", "fish", "zivis"),
    ("repair", "labošana", "mending", "sprocket"),
)


class Topics:
    """A model for which a text means the topics whose words it has, and is like no other without any; it remembers its texts."""

    def __init__(self) -> None:
        self.texts: list[tuple[Role, str, str]] = []

    def vector(self, role: Role, text: str, lang: str) -> list[float]:
        self.texts.append((role, text, lang))
        parts = [float(any(word in text.lower() for word in words)) for words in TOPICS]
        own = [0.0] * (DIMENSIONS - len(TOPICS))
        own[len(self.texts) % len(own)] = 0.2
        length = sum(part * part for part in (*parts, *own)) ** 0.5
        return [part / length for part in (*parts, *own)]


def real_nearness(url: str, folder: Path) -> Nearness:
    """The real model with vectors where the engine of an address has them; missing where it is not installed."""
    if reason := why_not():
        missing(f"nearness in meaning: {reason}")
    return open_nearness(url, folder)
