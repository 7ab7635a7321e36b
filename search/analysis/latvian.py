"""Latvian: lemmas by the Hunspell dictionary, and a light stemmer for words that it does not have.

The stemmer strips the endings of declension and common conjugation from folded words (lower case, no diacritics), so
that a word typed without diacritics has the stem of the word as written. The endings come from the grammar's tables of
declension (six of nouns, adjectives with definite forms) and the most common verb forms. Stems that palatalisation
changes (jaunietis, jauniešu) get one spelling; brālis and brāļa fold alike without that.

A form that several words have is read as a noun before an adjective before a verb: measured on a treebank, that order
brings most forms of a word together (docs/search.md).
"""

from __future__ import annotations

import sys
from functools import cache, lru_cache
from pathlib import Path

from search.analysis.hunspell import Dictionary, Reading
from vocabulary import fold

_ENDING_TABLES = """
akajiem akajam akajos akajai akaja akais akas aka akus ako akiem akam akos ak
ajiem ajam ajos ajai ajas ajus aja ais
iem am im um em ai as es is us os ies u a e i s o ij ju ja jam jas jai jiem jos jus jis jo
sanas sanai sanu sanam sana sanos
ties sies amies aties ot it et at ts ta to tu tie tas tam tajiem tais amais ama amu amo ami amas amos amiem
"""
"""Endings, a line for each: comparative and definite adjectives; indefinite and definite adjectives; nouns of the six
declensions in all cases; verbal nouns; common verb forms and participles."""
ENDINGS = sorted(set(_ENDING_TABLES.split()), key=len, reverse=True)
PALATALISED_ENDS = (("bj", "b"), ("pj", "p"), ("mj", "m"), ("vj", "v"), ("st", "s"), ("ds", "t"), ("t", "s"), ("d", "z"))
MIN_STEM_LETTERS = 3


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The light stem of a folded word; a word of up to three letters or with digits is returned unchanged."""
    if len(word) <= MIN_STEM_LETTERS or not word.isalpha():
        return word
    return _with_one_spelling(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM_LETTERS:
            return word[: -len(ending)]
    return word


def _with_one_spelling(stem: str) -> str:
    """The same spelling for the stems that palatalisation changes: t and š, d and ž, and b, p, m, v with their j."""
    for end, replacement in PALATALISED_ENDS:
        if stem.endswith(end) and len(stem) > MIN_STEM_LETTERS:
            return stem[: -len(end)] + replacement
    return stem


_WORD_CLASSES = ("lietv", "īpv", "darb")
"""How the dictionary names nouns, adjectives and verbs, in the order in which a form is read."""
_REFLEXIVE_FLAGS = frozenset("abdhefj")
"""Flags of the suffixes by which the dictionary makes reflexive forms of verbs."""
_IRREGULAR_FORMS = {
    "būt": "nav nebūt būtu nebūtu jābūt esošs neesošs neesot",
    "vajadzēt": "vajag vajaga nevajag vajadzēja nevajadzēja vajadzēs nevajadzēs vajadzētu nevajadzētu vajadzējis vajadzīt",
    "dot": "nedot jādod",
}
_IRREGULAR_LEMMAS = {form: lemma for lemma, forms in _IRREGULAR_FORMS.items() for form in forms.split()}
"""The lemmas of forms that the dictionary lists as words of their own, or lacks."""
_OWN_LEMMAS = dict.fromkeys(("vecāki", "vecāku", "vecākiem", "vecākus", "vecākos"), "vecāks")
"""The lemmas of forms that the dictionary has of another word alone: parents are no older ones."""
PREFIXES = ("ne", "ja", "vis")
"""Folded prefixes that a form may have and its lemma does not: negation, debitive, superlative."""


def lemma(word: str) -> str | None:
    """The likeliest lemma of a lower-case word; None for an unknown word. See `lemmas`."""
    return next(iter(lemmas(word)), None)


@lru_cache(maxsize=10_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Every lemma of a lower-case word: first those of readings with these very diacritics, then by likelihood."""
    readings = sorted(_readings(word), key=lambda reading: (reading.form != word, *_rank(reading)))
    return tuple(dict.fromkeys(_lemma_of(reading) for reading in readings))


@lru_cache(maxsize=10_000)
def is_word(word: str) -> bool:
    """Whether the dictionary has a lower-case word with these very diacritics."""
    return any(reading.form == word for reading in _readings(word))


def spellings(folded: str) -> tuple[str, ...]:
    """Every spelling of a folded word, the likeliest first; () for an unknown word."""
    return tuple(dict.fromkeys(reading.form for reading in sorted(_readings(folded), key=_rank)))


def restore_diacritics(folded: str) -> str | None:
    """The likeliest spelling of a folded word; None for an unknown word. Of equally likely ones, the folded word itself."""
    best = min(_readings(folded), key=lambda reading: (*_rank(reading), reading.form != folded), default=None)
    return best.form if best else None


def dictionary_files() -> list[Path]:
    """The files of the Hunspell dictionary, words and affixes; none where it is not installed."""
    folder = _dictionary_folder()
    return [folder / "lv_LV.dic", folder / "lv_LV.aff"] if folder else []


def _readings(word: str) -> list[Reading]:
    dictionary = _dictionary()
    return dictionary.readings(fold(word)) if dictionary and word.isalpha() else []


def _rank(reading: Reading) -> tuple[object, ...]:
    """A key by which likelier readings sort first: common words before names, nouns before adjectives before verbs, plain
    words before derived ones, masculine before feminine where a form may be either (ārsts, ārste)."""
    entry = reading.entry
    ranks = [rank for rank, name in enumerate(_WORD_CLASSES) if entry.category.startswith(name)]
    class_rank = 0 if _is_verbal_noun(reading) else (ranks or [len(_WORD_CLASSES)])[0]
    is_composed = bool(reading.prefix), reading.derived is not None
    is_masculine = entry.word.endswith("s")
    return entry.is_name, class_rank, *is_composed, -len(entry.word), not is_masculine, entry.word


def _lemma_of(reading: Reading) -> str:
    """The lemma by the custom of the Latvian treebank (LVTB): verbal nouns, feminine agents, reflexive verbs and negated
    adjectives are lemmas of their own."""
    if reading.form in _OWN_LEMMAS:
        return _OWN_LEMMAS[reading.form]
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
    files = dictionary_files()
    if not files:
        return None
    words, affixes = (file.read_text(encoding="utf-8") for file in files)
    return Dictionary(affixes, words.splitlines()[1:])


@cache
def _dictionary_folder() -> Path | None:
    """Where the dictionary is: in the virtual environment, where `make setup` puts it, or where Debian does."""
    folders = (Path(sys.prefix, "share", "hunspell"), Path("/usr/share/hunspell"))
    return next((folder for folder in folders if (folder / "lv_LV.dic").is_file()), None)
