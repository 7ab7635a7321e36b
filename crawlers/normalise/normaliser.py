"""The normaliser: from a raw record to a record and its problems."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from crawlers.normalise.agreement import report_contradictions
from crawlers.normalise.calls import with_deadline
from crawlers.normalise.choices import chosen
from crawlers.normalise.days import dates_of, known_day
from crawlers.normalise.defaults import with_defaults
from crawlers.normalise.identifiers import identifiers_of
from crawlers.normalise.meanings import Meanings, Warn
from crawlers.normalise.sectors import with_sector_of_number
from crawlers.normalise.whereabouts import with_whereabouts
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.texts.clean import name_line, one_line, plain_text, shorten
from crawlers.texts.filler import is_filler
from crawlers.texts.language import language_of
from crawlers.texts.missing_pages import NOTHING_THERE, says_nothing_is_there
from crawlers.values.addresses import is_web_address, web_address
from crawlers.values.contacts import licence_of, telephone
from crawlers.values.dates import utc_instant
from crawlers.values.email_addresses import organisations_email, without_persons
from crawlers.values.labels import field_of
from crawlers.values.raw_fields import address_of, all_texts, first_text, tags_of, text_of, translated
from vocabulary.characters import without_controls
from vocabulary.messages import N_

log = logging.getLogger(__name__)
MAX_SUMMARY_CHARACTERS = MAX_TITLE_CHARACTERS = 300
MAX_TEXT_CHARACTERS = 100_000
MAX_REPORTED_CHARACTERS = 200
MAX_TAGS = MAX_SAME_AS = 30
MAX_LEVELS = 50
"""The number of nested objects and lists of the source's data that are kept."""
NO_TITLE = N_("The item has no title; give it one at the source")
BAD_ADDRESS = N_("This is no web address; it looks like https://name.lv")
BAD_EMAIL = N_("There is no organisation's mail address here; give one such as info@name.lv, in full")
BAD_PHONE = N_("This telephone number is not understood; write it with its country's code, such as +371 67000000")
BAD_FIELD = N_("This value could not be read (%(error)s); tell us the address of its page")
BAD_ENTRY = N_("This entry could not be read (%(error)s); tell us the address of its page")


class Normaliser:
    """Turns raw records into records by one recipe, and collects the problems."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe, self._meanings = recipe, Meanings(recipe)
        self.problems: list[Problem] = []

    def take_problems(self) -> list[Problem]:
        """Return the problems since the last call."""
        problems, self.problems = self.problems, []
        return problems

    def record(self, raw: RawRecord) -> Record | None:
        """Return the record; None, with a refusal among the problems, if it has no title or one that says that nothing is there.

        A value on which our own code fails is left out with a warning. An entry that fails without any such value is refused.
        """
        if raw.failure:
            self._refuse(raw, raw.failure)
            return None
        before = list(self.problems)
        try:
            raw = chosen(raw, self._recipe.choices)
            return self._record(raw)
        except MemoryError:
            raise
        except Exception as error:
            log.exception("normalising %s of %s, %s", raw.remote_id, self._recipe.platform, raw.url)
            self.problems = before
            return self._record_without_failing_value(raw, type(error).__name__)

    def _record_without_failing_value(self, raw: RawRecord, error: str) -> Record | None:
        """Return the record without the first field whose absence lets it be read; None, with a refusal, where there is none."""
        before = list(self.problems)
        for name in raw.fields.keys() - {"title"}:
            try:
                record = self._record(replace(raw, fields={key: value for key, value in raw.fields.items() if key != name}))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - the failure was logged; here it is only looked for its value
                self.problems = list(before)
            else:
                self._report(raw, "warning", name, "", BAD_FIELD, {"error": error})
                return record
        self._refuse(raw, error)
        return None

    def _refuse(self, raw: RawRecord, error: str) -> None:
        self._report(raw, "refused", "", "", BAD_ENTRY, {"error": error})

    def _record(self, raw: RawRecord) -> Record | None:
        """As record, without a boundary: raises whatever reading a value may raise."""
        title = shorten(name_line(first_text(raw.fields.get("title"))), MAX_TITLE_CHARACTERS)
        if not title:
            self._report(raw, "refused", "title", "", NO_TITLE)
            return None
        if says_nothing_is_there(title):
            self._report(raw, "refused", "title", title, NOTHING_THERE)
            return None
        warn = partial(self._report, raw, "warning")
        description = _prose(first_text(raw.fields.get("description"))).removeprefix(f"{title}\n")
        summary = one_line(first_text(raw.fields.get("summary"))) or " ".join(description.split())
        text = description or summary
        lang = language_of(title if is_filler(text) else f"{title}. {text}", raw.lang)
        text_lang = "und" if is_filler(text) else lang
        (start, end), years = dates_of(raw, self._recipe.date_order, warn)
        record = Record(
            remote_id=without_controls(raw.remote_id),
            url=raw.url if raw.url and is_web_address(raw.url) else None,
            title={lang: title} | translated(raw, "title", name_line),
            summary=_summaries(raw, text_lang, summary),
            description=_not_empty({text_lang: description}) | translated(raw, "description", _prose),
            tags=_tags(raw),
            languages=tuple(sorted({lang, *raw.translations} - {"und"})),
            start_date=start,
            end_date=end,
            licence=self._recipe.licence or licence_of(text_of(raw, "licence") or ""),
            source_changed_at=utc_instant(raw.changed_at or ""),
            platform=self._recipe.platform,
            fetched_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            raw=_without_persons(raw.source or {name: value for name, value in raw.fields.items() if value}),
            organisation=text_of(raw, "organisation"),
            derived=years,
        )
        record = with_deadline(self._with_meanings(record, raw, title, warn), known_day(raw))
        record = with_whereabouts(record, raw, self._meanings, self._recipe.defaults, warn)
        report_contradictions(record, raw, warn)
        record = with_sector_of_number(self._with_contacts(record, raw, warn))
        return with_defaults(record, self._recipe.defaults)

    def _with_meanings(self, record: Record, raw: RawRecord, title: str, warn: Warn) -> Record:
        """Return the record with kind, sectors, themes and legal form, and with their basis in `derived`."""
        kind, kind_basis = self._meanings.kind(raw, warn)
        sectors, sectors_basis = self._meanings.sectors(raw, title, kind or self._recipe.defaults.get("kind"), warn)
        form, form_basis = self._meanings.legal_form(raw, title)
        return replace(
            record,
            kind=kind,
            sectors=sectors,
            themes=self._meanings.ids(raw, "themes", "theme", warn),
            legal_form=form,
            derived={**record.derived, **kind_basis, **sectors_basis, **form_basis},
        )

    def _with_contacts(self, record: Record, raw: RawRecord, warn: Warn) -> Record:
        """Return the record with web and mail addresses, telephone and register number; numbers are read as of its country."""
        country = record.country or self._default_country
        website = _understood(web_address, address_of(raw, "website"), "website", warn, BAD_ADDRESS)
        email = ", ".join(all_texts(raw.fields.get("email")))
        same_as = (address for text in all_texts(raw.fields.get("same_as")) if (address := web_address(text)))
        return replace(
            record,
            website=website,
            same_as=tuple(address for address in dict.fromkeys(same_as) if address != website)[:MAX_SAME_AS],
            email=_understood(organisations_email, email, "email", warn, BAD_EMAIL),
            phone=_understood(lambda text: telephone(text, country), text_of(raw, "phone"), "phone", warn, BAD_PHONE),
            image=web_address(first_text(raw.fields.get("image")), raw.url),
            identifiers=identifiers_of(raw, country),
        )

    @property
    def _default_country(self) -> str | None:
        return self._recipe.defaults.get("country")

    def _report(
        self, raw: RawRecord, severity: str, field: str, value: str, reason: str, values: dict[str, str] | None = None
    ) -> None:
        shown = value[:MAX_REPORTED_CHARACTERS]
        self.problems.append(Problem(severity, reason, raw.url, raw.remote_id, field, shown, values=values or {}))


def _understood(read: Callable[[str], str | None], text: str | None, field: str, warn: Warn, reason: str) -> str | None:
    """Return a field's value as `read` understands it; None otherwise, reported without names of persons."""
    value = read(text) if text else None
    if text and value is None:
        warn(field, without_persons(text), reason)
    return value


def _without_persons(value: Any, level: int = 0) -> Any:
    """Return the source's data without the names of persons in mail addresses; None for what is nested too deeply."""
    if level > MAX_LEVELS:
        return None
    if isinstance(value, dict):
        return {key: _without_persons(inner, level + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_persons(inner, level + 1) for inner in value]
    return without_persons(value) if isinstance(value, str) else value


def _not_empty(texts: dict[str, str]) -> dict[str, str]:
    return {lang: text for lang, text in texts.items() if text}


def _summaries(raw: RawRecord, lang: str, summary: str) -> dict[str, str]:
    """Return the summaries by language; for a translation without one, the beginning of its description."""
    shortened = {
        code: shorten(" ".join(text.split()), MAX_SUMMARY_CHARACTERS)
        for code, text in translated(raw, "description", _prose).items()
    }
    return _not_empty({lang: shorten(summary, MAX_SUMMARY_CHARACTERS)}) | shortened | translated(raw, "summary", one_line)


def _tags(raw: RawRecord) -> tuple[str, ...]:
    names = (name_line(tag) for tag in tags_of(raw))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_TAGS]


def _prose(markup: str | None) -> str:
    """Return the lines of a text without labelled facts, which are read as fields of their own."""
    lines = without_persons(plain_text(markup)[:MAX_TEXT_CHARACTERS]).splitlines()
    return "\n".join(line for line in lines if ":" not in line or not field_of(line.split(":")[0]))
