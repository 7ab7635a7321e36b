"""Proposed defaults: what all entries of a site may be, from its own words, its address and what its entries agree on.

Nothing is decided by them: they are shown with the reason, chosen or changed by whoever registers the site, and looked at by a
curator before anything is public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawlers.discovery.site_words import SiteWords
from crawlers.record import Record
from platforma.catalogue.visitors.readings import ProposedDefault
from vocabulary import fold, load

AGREE, TITLE, FORM, DOMAIN, LANGUAGE = "agree", "title", "form", "domain", "language"
BASES = (AGREE, TITLE, FORM, DOMAIN, LANGUAGE)
"""Why a default is proposed: entries that say it agree, words of the site, legal forms in names, the end of the site's address,
the language of the site."""
MIN_AGREEING = 0.8
"""The share of the entries that say something which must say the same."""
MIN_SAYING, MIN_SHARE_SAYING = 3, 0.5
"""So many entries, and so large a share of all, must say something before it is taken for the others."""
FIELDS = {"kind": "kind", "sector": "sectors", "country": "country"}
Words = dict[str, dict[str, list[str]]]


def proposed_defaults(words: SiteWords, url: str, records: Sequence[Record]) -> dict[str, ProposedDefault]:
    """By kind, sector and country what all entries may be; nothing where each entry says it, or nothing suggests one."""
    proposed = {name: next(_proposals(name, words, url, records), None) for name in FIELDS if _is_open(name, records)}
    return {name: one for name, one in proposed.items() if one is not None}


def _is_open(name: str, records: Sequence[Record]) -> bool:
    """Whether any entry leaves the field empty, so that a default would count."""
    return any(not getattr(record, FIELDS[name]) for record in records)


def _proposals(name: str, words: SiteWords, url: str, records: Sequence[Record]) -> Iterator[ProposedDefault]:
    """What may be proposed, the best reason first."""
    yield from _said_by_site(name, words)
    yield from _agreed(name, records)
    if name == "country":
        yield from _of_domain(url)
        yield from _of_language(words)


def _said_by_site(name: str, words: SiteWords) -> Iterator[ProposedDefault]:
    """What the site's name, heading or description says, where it names one thing only."""
    for text in (words.owner, words.title, words.heading, words.description):
        found: dict[str, str] = {}
        for id, written in _named(name, text):
            found.setdefault(id, written)
        if len(found) == 1:
            id, written = found.popitem()
            yield ProposedDefault(id, TITLE, written)


def _named(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The ids that the words of a text name, each with these words as they are written."""
    written = text.split()
    folded = [fold(word).strip(".,:;!?()|–-„”“\"'") for word in written]
    for id, phrases in _site_words()[name].items():
        for phrase in phrases:
            stems = phrase.split()
            for start in range(len(folded) - len(stems) + 1):
                if all(word.startswith(stem) for word, stem in zip(folded[start:], stems, strict=False)):
                    yield id, " ".join(written[start : start + len(stems)])


def _agreed(name: str, records: Sequence[Record]) -> Iterator[ProposedDefault]:
    """What nearly all entries say that say something."""
    said = [values for record in records if (values := _values(record, FIELDS[name]))]
    if len(said) < max(MIN_SAYING, MIN_SHARE_SAYING * len(records)):
        return
    counts = Counter(value for values in said for value in values)
    if (best := counts.most_common(1)[0])[1] >= MIN_AGREEING * len(said):
        yield ProposedDefault(best[0], FORM if name == "sector" else AGREE, str(best[1]))


def _values(record: Record, field: str) -> tuple[str, ...]:
    value = getattr(record, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _of_domain(url: str) -> Iterator[ProposedDefault]:
    """The country of the end of an address that is a country's, such as .ee."""
    end = (urlsplit(url).hostname or "").rpartition(".")[2]
    code = _site_words()["domain"].get(end, [end.upper()])[0]
    if code in load().ids("country") and end not in _site_words()["no_country"]:
        yield ProposedDefault(code, DOMAIN, f".{end}")


def _of_language(words: SiteWords) -> Iterator[ProposedDefault]:
    """The country of a language that is spoken in one country of the region."""
    for code in _site_words()["language"].get(fold(words.lang)[:2], []):
        yield ProposedDefault(code, LANGUAGE, words.lang[:2].lower())


@cache
def _site_words() -> dict[str, Any]:
    path = Path(__file__).with_name("site_words.yaml")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data
