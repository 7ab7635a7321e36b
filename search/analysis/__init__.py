"""Analysis: from text to the tokens that both engines index and query; one chain a language."""

from __future__ import annotations

from search.analysis.chain import ANALYSIS_VERSION, Analysis, Word, analyse, key, key_tokens, light_stem, other_keys, words

__all__ = ["ANALYSIS_VERSION", "Analysis", "Word", "analyse", "key", "key_tokens", "light_stem", "other_keys", "words"]
