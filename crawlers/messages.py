"""Marking texts that people see from a crawl, so that they are collected for translation."""


def N_(message: str) -> str:
    """The message itself; whoever shows it translates it."""
    return message
