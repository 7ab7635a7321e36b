"""Normalising: raw fields become a record in the vocabulary's ids, and what cannot be understood becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import dateparser

from crawlers.labels import field_of
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Identifier, Problem, Record
from crawlers.text import language_of, one_line, plain, shorten
from vocabulary import load

SUMMARY_CHARACTERS = 300
DATE_LANGUAGES = ["lv", "en", "et", "lt", "pl", "da", "sv", "de", "fi", "nb"]
SCHEMES = {"LV": "LV-RE", "EE": "EE-RIK", "LT": "LT-RC", "PL": "PL-KRS", "DK": "DK-CVR", "FI": "FI-PRO", "SE": "SE-BLV"}
_ISO_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}.*)?)?)?$")
_LATVIAN_DATE = re.compile(r"(\d{4})\. gada (\d{1,2})\. (\w+)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PERSONAL = re.compile(r"^[^@\d]{2,}\.[^@\d]{2,}@")


class Normaliser:
    """Turns the raw records of one recipe into records; collects what it could not understand."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._words = recipe, load()
        self.problems: list[Problem] = []

    def record(self, raw: Raw) -> Record | None:
        """The record, or None with a refusal among the problems when it has no title."""
        title = one_line(_first(raw.fields.get("title")))
        if not title:
            self._tell(raw, "refused", "title", "", "The item has no title; give it one at the source")
            return None
        lang = self._language(raw, title)
        country, countries = self._countries(raw)
        kind, kind_from = self._kind(raw)
        sectors, sectors_from = self._sectors(raw, title)
        lat, lon = self._coordinates(raw)
        summary, description = self._texts(raw, lang)
        record = Record(
            remote_id=raw.remote_id,
            url=raw.url,
            kind=kind,
            title={lang: title} | _translated(raw, "title", one_line),
            summary=summary,
            description=description,
            country=country,
            countries=countries,
            sectors=sectors,
            themes=self._ids(raw, "themes", "theme"),
            lat=lat,
            lon=lon,
            identifiers=self._identifiers(raw, country),
            tags=tuple(dict.fromkeys(one_line(t) for t in _many(raw.fields.get("tags")) if one_line(t)))[:30],
            website=self._address(raw, "website"),
            email=self._email(raw),
            languages=tuple(sorted({lang, *raw.translations} - {"und"})),
            licence=self._recipe.licence or _text(raw, "licence"),
            start_date=self._date(raw, "start_date"),
            end_date=self._date(raw, "end_date"),
            source_changed_at=raw.changed_at,
            platform=self._recipe.platform,
            fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            derived=kind_from | sectors_from,
            raw=raw.source or {k: v for k, v in raw.fields.items() if v},
            region=_text(raw, "region"),
            place=_text(raw, "place"),
            address=_text(raw, "address"),
            legal_form=_text(raw, "legal_form"),
            organisation=_text(raw, "organisation"),
            phone=_text(raw, "phone"),
        )
        return self._with_defaults(record)

    def _language(self, raw: Raw, title: str) -> str:
        text = f"{title}. {plain(_first(raw.fields.get('description')) or _first(raw.fields.get('summary')))}"
        return language_of(text, raw.lang)

    def _texts(self, raw: Raw, lang: str) -> tuple[dict[str, str], dict[str, str]]:
        title = one_line(_first(raw.fields.get("title")))
        description = _prose(_first(raw.fields.get("description"))).removeprefix(f"{title}\n")
        summary = one_line(_first(raw.fields.get("summary"))) or one_line(description)
        summaries = {lang: shorten(summary, SUMMARY_CHARACTERS)} if summary else {}
        descriptions = {lang: description} if description else {}
        more = _translated(raw, "description", _prose)
        short = {code: shorten(one_line(text), SUMMARY_CHARACTERS) for code, text in more.items()}
        return summaries | short | _translated(raw, "summary", one_line), descriptions | more

    def _countries(self, raw: Raw) -> tuple[str | None, tuple[str, ...]]:
        found = []
        for text in _many(raw.fields.get("country")):
            whole = self._mapped("country", text)
            parts = [whole] if whole else [self._mapped("country", p) for p in re.split(r"[,;/]| un | and ", text)]
            if not any(parts) and text.strip():
                self._tell(raw, "warning", "country", text, "This country is not understood; write one country's name")
            found += [code for code in parts if code]
        codes = tuple(dict.fromkeys(found))
        return (codes[0] if len(codes) == 1 else None), codes

    def _kind(self, raw: Raw) -> tuple[str | None, dict[str, str]]:
        for text in _many(raw.fields.get("kind")):
            if kind := self._mapped("kind", text):
                return kind, {}
            self._tell(raw, "warning", "kind", text, "This kind is not in our list; map it in the recipe")
        for name in raw.types:
            if kind := self._words.find("kind", name):
                return kind, {"kind": name}
            if derived := self._words.kind_of_schema_type(name):
                return derived.value, {"kind": derived.from_}
        return None, {}

    def _sectors(self, raw: Raw, title: str) -> tuple[tuple[str, ...], dict[str, str]]:
        if chosen := self._ids(raw, "sectors", "sector"):
            return chosen, {}
        for name in raw.types:
            if (derived := self._words.sector_of_schema_type(name)) and name not in ("Corporation", "LocalBusiness"):
                return (derived.value,), {"sectors": f"schema.org type {derived.from_}"}
        for text in (_text(raw, "legal_form") or "", title):
            if derived := self._words.sector_of_legal_form(text):
                return (derived.value,), {"sectors": f"legal form {derived.from_}"}
        return (), {}

    def _ids(self, raw: Raw, field: str, dimension: str) -> tuple[str, ...]:
        """Ids of what the source lists, and of those tags that happen to be words of ours."""
        found = []
        for text in _split(raw.fields.get(field)):
            id = self._mapped(dimension, text)
            if id is None:
                self._tell(raw, "warning", field, text, "This value is not in our list; map it in the recipe")
            found.append(id)
        found += [self._mapped(dimension, tag) for tag in _many(raw.fields.get("tags"))]
        return tuple(dict.fromkeys(id for id in found if id))

    def _mapped(self, dimension: Any, text: str) -> str | None:
        mapping = self._recipe.values.get(dimension, {})
        stripped = text.strip()
        return mapping[stripped] if stripped in mapping else self._words.find(dimension, stripped)

    def _coordinates(self, raw: Raw) -> tuple[float | None, float | None]:
        said = [_text(raw, name) for name in ("lat", "lon")]
        if not all(said):
            return None, None
        try:
            lat, lon = (float(str(value).replace(",", ".")) for value in said)
        except ValueError:
            lat, lon = 0.0, 0.0
        is_swapped = 53 <= lon <= 71 and 3 <= lat <= 33 and not lat >= 53
        if (lat, lon) == (0.0, 0.0) or abs(lat) > 90 or abs(lon) > 180 or is_swapped:
            text = f"{said[0]}, {said[1]}"
            self._tell(raw, "warning", "lat", text, "These coordinates lie elsewhere; check their order and values")
            return None, None
        return lat, lon

    def _identifiers(self, raw: Raw, country: str | None) -> tuple[Identifier, ...]:
        number = re.sub(r"\s", "", _text(raw, "registration") or "")
        scheme = SCHEMES.get(country or self._recipe.defaults.get("country", ""))
        return (Identifier(scheme, number),) if scheme and re.fullmatch(r"[A-Z]{0,2}\d{5,14}", number) else ()

    def _address(self, raw: Raw, field: str) -> str | None:
        text = _text(raw, field)
        if not text:
            return None
        url = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        is_usable = parts.scheme in ("http", "https") and re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.hostname or "")
        if not is_usable:
            self._tell(raw, "warning", field, text, "This is no web address; it looks like https://name.lv")
            return None
        return parts._replace(netloc=parts.netloc.lower()).geturl().removesuffix("/") + ("/" if parts.path == "/" else "")

    def _email(self, raw: Raw) -> str | None:
        """The organisation's address: "[at]" undone, hidden ones and those of persons left out."""
        text = re.sub(r"\s*[\[({]\s*(at|AT|pie|et)\s*[\])}]\s*", "@", _first(raw.fields.get("email"))).removeprefix("mailto:")
        match = _EMAIL.search(text)
        if not match or "protected" in match[0] or _PERSONAL.match(match[0]):
            return None
        return match[0].lower()

    def _date(self, raw: Raw, field: str) -> str | None:
        text = _text(raw, field)
        if not text:
            return None
        found = parse_date(text)
        if found is None:
            self._tell(raw, "warning", field, text, "This date is not understood; write it as 2026-05-31")
        return found

    def _with_defaults(self, record: Record) -> Record:
        """The recipe's defaults where the source says nothing; the seat is among the countries."""
        given = {n: tuple(v) if isinstance(v, list) else v for n, v in self._recipe.defaults.items()}
        missing: dict[str, Any] = {n: v for n, v in given.items() if not getattr(record, n, "no such field")}
        record = replace(record, **missing)
        if record.country and record.country not in record.countries:
            record = replace(record, countries=(record.country, *record.countries))
        return record

    def _tell(self, raw: Raw, severity: str, field: str, value: str, reason: str) -> None:
        self.problems.append(Problem(severity, reason, raw.url, raw.remote_id, field, value[:200]))


def parse_date(text: str) -> str | None:
    """ISO 8601 to the precision known, from the ways the region writes dates; None rather than a guess."""
    text = text.strip().rstrip(".")
    if _ISO_DATE.match(text):
        return text if _is_real(text) else None
    if match := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text):
        iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
        return iso if _is_real(iso) else None
    settings = {"STRICT_PARSING": True, "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}
    cleaned = _LATVIAN_DATE.sub(_nominative, text)
    found = dateparser.parse(cleaned, languages=DATE_LANGUAGES, settings=settings) if len(text) < 60 else None
    return found.date().isoformat() if found else None


def _nominative(match: re.Match[str]) -> str:
    """A Latvian date with its month as dictionaries have it: septembrī is septembris, martā marts."""
    month = re.sub("ī$", "is", re.sub("ā$", "s", match[3]))
    return f"{match[2]} {month} {match[1]}"


def _is_real(iso: str) -> bool:
    try:
        datetime.fromisoformat(iso + "-01-01"[len(iso) - 4 :] if len(iso) < 10 else iso)
    except ValueError:
        return False
    return True


def _prose(markup: str) -> str:
    """The paragraphs of a text without the labelled facts, which stand in fields of their own."""
    lines = plain(markup).splitlines()
    return "\n".join(line for line in lines if ":" not in line or not field_of(line.split(":")[0]))


def _many(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [str(v) for v in values if v not in (None, "") and not isinstance(v, dict)]


def _first(value: Any) -> str:
    return next(iter(_many(value)), "")


def _split(value: Any) -> Iterator[str]:
    for text in _many(value):
        yield from (part.strip() for part in re.split(r"[;|,]", text) if part.strip())


def _text(raw: Raw, name: str) -> str | None:
    return one_line(_first(raw.fields.get(name))) or None


def _translated(raw: Raw, name: str, clean: Any) -> dict[str, str]:
    texts: Iterable[tuple[str, str]] = ((lang, clean(t.get(name))) for lang, t in raw.translations.items())
    return {lang: text for lang, text in texts if text}
