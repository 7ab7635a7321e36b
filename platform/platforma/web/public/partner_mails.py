"""Ending the mails about one's platforms by the link that each carries, without signing in; and taking that back."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, render_template, request

from platforma.addresses import END_PARTNER_MAILS, SITE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import partner_mails
from platforma.catalogue.people.partner_mails import Reader
from platforma.mail.signed_links import linked
from platforma.web.context import keep_private, services

blueprint = Blueprint("partner_mails", __name__, url_prefix=SITE)
TAKEN_BACK = (PartnerMail.WEEKLY, PartnerMail.AT_ONCE)


@blueprint.get(END_PARTNER_MAILS)
def end(token: str) -> str | tuple[str, int]:
    """A page with the button that ends the mails: programs that look into mails follow links, people press buttons."""
    try:
        reader = _reader(token)
    except BadToken:
        return render_template("pages/subscriptions/bad_link.html"), 410
    return _page(token, reader.wish)


@blueprint.post(END_PARTNER_MAILS)
def end_by_header(token: str) -> str | tuple[str, int]:
    """End the mails at once, as mail programs ask by RFC 8058 and the page's button too, or have them come again (`again`: what
    was wished before). Done twice, it is fine."""
    again = request.form.get("again", "")
    if again not in TAKEN_BACK and request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    try:
        reader = _reader(token)
    except BadToken:
        return render_template("pages/subscriptions/bad_link.html"), 410
    wish = PartnerMail(again) if again in TAKEN_BACK else PartnerMail.NONE
    with services().database.writing() as session:
        zone = services().settings.time_zone
        partner_mails.choose(session, email=reader.email, wish=wish, now=utc_now(), zone=zone)
    return _page(token, wish, before=reader.wish)


@blueprint.after_request
def private(answer: Response) -> Response:
    """Nothing that a personal link opens is stored, indexed or told to other sites."""
    keep_private(answer)
    return answer


def _reader(token: str) -> Reader:
    """The person of a link. Raises BadToken."""
    with services().database.reading() as session:
        return linked(services().secret_key, token, partial(partner_mails.reader_of, session))


def _page(token: str, wish: PartnerMail, before: PartnerMail = PartnerMail.WEEKLY) -> str:
    """The page with the button that fits: `before` is what comes again where the mails have ended."""
    again = before if before != PartnerMail.NONE else PartnerMail.WEEKLY
    return render_template("pages/members/mails.html", token=token, is_ended=wish == PartnerMail.NONE, again=again)
