"""Mails about crawls: to partners what cannot wait or what they wish at once, to curators proposals and failures; once, not every
night. What waits for partners is in their weekly mail (partner_digests.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from crawlers.reasons import Reason, explain
from platforma.addresses import Addresses
from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.ingest.crawl_queries import problems_of
from platforma.catalogue.ingest.reports import CrawlReport, ProblemGroup, grouped
from platforma.catalogue.models import CrawlPurpose, CrawlState, Platform, PlatformState
from platforma.catalogue.people import desk_mails, partner_mails
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.platforms.schedule import INTERVAL_DAYS
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.owner_words import mailed_reason
from platforma.mail.report_links import mailed_report_link, report_secret_name
from platforma.mail.signed_links import mailed_token
from platforma.mail.urgent_mails import ending
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
            end = ending(settings, user)
            values = {"url": platform.url or platform.title, "by": platform.contact_email, "is_table": platform.reads_files}
            body = render_mail(
                settings.templates_dir, "platform_proposed.txt", **values, link=link, end_url=end["unsubscribe_url"]
            )
            queue_mail(session, to=user.email, lang=lang, subject=gettext(PROPOSED, title=platform.title), body=body, **end)


@dataclass(frozen=True, slots=True)
class _CrawlMailer:
    """The mails about one crawl of a platform, queued in one transaction."""

    settings: Settings
    session: Session
    platform: Platform
    report: CrawlReport

    def tell_of_failure(self, is_slowed: bool) -> None:
        """Mail curators of a failure, and all when the platform becomes slow; partners who wish so of the failure, too."""
        if self._raise_notices("failed", {"": self._reason()}):
            self._mail_partners(FAILED, PartnerMail.AT_ONCE)
            self._mail_curators(FAILED)
        if is_slowed and self._raise_notices("slowed", {"": self._reason()}):
            self._mail_partners(SLOWED, PartnerMail.AT_ONCE, PartnerMail.WEEKLY)
            self._mail_curators(SLOWED)

    def tell_of_hold(self) -> None:
        """Mail the curators, who have to decide about the crawl."""
        notices.resolve_notices(self.session, self.platform.id, notices.TROUBLE_TOPICS, now=utc_now())
        if self._raise_notices("held", {"": self._reason()}):
            self._mail_curators(HELD)

    def tell_of_success(self) -> None:
        """Mail partners who wish so of new kinds of problems; resolve the notices of what is no problem any more."""
        notices.resolve_notices(self.session, self.platform.id, (*notices.TROUBLE_TOPICS, "held"), now=utc_now())
        problems = grouped(problems_of(self.session, self.report.crawl_id))
        groups = {group.key: group for group in problems}
        new_keys = self._raise_notices("problem", {key: {"count": group.count} for key, group in groups.items()})
        notices.resolve_notices(self.session, self.platform.id, ("problem",), now=utc_now(), keep_open=groups)
        if new_keys:
            self._mail_partners(ATTENTION, PartnerMail.AT_ONCE, groups=[groups[key] for key in new_keys][:MAX_GROUPS])

    def _reason(self) -> dict[str, object]:
        return {"reason": self.report.reason, "values": dict(self.report.values)}

    def _raise_notices(self, topic: str, values_by_key: Mapping[str, Mapping[str, object]]) -> list[str]:
        """Remember what occurs now; return the keys that people must be told of."""
        turn = timedelta(days=INTERVAL_DAYS.get(str(self.platform.recipe.get("interval")), 1))
        quiet = notices.REMIND_AFTER + turn
        return notices.raise_notices(self.session, self.platform.id, topic, values_by_key, now=utc_now(), quiet=quiet)

    def _mail_partners(self, subject: str, *wishes: PartnerMail, groups: Sequence[ProblemGroup] = ()) -> None:
        """Mail those who answer for the platform and wish one of these. The link to the report needs no account."""
        partner_mails.contact_reader(self.session, self.platform, utc_now(), self.settings.time_zone)
        for reader in partner_mails.readers_of(self.session, self.platform, *wishes):
            with force_locale(reader.lang, self.settings.translations_dir):
                lang, addresses = current_language(), Addresses(self.settings.base_url)
                link = mailed_report_link(self.settings, self.platform, self.report.crawl_id, lang, number=2)
                end_url = addresses.end_partner_mails(lang, mailed_token(reader.public_id))
                ends = {"end_url": end_url, "own_url": addresses.own_platforms(lang)}
                body = self._body("crawl_partner.txt", link, self._owner_reason(), groups, **ends)
                secrets = {"secret_name": reader.secret_name, "more_secrets": [report_secret_name(self.platform)]}
                self._queue(reader.email, subject, body, unsubscribe_url=end_url, **secrets)

    def _mail_curators(self, subject: str) -> None:
        """Mail each of the staff who wants that; not about a proposal, which waits at the desk for a decision anyway."""
        if self.platform.state == PlatformState.PROPOSED:
            return
        for user in desk_mails.told_at_once(self.session):
            with force_locale(user.lang, self.settings.translations_dir):
                link = Addresses(self.settings.base_url).crawl(current_language(), self.report.crawl_id)
                end = ending(self.settings, user)
                reason = explain(self.report.reason, self.report.values, gettext)
                body = self._body("crawl_curator.txt", link, reason, end_url=end["unsubscribe_url"])
                self._queue(user.email, subject, body, **end)

    def _body(self, template: str, link: str, reason: Reason, groups: Sequence[ProblemGroup] = (), **more: object) -> str:
        values: dict[str, object] = {
            "title": self.platform.title,
            "url": self.platform.url,
            "link": link,
            "what": reason.what,
            "advice": reason.advice,
            "groups": groups,
            "counts": self.report.counts,
            "problem": problem_words,
            "was_read": self.platform.last_good_count is not None,
            **more,
        }
        return render_mail(self.settings.templates_dir, template, **values)

    def _owner_reason(self) -> Reason:
        """Why a crawl failed, in the words of owners; of a crawl that did not, nothing is said."""
        reason = self.report.reason
        return mailed_reason(reason, self.report.values) if reason else Reason("", "")

    def _queue(self, to: str, subject: str, body: str, **links: Any) -> None:
        """Queue a mail in the language in force; `links` are the secrets of its links, and the one that ends it."""
        subject = gettext(subject, title=self.platform.title)
        queue_mail(self.session, to=to, lang=current_language(), subject=subject, body=body, **links)


def problem_words(group: ProblemGroup) -> Reason:
    """What is wrong and what to do, in the words of owners."""
    return mailed_reason(group.reason, group.examples[0].values)
