"""Marking messages for translation."""

from __future__ import annotations


def N_(message: str) -> str:
    """Return the message unchanged. `pybabel extract` collects it; it is translated where it is shown."""
    return message
