"""Proposed platforms, and decisions on any platform."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import PROPOSED_PLATFORMS, Addresses
from platforma.catalogue.decisions import platforms as platforms_decided
from platforma.catalogue.decisions import rows
from platforma.catalogue.enums import PlatformState
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.platforms import conversation, platform_queries
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.states import PlatformAction
from platforma.i18n import current_language, force_locale, today
from platforma.i18n import gettext as _
from platforma.mail import partner_mails
from platforma.mail.mail_queue import queue_mail
from platforma.web.context import absolute, actor, pressed, services
from platforma.web.crawl_views import reason_of
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out
from platforma.web.desk.viewmodels import platform_actions
from platforma.web.public.rows import Row, row
from vocabulary.languages import DEFAULT_LANGUAGE

MAX_SAMPLES = 5
"""New listings that are shown of each proposed platform."""
DECISIONS = {
    "approve": PlatformAction.TRUST,
    "probation": PlatformAction.PROBATION,
    "refuse": PlatformAction.REFUSE,
    "ask": PlatformAction.ASK,
    "pause": PlatformAction.PAUSE,
    "leave": PlatformAction.LEAVE,
}
"""Values of a form's buttons, with what each does."""


@blueprint.get(PROPOSED_PLATFORMS)
def platforms() -> str:
    with services().database.reading() as session:
        cards = platform_queries.platforms_in(session, (PlatformState.PROPOSED,))
        new = {card.id: listing_queries.new_listings(session, limit=MAX_SAMPLES, platform_id=card.id) for card in cards}
        written = {card.id: conversation.messages(session, card.id) for card in cards}
    last_crawls = {card.id: card.last_crawl for card in cards if card.last_crawl}
    reasons = {id: reason_of(crawl.reason, crawl.values) for id, crawl in last_crawls.items()}
    return render_template(
        "pages/desk/platforms.html", cards=sorted(cards, key=lambda card: card.asked_at is not None),
        samples={id: [desk_row(listing) for listing in listings] for id, listings in new.items()},
        failures={id: f"{reason.what} {reason.advice}" for id, reason in reasons.items()},
        actions={card.id: platform_actions(card.state) for card in cards}, written=written,
    )  # fmt: skip


@blueprint.post("/platforms/<platform_id>")
def decide_platform(platform_id: str) -> Response | tuple[str, int]:
    """Do with a platform what its state allows, and tell whoever proposed it."""
    action, reason = DECISIONS[pressed("decision", *DECISIONS)], request.form.get("reason", "")
    item, decide = ("platform", platform_id), partial(decide_and_tell, platform_id, action, reason)
    if request.form.get("from") == "source":
        return carry_out(decide, item, partial(url_for, "crawls.source", platform_id=platform_id))
    return carry_out(decide, item, partial(url_for, "desk.platforms"))


def decide_and_tell(platform_id: str, action: PlatformAction, reason: str, *, is_proposal: bool = False) -> int:
    """Decide on a platform, and let a mail to whoever proposed it wait; return the id of the decision. Raises as the decision."""
    reason = reason.strip()
    with services().database.writing() as session:
        done = platforms_decided.decide(
            session, platform_id=platform_id, action=action, actor=actor(), reason=reason, is_proposal=is_proposal
        )
        card = platform_queries.platform_by_id(session, platform_id)
        if action == PlatformAction.ASK:
            mail = partner_mails.ask_partner(services().settings, session, card, reason)
            if mail is not None:
                rows.hold_back(done.decision, mail, session)
        elif done.is_news and card.contact_email:
            lang = card.contact_lang or DEFAULT_LANGUAGE
            is_approved = action in platforms_decided.APPROVALS
            subject, body = _decision_mail(card, lang, is_approved=is_approved, reason=reason)
            mail = queue_mail(session, to=card.contact_email, lang=lang, subject=subject, body=body)
            rows.hold_back(done.decision, mail, session)
        return done.decision.id


def _decision_mail(card: PlatformCard, lang: str, *, is_approved: bool, reason: str) -> tuple[str, str]:
    """Subject and body of the mail to whoever proposed the platform, in the language in which they did."""
    with force_locale(lang):
        own, addresses = absolute(url_for("members.platform", public_id=card.public_id)), Addresses(services().settings.base_url)
        link = absolute(url_for("directory.platform", public_id=card.public_id, slug=card.slug)) if is_approved else own
        values = {"is_approved": is_approved, "is_table": card.reads_files, "title": card.title, "reason": reason}
        body = render_template(
            "mail/platform_decided.txt", **values, link=link, own_url=own, widget_url=addresses.widget(lang, card.id),
            badge_url=addresses.badge(lang, card.public_id),
        )  # fmt: skip
        return _("Your platform is listed") if is_approved else _("Your platform could not be listed"), body


def desk_row(listing: Listing) -> Row:
    """A listing that is not public as a row that leads to its page at the desk."""
    return replace(row(listing, current_language(), today=today()), url=url_for("desk.edit", public_id=listing.public_id))
