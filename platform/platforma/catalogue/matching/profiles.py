"""Profiles: what matching sees of a record, read once, so that a pair is compared in microseconds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from crawlers.texts.wordlists import word_set
from crawlers.values.addresses import canonical_address, is_common_host, site_of
from crawlers.values.towns import Town, find_town
from platforma.catalogue.matching.names import Name, is_of_streets, plain_words, read_name
from platforma.catalogue.shapes import RecordPayload
from vocabulary.countries import NAME_LANGUAGES, country_names

WORK_KINDS = frozenset({"project", "event", "funding", "resource"})
"""Kinds of what an organisation runs, gives or makes; all others are organisations themselves, or may be."""
RECURRING_KINDS = frozenset({"event", "funding"})
"""Kinds of what happens again under the same name: each time is one of its own."""
HOSTS_BY_NAME = (".wordpress.com",)
"""Ends of hosts that everybody uses, where each user has a host."""
SHARED_MAIL_HOSTS = word_set(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com proton.me protonmail.com aol.com"
    " inbox.lv apollo.lv e-apollo.lv tvnet.lv mail.ee hot.ee online.ee inbox.lt one.lt wp.pl o2.pl onet.pl op.pl interia.pl"
    " mail.ru yandex.ru bk.ru list.ru ukr.net gmx.de gmx.net gmx.at web.de t-online.de posteo.de mailbox.org seznam.cz libero.it"
    " orange.fr free.fr laposte.net wanadoo.fr bluewin.ch telia.com tele2.se btinternet.com"
)
"""Hosts of mail addresses that belong to no organisation."""
MAX_NAMES, MAX_TEXT_WORDS, MAX_TEXT_CHARACTERS = 4, 80, 1500
NO_FORM = "xxx"
"""A word before a legal form that stands alone, so that it is read as one."""
MIN_TEXT_WORD = 5
"""Shorter words of texts join and fill."""
PHONE_DIGITS = 8
"""So many last digits of a telephone number are compared: the code of the country is often left out."""
EXACT_DECIMALS = 3
"""Degrees with fewer decimals name an area (0.01° is about a kilometre), as the centre of a town does."""
_NUMBER = re.compile(r"\d+[a-z]?")
_POSTCODE = re.compile(r"\b(?:lv-?\d{4}|lt-?\d{5}|\d{2}-\d{3}|\d{4,6}|[a-z]{1,2}\d[\da-z]? ?\d[a-z]{2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """What matching sees of a record. Empty and None: not known.

    `names` are its titles, read; `languages` those of the titles, if all are known; `forms` groups of legal forms. `registers`
    are pairs of a register's scheme and a number in it. `sites` are its own hosts, `pages` canonical addresses there, and
    `common_pages` whole addresses on hosts that everybody uses; all without scheme. `mail_site` is the host of its e-mail
    address if that is its own; `phones` are the last digits of telephone numbers. `town` are the words of its place, `town_id`
    the town that is meant (crawlers.values.towns), `places` the words of place, region and country, `street` those of its
    address, without what any street is called, and `house` its numbers. `lat`, `lon` are degrees; `is_area` where they are only
    a town's centre or as coarse. Dates are ISO 8601 in the precision known. `organisation` is the key of the name of who runs
    it. `texts` are the beginnings of its texts.
    """

    names: tuple[Name, ...]
    languages: frozenset[str]
    forms: frozenset[str]
    registers: tuple[tuple[str, str], ...]
    sites: frozenset[str]
    pages: frozenset[str]
    common_pages: frozenset[str]
    email: str | None
    mail_site: str | None
    phones: frozenset[str]
    country: str | None
    town: frozenset[str]
    town_id: str | None
    places: frozenset[str]
    street: frozenset[str]
    house: frozenset[str]
    lat: float | None
    lon: float | None
    is_area: bool
    start_date: str | None
    end_date: str | None
    kind: str | None
    organisation: str | None
    texts: tuple[str, ...]

    @property
    def is_work(self) -> bool | None:
        """Whether it is a work of an organisation; None where the kind is not known."""
        return is_work(self.kind)

    @property
    def text(self) -> frozenset[str]:
        """Words of its texts; read when they are asked for, since most pairs are told apart without."""
        return _text_words(self.texts)


def is_work(kind: str | None) -> bool | None:
    """Whether things of a kind are works of an organisation; None where the kind is not known."""
    return kind in WORK_KINDS if kind else None


def profile_of(payload: RecordPayload) -> Profile:
    """The profile of a record's payload; keys that are missing count as not known."""
    names = tuple(read_name(title) for title in list(payload["title"].values())[:MAX_NAMES])
    town = _town(payload.get("place") or "", payload.get("country"))
    lat, lon, is_area = _point(payload, town)
    sites, pages, common_pages = _addresses(payload)
    email, mail_site = _mail(payload)
    town_words = frozenset(plain_words(payload.get("place") or ""))
    street, house = _street(payload, town_words)
    return Profile(
        names=names,
        languages=_languages(payload),
        forms=_forms(payload, names),
        registers=tuple(sorted((number["scheme"], _digits(number["value"])) for number in payload.get("identifiers") or ())),
        sites=sites,
        pages=pages,
        common_pages=common_pages,
        email=email,
        mail_site=mail_site,
        phones=frozenset(_phones(payload.get("phone") or "")),
        country=payload.get("country"),
        town=town_words,
        town_id=town.id if town else None,
        places=town_words | _country_words(payload.get("country")) | frozenset(plain_words(payload.get("region") or "")),
        street=street,
        house=house,
        lat=lat,
        lon=lon,
        is_area=is_area,
        start_date=payload.get("start_date"),
        end_date=payload.get("end_date"),
        kind=payload.get("kind"),
        organisation=read_name(name).key if (name := payload.get("organisation")) else None,
        texts=_texts(payload),
    )


def material(profile: Profile) -> str:
    """A short hash, in hex, of all that matters for matching but the long texts: while it is the same, so are the answers."""
    seen = [_plain(getattr(profile, field.name)) for field in fields(profile) if field.name != "texts"]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    """A value in a form whose writing is the same in every process."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return round(value, EXACT_DECIMALS)
    return [value.words, sorted(value.forms), sorted(value.numbers), sorted(value.asides)] if isinstance(value, Name) else value


@lru_cache(maxsize=20_000)
def _town(place: str, country: str | None) -> Town | None:
    return find_town(place, (country,) if country else ()) if place else None


def _forms(payload: RecordPayload, names: Iterable[Name]) -> frozenset[str]:
    """The groups of legal forms in the names and in the field of its own."""
    written = read_name(f"{NO_FORM} {form}").forms if (form := payload.get("legal_form")) else frozenset[str]()
    return written.union(*(name.forms for name in names))


def _languages(payload: RecordPayload) -> frozenset[str]:
    """The languages of the titles without region or script; empty where that of one is not known."""
    languages = frozenset(tag.partition("-")[0].lower() for tag in payload["title"])
    return frozenset() if "und" in languages else languages


def _point(payload: RecordPayload, town: Town | None) -> tuple[float | None, float | None, bool]:
    """Its point and whether that is only an area; the centre of its town where it has none."""
    lat, lon = payload.get("lat"), payload.get("lon")
    if lat is None or lon is None:
        return (town.lat, town.lon, True) if town else (None, None, False)
    is_coarse = all(round(degrees, EXACT_DECIMALS - 1) == degrees for degrees in (lat, lon))
    return lat, lon, is_coarse or "lat" in (payload.get("derived") or {})


def _addresses(payload: RecordPayload) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Its own sites, pages on them, and pages on hosts that everybody uses: of its website and of what is the same as it."""
    sites: set[str] = set()
    pages: set[str] = set()
    common_pages: set[str] = set()
    website = payload.get("website")
    for address in dict.fromkeys([*([website] if website else []), *(payload.get("same_as") or [])]):
        page = canonical_address(address).removeprefix("https://")
        site = site_of(address)
        if not site:
            continue
        if is_common_host(site.partition(":")[0]) and not site.endswith(HOSTS_BY_NAME):
            if "/" in page or "?" in page:
                common_pages.add(page.lower())
        elif address == website:
            sites.add(site)
            pages.add(page)
        else:
            pages.add(page)
    return frozenset(sites), frozenset(pages), frozenset(common_pages)


def _mail(payload: RecordPayload) -> tuple[str | None, str | None]:
    """Its e-mail address in small letters, and the host of it unless everybody can have an address there."""
    email = (payload.get("email") or "").strip().lower()
    if "@" not in email:
        return None, None
    host = email.rpartition("@")[2]
    return email, None if host in SHARED_MAIL_HOSTS or is_common_host(host) else host


def _phones(text: str) -> Iterator[str]:
    for part in re.split(r"[,;/]|\s{2,}", text):
        digits = re.sub(r"\D", "", part)
        if len(digits) >= 6:
            yield digits[-PHONE_DIGITS:]


def _digits(number: str) -> str:
    """A register's number without what is only layout."""
    return re.sub(r"[\s.-]", "", number).upper()


@lru_cache(maxsize=300)
def _country_words(code: str | None) -> frozenset[str]:
    """The names of a country that are one word, in all languages that sources write it in."""
    names = (plain_words(country_names(lang).get(code or "", "")) for lang in NAME_LANGUAGES)
    return frozenset(words[0] for words in names if len(words) == 1)


def _street(payload: RecordPayload, town: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of an address that are neither its postcode nor its town, and its house numbers."""
    address = payload.get("address") or ""
    words = plain_words(_POSTCODE.sub(" ", address.lower()))
    house = frozenset(word for word in words if _NUMBER.fullmatch(word))
    named = (word for word in words if len(word) >= 3 and word not in house and word not in town)
    return frozenset(word for word in named if not is_of_streets(word)), house


def _texts(payload: RecordPayload) -> tuple[str, ...]:
    texts = [*(payload.get("description") or {}).values(), *(payload.get("summary") or {}).values()]
    return tuple(text[:MAX_TEXT_CHARACTERS] for text in texts[:MAX_NAMES])


@lru_cache(maxsize=2_000)
def _text_words(texts: tuple[str, ...]) -> frozenset[str]:
    words = (word for text in texts for word in plain_words(text) if len(word) >= MIN_TEXT_WORD)
    return frozenset(list(dict.fromkeys(words))[:MAX_TEXT_WORDS])
