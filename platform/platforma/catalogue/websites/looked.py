"""What looks at websites found: which are due, how they stand after a look, and when the next one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.websites.looks import Look, Outcome
from platforma.catalogue.enums import InitiativeState, WebsiteState
from platforma.catalogue.models import Initiative, ListingWebsite, Website
from platforma.catalogue.websites.doubts import Seen, doubt

PAUSES = (timedelta(hours=12), timedelta(hours=24), timedelta(days=7), timedelta(days=30))
"""The pauses after looks that found the same again and again; what is new begins anew. The last one stays."""
DEAD_AFTER = 3
"""So many looks in a row that found nothing there make a website dead."""


@dataclass(frozen=True, slots=True)
class DueWebsite:
    """A website to look at."""

    key: str
    url: str


def due_websites(session: Session, now: datetime, limit: int) -> list[DueWebsite]:
    """The websites that are due and that a published listing names, those that wait longest first.

    The state of listings is asked for by what it is not: else SQLite would look through its index for each website.
    """
    others = [state for state in InitiativeState if state != InitiativeState.PUBLISHED]
    is_shown = (
        select(ListingWebsite.website_key)
        .join(Initiative, Initiative.id == ListingWebsite.initiative_id)
        .where(ListingWebsite.website_key == Website.key, Initiative.state.not_in(others))
    )
    query = select(Website.key, Website.url).where(Website.due_at <= now, is_shown.exists())
    return [DueWebsite(*row) for row in session.execute(query.order_by(Website.due_at, Website.key).limit(limit))]


def alive_hosts(session: Session, limit: int) -> list[str]:
    """Names of hosts at which a page was seen lately: where none of them has an address now, the fault is on our side."""
    query = select(Website.seen).where(Website.state == WebsiteState.ALIVE).order_by(Website.due_at.desc()).limit(limit)
    hosts = (str(seen.get("host", "")) for seen in session.scalars(query))
    return [host for host in hosts if "." in host and not host.replace(".", "").isdecimal()]


def note_look(session: Session, key: str, look: Look, now: datetime) -> None:
    """Store what a look found; nothing, where meanwhile no listing names the website."""
    row = session.get(Website, key, with_for_update=True)
    if row is None:
        return
    before = _signature(row)
    if look.outcome == Outcome.PAGE:
        _note_page(session, row, look, now)
    else:
        _note_failure(row, look, now)
    is_same = row.fetched_at is not None and _signature(row) == before
    row.unchanged = row.unchanged + 1 if is_same else 0
    row.fetched_at, row.due_at = now, now + PAUSES[min(row.unchanged, len(PAUSES) - 1)]


def _note_page(session: Session, row: Website, look: Look, now: datetime) -> None:
    seen = Seen(look.title, look.lang, look.host, look.parked)
    known = Seen(**row.known) if row.known else None
    found = doubt(row.url, seen, known, _names(session, row.key))
    row.failures, row.first_failed_at, row.seen = 0, None, asdict(seen)
    if found is None:
        row.known = row.seen
        _set_state(row, WebsiteState.ALIVE, now)
        row.reason, row.values = None, {}
    else:
        _set_state(row, found.state, now)
        row.reason, row.values = found.reason, dict(found.values)


def _note_failure(row: Website, look: Look, now: datetime) -> None:
    """Note a look that saw no page. What was accepted stays known, so that a site that comes back is told from another one.
    A dead website stays dead until a page, or a site that does not want to be asked, answers."""
    was_dead = row.state == WebsiteState.DEAD
    row.failures = row.failures + 1 if look.outcome in (Outcome.GONE, Outcome.NO_HOST) else 0
    row.first_failed_at = None if look.outcome == Outcome.CLOSED else row.first_failed_at or now
    if look.outcome == Outcome.CLOSED:
        _set_state(row, WebsiteState.CLOSED, now)
    else:
        _set_state(row, WebsiteState.DEAD if was_dead or row.failures >= DEAD_AFTER else WebsiteState.SILENT, now)
    row.reason, row.values = look.reason, dict(look.values)


def _set_state(row: Website, state: WebsiteState, now: datetime) -> None:
    """Change the state; what a curator said of the former one does not hold for another."""
    if row.state != state:
        row.state, row.since, row.settled_at = state, now, None


def _signature(row: Website) -> tuple[object, ...]:
    """What counts as new when it changes: how it stands, why, and what the page says of itself. That a website which does not
    answer is dead by now is nothing new."""
    is_down = row.state in (WebsiteState.SILENT, WebsiteState.DEAD)
    state = WebsiteState.SILENT if is_down else WebsiteState(row.state)
    return state, row.reason, row.seen


def _names(session: Session, key: str) -> Sequence[str]:
    """The names of the listings that name a website: titles in all languages, and organisations."""
    query = select(Initiative.composed).join(ListingWebsite, ListingWebsite.initiative_id == Initiative.id)
    composed = list(session.scalars(query.where(ListingWebsite.website_key == key)))
    titles = [title for one in composed for title in one.get("texts", {}).get("title", {}).values()]
    return titles + [name for one in composed if (name := one.get("fields", {}).get("organisation"))]
