"""Evidence of a record's country where its source does not name one: register numbers, coordinates, postal codes, regions,
telephone numbers, towns and ends of addresses.

Each piece that is enough by itself must agree with all others that are; two that are not count as one when they agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawlers.basis import Basis, BasisKind
from crawlers.normalise.identifiers import MAX_OWN_FIELDS, numbers_of
from crawlers.record import RawRecord
from crawlers.texts.wordlists import data_beside
from crawlers.values.contacts import calling_country
from crawlers.values.labels import label_of_key
from crawlers.values.own_fields import own_fields
from crawlers.values.places import Point, distance_km
from crawlers.values.raw_fields import address_of, all_texts, text_of
from crawlers.values.registers import countries_by_check, labelled_numbers
from crawlers.values.towns import Town, country_around, find_town, has_namesakes
from vocabulary import load, word_key

MAX_TOWN_RADIUS_KM = 50.0
"""Coordinates that are farther from a town's centre mean that another town of that name is meant."""
_SEPARATOR = re.compile(r"\s+[-–—]\s+|[,;/|•·\n()]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A country, what tells it, and whether that is enough where nothing else does."""

    country: str
    basis: Basis
    is_enough: bool = True


def concluded_country(raw: RawRecord, point: Point) -> Evidence | None:
    """The country that all evidence of a record agrees on, with the best piece of it; None without any, or with a contradiction.

    `point` are the coordinates that the source gives. A town contradicts where the country has none of its name.
    """
    evidence = [
        *_of_numbers(raw), *_of_point(point), *_of_postcodes(raw), *_of_regions(raw), *_of_phones(raw), *_of_domains(raw),
    ]  # fmt: skip
    sure = {one.country: one for one in reversed(evidence) if one.is_enough}
    place = text_of(raw, "place") or ""
    if sure:
        found = next(iter(sure.values())) if len(sure) == 1 else None
        return found if found and _has_place(found.country, place) else None
    alone, agreeing = _of_lone_town(raw, point), _of_two(evidence, place)
    return None if alone and agreeing and alone.country != agreeing.country else alone or agreeing


def _has_place(country: str, place: str) -> bool:
    """Whether a place may lie in a country: no town that the place names without doubt lies elsewhere."""
    town = find_town(place)
    return town is None or town.country == country or find_town(place, {country}) is not None


def _of_lone_town(raw: RawRecord, point: Point) -> Evidence | None:
    """The country of the one town in the world that the place names. Beside a region that is not known it must have no namesake
    at all, coordinates must lie around it, and neither region nor address may name another country."""
    place, region = text_of(raw, "place") or "", text_of(raw, "region") or ""
    town = find_town(place)
    if town is None or not _is_around(town, point) or (region and has_namesakes(place)):
        return None
    if any(set(load().find_countries(text)) - {town.country} for text in (region, text_of(raw, "address") or "")):
        return None
    return Evidence(town.country, Basis(BasisKind.TOWN, town.name))


def _is_around(town: Town, point: Point) -> bool:
    return point.lat is None or point.lon is None or distance_km(town.lat, town.lon, point.lat, point.lon) <= MAX_TOWN_RADIUS_KM


def _of_two(evidence: Sequence[Evidence], place: str) -> Evidence | None:
    """The country on which two pieces agree that are not enough alone, of which one may be a town that it has."""
    pieces = {(one.country, one.basis): one for one in evidence}
    countries = dict.fromkeys(one.country for one in evidence)
    towns = ((country, find_town(place, {country})) for country in countries if place)
    found = [Evidence(country, Basis(BasisKind.TOWN, town.name)) for country, town in towns if town] + list(pieces.values())
    agreeing = [country for country in countries if sum(one.country == country for one in found) > 1]
    return next(one for one in found if one.country == agreeing[0]) if len(agreeing) == 1 else None


def _of_numbers(raw: RawRecord) -> Iterator[Evidence]:
    """The countries of register numbers: by their labels; by a check digit that of one country, which is not enough alone."""
    basis = Basis(BasisKind.FIELD, "registration")
    for label, text in numbers_of(raw):
        countries = {register.country for register, _ in labelled_numbers(label, text)}
        yield from (Evidence(country, basis) for country in sorted(countries))
        by_check = countries_by_check(text)
        if not countries and len(by_check) == 1:
            yield from (Evidence(country, basis, is_enough=False) for country in by_check)


def _of_postcodes(raw: RawRecord) -> Iterator[Evidence]:
    """The countries of postal codes in the address and place, and in a field of the source for them alone."""
    texts = [(field, text_of(raw, field) or "") for field in ("address", "place")]
    own = islice(own_fields(raw.source).items(), MAX_OWN_FIELDS)
    texts += [("postcode", ", ".join(all_texts(value))) for name, value in own if _is_postcode(name)]
    for field, text in texts:
        if country := load().country_of_postcode(text):
            yield Evidence(country, Basis(BasisKind.FIELD, field))


@lru_cache(maxsize=1_000)
def _is_postcode(name: str) -> bool:
    return word_key(label_of_key(name)) in _words().postcode_labels or word_key(name) in _words().postcode_labels


def _of_point(point: Point) -> Iterator[Evidence]:
    if point.lat is not None and point.lon is not None and (country := country_around(point.lat, point.lon)):
        yield Evidence(country, Basis(BasisKind.FIELD, "coordinates"))


def _of_regions(raw: RawRecord) -> Iterator[Evidence]:
    """The countries of the regions that region, place and address name."""
    for field in ("region", "place", "address"):
        for part in filter(None, map(str.strip, _SEPARATOR.split(text_of(raw, field) or ""))):
            if country := _country_of_region(part, is_region=field == "region"):
                yield Evidence(country, Basis(BasisKind.FIELD, field))


def _country_of_region(text: str, *, is_region: bool) -> str | None:
    """The country of a region by its name or by the word beside it; where a region is expected, also a country itself."""
    for country, words in _words().region_words.items():
        if words.search(text.casefold()):
            return country
    if not is_region:
        return None
    id = load().regions.find(text)
    return id[:2] if id else load().find_country(text)


def _of_phones(raw: RawRecord) -> Iterator[Evidence]:
    countries = {country for text in all_texts(raw.fields.get("phone")) if (country := calling_country(text))}
    yield from (Evidence(country, Basis(BasisKind.FIELD, "phone")) for country in sorted(countries))


def _of_domains(raw: RawRecord) -> Iterator[Evidence]:
    """The countries of the ends of the website's and the mail's address, each once."""
    hosts = [urlsplit(address_of(raw, "website") or "").hostname or "", (text_of(raw, "email") or "").rpartition("@")[2]]
    countries = {country for host in hosts if (country := _words().domains.get(host.rstrip(".").rpartition(".")[2].lower()))}
    yield from (Evidence(country, Basis(BasisKind.FIELD, "website"), is_enough=False) for country in sorted(countries))


@dataclass(frozen=True, slots=True)
class _Words:
    """The data of evidence.yaml."""

    postcode_labels: frozenset[str]
    region_words: Mapping[str, re.Pattern[str]]
    domains: Mapping[str, str]


@cache
def _words() -> _Words:
    data: dict[str, Any] = data_beside(__file__)
    return _Words(
        frozenset(map(word_key, data["postcode_labels"])),
        {
            country: re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
            for country, words in data["region_words"].items()
        },
        data["domains"],
    )
