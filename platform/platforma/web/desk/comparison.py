"""Two listings side by side: what each says in every field, and which fields and words differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crawlers.values.addresses import canonical_address, is_web_address
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.matching.profiles import PHONE_DIGITS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.labels import field_label
from platforma.web.public.listing_dates import period
from platforma.web.public.registers import register_name
from platforma.web.public.rows import shorten, vocabulary_label
from vocabulary import fold

MIN_SHARED = 0.5
"""Texts that share a smaller part of their words differ as wholes, and no single word is marked."""
FIELDS = (
    "title", "kind", "country+countries", "place", "address", "website", "identifiers", "email", "phone", "organisation",
    "start_date+end_date", "summary+description",
)  # fmt: skip
"""The fields of each line, in the order of `_fields`."""
State = Literal["same", "differs", "one", ""]
_WORD = re.compile(r"(\w+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `differs` where the other listing lacks the word."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a field as it is shown. `lang` is its BCP 47 tag, None where it needs none; `url` where it leads outside.

    `key` is what of it is compared.
    """

    text: str
    key: str
    lang: str | None = None
    url: str | None = None
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two listings say. `state`: they say the same, differ, or only one says anything; empty where that tells nothing.

    `fields` are those of the listing that the line is about, parted by +.
    """

    label: str
    left: Sequence[Line]
    right: Sequence[Line]
    state: State
    fields: str = ""


def comparisons(left: Listing, right: Listing) -> list[Comparison]:
    """The fields of which at least one of two listings says something, in the order in which they tell most."""
    found = []
    for fields, (label, mine), (_label, theirs) in zip(FIELDS, _fields(left), _fields(right), strict=True):
        if mine or theirs:
            found.append(replace(_comparison(label, mine, theirs), fields=fields))
    return [*found, Comparison(_("Platforms"), _platforms(left), _platforms(right), "")]


def _comparison(label: str, left: list[Line], right: list[Line]) -> Comparison:
    keys = [{line.key for line in lines} for lines in (left, right)]
    if keys[0] == keys[1]:
        return Comparison(label, left, right, "same")
    if not (left and right):
        return Comparison(label, left, right, "one")
    return Comparison(label, _marked(left, right), _marked(right, left), "differs")


def _fields(listing: Listing) -> Iterator[tuple[str, list[Line]]]:
    lang = current_language()
    yield field_label("title"), _texts(listing, "title", cut=False)
    yield field_label("kind"), _line(vocabulary_label("kind", listing.get("kind"), lang))
    countries = [listing.get("country")] if listing.get("country") else list(listing.get("countries"))
    yield field_label("country"), [line for id in countries for line in _line(vocabulary_label("country", id, lang))]
    yield field_label("place"), _line(listing.get("place"))
    yield field_label("address"), _line(listing.get("address"))
    yield field_label("website"), _website(listing.get("website"))
    yield (
        field_label("identifiers"),
        [Line(f"{number['value']} ({register_name(number)})", _digits(number["value"])) for number in listing.get("identifiers")],
    )
    yield field_label("email"), _line(listing.get("email"))
    yield field_label("phone"), _line(listing.get("phone"), _phone)
    yield field_label("organisation"), _line(listing.get("organisation"))
    yield _("Dates"), _line(period(listing))
    yield _("Short text"), _texts(listing, "summary", cut=True) or _texts(listing, "description", cut=True)


def _line(text: str | None, key: Callable[[str], str] = fold) -> list[Line]:
    """The one line of a field; none where it is empty."""
    return [Line(text, key(text))] if text else []


def _website(url: str | None) -> list[Line]:
    if not url:
        return []
    key = canonical_address(url)
    return [Line(key.partition("://")[2] or url, key, url=url if is_web_address(url) else None)]


def _texts(listing: Listing, name: str, *, cut: bool) -> list[Line]:
    """A text field in each of its languages, the reader's first."""
    texts = listing.texts.get(name) or {}
    order = sorted(texts, key=lambda code: (code != current_language(), code))
    shown = [(code, shorten(texts[code]) if cut else texts[code]) for code in order]
    return [Line(text, fold(text), None if code == "und" else code) for code, text in shown]


def _platforms(listing: Listing) -> list[Line]:
    return [Line(one.platform_title, one.platform_id, url=one.url) for one in listing.sources]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text) or fold(text)


def _phone(text: str) -> str:
    """The last digits of a number: the code of the country is often left out."""
    return _digits(text)[-PHONE_DIGITS:]


def _marked(lines: Iterable[Line], others: Iterable[Line]) -> list[Line]:
    """The lines with the words marked that the other side lacks."""
    known = {fold(word) for other in others for word in _WORD.findall(other.text)}
    return [replace(line, pieces=_pieces(line.text, known)) for line in lines]


def _pieces(text: str, known: set[str]) -> list[Piece]:
    """A text in pieces; none where most of its words are others, so that marks would tell nothing."""
    parts = [part for part in _WORD.split(text) if part]
    words = [part for part in parts if _WORD.fullmatch(part)]
    shared = [word for word in words if fold(word) in known]
    if len(shared) < MIN_SHARED * len(words):
        return []
    return [Piece(part, bool(_WORD.fullmatch(part)) and fold(part) not in known) for part in parts]
