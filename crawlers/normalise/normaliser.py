"""The normaliser: a raw record in, a record and its problems out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crawlers.messages import N_
from crawlers.normalise.meanings import Meanings, Tell
from crawlers.normalise.whereabouts import with_whereabouts
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.texts.clean import name_line, one_line, plain, shorten
from crawlers.texts.language import language_of
from crawlers.values.addresses import is_web_address, web_address
from crawlers.values.contacts import licence_of, organisations_email, register_number, telephone, without_persons
from crawlers.values.dates import Period, parse_period, utc_instant
from crawlers.values.fields import address_of, first, many, tags_of, text_of, translated
from crawlers.values.labels import field_of

SUMMARY_CHARACTERS = TITLE_CHARACTERS = 300
TEXT_CHARACTERS = 100_000
MAX_TAGS = MAX_SAME_AS = 30
MAX_DEPTH = 50


class Normaliser:
    """Turns the raw records of one recipe into records; collects what it could not understand."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._meanings = recipe, Meanings(recipe)
        self.problems: list[Problem] = []

    def take_problems(self) -> list[Problem]:
        """Return the problems since the last call."""
        problems, self.problems = self.problems, []
        return problems

    def record(self, raw: RawRecord) -> Record | None:
        """The record, or None with a refusal among the problems when it has no title."""
        title = shorten(name_line(first(raw.fields.get("title"))), TITLE_CHARACTERS)
        if not title:
            self._tell(raw, "refused", "title", "", NO_TITLE)
            return None
        tell = partial(self._tell, raw, "warning")
        description = _prose(first(raw.fields.get("description"))).removeprefix(f"{title}\n")
        summary = one_line(first(raw.fields.get("summary"))) or " ".join(description.split())
        lang = language_of(f"{title}. {description or summary}", raw.lang)
        start, end = _dates(raw, self._recipe, tell)
        record = Record(
            remote_id=raw.remote_id,
            url=raw.url if raw.url and is_web_address(raw.url) else None,
            title={lang: title} | translated(raw, "title", name_line),
            summary=_summaries(raw, lang, summary),
            description=_texts({lang: description}) | translated(raw, "description", _prose),
            tags=_tags(raw),
            languages=tuple(sorted({lang, *raw.translations} - {"und"})),
            start_date=start,
            end_date=end,
            licence=self._recipe.licence or licence_of(text_of(raw, "licence") or ""),
            source_changed_at=utc_instant(raw.changed_at or ""),
            platform=self._recipe.platform,
            fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            raw=_without_persons(raw.source or {k: v for k, v in raw.fields.items() if v}),
            organisation=text_of(raw, "organisation"),
        )
        record = self._with_meanings(record, raw, title, tell)
        record = with_whereabouts(record, raw, self._meanings, self._recipe.defaults, tell)
        return self._with_defaults(self._with_contacts(record, raw, tell))

    def _with_meanings(self, record: Record, raw: RawRecord, title: str, tell: Tell) -> Record:
        """With kind, sectors, themes, legal form, and what they were concluded from."""
        kind, kind_from = self._meanings.kind(raw, tell)
        sectors, sectors_from = self._meanings.sectors(raw, title, tell)
        form, form_from = self._meanings.legal_form(raw, title)
        return replace(
            record,
            kind=kind,
            sectors=sectors,
            themes=self._meanings.ids(raw, "themes", "theme", tell),
            legal_form=form,
            derived={**record.derived, **kind_from, **sectors_from, **form_from},
        )

    def _with_contacts(self, record: Record, raw: RawRecord, tell: Tell) -> Record:
        """With addresses of the web and mail, telephone, register numbers; the country tells how numbers are meant."""
        country = record.country or self._default_country
        website = _understood(web_address, address_of(raw, "website"), "website", tell, BAD_ADDRESS)
        email = ", ".join(many(raw.fields.get("email")))
        same_as = (address for text in many(raw.fields.get("same_as")) if (address := web_address(text)))
        return replace(
            record,
            website=website,
            same_as=tuple(address for address in dict.fromkeys(same_as) if address != website)[:MAX_SAME_AS],
            email=_understood(organisations_email, email, "email", tell, BAD_EMAIL),
            phone=_understood(lambda text: telephone(text, country), text_of(raw, "phone"), "phone", tell, BAD_PHONE),
            image=web_address(first(raw.fields.get("image")), raw.url),
            identifiers=register_number(text_of(raw, "registration") or "", country),
        )

    @property
    def _default_country(self) -> str | None:
        return self._recipe.defaults.get("country")

    def _with_defaults(self, record: Record) -> Record:
        """The recipe's defaults where the source says nothing; the seat is among the countries."""
        given = {n: tuple(v) if isinstance(v, list) else v for n, v in self._recipe.defaults.items()}
        missing: dict[str, Any] = {n: v for n, v in given.items() if not getattr(record, n, "no such field")}
        record = replace(record, **missing)
        if record.country and record.country not in record.countries:
            record = replace(record, countries=(record.country, *record.countries))
        return record

    def _tell(self, raw: RawRecord, severity: str, field: str, value: str, reason: str) -> None:
        self.problems.append(Problem(severity, reason, raw.url, raw.remote_id, field, value[:200]))


NO_TITLE = N_("The item has no title; give it one at the source")
BAD_DATE = N_("This date is not understood, or could be two days; write it as 2026-05-31")
BAD_ADDRESS = N_("This is no web address; it looks like https://name.lv")
BAD_EMAIL = N_("There is no organisation's mail address here; give one such as info@name.lv, in full")
BAD_PHONE = N_("This telephone number is not understood; write it with its country's code, such as +371 67000000")
BAD_ORDER = N_("The end lies before the start; check both dates")


def _understood(read: Callable[[str], str | None], text: str | None, field: str, tell: Tell, reason: str) -> str | None:
    """A field's value as a reader understands it; what it does not is told, without the names of persons in it."""
    found = read(text) if text else None
    if text and found is None:
        tell(field, without_persons(text), reason)
    return found


def _dates(raw: RawRecord, recipe: Recipe, tell: Tell) -> Period:
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


def _without_persons(value: Any, depth: int = 0) -> Any:
    """What the source said, in which mail addresses of persons have lost the person's name; None where it is too deep."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {key: _without_persons(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_persons(one, depth + 1) for one in value]
    return without_persons(value) if isinstance(value, str) else value


def _texts(texts: dict[str, str]) -> dict[str, str]:
    return {lang: text for lang, text in texts.items() if text}


def _summaries(raw: RawRecord, lang: str, summary: str) -> dict[str, str]:
    """Short texts by language; where a translation has none of its own, the beginning of its description."""
    short = {
        code: shorten(" ".join(text.split()), SUMMARY_CHARACTERS) for code, text in translated(raw, "description", _prose).items()
    }
    return _texts({lang: shorten(summary, SUMMARY_CHARACTERS)}) | short | translated(raw, "summary", one_line)


def _tags(raw: RawRecord) -> tuple[str, ...]:
    names = (name_line(tag) for tag in tags_of(raw))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_TAGS]


def _prose(markup: str | None) -> str:
    """The paragraphs of a text without the labelled facts, which stand in fields of their own."""
    lines = without_persons(plain(markup)[:TEXT_CHARACTERS]).splitlines()
    return "\n".join(line for line in lines if ":" not in line or not field_of(line.split(":")[0]))
