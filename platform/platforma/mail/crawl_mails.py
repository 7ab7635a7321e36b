"""Telling people by mail: the partner of what they can mend, curators of proposals and failures; once, not every night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from babel.support import NullTranslations, Translations
from sqlalchemy.orm import Session

from crawlers.messages import Reason, explain
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.errors import N_
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport, ProblemGroup, grouped
from platforma.catalogue.models import CrawlPurpose, CrawlState, Platform, PlatformState
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms.schedule import INTERVAL_DAYS
from platforma.i18n import DEFAULT, LANGUAGES
from platforma.mail.mail_queue import queue_mail
from platforma.mail.report_links import mailed_report_link, report_secret_name
from platforma.settings import Settings

MAX_GROUPS = 10
FAILED = N_("Failed: %(title)s could not be read")
HELD = N_("Held: what was read of %(title)s waits for a decision")
SLOWED = N_("Failed for a week: %(title)s is now tried once a week")
PROPOSED = N_("Proposed: %(title)s waits for a decision")
ATTENTION = N_("Read, but something needs your attention: %(title)s")


@dataclass(frozen=True, slots=True)
class Voice:
    """One language outside of a web request."""

    lang: str
    translations: NullTranslations
    environment: jinja2.Environment

    def say(self, message: str, **values: object) -> str:
        """The message in this language, with its named placeholders filled."""
        text = self.translations.ugettext(message) if message else ""
        return text % values if values else text

    def render(self, template: str, **values: object) -> str:
        """A template of a mail in this language."""
        return self.environment.get_template(template).render(say=self.say, **values)


def tell_of_crawl(settings: Settings, database: Database, report: CrawlReport, *, is_slowed: bool) -> None:
    """Queue the mails that a crawl's end calls for: those whom it concerns, about what they were not told yet."""
    if report.purpose != CrawlPurpose.TURN or report.state == CrawlState.RUNNING:
        return
    with database.writing() as session:
        teller = _Teller(settings, session, session.get_one(Platform, report.platform_id), report)
        if report.state == CrawlState.FAILED:
            teller.of_failure(is_slowed)
        elif report.state == CrawlState.HELD:
            teller.of_hold()
        elif report.state == CrawlState.DONE:
            teller.of_success()


def tell_of_proposal(settings: Settings, session: Session, platform: Platform) -> None:
    """Queue a mail to everybody at the desk, each in their language: who proposed which platform, and where to decide."""
    for user in accounts.staff(session):
        voice_of = voice(settings, user.lang)
        link = f"{settings.base_url}/{voice_of.lang}/desk/platforms"
        body = voice_of.render("mail/platform_proposed.txt", url=platform.url, by=platform.contact_email, link=link)
        subject = voice_of.say(PROPOSED, title=platform.title)
        queue_mail(session, to=user.email, lang=voice_of.lang, subject=subject, body=body)


def voice(settings: Settings, lang: str | None) -> Voice:
    """The voice of an interface language; of the first one where it is none."""
    return _voice(settings.templates_dir, settings.translations_dir, lang if lang in LANGUAGES else DEFAULT)


@dataclass(frozen=True, slots=True)
class _Teller:
    settings: Settings
    session: Session
    platform: Platform
    report: CrawlReport

    def of_failure(self, is_slowed: bool) -> None:
        if self._arisen("failed", {"": self._reason()}):
            self._to_partner(FAILED)
            self._to_curators(FAILED)
        if is_slowed and self._arisen("slowed", {"": self._reason()}):
            self._to_curators(SLOWED)

    def of_hold(self) -> None:
        notices.resolve_notices(self.session, self.platform.id, notices.TROUBLE_TOPICS, now=utc_now())
        if self._arisen("held", {"": self._reason()}):
            self._to_curators(HELD)

    def of_success(self) -> None:
        notices.resolve_notices(self.session, self.platform.id, (*notices.TROUBLE_TOPICS, "held"), now=utc_now())
        groups = grouped(problems_of(self.session, self.report.crawl_id))
        keys = {f"{one.severity}|{one.field or ''}|{one.reason}": one for one in groups}
        told = self._arisen("problem", {key: {"count": one.count} for key, one in keys.items()})
        notices.resolve_notices(self.session, self.platform.id, ("problem",), now=utc_now(), keep_open=keys)
        if told:
            self._to_partner(ATTENTION, [keys[key] for key in told][:MAX_GROUPS])

    def _reason(self) -> dict[str, Any]:
        return {"reason": self.report.reason, "values": dict(self.report.values)}

    def _arisen(self, topic: str, found: dict[str, Any]) -> list[str]:
        turn = timedelta(days=INTERVAL_DAYS.get(str(self.platform.recipe.get("interval")), 1))
        return notices.raise_notices(
            self.session, self.platform.id, topic, found, now=utc_now(), quiet=notices.REMIND_AFTER + turn
        )

    def _to_partner(self, subject: str, groups: list[ProblemGroup] | None = None) -> None:
        if self.platform.contact_email:
            voice_of = voice(self.settings, self.platform.contact_lang)
            link = mailed_report_link(self.settings, self.platform, self.report.crawl_id, voice_of.lang)
            body = self._body("mail/crawl_partner.txt", voice_of, link, groups or [])
            self._send(self.platform.contact_email, voice_of, subject, body, report_secret_name(self.platform))

    def _to_curators(self, subject: str) -> None:
        """A proposal that cannot be read is told of on its page at the desk, where it waits for a decision anyway."""
        if self.platform.state == PlatformState.PROPOSED:
            return
        for user in accounts.staff(self.session):
            voice_of = voice(self.settings, user.lang)
            link = f"{self.settings.base_url}/{voice_of.lang}/desk/crawls/{self.report.crawl_id}"
            self._send(user.email, voice_of, subject, self._body("mail/crawl_curator.txt", voice_of, link, []))

    def _body(self, template: str, voice_of: Voice, link: str, groups: list[ProblemGroup]) -> str:
        reason = explain(self.report.reason, self.report.values, voice_of.say)

        def problem_of(group: ProblemGroup) -> Reason:
            """What is wrong and what to do, without what may be somebody's address."""
            filled = {name: "…" if "@" in str(value) else value for name, value in group.examples[0].values.items()}
            return explain(group.reason, filled, voice_of.say)

        values: dict[str, Any] = {
            "what": reason.what,
            "advice": reason.advice,
            "groups": groups,
            "counts": self.report.counts,
            "problem": problem_of,
            "was_read": self.platform.last_good_count is not None,
        }
        return voice_of.render(template, title=self.platform.title, url=self.platform.url, link=link, **values)

    def _send(self, to: str, voice_of: Voice, subject: str, body: str, secret_name: str | None = None) -> None:
        said = voice_of.say(subject, title=self.platform.title)
        queue_mail(self.session, to=to, lang=voice_of.lang, subject=said, body=body, secret_name=secret_name)


@cache
def _voice(templates_dir: Path, translations_dir: Path, lang: str) -> Voice:
    loader = jinja2.FileSystemLoader(str(templates_dir))
    environment = jinja2.Environment(
        loader=loader, extensions=["jinja2.ext.i18n"], autoescape=jinja2.select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["ext.i18n.trimmed"] = True
    said = NullTranslations() if lang == "en" else Translations.load(translations_dir, [lang])
    environment.install_gettext_translations(said, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    return Voice(lang, said, environment)
