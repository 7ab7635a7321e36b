"""Highlighting: finds the words of a text that match, by the same analysis that the index is made with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from search.analysis import WORD, key, latvian, plain_word, surface_and_stem
from search.port import Token
from vocabulary import fold

Segment = tuple[str, bool]
"""A piece of a text, and whether it matches."""
_Span = tuple[int, int]
"""Where a word begins and ends, in characters of the text's NFC form."""


class Highlighter:
    """Finds matching words in the texts of one page of results; remembers each word and text that it has judged.

    `tokens` are those that were searched for (search.port.Page.highlight_tokens); one with an asterisk is a beginning.
    """

    def __init__(self, tokens: Set[Token] = frozenset()) -> None:
        self._tokens = tokens
        self._begun = tuple(text.removesuffix("*") for _view, text in tokens if text.endswith("*"))
        keys = [text.partition(":") for view, text in tokens if view == "keys"]
        self._languages = {code for code, _, _ in keys}
        folded = {*(text for view, text in tokens if view != "keys"), *(fold(lemma) for _, _, lemma in keys), *latvian.PREFIXES}
        self._beginnings = {count: _Beginnings({text[:count] for text in folded}) for count in (1, 2)}
        self._judged_words: dict[str, tuple[set[str], set[str]]] = {}  # by language: words judged, and those that match
        self._matches_by_text: dict[tuple[str, str], list[_Span]] = {}

    def segments(self, text: str, lang: str | None) -> list[Segment]:
        """The whole text (in NFC) in pieces that match or do not. `lang` is its BCP 47 tag, None where not known."""
        normal = unicodedata.normalize("NFC", text)
        return _cut(normal, self._matches(normal, lang))

    def excerpt(self, text: str, lang: str | None, max_characters: int) -> list[Segment]:
        """A piece of the text around the first match, cut at words; the beginning where nothing matches."""
        normal = unicodedata.normalize("NFC", text)
        matches = self._matches(normal, lang)
        if len(normal) <= max_characters:
            return _cut(normal, matches)
        first = matches[0][0] if matches else 0
        start = 0 if first < max_characters * 2 // 3 else normal.rfind(" ", 0, first - max_characters // 4) + 1
        piece = normal[start : start + max_characters - 2]
        if start + len(piece) < len(normal):
            piece = piece.rsplit(" ", 1)[0].rstrip(" ,;:–-")
        inside = [(begin - start, end - start) for begin, end in matches if begin >= start and end <= start + len(piece)]
        before, after = ("…" if start else ""), ("…" if start + len(piece) < len(normal) else "")
        return _merged([(before, False), *_cut(piece, inside), (after, False)])

    def has_match(self, text: str, lang: str | None) -> bool:
        """Whether any word of a text matches."""
        return bool(self._matches(unicodedata.normalize("NFC", text), lang))

    def _matches(self, normal: str, lang: str | None) -> list[_Span]:
        """Where the matching words of a text in NFC are."""
        code = (lang or "und").split("-")[0]
        if self._tokens and (normal, code) not in self._matches_by_text:
            self._matches_by_text[normal, code] = list(self._find(normal, code))
        return self._matches_by_text.get((normal, code), [])

    def _find(self, normal: str, code: str) -> Iterator[_Span]:
        judged, matching = self._judged_words.setdefault(code, (set(), set()))
        written = set(WORD.findall(normal))
        new = written - judged
        matching |= {word for word in self._candidates(new, code) if self._is_match(plain_word(word), code)}
        judged |= new
        if not matching.isdisjoint(written):
            yield from (match.span() for match in WORD.finditer(normal) if match[0] in matching)

    def _candidates(self, written: Iterable[str], code: str) -> list[str]:
        """The words that may match: only those that begin as one of the tokens, which is much quicker to tell."""
        count = 2 if code in ("lv", "und") else 1  # in other languages the second letter may change: men, man
        beginnings = self._beginnings[count]
        return [word for word in written if beginnings[word[:count]] or not word.isalnum()]

    def _is_match(self, word: str, code: str) -> bool:
        """Whether a lower-case word has one of the tokens; its dictionary is asked last, and only where keys can match."""
        if not self._tokens.isdisjoint(surface_and_stem(word, code)) or (self._begun and fold(word).startswith(self._begun)):
            return True
        return (code == "und" or code in self._languages) and ("keys", key(word, code)) in self._tokens


class _Beginnings(dict[str, bool]):
    """Whether a word that begins with these letters, as they are written, may be one of those looked for; each is told once."""

    def __init__(self, folded: Set[str]) -> None:
        self._folded = folded

    def __missing__(self, letters: str) -> bool:
        self[letters] = is_among = _folded_beginning(letters) in self._folded
        return is_among


def _cut(text: str, matches: Iterable[_Span]) -> list[Segment]:
    """A text in segments, given where its matching words are."""
    segments: list[Segment] = []
    position = 0
    for start, end in matches:
        segments += [(text[position:start], False)] if start > position else []
        segments.append((text[start:end], True))
        position = end
    return [*segments, (text[position:], False)] if position < len(text) or not segments else segments


def _merged(segments: Iterable[Segment]) -> list[Segment]:
    """The same text in as few segments as possible."""
    runs = groupby(segments, key=itemgetter(1))
    return [(text, is_match) for is_match, run in runs if (text := "".join(piece for piece, _ in run))]


@lru_cache(maxsize=5_000)
def _folded_beginning(letters: str) -> str:
    return fold(letters)[: len(letters)]
