"""Latvian: lemmas by the Hunspell dictionary, and a light stemmer for what it does not know.

The stemmer takes the endings of declension and common conjugation off folded words (no diacritics, lower case), so
that a word typed without them meets the word as written. Endings are from the grammar's tables of declension (six of
nouns, adjectives with definite forms) and the most common verb forms. Palatalised stems (brālis/brāļa fold alike;
jaunietis/jauniešu do not) are brought to one spelling.

A form that may be of several words is read as a noun before an adjective before a verb: measured on a treebank, that
brings most forms of a word together (docs/search.md).
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache, lru_cache
from pathlib import Path

from search.analysis.hunspell import Dictionary, Reading
from vocabulary import fold

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
_MIN_STEM_LETTERS = 3


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The light stem of a folded word; a short word or one with digits stands as it is."""
    if len(word) <= _MIN_STEM_LETTERS or not word.isalpha():
        return word
    return _palatalised(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM_LETTERS:
            return word[: -len(ending)]
    return word


def _palatalised(stem: str) -> str:
    """One spelling for the stems that declension changes: t and š, d and ž, and b p m v with their j."""
    for spelt, as_one in _SPELLED_AS_ONE:
        if stem.endswith(spelt) and len(stem) > _MIN_STEM_LETTERS:
            return stem[: -len(spelt)] + as_one
    return stem


_CLASSES = ("lietv", "īpv", "darb")
"""Word classes by the dictionary's names, nouns, adjectives, verbs, in the order in which a form is read."""
_REFLEXIVE_FLAGS = frozenset("abdhefj")
"""Suffixes that the dictionary gives to verbs for their reflexive forms."""


_IRREGULAR = {
    "būt": "nav nebūt būtu nebūtu jābūt esošs neesošs neesot",
    "vajadzēt": "vajag vajaga nevajag vajadzēja nevajadzēja vajadzēs nevajadzēs vajadzētu nevajadzētu vajadzējis vajadzīt",
    "dot": "nedot jādod",
}
_IRREGULAR_LEMMAS = {form: lemma for lemma, forms in _IRREGULAR.items() for form in forms.split()}
"""Forms that the dictionary has as words of their own, or not at all."""


PREFIXES = ("ne", "ja", "vis")
"""What a form may begin with that its word does not, folded: negation, debitive, superlative."""


def lemma(word: str) -> str | None:
    """The lemma of a word in small letters, as spelt or else whatever its diacritics; None for an unknown word."""
    return next(iter(lemmas(word)), None)


@lru_cache(maxsize=10_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Every lemma that a word may have, the likeliest first; those it has as spelt stand before all others."""
    readings = sorted(_readings(word), key=lambda reading: (reading.form != word, *_rank(reading)))
    return tuple(dict.fromkeys(_root(reading) for reading in readings))


def is_word(word: str) -> bool:
    """Whether the dictionary has a word in small letters just as it is spelt."""
    return any(reading.form == word for reading in _readings(word))


def spelled(folded: str) -> str | None:
    """The likeliest spelling of a folded word, with its diacritics; None for an unknown word. Of one word, the form with none."""
    best = min(_readings(folded), key=lambda reading: (*_rank(reading), reading.form != folded), default=None)
    return best.form if best else None


def dictionary_mark() -> str:
    """A few letters that change with the dictionary; `x` without one."""
    folder = _folder()
    return hashlib.sha256((folder / "lv_LV.dic").read_bytes()).hexdigest()[:6] if folder else "x"


def _readings(word: str) -> list[Reading]:
    dictionary = _dictionary()
    return dictionary.readings(fold(word)) if dictionary and word.isalpha() else []


def _rank(reading: Reading) -> tuple[object, ...]:
    """What is likelier sorts first: common words before names, nouns before verbs, plain words before derived ones, men before
    the women of whom a form may be too (ārsts, ārste)."""
    entry = reading.entry
    named = [number for number, name in enumerate(_CLASSES) if entry.category.startswith(name)]
    number = 0 if _is_verbal_noun(reading) else (named or [len(_CLASSES)])[0]
    is_built = bool(reading.prefix), reading.derived is not None
    is_man = entry.word.endswith("s")
    return entry.is_name, number, *is_built, -len(entry.word), not is_man, entry.word


def _root(reading: Reading) -> str:
    """The lemma by the treebank's custom: verbal nouns, female agents, reflexive verbs, negated adjectives are own words."""
    word, is_verb = reading.entry.word, reading.entry.category.startswith("darb")
    if reading.form.endswith(("šanās", "šanos")) and not reading.derived:
        return reading.form[:-2] + "ās"
    if reading.derived and (_is_verbal_noun(reading) or reading.derived.endswith("e")):
        return reading.derived
    if is_verb and word.endswith("t") and (reading.flag in _REFLEXIVE_FLAGS or reading.form.endswith("ies")):
        return f"{word}ies"
    word = f"ne{word}" if reading.prefix == "ne" and not is_verb else word
    return _IRREGULAR_LEMMAS.get(word, word)


def _is_verbal_noun(reading: Reading) -> bool:
    return bool(reading.derived and reading.derived.endswith("šana"))


@cache
def _dictionary() -> Dictionary | None:
    folder = _folder()
    if folder is None:
        return None
    words = (folder / "lv_LV.dic").read_text(encoding="utf-8").splitlines()
    return Dictionary((folder / "lv_LV.aff").read_text(encoding="utf-8"), words[1:])


@cache
def _folder() -> Path | None:
    """Where the dictionary is: in the virtual environment, where `make setup` puts it, or where Debian does."""
    places = (Path(sys.prefix, "share", "hunspell"), Path("/usr/share/hunspell"))
    return next((place for place in places if (place / "lv_LV.dic").is_file()), None)
