"""Ending the mails of the desk by the link that each carries, without signing in; and taking that back.

The link of the weekly mail ends all of them, the link of a mail that came at once only those at once.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, render_template, request

from platforma.addresses import END_DESK_MAILS, END_URGENT_MAILS, SITE
from platforma.catalogue.enums import DeskMail
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import desk_mails
from platforma.catalogue.people.desk_mails import Find
from platforma.mail.signed_links import linked
from platforma.web.context import keep_private, services

blueprint = Blueprint("desk_mails", __name__, url_prefix=SITE)


@blueprint.get(END_DESK_MAILS)
def end(token: str) -> str | tuple[str, int]:
    """A page with the button that ends the mails: programs that look into mails follow links, people press buttons."""
    return _asked(token, desk_mails.reader_of, "end_by_header")


@blueprint.post(END_DESK_MAILS)
def end_by_header(token: str) -> str | tuple[str, int]:
    """End all mails at once, as mail programs ask by RFC 8058 and the page's button too; done again, it is fine."""
    return _ended(token, desk_mails.reader_of, DeskMail.NONE, "end_by_header")


@blueprint.get(END_URGENT_MAILS)
def end_urgent(token: str) -> str | tuple[str, int]:
    """The same page for the mails at once."""
    return _asked(token, desk_mails.urgent_reader_of, "end_urgent_by_header")


@blueprint.post(END_URGENT_MAILS)
def end_urgent_by_header(token: str) -> str | tuple[str, int]:
    """End the mails at once; the weekly one goes on."""
    return _ended(token, desk_mails.urgent_reader_of, DeskMail.WEEKLY, "end_urgent_by_header")


@blueprint.after_request
def private(answer: Response) -> Response:
    """Nothing that a personal link opens is stored, indexed or told to other sites."""
    keep_private(answer)
    return answer


def _asked(token: str, find: Find, endpoint: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            linked(services().secret_key, token, partial(find, session))
    except BadToken:
        return render_template("pages/subscriptions/bad_link.html"), 410
    return _page(token, endpoint, again=None)


def _ended(token: str, find: Find, wish: DeskMail, endpoint: str) -> str | tuple[str, int]:
    """The mails are ended, or come again as they did (`again`)."""
    again = request.form.get("again", "")
    if again not in tuple(DeskMail) and request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    try:
        with services().database.writing() as session:
            reader = linked(services().secret_key, token, partial(find, session))
            before = desk_mails.choice_of(session, reader.id)
            desk_mails.choose(session, user_id=reader.id, choice=DeskMail(again) if again else _less(before, wish))
    except BadToken:
        return render_template("pages/subscriptions/bad_link.html"), 410
    return _page(token, endpoint, again=None if again else before)


def _less(before: DeskMail, wish: DeskMail) -> DeskMail:
    """Never more than somebody wished before."""
    return DeskMail.NONE if before == DeskMail.NONE else wish


def _page(token: str, endpoint: str, *, again: DeskMail | None) -> str:
    """The page; `again` is what comes again by the button where the mails have ended."""
    is_urgent = endpoint == "end_urgent_by_header"
    return render_template("pages/account/end_desk_mails.html", token=token, endpoint=endpoint, again=again, is_urgent=is_urgent)
