"""Lemmas of the region's languages other than Latvian, from simplemma's word lists."""

from __future__ import annotations

from functools import cache

from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory
from simplemma.strategies.dictionary_lookup import DictionaryLookupStrategy

_LANGUAGES = frozenset(("en", "lt", "et", "pl", "sv", "da", "fi", "nb", "de", "ru", "uk", "is"))
_ALIASES = {"no": "nb"}


def lemma(word: str, lang: str) -> str | None:
    """The lemma of a word in small letters; None for a word or a language that no list knows."""
    code = _ALIASES.get(lang, lang)
    if code not in _LANGUAGES:
        return None
    found = _lists().get_lemma(word, code)
    return found.lower() if found else None


@cache
def _lists() -> DictionaryLookupStrategy:
    """All lists, read when first asked for; compact in memory (20 MB a language on average), none is dropped again."""
    return DictionaryLookupStrategy(StreamDictionaryFactory(cache_max_size=len(_LANGUAGES)))
