"""Digests: one mail to a subscriber for all their searches, each morning or each Monday, when there is something new.

What is new is read without a transaction. Then one transaction moves the subscriber's turn, remembers what is told and queues
the mail; where the turn was moved by another process, nothing happens. So a worker that is killed has told all of it or
nothing, a second worker tells nothing twice, and after an outage one digest tells what was missed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from platforma.addresses import Addresses
from platforma.catalogue.database import Database, Session
from platforma.catalogue.people import subscriptions
from platforma.catalogue.people.digest_times import next_digest_at
from platforma.catalogue.people.subscriptions import Saved, Subscription
from platforma.i18n import force_locale
from platforma.mail.digest_text import digest_text
from platforma.mail.mail_queue import queue_mail
from platforma.mail.search_news import SearchNews, first_known, news_of
from platforma.mail.signed_links import mailed_token
from platforma.settings import Settings
from search.port import BadQuery, SearchEngine

log = logging.getLogger(__name__)


def queue_due_digests(settings: Settings, database: Database, engine: SearchEngine, now: datetime) -> int:
    """Queue the digests that are due, after a first look at new searches; return how many mails were queued.

    Raises SearchError when the engine is down; what is left is due at the next call.
    """
    turn = DigestTurn(settings, database, engine, now)
    turn.look_first()
    with database.writing() as session:
        subscriptions.suspend_bounced(session, now)
    with database.reading() as session:
        ids = subscriptions.due_ids(session, now)
    return sum(turn.tell(id) for id in ids)


@dataclass(frozen=True, slots=True)
class DigestTurn:
    """The digests of one moment."""

    settings: Settings
    database: Database
    engine: SearchEngine
    now: datetime

    @property
    def today(self) -> date:
        """The day in the installation's time zone."""
        return self.now.astimezone(ZoneInfo(self.settings.time_zone)).date()

    def look_first(self) -> None:
        """Remember what new searches find already: only what comes later is news."""
        with self.database.reading() as session:
            unseen = subscriptions.unseen_searches(session)
        for saved in unseen:
            try:
                with self.database.reading() as session:
                    known = first_known(session, self.engine, saved, self.today)
            except (BadQuery, ValueError) as error:
                self._skip(saved, error)
                continue
            with self.database.writing() as session:
                subscriptions.remember(session, saved.id, known, saved.told_dates)

    def tell(self, subscriber_id: int) -> bool:
        """Queue the digest of one subscriber; return whether there was anything to tell."""
        with self.database.reading() as session:
            subscription = subscriptions.subscription(session, subscriber_id)
        if subscription is None:
            return False
        news = [one for saved in subscription.searches if (one := self._news_of(saved)) is not None]
        told = [one for one in news if one.new_count or one.near_count]
        next_at = next_digest_at(self.now, subscription.frequency, self.settings.time_zone)
        subject, body = self._text(subscription, told) if told else ("", "")
        with self.database.writing() as session:
            if not subscriptions.take_turn(session, subscription, next_at):
                return False
            for one in news:
                subscriptions.remember(session, one.saved.id, one.known, one.told_dates)
            if told:
                self._queue(session, subscription, subject, body)
        return bool(told)

    def _news_of(self, saved: Saved) -> SearchNews | None:
        """What is new for one search; None where it cannot be asked or nobody has looked first."""
        if saved.known is None:
            return None
        try:
            with self.database.reading() as session:
                return news_of(session, self.engine, saved, self.today)
        except (BadQuery, ValueError) as error:
            self._skip(saved, error)
            return None

    def _text(self, subscription: Subscription, told: list[SearchNews]) -> tuple[str, str]:
        """Subject and body in the subscriber's language."""
        with force_locale(subscription.lang, self.settings.translations_dir):
            return digest_text(self.settings, subscription, told)

    def _queue(self, session: Session, subscription: Subscription, subject: str, body: str) -> None:
        end_url = Addresses(self.settings.base_url).end_subscriptions(subscription.lang, mailed_token(subscription.public_id))
        queue_mail(
            session, to=subscription.email, lang=subscription.lang, subject=subject, body=body,
            secret_name=subscription.secret_name, unsubscribe_url=end_url,
        )  # fmt: skip

    def _skip(self, saved: Saved, error: Exception) -> None:
        """One search that cannot be asked any more keeps nobody from the others."""
        log.error("saved search %s is left out: %s", saved.id, error)
