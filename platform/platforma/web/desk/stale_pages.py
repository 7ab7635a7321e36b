"""View models of the desk's queue of what may be out of date: one item with what is known, and the ones after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for

from platforma.catalogue.listings.grace import GRACE
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.listings.stale import Cause, StaleItem
from platforma.catalogue.listings.stale_decisions import ASK, KEEP, UNPUBLISH, Decision
from platforma.i18n import current_language, day, number
from platforma.i18n import gettext as _
from platforma.web.crawl_views import reason_of
from platforma.web.desk.walks import Walk
from platforma.web.public.rows import listing_url


@dataclass(frozen=True, slots=True)
class StaleLine:
    """An item in the list of those that come next."""

    title: Text
    cause: str
    since: datetime
    url: str


@dataclass(frozen=True, slots=True)
class StaleView:
    """The item to decide on. `seen` says what was found at its website (`website` is empty without one), tried last at
    `tried_at`; `archived_on` is the instant from which the listing is archived by itself, None where it is not; `can_ask`: a
    letter can be sent now."""

    item: StaleItem
    title: Text
    cause: str
    seen: str
    website: str
    tried_at: datetime | None
    archived_on: datetime | None
    last_seen_at: datetime | None
    email: str
    sources: str
    public_url: str
    desk_url: str
    can_ask: bool


@dataclass(frozen=True, slots=True)
class DoneLine:
    """A decision in words; `title` is None where the listing is not named."""

    id: int
    title: Text | None
    what: str
    desk_url: str


@dataclass(frozen=True, slots=True)
class StalePage:
    """The page. `place` is that of the item in the queue, 0 where it was asked for by name; `refused` says why nothing was
    done."""

    shown: StaleView | None
    total: int
    oldest: datetime | None
    place: int
    rest: Sequence[StaleLine]
    done: DoneLine | None
    undone: DoneLine | None
    refused: str
    lately: ClassVar[tuple[()]] = ()

    @property
    def walk(self) -> Walk | None:
        """The place of the item among those that wait; None where nothing does."""
        return _walk(self.place, self.total, self.oldest) if self.shown else None

    @property
    def skip(self) -> int:
        """How many items stand before this one."""
        return max(0, self.place - 1)


def _walk(place: int, total: int, oldest: datetime | None) -> Walk:
    return Walk(
        place=place,
        total=total,
        words=_("%(place)s of %(total)s", place=number(place), total=number(total)),
        more=_("the oldest waits since %(day)s", day=day(oldest, "genitive")) if oldest else "",
        label=_("Listings that wait"),
        all_label=_("All that waits"),
        address=lambda skip: url_for("desk.stale", skip=skip),
    )


def cause_text(cause: Cause) -> str:
    """Why a listing may be out of date."""
    return {
        Cause.ENDED: _("The organisation answered that this no longer exists"),
        Cause.DEAD: _("The website is not there any more"),
        Cause.PARKED: _("The website may be only a parked domain"),
        Cause.OTHER: _("The website may belong to somebody else"),
        Cause.GONE: _("No source lists it any more"),
        Cause.SILENT: _("The website has not answered for a month"),
        Cause.UNCONFIRMED: _("Nobody has confirmed or edited this for two years"),
    }[cause]


def stale_line(item: StaleItem, listing: Listing) -> StaleLine:
    """An item of the list."""
    return StaleLine(listing.title(current_language()), cause_text(item.cause), item.since, url_for("desk.stale", item=item.name))


def stale_view(item: StaleItem, listing: Listing, *, can_ask: bool) -> StaleView:
    """The item to decide on."""
    return StaleView(
        item=item,
        title=listing.title(current_language()),
        cause=cause_text(item.cause),
        seen=reason_of(item.reason, dict(item.values)).what,
        website=item.website,
        tried_at=item.tried_at,
        archived_on=item.since + GRACE if item.cause == Cause.GONE else None,
        last_seen_at=listing.last_seen_at,
        email=listing.get("email") or "",
        sources=", ".join(dict.fromkeys(source.platform_title for source in listing.sources)),
        public_url=listing_url(listing),
        desk_url=url_for("desk.edit", public_id=item.public_id),
        can_ask=can_ask,
    )


def done_line(decision: Decision, title: Text | None) -> DoneLine:
    """A decision in words."""
    texts = {KEEP: _("Fine as it is"), UNPUBLISH: _("Taken off the site"), ASK: _("The organisation is asked")}
    what = texts.get(decision.action, _("changed manually"))
    return DoneLine(decision.id, title, what, url_for("desk.edit", public_id=decision.public_id))
