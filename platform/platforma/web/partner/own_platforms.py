"""A partner's platforms: the list, the page of each, ordering a crawl, pausing and going on, language and licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.errors import BadValue
from platforma.catalogue.partners import own_listings, own_platforms, own_steps
from platforma.i18n import gettext as _
from platforma.mail.report_links import report_token
from platforma.web.context import actor, pressed, services, signed_in
from platforma.web.partner.access import blueprint, led_back, own_platform_id, said_done
from platforma.web.partner.own_page import own_page, state_words
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

DONE = {
    "crawl": N_("It is read as soon as it is its turn, usually within minutes."),
    "pause": N_("The reading is paused. What was public stays public."),
    "resume": N_("The reading goes on."),
    "settings": N_("Saved. What a licence allows is shown within minutes."),
    "contact": N_("We sent a link to the new address. It counts once somebody there has opened the link."),
    "answer": N_("Your answer is with the curators."),
    "table": N_("The table was imported. What visitors see follows within minutes."),
    "propose": N_("Your platform is proposed again and waits for a curator."),
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
    """The platforms of whoever is signed in; the only one's page, where there is one."""
    user = signed_in()
    assert user is not None
    with services().database.reading() as session:
        lines = own_platforms.own_lines(session, user.id)
    if len(lines) == 1:
        return redirect(url_for("members.platform", public_id=lines[0].public_id))
    said = [(line, state_words(line.state, line.stop, line.asked_at, None)) for line in lines]
    return render_template("pages/members/mine.html", lines=said, email=user.email)


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


def page_of(public_id: str, errors: Errors | None = None, **typed: Any) -> str:
    """The page of a platform, with what was wrong in a form and typed there. Raises NotFound."""
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        found, listings = own_platforms.own_platform(session, id), own_listings.own_listings(session, id)
        token = report_token(services().settings, session, id)
    return render_template(
        "pages/members/platform.html", page=own_page(found, listings, token), errors=errors or {}, typed=typed,
        done=said_done(DONE), user=signed_in(),
    )  # fmt: skip


def refused(public_id: str, error: BadValue, field: str, typed: str) -> tuple[str, int]:
    """The page with what is wrong in one field."""
    return page_of(public_id, {field: _(error.reason, **error.values)}, **{field: typed}), 400
