"""The desk: what needs a curator's decision, one thing at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import changes, mails, misses, queries, sources
from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listing import Listing
from platforma.catalogue.mails import queue_mail
from platforma.catalogue.models import PlatformState
from platforma.catalogue.states import PUBLIC_PLATFORMS, PlatformAction
from platforma.i18n import current_language, speaking
from platforma.i18n import gettext as _
from platforma.indexing import drain_outbox
from platforma.jobs import wake
from platforma.web import viewmodels
from platforma.web.context import actor, pressed, require_curator, services, skipped
from platforma.web.desk_views import crawl_line, platform_actions, say
from search.port import SearchError

log = logging.getLogger(__name__)
blueprint = Blueprint("desk", __name__, url_prefix="/<any(lv, en):lang>/desk")
blueprint.before_request(require_curator)
PAGE = 20
SAMPLES = 5
APPROVALS = (PlatformAction.TRUST, PlatformAction.PROBATION)
PLATFORM_DECISIONS = {
    "approve": PlatformAction.TRUST,
    "probation": PlatformAction.PROBATION,
    "refuse": PlatformAction.REFUSE,
    "pause": PlatformAction.PAUSE,
    "leave": PlatformAction.LEAVE,
}
"""By what a form says."""


@blueprint.get("/")
def today() -> str:
    with services().database.reading() as session:
        counts, undelivered = queries.desk_counts(session), mails.undelivered_count(session)
    return render_template("pages/desk/today.html", counts=counts, undelivered=undelivered)


@blueprint.get("/platforms")
def platforms() -> str:
    with services().database.reading() as session:
        cards = queries.platforms_in(session, (PlatformState.PROPOSED,))
        new = {card.id: queries.new_listings(session, limit=SAMPLES, platform_id=card.id) for card in cards}
    samples = {id: [_desk_row(one) for one in found] for id, found in new.items()}
    last = {card.id: card.last_crawl for card in cards if card.last_crawl}
    failures = {id: f"{said.what} {said.advice}" for id, crawl in last.items() for said in [say(crawl.reason, crawl.values)]}
    return render_template(
        "pages/desk/platforms.html", cards=cards, samples=samples, failures=failures,
        actions={card.id: platform_actions(card.state) for card in cards},
    )  # fmt: skip


@blueprint.post("/platforms/<platform_id>")
def decide_platform(platform_id: str) -> Response | tuple[str, int]:
    """Do with a platform what its state allows, and tell whoever proposed it."""
    action = PLATFORM_DECISIONS[pressed("decision", *PLATFORM_DECISIONS)]
    reason = request.form.get("reason", "").strip()

    def decide(session: Session) -> None:
        former = queries.platform_by_id(session, platform_id).state
        _act(session, action, platform_id, reason)
        if action == PlatformAction.REFUSE or (action in APPROVALS and former not in PUBLIC_PLATFORMS):
            _tell_partner(session, queries.platform_by_id(session, platform_id), action in APPROVALS, reason)

    is_from_source = request.form.get("from") == "source"
    return _decide(decide, url_for("crawls.source", platform_id=platform_id) if is_from_source else url_for("desk.platforms"))


def _act(session: Session, action: PlatformAction, platform_id: str, reason: str) -> None:
    who: dict[str, Any] = {"platform_id": platform_id, "actor": actor()}
    if action in APPROVALS:
        changes.approve_platform(session, **who, trusted=action == PlatformAction.TRUST)
    elif action == PlatformAction.REFUSE:
        changes.refuse_platform(session, **who, reason=reason)
    elif action == PlatformAction.PAUSE:
        changes.pause_platform(session, **who)
    else:
        changes.leave_platform(session, **who)


def _tell_partner(session: Session, card: queries.PlatformCard, is_approved: bool, reason: str) -> None:
    """Mail the decision to whoever proposed the platform, in the language in which they did."""
    if not card.contact_email:
        return
    with speaking(card.contact_lang):
        link = services().settings.base_url + url_for("directory.platform", public_id=card.public_id, slug=card.slug)
        body = render_template("mail/platform_decided.txt", is_approved=is_approved, title=card.title, link=link, reason=reason)
        subject = _("Your platform is listed") if is_approved else _("Your platform could not be listed")
        queue_mail(session, to=card.contact_email, lang=current_language(), subject=subject, body=body)


@blueprint.get("/listings")
def listings() -> str:
    skip = skipped()
    with services().database.reading() as session:
        found = queries.new_listings(session, limit=PAGE, offset=skip)
        waiting = queries.desk_counts(session).new_listings
    rows = [(listing, viewmodels.row(listing, current_language())) for listing in found]
    after = skip + PAGE if skip + PAGE < waiting else None
    return render_template("pages/desk/listings.html", rows=rows, waiting=waiting, skip=skip, after=after)


@blueprint.post("/initiatives/<public_id>/decision")
def decide_listing(public_id: str) -> Response | tuple[str, int]:
    """Publish or refuse a new listing."""

    decision = pressed("decision", "publish", "refuse")

    def decide(session: Session) -> None:
        if decision == "publish":
            changes.publish(session, public_id=public_id, actor=actor())
        else:
            changes.refuse(session, public_id=public_id, actor=actor(), reason=request.form.get("reason", ""))

    return _decide(decide, url_for("desk.listings"))


@blueprint.get("/searches")
def searches() -> str:
    """What people looked for in vain."""
    with services().database.reading() as session:
        found = misses.most_frequent(session)
    return render_template("pages/desk/searches.html", misses=found)


@blueprint.get("/crawls")
def crawls() -> str:
    with services().database.reading() as session:
        found = queries.held_crawls(session)
        titles = {one.platform_id: sources.source(session, one.platform_id).title for one in found}
    held = [(crawl, crawl_line(crawl), titles[crawl.platform_id]) for crawl in found]
    return render_template("pages/desk/crawls.html", held=held)


@blueprint.post("/crawls/<int(max=2147483647):crawl_id>")
def decide_crawl(crawl_id: int) -> Response | tuple[str, int]:
    """Take a held crawl in, or throw it away."""

    decision = pressed("decision", "approve", "discard")

    def decide(session: Session) -> None:
        if decision == "approve":
            changes.approve_held_crawl(session, crawl_id=crawl_id, actor=actor(), settings=services().settings)
        else:
            changes.discard_held_crawl(session, crawl_id=crawl_id, actor=actor())

    return _decide(decide, url_for("desk.crawls"))


def _desk_row(listing: Listing) -> viewmodels.Row:
    """A listing that is not public as a row that leads to its page at the desk."""
    return replace(viewmodels.row(listing, current_language()), url=url_for("desk.edit", public_id=listing.public_id))


def _decide(decide: Callable[[Session], None], back: str) -> Response | tuple[str, int]:
    """Carry a decision out, and go to the address `back`; one that cannot be is explained."""
    try:
        with services().database.writing() as session:
            decide(session)
    except (BadValue, BadState) as error:
        return _refused(_(error.reason, **error.values), back), 400 if isinstance(error, BadValue) else 409
    index_now()
    wake(services().settings)
    return redirect(back)


def _refused(reason: str, back: str) -> str:
    return render_template("pages/desk/refused.html", reason=reason, back=back)


def index_now() -> None:
    """Let the decision be seen at once; an engine that is down gets it later."""
    try:
        drain_outbox(services().settings, services().database, services().engine)
    except SearchError as error:
        log.warning("the index waits: %s", error)
