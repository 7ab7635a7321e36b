"""The controlled vocabulary: sectors, themes, kinds, countries, and how names are compared. Imports no other package of ours."""

from __future__ import annotations

from vocabulary.countries import Box
from vocabulary.fields import DIMENSIONS, FIELD_DIMENSIONS, FIELD_OF_DIMENSION, Dimension
from vocabulary.folding import collation_key, fold, name_key, sort_words, title_key, word_key
from vocabulary.likeness import Near
from vocabulary.terms import Term, TermChange, Words
from vocabulary.words import UNKNOWN, Derived, ShippedConcept, Vocabulary, changes_in_use, load, shipped, use_changes

__all__ = [
    "DIMENSIONS", "FIELD_DIMENSIONS", "FIELD_OF_DIMENSION", "UNKNOWN",
    "Box", "Derived", "Dimension", "Near", "ShippedConcept", "Term", "TermChange", "Vocabulary", "Words",
    "changes_in_use", "collation_key", "fold", "load", "name_key", "shipped", "sort_words", "title_key", "use_changes",
    "word_key",
]  # fmt: skip
