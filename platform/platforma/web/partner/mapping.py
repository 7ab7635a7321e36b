"""A partner chooses what their fields and words mean here; what it would change is shown before it counts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.errors import VersionConflict
from platforma.catalogue.partners import own_mapping, own_platforms
from platforma.catalogue.visitors.site_looks import BadChoices, Choices
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services
from platforma.web.partner.access import blueprint, led_back, own_platform_id
from platforma.web.partner.mapping_page import diff_page, mapping_page
from platforma.web.public.choice_fields import own_name
from vocabulary.messages import N_

CONFLICT = N_("How your site is read was changed in the meantime. What you chose stands below; look at what it would change now.")
NOT_ASKED = ("csrf_token", "do", "seen")


@blueprint.get(f"{OWN_PLATFORM}mapping")
def mapping(public_id: str) -> str:
    """The platform's fields and words beside ours."""
    return _form_page(own_platform_id(public_id))


@blueprint.post(f"{OWN_PLATFORM}mapping")
def choose(public_id: str) -> str | Response | tuple[str, int]:
    """Show what the choices would change, the choices again, or make them count."""
    id, button = own_platform_id(public_id), pressed("do", "compare", "change", "use")
    try:
        with services().database.reading() as session:
            choices = own_mapping.sent_choices(own_mapping.own_reading(session, id), request.form)
            is_mass = button == "use" and own_mapping.difference(session, id, choices).is_mass
    except BadChoices as error:
        named = {name: own_name(str(value)) for name, value in error.values.items()}
        return _form_page(id, error.choices, {"fields": _(error.reason, **named)}), 400
    if button == "change":
        return _form_page(id, choices)
    if button == "compare":
        return _diff_page(id, choices)
    try:
        with services().database.writing() as session:
            seen = request.form.get("seen", 0, int)
            own_mapping.use(session, platform_id=id, choices=choices, is_mass=is_mass, base_version=seen, actor=actor())
    except VersionConflict:
        return _form_page(id, choices, {"mapping": _(CONFLICT)}), 409
    return led_back(public_id, "wish" if is_mass else "mapping")


@blueprint.post(f"{OWN_PLATFORM}mapping/back")
def take_back(public_id: str) -> Response:
    """Read the site again as before the last choice."""
    id = own_platform_id(public_id)
    with services().database.writing() as session:
        own_mapping.take_back(session, platform_id=id, actor=actor())
    return led_back(public_id, "mapping_back")


def _form_page(id: str, choices: Choices | None = None, errors: Mapping[str, str] | None = None) -> str:
    with services().database.reading() as session:
        platform, reading = own_platforms.own_line(session, id), own_mapping.own_reading(session, id)
        can_be_taken_back = own_mapping.can_be_taken_back(session, id)
    return render_template(
        "pages/members/mapping.html", platform=platform, page=mapping_page(reading, choices), errors=errors or {},
        can_be_taken_back=can_be_taken_back,
    )  # fmt: skip


def _diff_page(id: str, choices: Choices) -> str:
    with services().database.reading() as session:
        platform, diff = own_platforms.own_line(session, id), own_mapping.difference(session, id, choices)
    sent = [(name, value) for name, value in request.form.items() if name not in NOT_ASKED]
    return render_template(
        "pages/members/mapping_diff.html", platform=platform, page=diff_page(diff), sent=sent,
        seen=request.form.get("seen", 0, int),
    )  # fmt: skip
