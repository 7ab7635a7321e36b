"""Normalising: raw fields become a record in the vocabulary's ids, and what cannot be understood becomes a problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crawlers.contacts import organisations_email, register_number, web_address
from crawlers.dates import Period, parse_period
from crawlers.fields import first, many, text_of, translated
from crawlers.labels import field_of
from crawlers.language import language_of
from crawlers.meanings import Meanings, Tell
from crawlers.messages import N_
from crawlers.places import coordinates
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.record import Problem, Record
from crawlers.text import one_line, plain, shorten

SUMMARY_CHARACTERS = 300


class Normaliser:
    """Turns the raw records of one recipe into records; collects what it could not understand."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._meanings = recipe, Meanings(recipe)
        self.problems: list[Problem] = []

    def record(self, raw: Raw) -> Record | None:
        """The record, or None with a refusal among the problems when it has no title."""
        title = one_line(first(raw.fields.get("title")))
        if not title:
            self._tell(raw, "refused", "title", "", NO_TITLE)
            return None
        tell = partial(self._tell, raw, "warning")
        lang = self._language(raw, title)
        country, countries, country_from = self._meanings.countries(raw, tell)
        kind, kind_from = self._meanings.kind(raw, tell)
        sectors, sectors_from = self._meanings.sectors(raw, title, tell)
        lat, lon = _coordinates(raw, tell)
        summary, description = self._texts(raw, lang)
        start, end = _dates(raw, self._recipe, tell)
        record = Record(
            remote_id=raw.remote_id,
            url=raw.url,
            kind=kind,
            title={lang: title} | translated(raw, "title", one_line),
            summary=summary,
            description=description,
            country=country,
            countries=countries,
            sectors=sectors,
            themes=self._meanings.ids(raw, "themes", "theme", tell),
            lat=lat,
            lon=lon,
            identifiers=register_number(text_of(raw, "registration") or "", country or self._recipe.defaults.get("country")),
            tags=tuple(dict.fromkeys(one_line(t) for t in many(raw.fields.get("tags")) if one_line(t)))[:30],
            website=_understood(web_address, raw, "website", tell, "This is no web address; it looks like https://name.lv"),
            email=organisations_email(first(raw.fields.get("email"))),
            languages=tuple(sorted({lang, *raw.translations} - {"und"})),
            licence=self._recipe.licence or text_of(raw, "licence"),
            start_date=start,
            end_date=end,
            source_changed_at=raw.changed_at,
            platform=self._recipe.platform,
            fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            derived=kind_from | sectors_from | country_from,
            raw=raw.source or {k: v for k, v in raw.fields.items() if v},
            region=text_of(raw, "region"),
            place=text_of(raw, "place"),
            address=text_of(raw, "address"),
            legal_form=text_of(raw, "legal_form"),
            organisation=text_of(raw, "organisation"),
            phone=text_of(raw, "phone"),
        )
        return self._with_defaults(record)

    def _language(self, raw: Raw, title: str) -> str:
        text = f"{title}. {plain(first(raw.fields.get('description')) or first(raw.fields.get('summary')))}"
        return language_of(text, raw.lang)

    def _texts(self, raw: Raw, lang: str) -> tuple[dict[str, str], dict[str, str]]:
        title = one_line(first(raw.fields.get("title")))
        description = _prose(first(raw.fields.get("description"))).removeprefix(f"{title}\n")
        summary = one_line(first(raw.fields.get("summary"))) or one_line(description)
        summaries = {lang: shorten(summary, SUMMARY_CHARACTERS)} if summary else {}
        descriptions = {lang: description} if description else {}
        more = translated(raw, "description", _prose)
        short = {code: shorten(one_line(text), SUMMARY_CHARACTERS) for code, text in more.items()}
        return summaries | short | translated(raw, "summary", one_line), descriptions | more

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


NO_TITLE = N_("The item has no title; give it one at the source")
BAD_DATE = N_("This date is not understood, or could be two days; write it as 2026-05-31")
BAD_ORDER = N_("The end lies before the start; check both dates")


def _understood(read: Callable[[str], str | None], raw: Raw, field: str, tell: Tell, reason: str) -> str | None:
    """A field's value as a reader understands it; what it does not is told."""
    text = text_of(raw, field)
    found = read(text) if text else None
    if text and found is None:
        tell(field, text, reason)
    return found


def _dates(raw: Raw, recipe: Recipe, tell: Tell) -> Period:
    """Start and end; a period in either field gives both, as far as the other field does not say them."""
    said = {name: text_of(raw, name) or "" for name in ("start_date", "end_date")}
    (start, until), (since, end) = (parse_period(text, recipe.date_order) for text in said.values())
    if end is None:
        since, end = None, since
    for name, text, found in (("start_date", said["start_date"], start or until), ("end_date", said["end_date"], end)):
        if text and not found:
            tell(name, text, BAD_DATE)
    start, end = start or since, end or until
    if start and end and end[: len(start)] < start[: len(end)]:
        tell("end_date", f"{start} – {end}", BAD_ORDER)
        return None, None
    return start, end


def _coordinates(raw: Raw, tell: Tell) -> tuple[float | None, float | None]:
    lat, lon = text_of(raw, "lat"), text_of(raw, "lon")
    if not lat or not lon:
        return None, None
    found = coordinates(lat, lon)
    if found is None:
        tell("lat", f"{lat}, {lon}", "These coordinates lie elsewhere; check their order and values")
    return found or (None, None)


def _prose(markup: str | None) -> str:
    """The paragraphs of a text without the labelled facts, which stand in fields of their own."""
    lines = plain(markup).splitlines()
    return "\n".join(line for line in lines if ":" not in line or not field_of(line.split(":")[0]))
