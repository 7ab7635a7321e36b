"""Reasons that people read: a translated message parted into what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_ADDRESS_START = re.compile(r"https?:")


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, and what to do about it; each is a sentence. `advice` is empty where nothing need be done."""

    what: str
    advice: str = ""

    @classmethod
    def from_text(cls, text: str) -> Reason:
        """Part a text of the form "what is wrong; what to do"."""
        what, _, advice = text.partition("; ")
        return cls(_sentence(what), _sentence(advice))

    def about(self, url: str) -> Reason:
        """The same reason with the address that it is about."""
        return Reason(f"{self.what.removesuffix('.')} ({url}).", self.advice)


def explain(message: str | None, values: Mapping[str, object], translate: Callable[[str], str]) -> Reason:
    """Translate a message id, fill its named placeholders with `values`, and part it into a Reason.

    No message gives an empty Reason. A message whose placeholders are not all in `values` is left unfilled.
    """
    text = translate(message) if message else ""
    try:
        return Reason.from_text(text % dict(values) if values else text)
    except (KeyError, ValueError, TypeError):
        return Reason.from_text(text)


def _sentence(text: str) -> str:
    """The text with a capital letter (an address keeps its own) and a full stop; "" stays empty."""
    stripped = text.strip().removesuffix(".")
    first = stripped[:1] if _ADDRESS_START.match(stripped) else stripped[:1].upper()
    return f"{first}{stripped[1:]}." if stripped else ""
