"""The desk's new listings, which wait for a decision: on one, on those that are ticked, or on all that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import totals
from platforma.catalogue.decisions import listings as listings_decided
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.listing_names import names_by_public_id
from platforma.catalogue.listings.listing_queries import Alike
from platforma.catalogue.listings.shown_pairs import likely_same
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decided_lines import reason_text
from platforma.web.desk.decisions import carry_out, follow
from platforma.web.desk.joined_pages import LikelyLine
from platforma.web.public.rows import Row, row, vocabulary_label

LISTINGS_PER_PAGE = 20
MAX_AT_ONCE = 500
"""So many listings are decided about at once."""
ANY = "-"
"""Stands for listings of no known kind in addresses and forms."""


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """Listings that are alike: the address at which they are decided about at once, what they are, and how many."""

    url: str
    label: str
    in_all: int


@dataclass(frozen=True, slots=True)
class NewLine:
    """A listing that waits; `alike` are those of its platform and kind, None where it has no platform."""

    listing: Listing
    row: Row
    likely: Sequence[LikelyLine]
    alike: AlikeLine | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing, or not all, was done: what is wrong with the form, and (title, why) of the listings left as they were."""

    error: str = ""
    reason: str = ""
    failures: Sequence[tuple[str, str]] = ()


@blueprint.get("/listings")
def listings() -> str:
    """Some of the listings that wait, the oldest first; `?platform=` and `?kind=` leave those that are alike."""
    return _page(Refusal())


@blueprint.post("/listings")
def decide_listings() -> Response | tuple[str, int]:
    """Publish or refuse the ticked listings, or all that are alike, by one decision."""
    verb, reason = pressed("decision", "publish", "refuse", "publish-alike", "refuse-alike"), request.form.get("reason", "")
    alike = _alike()
    try:
        with services().database.writing() as session:
            if verb.endswith("-alike") and alike is not None:
                until = request.form.get("until", "")
                ids = listing_queries.ids_alike(session, alike, until=until, limit=MAX_AT_ONCE)
            else:
                ids = request.form.getlist("id")[:MAX_AT_ONCE]
            verb = verb.removesuffix("-alike")
            outcome = listings_decided.decide_all(session, public_ids=ids, verb=verb, actor=actor(), reason=reason)
    except BadValue as error:
        return _page(Refusal(_(error.reason, **error.values), reason)), 400
    failures = _failures(outcome.failures)
    if outcome.decision is None:
        return _page(Refusal(failures=failures)), 409
    follow()
    if failures:
        return _page(Refusal(failures=failures), decided=outcome.decision.id), 409
    return redirect(url_for("desk.listings", decided=outcome.decision.id))


@blueprint.post("/initiatives/<public_id>/decision")
def decide_listing(public_id: str) -> Response | tuple[str, int]:
    """Publish or refuse a new listing."""
    verb, reason = pressed("decision", "publish", "refuse"), request.form.get("reason", "")

    def decide() -> int:
        with services().database.writing() as session:
            return listings_decided.decide(session, public_id=public_id, verb=verb, actor=actor(), reason=reason).id

    return carry_out(decide, ("listing", public_id), partial(url_for, "desk.listings"))


def _page(refusal: Refusal, decided: int = 0) -> str:
    skip, alike = skipped(), _alike()
    with services().database.reading() as session:
        if alike is not None:
            found, total = listing_queries.waiting_alike(session, alike, limit=LISTINGS_PER_PAGE, offset=skip)
        else:
            found = listing_queries.new_listings(session, limit=LISTINGS_PER_PAGE, offset=skip)
            total = totals.new_listings_count(session)
        until = listing_queries.newest_waiting(session)
    lines = _lines(found)
    return render_template(
        "pages/desk/listings.html", lines=lines, total=total, skip=skip, refusal=refusal, until=until, decided=decided,
        next_skip=next_skip(skip, LISTINGS_PER_PAGE, total), ticked=set(request.form.getlist("id")), alike=alike,
        alike_label=lines[0].alike.label if alike and lines and lines[0].alike else "", at_once=min(total, MAX_AT_ONCE), any=ANY,
    )  # fmt: skip


def _lines(found: Sequence[Listing]) -> list[NewLine]:
    of = {listing.public_id: Alike.of(listing) for listing in found}
    with services().database.reading() as session:
        likely = likely_same(session, [listing.public_id for listing in found])
        platform_ids = {one.platform_id for one in of.values() if one is not None}
        in_all = {one: count for id in platform_ids for one, count in listing_queries.counts_alike(session, id).items()}
    return [
        NewLine(
            listing=listing, row=row(listing, current_language(), today=today()),
            likely=[LikelyLine.of(one) for one in likely.get(listing.public_id, ())],
            alike=_alike_words(of[listing.public_id], listing, in_all),
        )
        for listing in found
    ]  # fmt: skip


def _alike_words(alike: Alike | None, listing: Listing, in_all: Mapping[Alike, int]) -> AlikeLine | None:
    if alike is None:
        return None
    kind = vocabulary_label("kind", alike.kind, current_language()) if alike.kind else _("kind not known")
    address = url_for("desk.listings", platform=alike.platform_id, kind=alike.kind or ANY)
    return AlikeLine(address, f"{listing.sources[0].platform_title} · {kind}", in_all[alike])


def _alike() -> Alike | None:
    """What the listings of the page have in common, by address or form; None for all that wait."""
    platform_id, kind = request.values.get("platform", ""), request.values.get("kind", "")
    return Alike(platform_id, None if kind == ANY else kind) if platform_id and kind else None


def _failures(failures: Mapping[str, BadState]) -> list[tuple[str, str]]:
    with services().database.reading() as session:
        names = names_by_public_id(session, failures)
    lang = current_language()
    return [(names[id].title(lang).text if id in names else id, reason_text(error)) for id, error in failures.items()]
