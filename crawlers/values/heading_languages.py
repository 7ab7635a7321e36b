"""The language that a heading or key names beside its field: `Nosaukums (LV)`, `name_en`, `Title in English`, `lv.title`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from crawlers.texts.wordlists import data_beside
from vocabulary import fold

_IN_BRACKETS = re.compile(r"[(\[](?P<inner>[^)\]]*)[)\]]\s*$")
_SEPARATORS = re.compile(r"[\s_,/:.-]+|(?<=[a-z])(?=[A-Z])")


def languages_of(heading: str) -> Iterator[tuple[str, str]]:
    """What may be the language of a heading, with the rest of it: that in brackets, else the last words, else the first."""
    if match := _IN_BRACKETS.search(heading[:200]):
        if lang := _languages().get(_key(match["inner"])):
            yield lang, heading[: match.start()].strip()
        return
    words = [word for word in _SEPARATORS.split(heading[:200].strip()) if word]
    for count in (1, 2):
        if len(words) > count:
            if lang := _languages().get(_key(" ".join(words[-count:]))):
                yield lang, " ".join(words[:-count])
            if lang := _languages().get(_key(" ".join(words[:count]))):
                yield lang, " ".join(words[count:])


def language_named(word: str) -> str | None:
    """The code of the language that a whole word or key names; None for any other word."""
    return _languages().get(_key(word))


def _key(text: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(text)).strip(" :?*.")


@cache
def _languages() -> Mapping[str, str]:
    """The language of each folded word that names one."""
    data = data_beside(__file__, "language_words.yaml")
    return {str(word): str(code) for code, words in data.items() for word in words}
