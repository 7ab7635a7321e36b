"""Which words of a text matched: the words as written, found by the same analysis that the index is made by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from search.analysis import WORD, latvian, plain_views, plain_word
from search.analysis import key as key_of
from vocabulary import fold

Segment = tuple[str, bool]
"""A piece of a text, and whether it matched."""


class Marker:
    """Finds the words that matched in the texts of one page; what it has judged once it knows.

    `marks` are the tokens that were looked for, each with its view (search.port.Page.marks).
    """

    def __init__(self, marks: frozenset[tuple[str, str]] = frozenset()) -> None:
        self._marks = marks
        keys = [token.partition(":") for view, token in marks if view == "keys"]
        self._languages = {code for code, _, _ in keys}
        tokens = {*(token for view, token in marks if view != "keys"), *(fold(lemma) for _, _, lemma in keys), *latvian.PREFIXES}
        self._beginnings = {count: {token[:count] for token in tokens} for count in (1, 2)}
        self._judged: dict[str, dict[str, bool]] = {}

    def segments(self, text: str, lang: str | None) -> list[Segment]:
        """The whole text (in NFC) in pieces, each matched or not."""
        normal = unicodedata.normalize("NFC", text)
        found: list[Segment] = []
        done = 0
        for start, end in self._matches(normal, lang):
            found += [(normal[done:start], False)] if start > done else []
            found.append((normal[start:end], True))
            done = end
        return [*found, (normal[done:], False)] if done < len(normal) or not found else found

    def excerpt(self, text: str, lang: str | None, most: int) -> list[Segment]:
        """At most so many characters around the first match, cut at words; the beginning where nothing matched."""
        normal = unicodedata.normalize("NFC", text)
        if len(normal) <= most:
            return self.segments(normal, lang)
        first = next(self._matches(normal, lang), (0, 0))[0]
        start = 0 if first < most * 2 // 3 else normal.rfind(" ", 0, first - most // 4) + 1
        cut = normal[start : start + most - 2]
        if start + len(cut) < len(normal):
            cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
        return self.segments(f"…{cut}" if start else cut, lang)

    def has_match(self, text: str, lang: str | None) -> bool:
        """Whether any word of a text matched."""
        return next(self._matches(unicodedata.normalize("NFC", text), lang), None) is not None

    def _matches(self, normal: str, lang: str | None) -> Iterator[tuple[int, int]]:
        if not self._marks:
            return
        code = (lang or "und").split("-")[0]
        judged = self._judged.setdefault(code, {})
        for match in WORD.finditer(normal):
            written = match[0]
            if written not in judged:
                judged[written] = self._judge(plain_word(written), code)
            if judged[written]:
                yield match.span()

    def _judge(self, word: str, code: str) -> bool:
        """Whether a word in small letters matched; one that begins otherwise than all that was looked for did not."""
        count = 2 if code in ("lv", "und") else 1  # elsewhere the vowel may change: men, man
        if _folded_beginning(word[:count]) not in self._beginnings[count]:
            return False
        if not self._marks.isdisjoint(plain_views(word, code)):
            return True
        return code in self._languages and ("keys", key_of(word, code)) in self._marks


@lru_cache(maxsize=5_000)
def _folded_beginning(letters: str) -> str:
    return fold(letters)[: len(letters)]
