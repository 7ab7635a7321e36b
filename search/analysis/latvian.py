"""A light stemmer for Latvian: takes the endings of declension and common conjugation off folded words.

It works on folded text (no diacritics, lower case), so that a word typed without them meets the word as written.
Endings are from the grammar's tables of declension (six of nouns, adjectives with definite forms) and the most common
verb forms. Palatalised stems (brālis/brāļa fold alike; jaunietis/jauniešu do not) are brought to one spelling.
"""

from __future__ import annotations

from functools import lru_cache

_TABLES = """
akajiem akajam akajos akajai akaja akais akas aka akus ako akiem akam akos ak
ajiem ajam ajos ajai ajas ajus aja ais
iem am im um em ai as es is us os ies u a e i s o ij ju ja jam jas jai jiem jos jus jis jo
sanas sanai sanu sanam sana sanos
ties sies amies aties ot it et at ts ta to tu tie tas tam tajiem tais amais ama amu amo ami amas amos amiem
"""
"""Endings, a line each: comparative and definite adjectives; indefinite and definite adjectives; nouns of the six
declensions in all cases; verbal nouns; common verb forms and participles."""
_ENDINGS = sorted(set(_TABLES.split()), key=len, reverse=True)
_SPELLED_AS_ONE = (("bj", "b"), ("pj", "p"), ("mj", "m"), ("vj", "v"), ("st", "s"), ("ds", "t"), ("t", "s"), ("d", "z"))
_SHORTEST_STEM = 3


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The light stem of a folded word; a short word or one with digits stands as it is."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    return _palatalised(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _palatalised(stem: str) -> str:
    """One spelling for the stems that declension changes: t and š, d and ž, and b p m v with their j."""
    for spelt, as_one in _SPELLED_AS_ONE:
        if stem.endswith(spelt) and len(stem) > _SHORTEST_STEM:
            return stem[: -len(spelt)] + as_one
    return stem
