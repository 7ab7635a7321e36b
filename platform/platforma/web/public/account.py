"""Signing in by a link in a mail, and out again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import User
from platforma.catalogue.people import accounts, rate_limits, tokens
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail, retry_waiting
from platforma.secret_key import secret_key
from platforma.web.context import COOKIE, absolute, link_attempt, services
from platforma.web.public.own_pages import is_of_desk, own_page
from platforma.worker.task_queue import wake

blueprint = Blueprint("account", __name__, url_prefix="/<any(lv, en):lang>")


@blueprint.get("/sign-in")
def sign_in() -> str:
    return render_template("pages/account/sign_in.html", email="", errors={}, next=own_page(request.args.get("next")))


@blueprint.post("/sign-in")
def send_link() -> str | tuple[str, int]:
    """The answer is the same whether the address has an account or not, so that nobody learns who has one."""
    email, page = request.form.get("email", "").strip(), own_page(request.form.get("next"))
    if "@" not in email:
        errors = {"email": _("Enter an e-mail address, such as name@organisation.lv")}
        return render_template("pages/account/sign_in.html", email=email, errors=errors, next=page), 400
    with services().database.writing() as session:
        is_within_limits = rate_limits.count_attempt(session, link_attempt(tokens.SIGN_IN, email)) is None
        user = accounts.find_user(session, email)
        if user is not None:
            _mail_link(session, user, page, is_within_limits)
    wake(services().settings)
    return render_template("pages/account/sent.html", email=email)


@blueprint.get("/sign-in/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    page = own_page(request.args.get("next"))
    try:
        with services().database.reading() as session:
            tokens.read_token(session, token, tokens.SIGN_IN)
    except BadToken:
        return render_template("pages/account/bad_link.html", next=page), 410
    return render_template("pages/account/confirm.html", token=token, next=page)


@blueprint.post("/sign-in/<token>")
def use_link(token: str) -> Response | tuple[str, int]:
    page = own_page(request.form.get("next"))
    try:
        with services().database.writing() as session:
            row = tokens.use_token(session, token, tokens.SIGN_IN)
            secret = accounts.open_session(session, row.user_id or 0)
            user = accounts.session_user(session, secret)
            if user is not None:
                user.lang = current_language()
    except BadToken:
        return render_template("pages/account/bad_link.html", next=page), 410
    answer = redirect(_first_page(user, page))
    is_secure = services().settings.base_url.startswith("https://")
    age_seconds = int(accounts.SESSION_LIFETIME.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age_seconds, httponly=True, samesite="Lax", secure=is_secure)
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Response:
    with services().database.writing() as session:
        accounts.sign_out(session, request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("directory.start"))
    answer.delete_cookie(COOKIE)
    return answer


def _first_page(user: User | None, page: str | None) -> str:
    """Where signing in leads to: the page that asked for it, if the person may see it."""
    is_staff = user is not None and user.role in accounts.STAFF
    if page is not None and (is_staff or not is_of_desk(page)):
        return request.script_root + page
    return url_for("desk.today" if is_staff else "directory.start")


def _mail_link(session: Session, user: User, page: str | None, is_within_limits: bool) -> None:
    """Mail a person a link. Whoever has none that still works gets one, however often links were asked for.

    A link that still works is sent once more, as long as the rate limits allow; beyond them it is in the person's mail already.
    """
    key = secret_key(services().settings)
    name = tokens.reusable_token_name(session, user.id)
    if name is not None and not is_within_limits:
        return
    if name is None:
        if retry_waiting(session, to=user.email, purpose=tokens.SIGN_IN):
            return
        name = tokens.issue_mailed_token(session, purpose=tokens.SIGN_IN, key=key, payload={"email": user.email}, user_id=user.id)
    link = absolute(url_for("account.confirm", token=PLACEHOLDER, next=page))
    body = render_template("mail/sign_in.txt", link=link)
    subject = _("Your sign-in link")
    queue_mail(session, to=user.email, lang=current_language(), subject=subject, body=body, secret_name=name)
