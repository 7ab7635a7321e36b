"""The desk's list of visitors' messages, and the page of one with the listing that it is about."""

from __future__ import annotations

from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK_REPORT
from platforma.catalogue.decisions import messages, rows
from platforma.catalogue.errors import NotFound, Suppressed
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import Message
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail import correction_mails
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.correction_pages import MessageLine, message_page
from platforma.web.desk.decisions import carry_out
from platforma.web.desk.forms import AnswerForm

MESSAGES_PER_PAGE = 20


@blueprint.get("/reports")
def all_corrections() -> str:
    """The messages that wait, wishes for removal first; below them those that were answered last."""
    skip = skipped()
    with services().database.reading() as session:
        total = corrections.open_counts(session).all
        waiting = corrections.open_messages(session, limit=MESSAGES_PER_PAGE, offset=skip)
        closed = corrections.closed_messages(session, limit=MESSAGES_PER_PAGE)
        titles = {one.id: _title_of(one) for one in (*waiting, *closed)}
    return render_template(
        "pages/desk/messages.html", total=total, skip=skip, next_skip=next_skip(skip, MESSAGES_PER_PAGE, total),
        waiting=[MessageLine.of(one, titles[one.id]) for one in waiting],
        closed=[MessageLine.of(one, titles[one.id]) for one in closed],
    )  # fmt: skip


@blueprint.get(DESK_REPORT)
def correction(correction_id: int) -> str:
    return _page(correction_id, AnswerForm())


@blueprint.post(DESK_REPORT)
def answer_correction(correction_id: int) -> Response | str | tuple[str, int]:
    """Answer a message: settled, refused with a reason, or settled by removing the listing."""
    decision = pressed("decision", "done", "refuse", "remove")
    form = AnswerForm(request.form)
    if not form.allows(decision):
        return _page(correction_id, form), 400

    decide = partial(decide_and_tell, correction_id, decision, form.answer.data)
    return carry_out(decide, ("message", str(correction_id)), partial(url_for, "desk.all_corrections"))


def decide_and_tell(message_id: int, verb: str, answer: str) -> int:
    """Decide on a message, and let the mail with the answer wait; return the id of the decision. Raises as the decision."""
    with services().database.writing() as session:
        number = corrections.message(session, message_id).public_id
        reason = _("Asked for in message %(number)s", number=number)
        decision, message = messages.decide(
            session, message_id=message_id, verb=verb, answer=answer.strip(), actor=actor(), removal_reason=reason
        )
        mail = correction_mails.queue_answer(services().settings, session, message)
        if mail is not None:
            rows.hold_back(decision, mail, session)
        return decision.id


def _page(correction_id: int, form: AnswerForm) -> str:
    with services().database.reading() as session:
        message = corrections.message(session, correction_id)
    return render_template("pages/desk/message.html", page=message_page(message, listing_of(message), platform_of(message), form))


def _title_of(message: Message) -> Text | None:
    """The title of what a message is about; None where that is the directory, or was removed."""
    if platform := platform_of(message):
        return Text(platform.title, None)
    listing = listing_of(message)
    return listing.title(current_language()) if listing else None


def platform_of(message: Message) -> PlatformCard | None:
    """The platform that a message is about, in any state; None where it is about none."""
    if message.platform_id is None:
        return None
    with services().database.reading() as session:
        return platform_queries.platform_by_id(session, message.platform_id)


def listing_of(message: Message) -> Listing | None:
    """The listing that a message is about, in any state; None where it is about none, or the listing was removed."""
    if message.listing_id is None:
        return None
    try:
        with services().database.reading() as session:
            found = listing_queries.listing_for_desk(session, message.listing_id)
            if isinstance(found, listing_queries.Moved):
                found = listing_queries.listing_for_desk(session, found.public_id)
    except (NotFound, Suppressed):
        return None
    return found if isinstance(found, Listing) else None
