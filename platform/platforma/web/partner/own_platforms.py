"""A partner's platforms: the list, the page of each, ordering a crawl, pausing and going on, language and licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.errors import BadValue
from platforma.catalogue.partners import claims, own_listings, own_platforms, own_steps, visit_counts
from platforma.catalogue.people import partner_mails
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.mail.report_links import report_token
from platforma.web.context import actor, pressed, services, signed_in
from platforma.web.partner.access import blueprint, led_back, own_platform_id, said_done
from platforma.web.partner.mail_wishes import mail_wishes
from platforma.web.partner.own_page import own_page, state_words
from platforma.web.partner.visits_page import counts_said
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

DONE = {
    "crawl": N_("It is read as soon as it is its turn, usually within minutes."),
    "pause": N_("The reading is paused. What was public stays public."),
    "resume": N_("The reading goes on."),
    "settings": N_("Saved. What a licence allows is shown within minutes."),
    "contact": N_("We sent a link to the new address. It counts once somebody there has opened the link."),
    "mapping": N_("What you chose counts. Your entries follow within minutes."),
    "mapping_back": N_("Your site is read as before. Your entries follow within minutes."),
    "wish": N_("This changes so much that a curator looks at it first. Until then everything stays as it is."),
    "answer": N_("Your answer is with the curators."),
    "table": N_("The table was imported. What visitors see follows within minutes."),
    "propose": N_("Your platform is proposed again and waits for a curator."),
    "mails": N_("Saved. This holds for all your platforms."),
    "leave": N_("Your platform has left, and its entries are taken out."),
    "part": N_("Your platform has left. Its entries stay."),
    "invite": N_("The invitation is on its way. It works once, for three days."),
    "remove": N_("This person no longer has access."),
    "joined": N_("You now answer for this platform, too."),
}
"""What the page says after each step."""
Errors = Mapping[str, str]


@blueprint.get("/")
def mine() -> str | Response:
    """The platforms and listings of whoever is signed in; the only one's page, where there is one."""
    user = signed_in()
    assert user is not None
    with services().database.reading() as session:
        lines, kept = own_platforms.own_lines(session, user.id), claims.listings_of(session, user.id)
    if not lines and len(kept) == 1:
        return redirect(url_for("members.listing", public_id=kept[0][0].public_id))
    if len(lines) == 1 and not kept:
        return redirect(url_for("members.platform", public_id=lines[0].public_id))
    said = [(line, state_words(line.state, line.stop, line.asked_at, None)) for line in lines]
    own = [(claim, listing.title(current_language())) for claim, listing in kept]
    return render_template("pages/members/mine.html", lines=said, kept=own, email=user.email)


@blueprint.get(OWN_PLATFORM)
def platform(public_id: str) -> str:
    return page_of(public_id)


@blueprint.post(f"{OWN_PLATFORM}crawl")
def order_crawl(public_id: str) -> Response:
    """Have the platform read now."""
    id = own_platform_id(public_id)
    with services().database.writing() as session:
        own_steps.order_crawl(session, platform_id=id, actor=actor())
    return led_back(public_id, "crawl")


@blueprint.post(f"{OWN_PLATFORM}reading")
def stop_or_go_on(public_id: str) -> Response:
    """Pause the reading, or go on with it."""
    id = own_platform_id(public_id)
    step = pressed("do", "pause", "resume")
    with services().database.writing() as session:
        (own_steps.pause if step == "pause" else own_steps.resume)(session, platform_id=id, actor=actor())
    return led_back(public_id, step)


@blueprint.post(f"{OWN_PLATFORM}settings")
def save_settings(public_id: str) -> Response:
    """Save the language of mails and the licence."""
    id = own_platform_id(public_id)
    lang, licence = request.form.get("lang", ""), request.form.get("licence", "")
    if lang not in LANGUAGES:
        abort(400)
    try:
        with services().database.writing() as session:
            own_steps.set_language(session, platform_id=id, actor=actor(), lang=lang)
            own_steps.set_licence(session, platform_id=id, actor=actor(), licence=licence)
    except BadValue:
        abort(400)
    return led_back(public_id, "settings")


@blueprint.post(f"{OWN_PLATFORM}mails")
def choose_mails(public_id: str) -> Response:
    """Choose what whoever is signed in is mailed of their platforms."""
    own_platform_id(public_id)
    wish, zone = PartnerMail(pressed("wish", *PartnerMail)), services().settings.time_zone
    with services().database.writing() as session:
        partner_mails.choose(session, email=actor(), wish=wish, now=utc_now(), zone=zone)
    return led_back(public_id, "mails")


def page_of(public_id: str, errors: Errors | None = None, **typed: Any) -> str:
    """The page of a platform, with what was wrong in a form and typed there. Raises NotFound."""
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        found, listings = own_platforms.own_platform(session, id), own_listings.own_listings(session, id)
        token = report_token(services().settings, session, id)
        wishes = mail_wishes(partner_mails.wish_of(session, actor()), actor(), found.contact_email)
        brought = visit_counts.in_last_days(session, id, today()) if found.is_public else None
    return render_template(
        "pages/members/platform.html", page=own_page(found, listings, token), errors=errors or {}, typed=typed,
        done=said_done(DONE), user=signed_in(), wishes=wishes, brought=counts_said(brought) if brought else (),
    )  # fmt: skip


def refused(public_id: str, error: BadValue, field: str, typed: str) -> tuple[str, int]:
    """The page with what is wrong in one field."""
    return page_of(public_id, {field: _(error.reason, **error.values)}, **{field: typed}), 400
