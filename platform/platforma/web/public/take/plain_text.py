"""Texts as files have them: their line ends alike."""

from __future__ import annotations

from vocabulary.characters import without_controls


def printable(text: str) -> str:
    """The text without control characters; line ends are line feeds, tabs stay."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
