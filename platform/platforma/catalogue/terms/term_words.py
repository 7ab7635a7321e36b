"""The words of a term as a curator may write them: checked, without control characters, blanks and repetitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from platforma.catalogue.errors import BadValue
from vocabulary import Term, Words, sort_words
from vocabulary.characters import single_line
from vocabulary.languages import DEFAULT_LANGUAGE, FALLBACK_LANGUAGE, LANGUAGES
from vocabulary.messages import N_

REQUIRED_LANGUAGES = (DEFAULT_LANGUAGE, FALLBACK_LANGUAGE)
"""The languages in which every term has a label; further ones may lack it."""
MAX_NAMES, MAX_NAME_CHARACTERS, MAX_DESCRIPTION_CHARACTERS = 60, 80, 300
NO_WORD = N_("Write a name with at least one word")


def checked_words(dimension: str, words: Words, former: Collection[str], others: Iterable[Term]) -> Words:
    """The words of a term, cleaned. A kind has plurals, other terms none.

    Raises BadValue with the field (`label-lv`, `plural-lv`, `description-lv`, `also`, `narrower`) for what is missing or too
    long, and for a name that one of the `others` has, if they are offered and it is none of the `former` names of this term.
    """
    is_kind = dimension == "kind"
    made: Words = {
        "labels": _texts("label", words["labels"], MAX_NAME_CHARACTERS, is_required=True),
        "plurals": _texts("plural", words["plurals"], MAX_NAME_CHARACTERS, is_required=True) if is_kind else {},
        "descriptions": _texts("description", words["descriptions"], MAX_DESCRIPTION_CHARACTERS, is_required=False),
        "also": _names("also", words["also"]),
        "narrower": _names("narrower", words.get("narrower", [])),
    }
    _refuse_taken(made, former, [other for other in others if other.is_offered])
    return made


def _texts(name: str, given: Mapping[str, str], most: int, *, is_required: bool) -> dict[str, str]:
    texts: dict[str, str] = {}
    for lang in LANGUAGES:
        field, text = f"{name}-{lang}", single_line(given.get(lang, ""))
        if is_required and lang in REQUIRED_LANGUAGES and not sort_words(text):
            raise BadValue(field, NO_WORD)
        if len(text) > most:
            raise BadValue(field, N_("Say it in %(most)s characters"), most=most)
        if text:
            texts[lang] = text
    return texts


def _names(field: str, given: Iterable[str]) -> list[str]:
    written = [single_line(name) for name in given]
    names = list({_folded(name): name for name in reversed(written) if sort_words(name)}.values())[::-1]
    if len(names) > MAX_NAMES:
        raise BadValue(field, N_("Write at most %(most)s names"), most=MAX_NAMES)
    for name in names:
        if len(name) > MAX_NAME_CHARACTERS:
            raise BadValue(field, N_("“%(name)s …” is longer than %(most)s characters"), name=name[:40], most=MAX_NAME_CHARACTERS)
    return names


def _refuse_taken(words: Words, former: Collection[str], others: Iterable[Term]) -> None:
    kept = {_folded(name) for name in former}
    owners = {_folded(name): other for other in others for name in other.names()}
    for field, name in _fields(words):
        if (folded := _folded(name)) in owners and folded not in kept:
            other = owners[folded].label(DEFAULT_LANGUAGE)
            raise BadValue(field, N_("“%(name)s” already belongs to “%(other)s”"), name=name, other=other)


def _fields(words: Words) -> Iterator[tuple[str, str]]:
    """Each name with the field that it stands in."""
    yield from ((f"label-{lang}", label) for lang, label in words["labels"].items())
    yield from (("also", name) for name in words["also"])
    yield from (("narrower", name) for name in words.get("narrower", ()))


def _folded(name: str) -> str:
    return " ".join(sort_words(name.replace("_", " ")))
