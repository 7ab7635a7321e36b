"""One look at a website: whether it answers, and what its front page says of itself."""

from __future__ import annotations

from crawlers.errors import AddressRefused, BadStatus, FetchError, NoSuchHost, RobotsForbid, SiteGivenUp, Walled
from crawlers.fetch import PoliteSession
from crawlers.recipe import Limits
from crawlers.texts.missing_pages import says_nothing_is_there
from crawlers.values.addresses import host_of
from crawlers.websites.head import language_in, title_in, visible_text
from crawlers.websites.looks import Look, Outcome
from crawlers.websites.parking import parking_sign
from vocabulary.messages import N_

ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
LIMITS = Limits(bytes_per_page=100_000, timeout_seconds=15)
NOTHING_THERE = N_("the page only says that nothing is there")
CLOSED_STATUSES = range(400, 500)
BUSY_STATUSES = ("408", "425", "429")


def look(session: PoliteSession, url: str) -> Look:
    """Ask a website once, for at most the first part of its page. Raises Stopped."""
    session.limits, session.is_truncated = LIMITS, True
    try:
        page = session.get(url, accept=ACCEPT)
    except (FetchError, SiteGivenUp) as error:
        return Look(_outcome(error), reason=error.reason, values=error.values)
    markup = page.text()
    title, text = title_in(markup), visible_text(markup)
    if says_nothing_is_there(title):
        return Look(Outcome.GONE, reason=NOTHING_THERE)
    parked = parking_sign(title, text, markup, page.url)
    return Look(Outcome.PAGE, title, language_in(markup), host_of(page.url), parked)


def _outcome(error: FetchError | SiteGivenUp) -> Outcome:
    if isinstance(error, NoSuchHost):
        return Outcome.NO_HOST
    if isinstance(error, FetchError) and error.is_gone:
        return Outcome.GONE
    if isinstance(error, RobotsForbid | AddressRefused | Walled):
        return Outcome.CLOSED
    if isinstance(error, BadStatus):
        status = str(error.values.get("status", ""))
        is_closed = status.isdecimal() and int(status) in CLOSED_STATUSES and status not in BUSY_STATUSES
        return Outcome.CLOSED if is_closed else Outcome.SILENT
    return Outcome.SILENT
