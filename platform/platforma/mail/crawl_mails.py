"""Mails about crawls: to the partner what they can mend, to the curators proposals and failures; once, not every night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from crawlers.reasons import Reason, explain
from platforma.addresses import Addresses
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport, ProblemGroup, grouped
from platforma.catalogue.models import CrawlPurpose, CrawlState, Platform, PlatformState
from platforma.catalogue.people import desk_mails
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.platforms.schedule import INTERVAL_DAYS
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.report_links import mailed_report_link, report_secret_name
from platforma.settings import Settings
from vocabulary.messages import N_

MAX_GROUPS = 10
FAILED = N_("Failed: %(title)s could not be read")
HELD = N_("Held: what was read of %(title)s waits for a decision")
SLOWED = N_("Failing for a week: %(title)s is now read once a week")
PROPOSED = N_("Proposed: %(title)s waits for a decision")
ATTENTION = N_("Read, but something needs your attention: %(title)s")


def tell_of_crawl(settings: Settings, database: Database, report: CrawlReport, *, is_slowed: bool) -> None:
    """Queue the mails that the end of a crawl calls for, each only for what its reader was not told yet.

    `is_slowed`: this failure is the one by which the platform is tried less often.
    """
    if report.purpose != CrawlPurpose.TURN or report.state == CrawlState.RUNNING:
        return
    with database.writing() as session:
        mailer = _CrawlMailer(settings, session, session.get_one(Platform, report.platform_id), report)
        if report.state == CrawlState.FAILED:
            mailer.tell_of_failure(is_slowed)
        elif report.state == CrawlState.HELD:
            mailer.tell_of_hold()
        elif report.state == CrawlState.DONE:
            mailer.tell_of_success()


def tell_of_proposal(settings: Settings, session: Session, platform: PlatformCard) -> None:
    """Queue a mail to each of the staff who wants that, in their language: who proposed which platform, and where to decide."""
    for user in desk_mails.told_at_once(session):
        with force_locale(user.lang, settings.translations_dir):
            lang = current_language()
            link = Addresses(settings.base_url).proposed_platforms(lang)
            values = {"url": platform.url or platform.title, "by": platform.contact_email, "is_table": platform.reads_files}
            body = render_mail(settings.templates_dir, "platform_proposed.txt", **values, link=link)
            queue_mail(session, to=user.email, lang=lang, subject=gettext(PROPOSED, title=platform.title), body=body)


@dataclass(frozen=True, slots=True)
class _CrawlMailer:
    """The mails about one crawl of a platform, queued in one transaction."""

    settings: Settings
    session: Session
    platform: Platform
    report: CrawlReport

    def tell_of_failure(self, is_slowed: bool) -> None:
        """Mail partner and curators of a failure, and the curators when the platform becomes slow."""
        if self._raise_notices("failed", {"": self._reason()}):
            self._mail_partner(FAILED)
            self._mail_curators(FAILED)
        if is_slowed and self._raise_notices("slowed", {"": self._reason()}):
            self._mail_curators(SLOWED)

    def tell_of_hold(self) -> None:
        """Mail the curators, who have to decide about the crawl."""
        notices.resolve_notices(self.session, self.platform.id, notices.TROUBLE_TOPICS, now=utc_now())
        if self._raise_notices("held", {"": self._reason()}):
            self._mail_curators(HELD)

    def tell_of_success(self) -> None:
        """Mail the partner of new kinds of problems; resolve the notices of what is no problem any more."""
        notices.resolve_notices(self.session, self.platform.id, (*notices.TROUBLE_TOPICS, "held"), now=utc_now())
        problems = grouped(problems_of(self.session, self.report.crawl_id))
        groups = {f"{group.severity}|{group.field or ''}|{group.reason}": group for group in problems}
        new_keys = self._raise_notices("problem", {key: {"count": group.count} for key, group in groups.items()})
        notices.resolve_notices(self.session, self.platform.id, ("problem",), now=utc_now(), keep_open=groups)
        if new_keys:
            self._mail_partner(ATTENTION, [groups[key] for key in new_keys][:MAX_GROUPS])

    def _reason(self) -> dict[str, object]:
        return {"reason": self.report.reason, "values": dict(self.report.values)}

    def _raise_notices(self, topic: str, values_by_key: Mapping[str, Mapping[str, object]]) -> list[str]:
        """Remember what occurs now; return the keys that people must be told of."""
        turn = timedelta(days=INTERVAL_DAYS.get(str(self.platform.recipe.get("interval")), 1))
        quiet = notices.REMIND_AFTER + turn
        return notices.raise_notices(self.session, self.platform.id, topic, values_by_key, now=utc_now(), quiet=quiet)

    def _mail_partner(self, subject: str, groups: Sequence[ProblemGroup] = ()) -> None:
        """Mail the contact of the platform, if there is one. The link to the report needs no account."""
        if not self.platform.contact_email:
            return
        with force_locale(self.platform.contact_lang, self.settings.translations_dir):
            link = mailed_report_link(self.settings, self.platform, self.report.crawl_id, current_language())
            body = self._body("crawl_partner.txt", link, groups)
            self._queue(self.platform.contact_email, subject, body, report_secret_name(self.platform))

    def _mail_curators(self, subject: str) -> None:
        """Mail each of the staff who wants that; not about a proposal, which waits at the desk for a decision anyway."""
        if self.platform.state == PlatformState.PROPOSED:
            return
        for user in desk_mails.told_at_once(self.session):
            with force_locale(user.lang, self.settings.translations_dir):
                link = Addresses(self.settings.base_url).crawl(current_language(), self.report.crawl_id)
                self._queue(user.email, subject, self._body("crawl_curator.txt", link))

    def _body(self, template: str, link: str, groups: Sequence[ProblemGroup] = ()) -> str:
        reason = explain(self.report.reason, self.report.values, gettext)
        values: dict[str, object] = {
            "title": self.platform.title,
            "url": self.platform.url,
            "link": link,
            "what": reason.what,
            "advice": reason.advice,
            "groups": groups,
            "counts": self.report.counts,
            "problem": _problem_of,
            "was_read": self.platform.last_good_count is not None,
        }
        return render_mail(self.settings.templates_dir, template, **values)

    def _queue(self, to: str, subject: str, body: str, secret_name: str | None = None) -> None:
        """Queue a mail in the language in force."""
        subject = gettext(subject, title=self.platform.title)
        queue_mail(self.session, to=to, lang=current_language(), subject=subject, body=body, secret_name=secret_name)


def _problem_of(group: ProblemGroup) -> Reason:
    """What is wrong and what to do, without values that may be somebody's e-mail address."""
    values = {name: "…" if "@" in str(value) else value for name, value in group.examples[0].values.items()}
    return explain(group.reason, values, gettext)
