"""What a letter's links lead to: a page without an account that shows the listing and asks for one press."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, render_template, request

from platforma.addresses import END_LETTERS, LETTER, SITE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import CorrectionTopic
from platforma.catalogue.errors import BadToken
from platforma.catalogue.listings import letters
from platforma.catalogue.listings.letters import Asked
from platforma.i18n import current_language, today
from platforma.mail.signed_links import linked
from platforma.web.context import keep_private, services
from platforma.web.public.correction_forms import ReportForm
from platforma.web.public.correction_pages import listing_subject, report_page
from platforma.web.public.rows import listing_url, row

blueprint = Blueprint("letters", __name__, url_prefix=SITE)
blueprint.after_request(lambda answer: _private(answer))
ANSWERS = ("correct", "change", "ended")


@blueprint.get(LETTER)
def letter(token: str) -> str | tuple[str, int]:
    """The listing with the three answers; programs that look into mails follow links, people press buttons. `?answer=` is the
    one that stands first."""
    try:
        asked = _asked(token)
    except BadToken:
        return _bad_link()
    chosen = request.args.get("answer", "")
    order = sorted(ANSWERS, key=lambda said: said != chosen)
    assert asked.listing is not None
    lang = current_language()
    return render_template(
        "pages/letters/answer.html", title=asked.listing.title(lang), row=row(asked.listing, lang, today=today()),
        url=listing_url(asked.listing), answers=order, token=token,
    )  # fmt: skip


@blueprint.post(LETTER)
def answer(token: str) -> str | tuple[str, int]:
    """Store the answer; who wants a change gets the form for it, with the listing and the address that is known."""
    said = request.form.get("answer", "")
    if said not in ANSWERS:
        abort(400)
    try:
        asked = _asked(token)
    except BadToken:
        return _bad_link()
    assert asked.listing is not None
    with services().database.writing() as session:
        letters.answer(session, asked.public_id, said, utc_now())  # type: ignore[arg-type] # one of ANSWERS
    if said == "change":
        known = {"topic": str(CorrectionTopic.MISTAKE), "email": asked.listing.get("email") or ""}
        page = report_page(ReportForm(data=known), listing_subject(asked.listing))
        return render_template("pages/corrections/report.html", page=page)
    return render_template("pages/letters/thanks.html", said=said, url=listing_url(asked.listing))


@blueprint.get(END_LETTERS)
def end(token: str) -> str | tuple[str, int]:
    """A page with the button that ends all letters to the address."""
    try:
        with services().database.reading() as session:
            linked(services().secret_key, token, partial(letters.asked, session))
    except BadToken:
        return _bad_link()
    return render_template("pages/letters/end.html", token=token)


@blueprint.post(END_LETTERS)
def end_by_header(token: str) -> str | tuple[str, int]:
    """End all letters to the address at once, by the button or as mail programs ask (RFC 8058), or have them come again; this
    works as long as there are letters, and twice."""
    is_again = request.form.get("again") == "1"
    if not is_again and request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    try:
        with services().database.writing() as session:
            asked = linked(services().secret_key, token, partial(letters.asked, session))
            if is_again:
                letters.allow_letters(session, asked.public_id)
            else:
                letters.refuse_letters(session, asked.public_id, utc_now())
    except BadToken:
        return _bad_link()
    return render_template("pages/letters/ended.html", token=token, is_again=is_again)


def _asked(token: str) -> Asked:
    """The letter of a link that still works, with a listing that is still public. Raises BadToken."""
    with services().database.reading() as session:
        asked = linked(services().secret_key, token, partial(letters.asked, session))
    if asked.listing is None or asked.expires_at <= utc_now():
        raise BadToken(asked.public_id)
    return asked


def _bad_link() -> tuple[str, int]:
    return render_template("pages/letters/bad_link.html"), 410


def _private(answer: Response) -> Response:
    """Nothing of these pages is stored or indexed, and nothing that a personal link opens is told to other sites."""
    keep_private(answer)
    return answer
