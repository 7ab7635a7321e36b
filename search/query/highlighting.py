"""Which words of a text matched: the words as written, found by the same analysis that the index is made by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from search.analysis import WORD, latvian, plain_word, surface_and_stem
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
        self._judged: dict[str, tuple[set[str], set[str]]] = {}  # by language: words judged, and those of them that matched
        self._found: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def segments(self, text: str, lang: str | None) -> list[Segment]:
        """The whole text (in NFC) in pieces, each matched or not."""
        normal = unicodedata.normalize("NFC", text)
        return _cut(normal, self._matches(normal, lang))

    def excerpt(self, text: str, lang: str | None, most: int) -> list[Segment]:
        """At most so many characters around the first match, cut at words; the beginning where nothing matched."""
        normal = unicodedata.normalize("NFC", text)
        matches = self._matches(normal, lang)
        if len(normal) <= most:
            return _cut(normal, matches)
        first = matches[0][0] if matches else 0
        start = 0 if first < most * 2 // 3 else normal.rfind(" ", 0, first - most // 4) + 1
        piece = normal[start : start + most - 2]
        if start + len(piece) < len(normal):
            piece = piece.rsplit(" ", 1)[0].rstrip(" ,;:–-")
        inside = [(at - start, end - start) for at, end in matches if at >= start and end <= start + len(piece)]
        before, after = ("…" if start else ""), ("…" if start + len(piece) < len(normal) else "")
        return _joined([(before, False), *_cut(piece, inside), (after, False)])

    def has_match(self, text: str, lang: str | None) -> bool:
        """Whether any word of a text matched."""
        return bool(self._matches(unicodedata.normalize("NFC", text), lang))

    def _matches(self, normal: str, lang: str | None) -> list[tuple[int, int]]:
        """Where the words that matched begin and end; each text is read once."""
        code = (lang or "und").split("-")[0]
        if self._marks and (normal, code) not in self._found:
            self._found[normal, code] = list(self._read(normal, code))
        return self._found.get((normal, code), [])

    def _read(self, normal: str, code: str) -> Iterator[tuple[int, int]]:
        judged, matched = self._judged.setdefault(code, (set(), set()))
        written = set(WORD.findall(normal))
        new = written - judged
        matched |= {word for word in self._begun(new, code) if self._judge(plain_word(word), code)}
        judged |= new
        if not matched.isdisjoint(written):
            yield from (match.span() for match in WORD.finditer(normal) if match[0] in matched)

    def _begun(self, written: Iterable[str], code: str) -> list[str]:
        """The words that may have matched: one that begins otherwise than all that was looked for did not."""
        count = 2 if code in ("lv", "und") else 1  # elsewhere the vowel may change: men, man
        known = self._beginnings[count]
        return [word for word in written if _folded_beginning(word[:count]) in known or not word.isalnum()]

    def _judge(self, word: str, code: str) -> bool:
        """Whether a word in small letters matched."""
        if not self._marks.isdisjoint(surface_and_stem(word, code)):
            return True
        return (code == "und" or code in self._languages) and ("keys", key_of(word, code)) in self._marks


def _cut(text: str, matches: Iterable[tuple[int, int]]) -> list[Segment]:
    found: list[Segment] = []
    done = 0
    for start, end in matches:
        found += [(text[done:start], False)] if start > done else []
        found.append((text[start:end], True))
        done = end
    return [*found, (text[done:], False)] if done < len(text) or not found else found


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """The same text in as few pieces as can be."""
    runs = groupby(segments, key=itemgetter(1))
    return [(text, is_match) for is_match, run in runs if (text := "".join(piece for piece, _ in run))]


@lru_cache(maxsize=5_000)
def _folded_beginning(letters: str) -> str:
    return fold(letters)[: len(letters)]
