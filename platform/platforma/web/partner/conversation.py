"""What partners answer to curators, and proposing again what was refused or has left."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.errors import BadValue
from platforma.catalogue.partners import own_steps
from platforma.catalogue.platforms import platform_queries
from platforma.mail.crawl_mails import tell_of_proposal
from platforma.mail.partner_mails import tell_of_answer
from platforma.web.context import actor, services
from platforma.web.partner.access import blueprint, led_back, own_platform_id
from platforma.web.partner.own_platforms import refused
from vocabulary.characters import without_controls


@blueprint.post(f"{OWN_PLATFORM}answer")
def answer(public_id: str) -> Response | tuple[str, int]:
    """Answer what the curators ask; they are told."""
    id, text = own_platform_id(public_id), _text()
    try:
        with services().database.writing() as session:
            own_steps.answer(session, platform_id=id, actor=actor(), text=text)
            tell_of_answer(services().settings, session, platform_queries.platform_by_id(session, id), by=actor())
    except BadValue as error:
        return refused(public_id, error, "text", text)
    return led_back(public_id, "answer")


@blueprint.post(f"{OWN_PLATFORM}proposal")
def propose_again(public_id: str) -> Response | tuple[str, int]:
    """Propose the platform again; the curators are told."""
    id, text = own_platform_id(public_id), _text()
    try:
        with services().database.writing() as session:
            own_steps.propose_again(session, platform_id=id, actor=actor(), text=text)
            tell_of_proposal(services().settings, session, platform_queries.platform_by_id(session, id))
    except BadValue as error:
        return refused(public_id, error, "text", text)
    return led_back(public_id, "propose")


def _text() -> str:
    return without_controls(request.form.get("text", "")) or ""
