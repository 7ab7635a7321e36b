"""Analysis: from text to the tokens that both engines index and query; one chain a language."""

from __future__ import annotations

from search.analysis.chain import ANALYSIS_VERSION, Analysis, analyse, key_tokens

__all__ = ["ANALYSIS_VERSION", "Analysis", "analyse", "key_tokens"]
