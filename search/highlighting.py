"""Which words of a text matched: the words as written, found by the same analysis that the index is made by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from search.analysis import key as key_of
from search.analysis import light_stem, words
from vocabulary import fold

Marks = frozenset[tuple[str, str]]
"""Tokens that were looked for, each with its view (search.port.Page.marks)."""
Segment = tuple[str, bool]
"""A piece of a text, and whether it matched."""


def segments(text: str, lang: str | None, marks: Marks) -> list[Segment]:
    """The whole text (in NFC) in pieces; side by side, pieces alternate between matched and not."""
    normal = unicodedata.normalize("NFC", text)
    found: list[Segment] = []
    done = 0
    for start, end in _matches(normal, lang, marks):
        found += [(normal[done:start], False)] if start > done else []
        found.append((normal[start:end], True))
        done = end
    return [*found, (normal[done:], False)] if done < len(normal) or not found else found


def excerpt(text: str, lang: str | None, marks: Marks, most: int) -> list[Segment]:
    """At most so many characters around the first match, cut at words; the beginning where nothing matched."""
    normal = unicodedata.normalize("NFC", text)
    if len(normal) <= most:
        return segments(normal, lang, marks)
    first = next(_matches(normal, lang, marks), (0, 0))[0]
    start = 0 if first < most * 2 // 3 else normal.rfind(" ", 0, first - most // 4) + 1
    cut = normal[start : start + most - 2]
    if start + len(cut) < len(normal):
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return segments(f"…{cut}" if start else cut, lang, marks)


def has_match(text: str, lang: str | None, marks: Marks) -> bool:
    """Whether any word of a text matched."""
    return next(_matches(unicodedata.normalize("NFC", text), lang, marks), None) is not None


def _matches(normal: str, lang: str | None, marks: Marks) -> Iterator[tuple[int, int]]:
    if not marks:
        return
    code = (lang or "und").split("-")[0]
    has_keys = any(view == "keys" and token.startswith(f"{code}:") for view, token in marks)
    for word in words(normal):
        tokens = [("surface", fold(word.text)), ("light", light_stem(word.text, code))]
        tokens += [("keys", key_of(word.text, code))] if has_keys else []
        if not marks.isdisjoint(tokens):
            yield word.start, word.end
