"""Labels of links to the next page of a list, in the languages of the region."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from crawlers.texts.wordlists import data_beside
from vocabulary import fold

MAX_CHARACTERS = 40
SIGNS = ("»", "›", "→")
_AROUND = " \t\n»›→>…."


def next_label(text: str) -> str:
    """The label in the text of a link to the next page, without the signs around it; "" where the text is anything else.

    One of SIGNS alone is a label, too.
    """
    text = text.strip()
    if text in SIGNS or len(text) > MAX_CHARACTERS:
        return text if text in SIGNS else ""
    label = text.strip(_AROUND)
    return label if re.sub(r"\s+", " ", fold(label)) in _labels() else ""


def is_loading_label(text: str) -> bool:
    """Whether a text is the label of a button that loads more of a list ("Rādīt vairāk")."""
    return " ".join(fold(text[: 2 * MAX_CHARACTERS]).split()).strip(_AROUND + "+") in _loading_labels()


@cache
def _loading_labels() -> frozenset[str]:
    by_language = data_beside(__file__)["more"]
    return frozenset(fold(label) for labels in by_language.values() for label in labels)


@cache
def _labels() -> frozenset[str]:
    """The labels of next_labels.yaml, folded: each word for the next one, alone and with each word for a page."""
    by_language = data_beside(__file__)
    next_words, page_words = (
        {language: tuple(map(fold, words)) for language, words in by_language[name].items()} for name in ("next", "page")
    )
    alone = {word for words in next_words.values() for word in words}
    together = {" ".join(pair) for language, words in next_words.items() for pair in product(words, page_words.get(language, ()))}
    return frozenset(alone | together)
