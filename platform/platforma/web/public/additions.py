"""Visitors add one listing by hand; a link confirms it, and a curator decides before anything is public."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from crawlers.record import Record
from platforma.addresses import ADDITION_STATUS, SITE
from platforma.catalogue.errors import BadToken
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.visitors import additions
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail import addition_mails
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.mail.signed_links import linked
from platforma.web.context import absolute, keep_private, link_attempt, services
from platforma.web.public.addition_forms import AddForm
from platforma.web.public.addition_pages import add_page, preview
from platforma.web.public.filters import query_of
from platforma.web.public.form_traps import doubt_of_request
from platforma.worker.task_queue import wake
from search.port import SearchError
from vocabulary.messages import N_

blueprint = Blueprint("additions", __name__, url_prefix=SITE)
blueprint.after_request(lambda answer: _private(answer))
MAX_ALIKE = 3
REMOVED = N_("This was removed from the directory at somebody's request, and cannot be added. Write to the editors.")


@blueprint.get("/add")
def add() -> str:
    """The form; `?title=` and `?website=` are what is known already."""
    form = AddForm(data={name: request.args.get(name, "") for name in ("title", "website")})
    return render_template("pages/additions/add.html", page=add_page(form))


@blueprint.post("/add")
def propose() -> str | tuple[str, int]:
    """Show what may be the same, then mail the link that confirms."""
    form = AddForm(request.form)
    if not form.check():
        return render_template("pages/additions/add.html", page=add_page(form)), 400
    record = form.record(current_language())
    alike = [] if form.another.data else _alike(record, form.title.data)
    if alike:
        return render_template("pages/additions/add.html", page=add_page(form, alike))
    refusal = _mail_link(record, form)
    if refusal:
        return render_template("pages/additions/add.html", page=add_page(form)), refusal
    return render_template("pages/additions/sent.html", email=form.email.data)


@blueprint.get("/add/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """How it will look, with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            record = additions.read_request(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/additions/confirm.html", row=preview(record), token=token)


@blueprint.post("/add/<token>")
def confirmed(token: str) -> BaseResponse | str | tuple[str, int]:
    """Hand the listing to the curators; mail the link by which it is followed."""
    try:
        with services().database.writing() as session:
            added = additions.confirm(session, token)
            if added is not None:
                addition_mails.queue_receipt(services().settings, session, added)
    except BadToken:
        return _bad_link()
    if added is None:
        return render_template("pages/corrections/held.html")
    wake(services().settings)
    return redirect(url_for("additions.status", token=addition_mails.status_token(services().secret_key, added)))


@blueprint.get(ADDITION_STATUS)
def status(token: str) -> str | tuple[str, int]:
    """What became of an addition, by the link that its sender was given."""
    try:
        with services().database.reading() as session:
            added = linked(services().secret_key, token, partial(additions.addition_of, session))
    except BadToken:
        return _bad_link()
    return render_template("pages/additions/status.html", added=added)


def _alike(record: Record, title: str) -> list[Listing]:
    """Listings that may be the same, then those with all the words of the name; of the latter none while the search is down."""
    found = _with_words(title)
    with services().database.reading() as session:
        likely = additions.likely_ids(session, record)
        return listing_queries.listings(session, list(dict.fromkeys([*likely, *found]))[:MAX_ALIKE])


def _with_words(title: str) -> list[str]:
    """The public ids of listings with all the words of a name."""
    query = query_of(MultiDict({"q": title, "when": "all"}), current_language(), per_page=MAX_ALIKE)
    try:
        return [hit.id for hit in services().engine.search(replace(query, facets=(), relax=False)).hits]
    except SearchError:
        return []


def _mail_link(record: Record, form: AddForm) -> int | None:
    """Mail the link that confirms an addition; or return the status of a refusal, which the form then says."""
    email, lang, key = form.email.data, current_language(), services().secret_key
    with services().database.writing() as session:
        exceeded: ExceededLimit | None = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_ADDITION, email))
        if exceeded is not None:
            form.refuse_additions(exceeded)
            return 429
        if additions.is_suppressed(session, record, key=key):  # counted, as the answer tells what was removed
            form.refuse(REMOVED)
            return 409
        name = additions.issue_request(session, record, email=email, lang=lang, key=key, doubt=doubt_of_request())
        body = render_template("mail/confirm_addition.txt", link=absolute(url_for("additions.confirm", token=PLACEHOLDER)))
        queue_mail(session, to=email, lang=lang, subject=_("Confirm what you add"), body=body, secret_name=name)
    wake(services().settings)
    return None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/corrections/bad_link.html"), 410


def _private(answer: Response) -> Response:
    """Nothing that a personal link opens is stored, indexed or told to other sites."""
    if request.endpoint != "additions.add":
        keep_private(answer)
    return answer
