"""Visitors report mistakes in listings and of platforms, ask for removals and write to the editors; no account is needed."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import REPORT_STATUS, SITE
from platforma.catalogue.errors import BadToken, NotFound, Suppressed
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.visitors import corrections
from platforma.catalogue.visitors.corrections import CorrectionRequest, Message
from platforma.i18n import current_language, other_languages
from platforma.i18n import gettext as _
from platforma.mail import correction_mails
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.mail.signed_links import linked
from platforma.web.context import absolute, keep_private, link_attempt, services
from platforma.web.public.correction_forms import ContactForm, PlatformForm, ReportForm
from platforma.web.public.correction_pages import (
    Subject,
    listing_subject,
    platform_subject,
    report_page,
    status_page,
    topic_label,
)
from platforma.web.public.form_traps import doubt_of_request
from platforma.worker.task_queue import wake

blueprint = Blueprint("corrections", __name__, url_prefix=SITE)
blueprint.after_request(lambda answer: _private(answer))


@blueprint.get("/initiatives/<public_id>/report")
def report(public_id: str) -> str:
    """The form about a listing; `?topic=` chooses a topic beforehand."""
    form = ReportForm(data={"topic": request.args.get("topic", "")})
    return render_template("pages/corrections/report.html", page=report_page(form, _listing(public_id)))


@blueprint.post("/initiatives/<public_id>/report")
def send(public_id: str) -> BaseResponse | str | tuple[str, int]:
    return _take(ReportForm(request.form), _listing(public_id))


@blueprint.get("/platforms/<public_id>/report")
def report_platform(public_id: str) -> str:
    """The form about a platform; `?topic=` chooses a topic beforehand."""
    form = PlatformForm(data={"topic": request.args.get("topic", "")})
    return render_template("pages/corrections/report.html", page=report_page(form, _platform(public_id)))


@blueprint.post("/platforms/<public_id>/report")
def send_about_platform(public_id: str) -> BaseResponse | str | tuple[str, int]:
    return _take(PlatformForm(request.form), _platform(public_id))


@blueprint.get("/contact")
def contact() -> str:
    """The form about the directory; `?text=` is what somebody searched for in vain."""
    form = ContactForm(data={"topic": request.args.get("topic", ""), "text": request.args.get("text", "")})
    return render_template("pages/corrections/report.html", page=report_page(form, None))


@blueprint.post("/contact")
def write() -> BaseResponse | str | tuple[str, int]:
    return _take(ContactForm(request.form), None)


@blueprint.get("/report/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            asked = corrections.read_request(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/corrections/confirm.html", topic=topic_label(asked), text=asked.text, token=token)


@blueprint.post("/report/<token>")
def confirmed(token: str) -> BaseResponse | str | tuple[str, int]:
    """Hand the message to the editors; mail its number and the link to its page."""
    try:
        with services().database.writing() as session:
            message = corrections.confirm(session, token)
            if message is not None:
                correction_mails.queue_receipt(services().settings, session, message)
                correction_mails.tell_staff_of_removal(services().settings, session, message)
    except BadToken:
        return _bad_link()
    if message is None:
        return render_template("pages/corrections/held.html")
    wake(services().settings)
    own_token = correction_mails.status_token(services().secret_key, message)
    return redirect(url_for("corrections.status", token=own_token))


@blueprint.get(REPORT_STATUS)
def status(token: str) -> str | tuple[str, int]:
    """What became of a message, by the link that its sender was given."""
    try:
        with services().database.reading() as session:
            message = linked(services().secret_key, token, partial(corrections.message_of, session))
            changed = corrections.changed_fields(session, message)
    except BadToken:
        return _bad_link()
    about, is_removed = _about(message)
    page = status_page(message, about, changed, is_removed=is_removed)
    return render_template("pages/corrections/status.html", page=page)


def _about(message: Message) -> tuple[Subject | None, bool]:
    """What a message is about, None where that is not public; and whether it was removed for good."""
    try:
        if message.listing_id is not None:
            return _listing(message.listing_id), False
        with services().database.reading() as session:
            card = platform_queries.platform_by_id(session, message.platform_id) if message.platform_id else None
        return (_platform(card.public_id) if card else None), False
    except NotFound:
        return None, False
    except Suppressed:
        return None, True


def _listing(public_id: str) -> Subject:
    """A public listing, or the one that it was merged into. Raises NotFound and Suppressed."""
    with services().database.reading() as session:
        found = listing_queries.listing(session, public_id)
        if isinstance(found, listing_queries.Moved):
            found = listing_queries.listing(session, found.public_id)
    assert isinstance(found, Listing)
    return listing_subject(found)


def _platform(public_id: str) -> Subject:
    """A public platform. Raises NotFound."""
    with services().database.reading() as session:
        return platform_subject(platform_queries.platform_card(session, public_id))


def _take(form: ReportForm, subject: Subject | None) -> BaseResponse | str | tuple[str, int]:
    """Mail a link to whoever gave an address; open the message of whoever gave none."""
    if not form.validate():
        return render_template("pages/corrections/report.html", page=report_page(form, subject)), 400
    asked = CorrectionRequest(
        listing_id=subject.listing_id if subject else "",
        platform_id=subject.platform_id if subject else "",
        topic=form.topic.data,
        field=form.field.data if form.field.data in dict(report_page(form, subject).fields) else "",
        text=form.text.data,
        email=form.email.data,
        lang=current_language(),
        doubt=doubt_of_request(),
    )
    outcome = _mail_link(asked) if asked.email else _open_unsigned(asked)
    if isinstance(outcome, ExceededLimit):
        form.refuse_messages(outcome)
        return render_template("pages/corrections/report.html", page=report_page(form, subject)), 429
    if outcome is None:
        page = "sent" if asked.email else "held"
        return render_template(f"pages/corrections/{page}.html", email=asked.email)
    return redirect(url_for("corrections.status", token=outcome))


def _mail_link(asked: CorrectionRequest) -> ExceededLimit | None:
    """Mail the link that confirms a message; or return the rate limit that is exceeded. The text is not in the mail, so that
    nobody can have words of their own sent to others."""
    with services().database.writing() as session:
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_REPORT, asked.email))
        if exceeded is not None:
            return exceeded
        name = corrections.issue_request(session, asked, key=services().secret_key)
        link = _confirm_link(asked.lang)
        others = [(name, _confirm_link(lang)) for lang, name in other_languages()]
        body = render_template("mail/confirm_report.txt", link=link, others=others)
        queue_mail(session, to=asked.email, lang=asked.lang, subject=_("Confirm your message"), body=body, secret_name=name)
    wake(services().settings)
    return None


def _confirm_link(lang: str) -> str:
    """The address of the page that confirms a message, in a language, as it stands in a queued mail."""
    return absolute(url_for("corrections.confirm", token=PLACEHOLDER, lang=lang))


def _open_unsigned(asked: CorrectionRequest) -> ExceededLimit | str | None:
    """Open a message without an address; return the token of its page, the rate limit that is exceeded, or None where it is held
    back."""
    with services().database.writing() as session:
        attempt = link_attempt(
            rate_limits.UNSIGNED_REPORT, f"listing {asked.listing_id}" if asked.listing_id else f"platform {asked.platform_id}"
        )
        exceeded = rate_limits.count_attempt(session, attempt)
        if exceeded is not None:
            return exceeded
        message = corrections.receive(session, asked)
        return correction_mails.status_token(services().secret_key, message) if message else None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/corrections/bad_link.html"), 410


def _private(answer: Response) -> Response:
    """Nothing of these pages is stored or indexed, and nothing that a personal link opens is told to other sites."""
    keep_private(answer)
    return answer
