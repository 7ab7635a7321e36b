"""Proposed platforms, and decisions on any platform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.database import Session
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.models import PlatformState
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.states import PUBLIC_PLATFORMS, PlatformAction
from platforma.i18n import current_language, force_locale
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import queue_mail
from platforma.web.context import actor, pressed, services
from platforma.web.crawl_views import reason_of
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out
from platforma.web.desk.viewmodels import platform_actions
from platforma.web.public import viewmodels

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


@blueprint.get("/platforms")
def platforms() -> str:
    with services().database.reading() as session:
        cards = platform_queries.platforms_in(session, (PlatformState.PROPOSED,))
        new = {card.id: listing_queries.new_listings(session, limit=SAMPLES, platform_id=card.id) for card in cards}
    samples = {id: [_desk_row(one) for one in found] for id, found in new.items()}
    last = {card.id: card.last_crawl for card in cards if card.last_crawl}
    failures = {
        id: f"{said.what} {said.advice}" for id, crawl in last.items() for said in [reason_of(crawl.reason, crawl.values)]
    }
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
        former = platform_queries.platform_by_id(session, platform_id).state
        _act(session, action, platform_id, reason)
        if action == PlatformAction.REFUSE or (action in APPROVALS and former not in PUBLIC_PLATFORMS):
            _tell_partner(session, platform_queries.platform_by_id(session, platform_id), action in APPROVALS, reason)

    is_from_source = request.form.get("from") == "source"
    return carry_out(decide, url_for("crawls.source", platform_id=platform_id) if is_from_source else url_for("desk.platforms"))


def _act(session: Session, action: PlatformAction, platform_id: str, reason: str) -> None:
    who: dict[str, Any] = {"platform_id": platform_id, "actor": actor()}
    if action in APPROVALS:
        platform_states.approve_platform(session, **who, trusted=action == PlatformAction.TRUST)
    elif action == PlatformAction.REFUSE:
        platform_states.refuse_platform(session, **who, reason=reason)
    elif action == PlatformAction.PAUSE:
        platform_states.pause_platform(session, **who)
    else:
        platform_states.leave_platform(session, **who)


def _tell_partner(session: Session, card: platform_queries.PlatformCard, is_approved: bool, reason: str) -> None:
    """Mail the decision to whoever proposed the platform, in the language in which they did."""
    if not card.contact_email:
        return
    with force_locale(card.contact_lang):
        link = services().settings.base_url + url_for("directory.platform", public_id=card.public_id, slug=card.slug)
        body = render_template("mail/platform_decided.txt", is_approved=is_approved, title=card.title, link=link, reason=reason)
        subject = _("Your platform is listed") if is_approved else _("Your platform could not be listed")
        queue_mail(session, to=card.contact_email, lang=current_language(), subject=subject, body=body)


def _desk_row(listing: Listing) -> viewmodels.Row:
    """A listing that is not public as a row that leads to its page at the desk."""
    return replace(viewmodels.row(listing, current_language()), url=url_for("desk.edit", public_id=listing.public_id))
