"""Whoever runs what a listing is about says so, to keep it themselves: a page, a mailed link, a button."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import SITE
from platforma.catalogue.errors import BadToken
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.partners import claims
from platforma.catalogue.people import accounts, rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail import claim_mails
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.web.context import absolute, keep_private, link_attempt, services, set_session_cookie, signed_in
from platforma.web.forms import Form, TextField, address_text, email_address
from platforma.web.public.rows import listing_url
from platforma.worker.task_queue import wake
from vocabulary.messages import N_

blueprint = Blueprint("claims", __name__, url_prefix=SITE)
TOO_MANY = N_("Too many mails were sent just now. Nothing was sent; try again in an hour.")


class ClaimForm(Form):
    """The address that the link is mailed to."""

    email = TextField(filters=[address_text], validators=[email_address])


@blueprint.after_request
def _private(answer: Response) -> Response:
    """Nothing of these pages is stored or indexed, and nothing that a mailed link opens is told to other sites."""
    keep_private(answer)
    return answer


@blueprint.get("/initiatives/<public_id>/claim")
def ask(public_id: str) -> str:
    """What it means to keep a listing oneself, and the field for an address."""
    return _page(ClaimForm(), _listing(public_id))


@blueprint.post("/initiatives/<public_id>/claim")
def send(public_id: str) -> str | tuple[str, int]:
    """Mail the link; the answer is the same for each address, whatever is known of it."""
    form, listing = ClaimForm(request.form), _listing(public_id)
    if not form.validate():
        return _page(form, listing), 400
    if _mail_link(listing, form.email.data) is not None:
        form.refuse(TOO_MANY, "email")
        return _page(form, listing), 429
    return render_template("pages/claims/sent.html", email=form.email.data)


@blueprint.get("/claim/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            listing, email = claims.read_link(session, token, _user_id())
    except BadToken:
        return _bad_link()
    return render_template("pages/claims/confirm.html", title=listing.title(current_language()), email=email, token=token)


@blueprint.post("/claim/<token>")
def confirmed(token: str) -> BaseResponse | tuple[str, int]:
    """Note the claim. An account that was made by this very link is signed in; any other one signs in as always."""
    try:
        with services().database.writing() as session:
            confirmed = claims.confirm(session, token, user_id=_user_id(), lang=current_language())
            claim = confirmed.claim
            if confirmed.is_proof:
                claim_mails.tell_others(services().settings, session, claim)
            secret = accounts.open_session(session, claim.user_id) if confirmed.is_new else None
    except BadToken:
        return _bad_link()
    wake(services().settings)
    answer = redirect(url_for("members.listing", public_id=claim.public_id), 303)
    return set_session_cookie(answer, secret) if secret else answer


def _listing(public_id: str) -> Listing:
    with services().database.reading() as session:
        return claims.claimable(session, public_id)


def _page(form: ClaimForm, listing: Listing) -> str:
    return render_template(
        "pages/claims/ask.html", form=form, errors=form.error_texts, listing=listing, url=listing_url(listing),
        title=listing.title(current_language()),
    )  # fmt: skip


def _mail_link(listing: Listing, email: str) -> ExceededLimit | None:
    """Let the mail with the link wait; or return the rate limit that is exceeded."""
    title = listing.title(current_language()).text
    with services().database.writing() as session:
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CLAIM, email))
        if exceeded is not None:
            return exceeded
        name = claims.issue_link(session, public_id=listing.public_id, email=email, key=services().secret_key)
        link, subject = absolute(url_for("claims.confirm", token=PLACEHOLDER)), _(claim_mails.CLAIMED, title=title)
        body = render_template("mail/confirm_claim.txt", link=link, title=title)
        queue_mail(session, to=email, lang=current_language(), subject=subject, body=body, secret_name=name)
    wake(services().settings)
    return None


def _user_id() -> int | None:
    user = signed_in()
    return user.id if user else None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/claims/bad_link.html"), 410
