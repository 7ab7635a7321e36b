"""The view model of a partner's page: state and next step in their words, listings, crawls, changes, duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from crawlers.reasons import Reason
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import CrawlState, InitiativeState, PlatformState
from platforma.catalogue.ingest.reports import ProblemGroup
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.partners.own_listings import Changed, OwnListings
from platforma.catalogue.partners.own_platforms import LICENCES, OwnPlatform
from platforma.catalogue.platforms.platform_states import DECIDED_WITHIN, Stop
from platforma.i18n import current_language, day, language_name, number, today
from platforma.i18n import gettext as _
from platforma.mail.owner_words import owner_reason
from platforma.web.crawl_views import CrawlLine, crawl_line
from platforma.web.labels import field_label, value_text
from platforma.web.partner.access import still_to_come
from platforma.web.public.rows import Row, listing_url, row
from vocabulary.languages import LANGUAGES

TOLD = ("found", "new", "changed", "unchanged", "gone", "refused", "warnings")
"""Which counts of a crawl its partner is told, where they are not 0; what it cost is for curators."""
Step = tuple[str, str]
"""The value of a button, and what stands on it."""


@dataclass(frozen=True, slots=True)
class ListingLink:
    """A listing by its title; `url` is empty where visitors do not see it."""

    title: Text
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What curators set in a field of a listing, in words."""

    listing: ListingLink
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A kind of problem: what is wrong and what to do, how often it was met, examples as (address or name, value)."""

    reason: Reason
    is_left_out: bool
    count: int
    examples: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A partner's page. `counts` are (label, number); `steps` are the buttons that change whether it is read."""

    platform: OwnPlatform
    state: str
    next: str
    counts: Sequence[Step]
    search_url: str
    public_url: str
    newest: Sequence[Row]
    waiting: Sequence[ListingLink]
    refused: Sequence[ListingLink]
    changed: Sequence[ChangeLine]
    shared: Sequence[ListingLink]
    listings: OwnListings
    last: CrawlLine | None
    report_url: str
    reports_url: str
    next_crawl: str
    order_from: str
    problems: Sequence[ProblemLine]
    steps: Sequence[Step]
    languages: Sequence[Step]
    licences: Sequence[Step]


def own_page(platform: OwnPlatform, listings: OwnListings, token: str) -> OwnPage:
    """The page of a platform; `token` opens its reports."""
    last = platform.last_crawl
    state, following = state_words(platform.state, platform.stop, platform.asked_at, platform.created_at)
    return OwnPage(
        platform=platform, state=state, next=following, counts=_counts(listings), listings=listings,
        search_url=url_for("directory.search", platform=platform.id) if platform.is_public else "",
        public_url=url_for("directory.platform", public_id=platform.public_id, slug="-") if platform.is_public else "",
        newest=[row(one, current_language(), today=today()) for one in listings.newest],
        waiting=[_link(one) for one in listings.waiting],
        refused=[_link(one.listing, one.reason) for one in listings.refused],
        changed=[_change_line(one) for one in listings.changed],
        shared=[_shared(one, platform.id) for one in listings.shared],
        last=_last(platform),
        report_url=url_for("reports.report", token=token, crawl_id=last.crawl_id) if last else "",
        reports_url=url_for("reports.crawls", token=token),
        next_crawl=_next_crawl(platform), order_from=still_to_come(platform.crawl_from),
        problems=_problems(platform), steps=_steps(platform),
        languages=[(code, language_name(code)) for code in LANGUAGES],
        licences=[("", _("none: only a short text and a link are shown")), *((id, licence_words(id)) for id in LICENCES)],
    )  # fmt: skip


def state_words(state: PlatformState, stop: Stop | None, asked_at: datetime | None, since: datetime | None) -> Step:
    """How a platform stands, and what its partner does next; `since` is when it was proposed, None where that is not said."""
    if asked_at is not None:
        return _("The curators ask you something."), _("Answer below; then they go on.")
    if stop is not None:
        return _stopped(stop)
    words = {
        PlatformState.PROPOSED: (
            _("Your platform waits for a curator. Nothing of it is public yet."),
            _waiting(since),
        ),
        PlatformState.PROBATION: (
            _("Your platform is in the directory. Each new entry waits until a curator has looked at it."),
            _("Once the curators know your entries well, new ones become public at once."),
        ),
        PlatformState.TRUSTED: (
            _("Your platform is in the directory. New entries are public as soon as they are read."),
            _("What you change on your site also changes here after the next reading."),
        ),
        PlatformState.PAUSED: (
            _("The curators paused the reading. What was public stays public."),
            _("Write to them if you want to know why."),
        ),
        PlatformState.REFUSED: (
            _("Your platform was not accepted. Nothing of it is public."),
            _("If something has changed since, propose it again; what was written before is kept."),
        ),
        PlatformState.LEFT: (
            _("Your platform has left. None of its entries is public."),
            _("You can propose it again at any time."),
        ),
    }
    return words[state]


def _waiting(since: datetime | None) -> str:
    if since is None or since + DECIDED_WITHIN < utc_now():
        return _("You need not do anything. We write to you when a decision is made.")
    by = day(since + DECIDED_WITHIN, "dative")
    return _("You need not do anything; a decision is usually made by %(day)s. We write to you then.", day=by)


def _stopped(stop: Stop) -> Step:
    if stop == Stop.LEFT:
        return (
            _("Your platform has left. Its entries stay, but are no longer updated."),
            _("You can go on at any time, or have the entries taken out as well."),
        )
    return _("You paused the reading. What was public stays public."), _("Go on when you are ready.")


def licence_words(id: str) -> str:
    """A licence with what it lets others do."""
    means = {
        "CC0-1.0": _("everything, without conditions"),
        "CC-BY-4.0": _("everything, if your name is given"),
        "CC-BY-SA-4.0": _("everything, if your name is given and what is made of it has the same licence"),
        "CC-BY-NC-4.0": _("what is not for profit, if your name is given"),
        "CC-BY-NC-SA-4.0": _("what is not for profit, if your name is given and the licence stays the same"),
        "CC-BY-ND-4.0": _("passing on unchanged, if your name is given"),
        "CC-BY-NC-ND-4.0": _("passing on unchanged and not for profit, if your name is given"),
    }
    return f"{id}: {means[id]}"


def _counts(listings: OwnListings) -> list[Step]:
    labels = {
        InitiativeState.PUBLISHED: _("shown to visitors"),
        InitiativeState.NEW: _("waiting for a curator"),
        InitiativeState.REFUSED: _("refused by curators"),
        InitiativeState.ARCHIVED: _("no longer on your site"),
    }
    return [(label, number(listings.counts[state])) for state, label in labels.items() if listings.counts.get(state)]


def _link(listing: Listing, note: str = "") -> ListingLink:
    is_public = listing.state == InitiativeState.PUBLISHED
    return ListingLink(listing.title(current_language()), listing_url(listing) if is_public else "", note)


def _shared(listing: Listing, platform_id: str) -> ListingLink:
    others = dict.fromkeys(source.platform_title for source in listing.sources if source.platform_id != platform_id)
    return _link(listing, ", ".join(others))


def _change_line(change: Changed) -> ChangeLine:
    label = field_label(change.field)
    if change.lang not in ("", "und"):
        label = f"{label} ({language_name(change.lang)})"
    before, after = value_text(change.field, change.before), value_text(change.field, change.after)
    return ChangeLine(_link(change.listing), label, before, after)


def _last(platform: OwnPlatform) -> CrawlLine | None:
    """The last crawl, with why it failed or waits in the owner's words."""
    crawl = platform.last_crawl
    if crawl is None:
        return None
    is_told = crawl.reason and crawl.state in (CrawlState.FAILED, CrawlState.HELD)
    reason = owner_reason(crawl.reason, crawl.values) if is_told else None
    told = {name: count for name, count in crawl.counts.items() if name in TOLD and (count or name == "found")}
    crawl = replace(crawl, counts=told)
    return replace(crawl_line(crawl, is_running=platform.is_crawled_now), reason=reason)


def _problems(platform: OwnPlatform) -> list[ProblemLine]:
    return [_problem(group) for group in platform.problems]


def _problem(group: ProblemGroup) -> ProblemLine:
    examples = [(one.url or one.remote_id or "", one.value or "") for one in group.examples]
    return ProblemLine(owner_reason(group.reason), group.severity == "refused", group.count, examples)


def _next_crawl(platform: OwnPlatform) -> str:
    if platform.is_crawled_now:
        return _("It is being read now.")
    if platform.next_crawl_at is None:
        return _("No reading is planned.")
    when = still_to_come(platform.next_crawl_at)
    return _("The next reading: %(when)s.", when=when) if when else _("The next reading begins within minutes.")


def _steps(platform: OwnPlatform) -> list[Step]:
    if platform.state in (PlatformState.PROBATION, PlatformState.TRUSTED) and not platform.reads_files:
        return [("pause", _("Pause the reading"))]
    return [("resume", _("Go on"))] if platform.stop is not None else []
