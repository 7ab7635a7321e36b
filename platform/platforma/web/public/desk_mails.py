"""Ending the weekly mails of the desk by the link that they carry, without signing in."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from flask import Blueprint, Response, abort, render_template, request

from platforma.addresses import END_DESK_MAILS, SITE
from platforma.catalogue.enums import DeskMail
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import desk_mails
from platforma.mail.signed_links import linked
from platforma.web.context import keep_private, services

blueprint = Blueprint("desk_mails", __name__, url_prefix=SITE)


@blueprint.get(END_DESK_MAILS)
def end(token: str) -> str | tuple[str, int]:
    """A page with the button that ends the mails: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            linked(services().secret_key, token, partial(desk_mails.reader_of, session))
    except BadToken:
        return render_template("pages/subscriptions/bad_link.html"), 410
    return render_template("pages/account/end_desk_mails.html", token=token, is_ended=False)


@blueprint.post(END_DESK_MAILS)
def end_by_header(token: str) -> str:
    """End the mails at once, as mail programs ask by RFC 8058 and the page's button too; done again, it is fine."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with suppress(BadToken), services().database.writing() as session:
        reader = linked(services().secret_key, token, partial(desk_mails.reader_of, session))
        desk_mails.choose(session, user_id=reader.id, choice=DeskMail.NONE)
    return render_template("pages/account/end_desk_mails.html", token=token, is_ended=True)


@blueprint.after_request
def private(answer: Response) -> Response:
    """Nothing that a personal link opens is stored, indexed or told to other sites."""
    keep_private(answer)
    return answer
