"""Marks texts that people see, so that they are collected for translation."""

from __future__ import annotations


def N_(message: str) -> str:
    """The message itself: a mark for the collector of messages, which are translated where they are shown."""
    return message
