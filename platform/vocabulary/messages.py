"""Marking messages for translation, for packages that know no language of a reader."""

from __future__ import annotations


def N_(message: str) -> str:
    """Return the message id unchanged: a mark for `pybabel extract`; it is translated where it is shown."""
    return message
