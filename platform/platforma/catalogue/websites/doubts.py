"""Doubts about a website: it may be parked, or no longer the organisation's own. A doubt is asked of a person, never a verdict.

An organisation that gives its site another name, another language or another domain of its own is not doubted: a word of the
page or of the domain in common with its names or with what was there before is enough.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import yaml

from crawlers.texts.wordlists import word_set
from crawlers.values.addresses import host_of, is_common_host
from platforma.catalogue.enums import WebsiteState
from vocabulary import fold, sort_words
from vocabulary.messages import N_

MIN_WORD = 3
"""Shorter words say nothing of who is meant."""
MIN_STEM = 5
"""Words with so many first letters in common are forms of one word."""
MIN_IN_DOMAIN = 4
"""Words of so many letters count as part of a domain's name."""
SAYS_NOTHING = word_set(
    "the and for und der die das home homepage page site website web www index start main front sakums sakumlapa galvena lapa"
    " majas majaslapa vietne avaleht kodulehekulg pradzia svetaine etusivu startseite startsida forside strona glowna glavnaia"
    " welcome laipni ludzam org com biedriba nodibinajums association foundation ltd sia mtu vsi"
)
"""Words that stand in many titles and names, so that having them in common says nothing."""
PARKED = N_("the page only says that the domain is parked or for sale (%(sign)s)")
OTHER_DOMAIN = N_("the address leads to %(host)s, where nothing has the listing’s name: “%(title)s”")
OTHER_TITLE = N_("the page is now called “%(title)s” and has another language than before (“%(before)s”)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw: title, language code and host ("" where unknown), and what shows that the domain is parked, else ""."""

    title: str
    lang: str
    host: str
    parked: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to ask a person; `reason` is a message id that `values` fill."""

    state: WebsiteState
    reason: str
    values: Mapping[str, str]


def doubt(url: str, seen: Seen, known: Seen | None, names: Collection[str]) -> Doubt | None:
    """What speaks against a website: None where it is as it was accepted last (`known`), or plausibly the organisation's own.

    `url` is the address of the listing, `names` are those of the listings that name it: titles in all languages, organisations.
    """
    if seen == known:
        return None
    if seen.parked:
        return Doubt(WebsiteState.PARKED, PARKED, {"sign": seen.parked})
    former = known.host if known else host_of(url)
    if _has_own_words(seen, known, names) or _is_own_domain(seen.host, former, names):
        return None
    if registrable(seen.host) != registrable(former):
        return Doubt(WebsiteState.OTHER, OTHER_DOMAIN, {"host": seen.host, "title": seen.title})
    if known and known.title and seen.title and _is_other_language(seen, known):
        return Doubt(WebsiteState.OTHER, OTHER_TITLE, {"title": seen.title, "before": known.title})
    return None


def registrable(host: str) -> str:
    """The part of a host that somebody has registered: `kopa.org.lv` of `www.kopa.org.lv`. An IP address stays as it is."""
    labels = host.split(".")
    if labels[-1].isdecimal():
        return host
    count = 3 if ".".join(labels[-2:]) in _suffixes() else 2
    return ".".join(labels[-count:])


def is_anybodys(host: str) -> bool:
    """Whether anybody can have a name of their own directly below this host, as below `org.lv` and `wordpress.com`."""
    return "." not in host or host in _suffixes()


def _has_own_words(seen: Seen, known: Seen | None, names: Collection[str]) -> bool:
    """Whether the page's title has a word in common with the title before or with a name."""
    before = {word for text in (known.title if known else "", *names) for word in _words(text)}
    return any(_is_same_word(word, other) for word, other in product(_words(seen.title), before))


def _is_own_domain(host: str, former: str, names: Collection[str]) -> bool:
    """Whether a new domain is named as the former one or as the organisation: as a whole, by a word, or by initials."""
    if registrable(host) == registrable(former):
        return False
    label, former_label = _name_of(host), _name_of(former)
    if label == former_label or (min(len(label), len(former_label)) >= MIN_IN_DOMAIN and _is_part(label, former_label)):
        return True
    words = {word for name in names for word in _words(name) if len(word) >= MIN_IN_DOMAIN}
    initials = {"".join(word[0] for word in sort_words(name)) for name in names}
    return any(word in label for word in words) or (len(label) >= MIN_WORD and label in initials)


def _is_part(label: str, other: str) -> bool:
    return label in other or other in label


def _name_of(host: str) -> str:
    """The name that was chosen for a domain, in letters and digits alone."""
    return "".join(filter(str.isalnum, fold(registrable(host).split(".")[0])))


def _words(text: str) -> Iterable[str]:
    return (word for word in sort_words(text) if len(word) >= MIN_WORD and word not in SAYS_NOTHING and not word.isdecimal())


def _is_same_word(word: str, other: str) -> bool:
    return word == other or (len(word) >= MIN_STEM and word[:MIN_STEM] == other[:MIN_STEM])


def _is_other_language(seen: Seen, known: Seen) -> bool:
    """Whether the language changed: the declared one, or the script where a page declares none."""
    if seen.lang and known.lang:
        return seen.lang != known.lang
    return _script(seen.title) != _script(known.title)


def _script(text: str) -> str:
    """The script of a text's first letter; "" without one."""
    letter = next(filter(str.isalpha, text), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


@cache
def _suffixes() -> frozenset[str]:
    entries = yaml.safe_load(Path(__file__).with_name("domains.yaml").read_text(encoding="utf-8"))
    return frozenset(suffix for entry in entries for suffix in entry["suffixes"])


def is_own_site(url: str) -> bool:
    """Whether an address can be an organisation's own site, so not a page at a service that everybody uses."""
    host = host_of(url)
    return bool(host) and not is_common_host(host)
