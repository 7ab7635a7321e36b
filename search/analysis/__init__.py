"""Analysis: from text to the tokens that both engines index and query; one chain a language."""

from __future__ import annotations

from search.analysis.chain import (
    ANALYSIS_VERSION,
    WORD,
    Analysis,
    Word,
    analyse,
    is_word,
    key,
    key_tokens,
    lemma,
    other_keys,
    plain_views,
    plain_word,
    stems_elsewhere,
    words,
)

__all__ = [
    "ANALYSIS_VERSION",
    "WORD",
    "Analysis",
    "Word",
    "analyse",
    "is_word",
    "key",
    "key_tokens",
    "lemma",
    "other_keys",
    "plain_views",
    "plain_word",
    "stems_elsewhere",
    "words",
]
