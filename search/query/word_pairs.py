"""Everyday words across languages: what a word of a question is in the other interface language, at a low weight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from search.analysis import analyse
from search.query.parser import Part
from vocabulary import shipped


def pair_keys(part: Part) -> tuple[str, ...]:
    """The keys of what a word is in the other interface language, by its keys; none for words of grammar, phrases, and words that
    are no everyday ones. What a word may mean without its diacritics counts where no dictionary has it as it is written."""
    if part.is_function_word:
        return ()
    variants = part.readings if part.is_spelled_right else part.variants
    keys = (key for variant in variants for key in variant.analysis.keys)
    return tuple(dict.fromkeys(paired for key in keys for paired in _pairs().get(key, ())))


@cache
def _pairs() -> Mapping[str, tuple[str, ...]]:
    """For the key of each everyday word the keys of its pairs."""
    pairs: dict[str, dict[str, None]] = defaultdict(dict)
    for pair in shipped().word_pairs:
        keys = {lang: [_key(word, lang) for word in words] for lang, words in pair.words.items()}
        for lang, of_lang in keys.items():
            others = [key for code, of_other in keys.items() if code != lang for key in of_other]
            for key in of_lang:
                pairs[key].update(dict.fromkeys(others))
    return {key: tuple(paired) for key, paired in pairs.items()}


def _key(word: str, lang: str) -> str:
    (key,) = analyse(word, lang).keys
    return key
