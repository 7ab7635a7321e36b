"""Subscribers and their saved searches: asked for by a link, confirmed, changed, ended. No account belongs to them.

Before the confirmation the address stands only in the token and in the mail of the link. When the last search ends, the
subscriber is deleted with all mails to that address, so that nothing of the person is left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import is_due
from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import Mail, MailState, SavedSearch, Subscriber
from platforma.catalogue.people import tokens
from platforma.catalogue.people.digest_times import FARTHEST_DIGEST, next_digest_at
from platforma.catalogue.people.unconfirmed import forget_requests

MAX_SEARCHES = 20
"""How many searches one subscriber may have."""
MAX_BOUNCES = 2
"""So many digests in a row that could not be delivered suspend a subscriber."""
FORGET_SUSPENDED_AFTER = timedelta(days=90)
DIGESTS = "digests"
"""The purpose of the secrets in a subscriber's links."""


class TooManySearches(CatalogueError):
    """The subscriber has MAX_SEARCHES saved searches already."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody asks for: digests of a search to an address, in a language. `frequency` holds for all their searches.

    `parameters` is the query string of the search, `question` the same for the engine (see saved_queries.py), `titles` what it
    is called by interface language.
    """

    email: str
    lang: str
    frequency: str
    parameters: str
    question: Mapping[str, object]
    titles: Mapping[str, str]

    @property
    def key(self) -> str:
        """What tells one search of a subscriber from another."""
        return hashlib.sha256(self.parameters.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search; `titles` by interface language. `known` is the packed set of the listings that are no news (see
    listing_sets.py), None before the first look; `told_dates` are the dates of events and calls that were told as near, by
    public id."""

    id: int
    parameters: str
    question: Mapping[str, object]
    titles: Mapping[str, str]
    created_at: datetime
    known: bytes | None
    told_dates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscriber with their saved searches, the oldest first."""

    id: int
    public_id: str
    email: str
    lang: str
    frequency: DigestFrequency
    next_digest_at: datetime
    is_suspended: bool
    searches: tuple[Saved, ...]

    @property
    def secret_name(self) -> str:
        """The name that the secret of this subscriber's links derives from."""
        return secret_name(self.public_id)


def secret_name(public_id: str) -> str:
    """The name that the secret of a subscriber's links derives from."""
    return f"{DIGESTS}:{public_id}"


def issue_request(session: Session, request: SearchRequest, *, key: bytes) -> str:
    """Store a request until it is confirmed; return the name from which the secret of its link derives."""
    return tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_SEARCH, key=key, payload=asdict(request))


def read_request(session: Session, secret: str) -> SearchRequest:
    """The request that a link confirms. Raises BadToken."""
    return SearchRequest(**tokens.read_token(session, secret, tokens.CONFIRM_SEARCH).payload)


def confirm(session: Session, secret: str, *, lang: str, now: datetime, zone: str) -> Subscription:
    """Use the link up and save its search; one that is saved already stays as it is. Digests come in `lang` from now on.

    The frequency of the request holds for all searches of the subscriber, and a suspension ends. Raises BadToken, and
    TooManySearches, which leaves the link as it was.
    """
    token = tokens.use_token(session, secret, tokens.CONFIRM_SEARCH)
    request = SearchRequest(**token.payload)
    subscriber = session.scalar(select(Subscriber).where(Subscriber.email == request.email).with_for_update())
    if subscriber is None:
        subscriber = Subscriber(public_id=new_public_id(), email=request.email, created_at=now)
        session.add(subscriber)
    _save_search(subscriber, request, now)
    subscriber.lang, subscriber.frequency = lang, DigestFrequency(request.frequency)
    subscriber.suspended_at, subscriber.next_digest_at = None, next_digest_at(now, subscriber.frequency, zone)
    token.payload = {}
    session.flush()
    return _subscription(subscriber)


def subscription_of(session: Session, public_id: str) -> Subscription | None:
    """The subscriber of this public id; None where there is none, or none any more."""
    subscriber = _subscriber(session, public_id)
    return _subscription(subscriber) if subscriber is not None else None


def subscription(session: Session, id: int) -> Subscription | None:
    """The subscriber of this row id; None where there is none any more."""
    subscriber = session.get(Subscriber, id)
    return _subscription(subscriber) if subscriber is not None else None


def change_frequency(session: Session, public_id: str, frequency: DigestFrequency, *, now: datetime, zone: str) -> None:
    """Send digests this often from now on, also after they were suspended; nothing happens where nobody has this id."""
    subscriber = _subscriber(session, public_id)
    if subscriber is not None:
        subscriber.frequency, subscriber.suspended_at = frequency, None
        subscriber.next_digest_at = next_digest_at(now, frequency, zone)


def end_search(session: Session, public_id: str, search_id: int) -> None:
    """End one search; with the last one the subscriber is deleted. Nothing happens where it has ended already."""
    subscriber = _locked_subscriber(session, public_id)
    if subscriber is None:
        return
    subscriber.searches = [search for search in subscriber.searches if search.id != search_id]
    if not subscriber.searches:
        end_all(session, public_id)


def end_all(session: Session, public_id: str) -> None:
    """Delete a subscriber with all searches and mails, also those that are being queued now; nothing happens where nobody has
    this id (any more)."""
    subscriber = _locked_subscriber(session, public_id)
    if subscriber is not None:
        is_request = Mail.to == subscriber.email, Mail.secret_name.startswith(f"{tokens.CONFIRM_SEARCH}:", autoescape=True)
        forget_requests(session, *is_request)
        session.execute(delete(Mail).where(Mail.secret_name == secret_name(public_id)))
        session.delete(subscriber)
        session.flush()


def due_ids(session: Session, now: datetime) -> list[int]:
    """Row ids of the subscribers whose digest is due, the longest due first."""
    is_wanted = is_due(Subscriber.next_digest_at, now, FARTHEST_DIGEST), Subscriber.suspended_at.is_(None)
    return list(session.scalars(select(Subscriber.id).where(*is_wanted).order_by(Subscriber.next_digest_at, Subscriber.id)))


def unseen_searches(session: Session) -> list[Saved]:
    """The saved searches that nobody has looked at yet, the oldest first."""
    query = select(SavedSearch).where(SavedSearch.known.is_(None)).order_by(SavedSearch.id)
    return [_saved(search) for search in session.scalars(query)]


def take_turn(session: Session, subscription: Subscription, next_at: datetime) -> bool:
    """Move the next digest to `next_at`; False where another process has done so, or the subscriber changed it or left."""
    is_unchanged = Subscriber.id == subscription.id, Subscriber.next_digest_at == subscription.next_digest_at
    statement = update(Subscriber).where(*is_unchanged).values(next_digest_at=next_at)
    return session.connection().execute(statement).rowcount == 1


def remember(session: Session, search_id: int, known: bytes, told_dates: Mapping[str, str]) -> None:
    """Store what is no news of a search any more (see Saved)."""
    values = {"known": known, "told_dates": dict(told_dates)}
    session.execute(update(SavedSearch).where(SavedSearch.id == search_id).values(values))


def suspend_bounced(session: Session, now: datetime) -> int:
    """Suspend the subscribers to whom the last MAX_BOUNCES digests could not be delivered; return how many."""
    is_failed_digest = Mail.secret_name.startswith(f"{DIGESTS}:", autoescape=True), Mail.state == MailState.FAILED
    names = session.scalars(select(Mail.secret_name).where(*is_failed_digest).group_by(Mail.secret_name)).all()
    bounced = [name for name in names if name is not None and _last_states(session, name) == MAX_BOUNCES * [MailState.FAILED]]
    for name in bounced:
        public_id = name.removeprefix(f"{DIGESTS}:")
        session.execute(update(Subscriber).where(Subscriber.public_id == public_id).values(suspended_at=now))
        session.execute(delete(Mail).where(Mail.secret_name == name))
    return len(bounced)


def prune_subscribers(session: Session, now: datetime) -> None:
    """Delete subscribers that have been suspended for long."""
    query = select(Subscriber.public_id).where(Subscriber.suspended_at < now - FORGET_SUSPENDED_AFTER)
    for public_id in session.scalars(query).all():
        end_all(session, public_id)


def _save_search(subscriber: Subscriber, request: SearchRequest, now: datetime) -> None:
    if any(search.key == request.key for search in subscriber.searches):
        return
    if len(subscriber.searches) >= MAX_SEARCHES:
        raise TooManySearches(request.email)
    search = SavedSearch(key=request.key, parameters=request.parameters, question=dict(request.question), told_dates={})
    search.titles, search.created_at = dict(request.titles), now
    subscriber.searches.append(search)


def _last_states(session: Session, name: str) -> list[MailState]:
    """How the last MAX_BOUNCES digests of a subscriber ended, the last one first."""
    query = select(Mail.state).where(Mail.secret_name == name, Mail.ended_at.is_not(None))
    return list(session.scalars(query.order_by(Mail.id.desc()).limit(MAX_BOUNCES)))


def _subscriber(session: Session, public_id: str) -> Subscriber | None:
    return session.scalar(select(Subscriber).where(Subscriber.public_id == public_id))


def _locked_subscriber(session: Session, public_id: str) -> Subscriber | None:
    """The subscriber, whom nobody else can change or mail to until the session ends."""
    return session.scalar(select(Subscriber).where(Subscriber.public_id == public_id).with_for_update())


def _subscription(row: Subscriber) -> Subscription:
    searches = tuple(_saved(search) for search in row.searches)
    is_suspended = row.suspended_at is not None
    frequency = DigestFrequency(row.frequency)
    return Subscription(row.id, row.public_id, row.email, row.lang, frequency, row.next_digest_at, is_suspended, searches)


def _saved(row: SavedSearch) -> Saved:
    return Saved(row.id, row.parameters, row.question, row.titles, row.created_at, row.known, row.told_dates)
