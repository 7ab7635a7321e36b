"""The words of the directory: sectors, themes, kinds, countries and their spellings; imports none of ours."""

from __future__ import annotations

from vocabulary.countries import Box
from vocabulary.fields import DIMENSIONS, FIELD_DIMENSIONS, FIELD_OF_DIMENSION, Dimension
from vocabulary.folding import collation_key, fold, sort_words
from vocabulary.likeness import Near
from vocabulary.words import UNKNOWN, Derived, Term, Vocabulary, load

__all__ = [
    "DIMENSIONS", "FIELD_DIMENSIONS", "FIELD_OF_DIMENSION", "UNKNOWN",
    "Box", "Derived", "Dimension", "Near", "Term", "Vocabulary", "collation_key", "fold", "load", "sort_words",
]  # fmt: skip
