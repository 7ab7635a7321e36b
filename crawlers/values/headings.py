"""What the heading of a column, or a key of JSON, says: which of our fields, how surely, and in which language.

Headings are read more freely than the labels of a page (labels.field_of), where any text may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from crawlers.values.heading_grammar import (
    ORGANISATION,
    Parts,
    column_names,
    in_brackets,
    name_ending,
    near_names,
    parts_of,
    thing_before,
    word_group,
    words_of,
)
from crawlers.values.heading_languages import languages_of
from crawlers.values.labels import FIELDS, field_of, label_of_key
from vocabulary import fold

TEXT_FIELDS = ("title", "summary", "description")
"""Fields that may stand in several languages."""
EXACT, COMPOSED, NEAR, GUESS = range(4)
"""How surely a heading names a field: as usual; by its parts; as a name that others may have before it; perhaps, where the
values below it agree."""
_MIN_LETTERS = 4
_FIELDS_OF_COMPOUNDS = frozenset({"description", "summary", "website", "start_date", "end_date", "address"})
"""Fields whose names end compounds that begin with a thing: `projektbeskrivning`, `firmenadresse`."""
_CONTACTS = frozenset({"contact", "contacts", "kontakt", "kontakta", "kontakti"})
VALUE_KEYS = frozenset({"value", "@value", "text", "html", "rendered", "plain", "raw", "code", "iso", "alpha2"})
"""Keys of the value within an object, which is what the key above says."""
NAMED_FIELDS = frozenset({"country", "place", "region", "kind", "legal_form", "themes", "sectors", "address"})
"""Fields whose name may be followed by a word for a name: `City name`."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Our `field` of a heading, its `rank` (EXACT to GUESS), the language that it names, and what it is the name of.

    `thing` is ORGANISATION or PROJECT for the name of one, else None.
    """

    field: str
    rank: int = EXACT
    lang: str | None = None
    thing: str | None = None


@lru_cache(maxsize=5000)
def read_heading(text: str) -> Heading | None:
    """What a heading says; None where it names no field of ours."""
    for lang, rest in languages_of(text):
        if (found := _plain_heading(rest)) and found.field in TEXT_FIELDS and found.rank != GUESS:
            return replace(found, lang=lang)
    return _plain_heading(text)


def column_field(text: str) -> str | None:
    """Our field for a heading or a dotted key that surely names one; None for one that only may."""
    heading = read_heading(text)
    return heading.field if heading and heading.rank != GUESS else None


def natural_field(name: str) -> str | None:
    """Our field for a name of the source, a key with dots too; None for one that names none, or only may."""
    heading = read_key(name)
    return heading.field if heading and heading.rank != GUESS else None


@lru_cache(maxsize=5000)
def read_key(key: str) -> Heading | None:
    """What a name of the source says, by the last part of a key with dots: of `country.name` what `country` says.

    The name of a person, a picture or the like (`author.name`) is none of an initiative.
    """
    above, _, last = key.rpartition(".")
    above = above.rpartition(".")[2]
    if fold(last) in column_names():
        return None
    heading = read_heading(key) if not above or " " in key else read_heading(last)
    heading = heading or _without_empty_words(last)
    holder = read_heading(above) if above else None
    if heading and heading.field == "title" and above:
        return _name_within(above, holder, heading)
    if holder and fold(last) in VALUE_KEYS:
        return replace(holder, rank=max(holder.rank, COMPOSED))
    return heading


def _without_empty_words(last: str) -> Heading | None:
    """What the words of a key say without those that add nothing; None for names of persons and the like."""
    parts = parts_of(words_of(last))
    field = None if parts.others and parts.has_name else field_of(label_of_key(last))
    return Heading(field, COMPOSED) if field else None


def _name_within(above: str, holder: Heading | None, heading: Heading) -> Heading | None:
    """What the name within an object says that stands under the key `above`, which says `holder`."""
    parts = parts_of(words_of(above))
    if holder and holder.field in (*NAMED_FIELDS, "organisation"):
        return replace(holder, rank=max(holder.rank, COMPOSED))
    if parts.others or (holder and holder.field not in TEXT_FIELDS):
        return None
    return Heading("organisation", COMPOSED) if parts.thing == ORGANISATION else heading


def map_columns(source_fields: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, object]:
    """A source's fields under our names: those in the recipe's mapping (our name to theirs), then of each field of ours the
    filled one whose key says it most surely, the first of equal ones."""
    fields: dict[str, object] = {ours: source_fields[theirs] for ours, theirs in mapping.items() if source_fields.get(theirs)}
    ranked: dict[str, tuple[int, object]] = {}
    for theirs, value in source_fields.items():
        says = read_key(theirs) if value not in (None, "", []) and theirs not in mapping.values() else None
        if says and says.rank != GUESS and (says.field not in ranked or says.rank < ranked[says.field][0]):
            ranked[says.field] = says.rank, value
    return {**{ours: value for ours, (_, value) in ranked.items()}, **fields}


def is_key(text: str) -> bool:
    """Whether a heading is that of what names a row for good, such as `ID` or `Org ID`."""
    words = words_of(text)
    if " ".join(words) in word_group("keys"):
        return True
    parts = parts_of(words)
    is_code_of_thing = parts.thing is not None and not parts.has_name and not parts.others
    return is_code_of_thing and len(parts.rest) == 1 and parts.rest[0] in word_group("keys") | word_group("codes")


def is_number(text: str) -> bool:
    """Whether a heading is that of numbers of rows (`Nr.`), which may only count them."""
    words = " ".join(words_of(text))
    return words in word_group("numbers") or text.strip() in ("#", "№")


def _plain_heading(text: str) -> Heading | None:
    """What a heading says without regard to languages: as a whole, by its words, in brackets, or in parts that agree."""
    if found := _known(text) or _composed(words_of(text)):
        return found
    parts = [part for part in re.split(r"[/()|\n]| [-–—] ", text[:200]) if part.strip()]
    several = {(found.field if (found := _known(part) or _composed(words_of(part))) else None) for part in parts}
    if len(parts) > 1 and len(several) == 1 and (field := several.pop()):
        return Heading(field, COMPOSED)
    inner = in_brackets(text)
    return _known(inner) if inner else None


def _known(text: str) -> Heading | None:
    """What a heading says that has a usual name of a field."""
    words = " ".join(words_of(text))
    for name in (text, words, words.replace("-", " ")):
        if field := field_of(name):
            is_near = (field, words) in near_names()
            return Heading(field, NEAR if is_near else EXACT, thing=_thing(words) if field == "title" else None)
    return Heading(column_names()[words], NEAR) if words in column_names() else None


def _thing(words: str) -> str | None:
    parts = parts_of(words.split())
    return parts.thing if parts.has_name else None


def _composed(words: tuple[str, ...]) -> Heading | None:
    """What the words of a heading say together."""
    parts = parts_of(words)
    if not words or (parts.others and parts.has_name):
        return None
    if parts.has_name:
        return _of_name(parts)
    return next(_of_rest(parts), None)


def _of_name(parts: Parts) -> Heading | None:
    """What a heading with a word for a name says: the name of a field's value, of a thing, or of what we do not know."""
    if not parts.rest:
        return Heading("title", COMPOSED, thing=parts.thing)
    if field := FIELDS.get(" ".join(parts.rest)):
        return Heading(field, COMPOSED) if field in NAMED_FIELDS else None
    return Heading("title", GUESS) if len(parts.rest) <= (1 if parts.thing else 2) else None


def _of_rest(parts: Parts) -> Iterator[Heading]:
    """What a heading without a word for a name may say: a thing alone, a field of a thing, a country's code, a compound."""
    if not parts.rest:
        if parts.thing and not parts.others:
            yield Heading("title", GUESS, thing=parts.thing)
        return
    if set(parts.others) - _CONTACTS:
        return
    rest = " ".join(parts.rest)
    field = FIELDS.get(rest) or FIELDS.get(rest.replace("-", " "))
    if field and field not in ("title", "organisation") and (parts.thing or parts.others):
        yield Heading(field, COMPOSED)
    if (field := _field_of_compound(rest)) and not parts.others:
        yield Heading(field, COMPOSED)
    bare = " ".join(word for word in parts.rest if word not in word_group("codes"))
    if bare != rest and FIELDS.get(bare) == "country":
        yield Heading("country", COMPOSED)
    head = name_ending(rest)
    if head and not parts.thing and not parts.others and head.strip("-") not in word_group("others"):
        yield Heading("title", GUESS)


def _field_of_compound(word: str) -> str | None:
    """Our field of a compound of a thing and a name of the field, such as `projektikuvaus`."""
    ends = (word[at:] for at in range(_MIN_LETTERS, len(word) - _MIN_LETTERS + 1))
    found = ((end, field) for end in ends if (field := FIELDS.get(end)) in _FIELDS_OF_COMPOUNDS)
    return next((field for end, field in found if thing_before(word, end)), None)
