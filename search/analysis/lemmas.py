"""Lemmas of the region's languages other than Latvian, from simplemma's word lists."""

from __future__ import annotations

from functools import cache

from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory
from simplemma.strategies.dictionary_lookup import DictionaryLookupStrategy

_LANGUAGES = frozenset(("en", "lt", "et", "pl", "sv", "da", "fi", "nb", "de", "ru", "uk", "is"))
_ALIASES = {"no": "nb"}
_OWN_LEMMAS = {("ai", "en")}
"""Words that the lists take for forms of another one: AI is no form of “be”."""


def lemma(word: str, lang: str) -> str | None:
    """The lemma of a lower-case word; None for a word or a language that no list has."""
    code = _ALIASES.get(lang, lang)
    if code not in _LANGUAGES:
        return None
    if (word, code) in _OWN_LEMMAS:
        return word
    word_lemma = _lists().get_lemma(word, code)
    return word_lemma.lower() if word_lemma else None


@cache
def _lists() -> DictionaryLookupStrategy:
    """All word lists; each is loaded at its first use (20 MB of memory a language on average) and stays."""
    return DictionaryLookupStrategy(StreamDictionaryFactory(cache_max_size=len(_LANGUAGES)))
