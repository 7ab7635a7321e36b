"""Analysis: from text to the tokens that both engines index and query; one chain for each language."""

from __future__ import annotations

from search.analysis.chain import (
    WORD,
    Analysis,
    Word,
    alternative_keys,
    analyse,
    hyphenated,
    is_word,
    key,
    key_tokens,
    lemma,
    plain_word,
    stems_in_other_languages,
    surface_and_stem,
    words,
)

__all__ = [
    "WORD",
    "Analysis",
    "Word",
    "alternative_keys",
    "analyse",
    "hyphenated",
    "is_word",
    "key",
    "key_tokens",
    "lemma",
    "plain_word",
    "stems_in_other_languages",
    "surface_and_stem",
    "words",
]
