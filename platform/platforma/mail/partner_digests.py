"""The weekly mail to those who answer for platforms: one for all of theirs, on Monday mornings, none where nothing is new.

One transaction moves the person's turn and queues the mail, so that a worker that is killed has done both or nothing, and a
second worker mails nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crawlers.reasons import Reason
from platforma.addresses import Addresses
from platforma.catalogue.enums import DigestFrequency, PartnerMail
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.partners import own_news
from platforma.catalogue.partners.own_news import PlatformNews
from platforma.catalogue.people import partner_mails
from platforma.catalogue.people.digest_times import next_digest_at
from platforma.catalogue.people.partner_mails import Reader
from platforma.i18n import current_language, force_locale, gettext
from platforma.mail.crawl_mails import MAX_GROUPS, problem_words
from platforma.mail.mail_queue import queue_mail
from platforma.mail.mail_text import render_mail
from platforma.mail.owner_words import mailed_reason
from platforma.mail.report_links import mailed_report_link, report_secret_name
from platforma.mail.signed_links import mailed_token
from platforma.settings import Settings
from vocabulary.messages import N_

SUBJECT_OF_ONE = N_("News of %(title)s")
SUBJECT_OF_SEVERAL = N_("News of your platforms: %(count)s")
MAX_LISTINGS = 5
MAX_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class NewsPart:
    """What the mail says of one platform. `failure` is None where it could be read; `problems` are (words, how often); `refused`
    are (title, reason); `changed` are titles. `report_url` is empty where nothing was read yet."""

    title: str
    page_url: str
    report_url: str
    failure: Reason | None
    problems: Sequence[tuple[Reason, int]]
    refused: Sequence[tuple[str, str]]
    refused_in_all: int
    changed: Sequence[str]
    changed_in_all: int


def queue_partner_digests(settings: Settings, session: Session, now: datetime) -> int:
    """Queue the mails that are due; return how many."""
    partner_mails.add_contacts(session, now, settings.time_zone)
    next_at = next_digest_at(now, DigestFrequency.WEEKLY, settings.time_zone)
    due = partner_mails.due_readers(session, now)
    turns = [reader for reader in due if partner_mails.take_turn(session, reader, next_at=next_at, now=now)]
    return sum(_tell(settings, session, reader, now) for reader in turns)


def _tell(settings: Settings, session: Session, reader: Reader, now: datetime) -> bool:
    """Queue the mail to a person; return whether there was anything to tell."""
    told, with_crawls = [], reader.wish == PartnerMail.WEEKLY
    for platform in partner_mails.platforms_of(session, reader.email):
        news = own_news.news_of(session, platform, since=reader.told_at, now=now, with_crawls=with_crawls)
        told += [news] if news.is_any else []
    if told:
        with force_locale(reader.lang, settings.translations_dir):
            _queue(settings, session, reader, told)
    return bool(told)


def _queue(settings: Settings, session: Session, reader: Reader, told: Sequence[PlatformNews]) -> None:
    addresses, lang = Addresses(settings.base_url), current_language()
    end_url = addresses.end_partner_mails(lang, mailed_token(reader.public_id))
    parts = [_part(settings, news, number) for number, news in enumerate(told, 2)]
    body = render_mail(
        settings.templates_dir, "partner_weekly.txt", parts=parts, own_url=addresses.own_platforms(lang), end_url=end_url
    )
    queue_mail(
        session, to=reader.email, lang=lang, subject=_subject(told), body=body, secret_name=reader.secret_name,
        unsubscribe_url=end_url, more_secrets=[report_secret_name(news.platform) for news in told],
    )  # fmt: skip


def _subject(told: Sequence[PlatformNews]) -> str:
    if len(told) == 1:
        return gettext(SUBJECT_OF_ONE, title=told[0].platform.title)
    return gettext(SUBJECT_OF_SEVERAL, count=len(told))


def _part(settings: Settings, news: PlatformNews, number: int) -> NewsPart:
    """What is said of one platform; `number` tells which of the mail's secrets opens its reports."""
    lang, platform, crawl = current_language(), news.platform, news.crawl
    return NewsPart(
        title=_plain(platform.title),
        page_url=Addresses(settings.base_url).own_platform(lang, platform.public_id),
        report_url=mailed_report_link(settings, platform, crawl.crawl_id, lang, number=number) if crawl else "",
        failure=mailed_reason(crawl.reason, crawl.values) if crawl and news.has_failed else None,
        problems=[(problem_words(group), group.count) for group in news.problems[:MAX_GROUPS]],
        refused=[(_title(one.listing), _plain(one.reason)) for one in news.refused[:MAX_LISTINGS]],
        refused_in_all=news.refused_in_all,
        changed=list(dict.fromkeys(_title(one.listing) for one in news.changed))[:MAX_LISTINGS],
        changed_in_all=news.changed_in_all,
    )


def _title(listing: Listing) -> str:
    return _plain(listing.title(current_language()).text)[:MAX_TITLE_CHARACTERS]


def _plain(text: str) -> str:
    """The text in one line; nothing in it is taken for the place of a secret."""
    return " ".join(text.replace("~secret", "").split())
