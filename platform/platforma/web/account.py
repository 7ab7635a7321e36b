"""Signing in by a link in a mail, and out again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue import accounts
from platforma.catalogue.errors import BadToken, TooMany
from platforma.catalogue.mails import queue_mail
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.jobs import wake
from platforma.web.context import COOKIE, DESK_ROLES, services

blueprint = Blueprint("account", __name__, url_prefix="/<any(lv, en):lang>")


@blueprint.get("/sign-in")
def sign_in() -> str:
    return render_template("pages/account/sign_in.html", email="", errors={})


@blueprint.post("/sign-in")
def send_link() -> str | tuple[str, int]:
    """The answer is the same whether the address has an account or not, so that nobody learns who has one."""
    email = request.form.get("email", "").strip()
    if "@" not in email:
        errors = {"email": _("Enter an e-mail address, such as name@organisation.lv")}
        return render_template("pages/account/sign_in.html", email=email, errors=errors), 400
    _mail_link(email)
    return render_template("pages/account/sent.html", email=email)


@blueprint.get("/sign-in/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            accounts.read_token(session, token, accounts.SIGN_IN)
    except BadToken:
        return render_template("pages/account/bad_link.html"), 410
    return render_template("pages/account/confirm.html", token=token)


@blueprint.post("/sign-in/<token>")
def use_link(token: str) -> Response | tuple[str, int]:
    try:
        with services().database.writing() as session:
            row = accounts.use_token(session, token, accounts.SIGN_IN)
            secret = accounts.open_session(session, row.user_id or 0)
            user = accounts.signed_in(session, secret)
    except BadToken:
        return render_template("pages/account/bad_link.html"), 410
    to_desk = user is not None and user.role in DESK_ROLES
    answer = redirect(url_for("desk.today" if to_desk else "directory.start"))
    is_secure = services().settings.base_url.startswith("https://")
    age_seconds = int(accounts.SESSION_VALID.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age_seconds, httponly=True, samesite="Lax", secure=is_secure)
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Response:
    with services().database.writing() as session:
        accounts.sign_out(session, request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("directory.start"))
    answer.delete_cookie(COOKIE)
    return answer


def _mail_link(email: str) -> None:
    """Send a link to an address that has an account; one that had enough links gets no more for an hour."""
    try:
        with services().database.writing() as session:
            user = accounts.find_user(session, email)
            if user is None:
                return
            token = accounts.issue_sign_in(session, user_id=user.id)
            link = accounts.sign_in_link(services().settings, token, current_language())
            body = render_template("mail/sign_in.txt", link=link)
            queue_mail(session, to=user.email, lang=current_language(), subject=_("Your sign-in link"), body=body)
    except TooMany:
        return
    wake(services().settings)
