"""Signing in by a link in a mail or by a passkey, and out again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import SIGN_IN_LINK, SITE
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import accounts, passkeys, rate_limits, tokens
from platforma.catalogue.people.accounts import Account
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.mail.sign_in_links import queue_sign_in_link
from platforma.web import passkey_checks
from platforma.web.context import COOKIE, absolute, keep_private, link_attempt, services, set_session_cookie
from platforma.web.passkey_checks import BadPasskey
from platforma.web.public.forms import SignInForm
from platforma.web.public.own_pages import is_of_desk, own_page
from platforma.worker.task_queue import wake
from vocabulary.messages import N_

blueprint = Blueprint("account", __name__, url_prefix=SITE)


@blueprint.get("/sign-in")
def sign_in() -> str:
    return _form_page(SignInForm(next=request.args.get("next")))


@blueprint.post("/sign-in")
def send_link() -> str | tuple[str, int]:
    """The answer is the same whether the address has an account or not, so that nobody learns who has one."""
    form = SignInForm(request.form)
    if not form.validate():
        return _form_page(form), 400
    email = form.email.data
    with services().database.writing() as session:
        is_within_limits = rate_limits.count_attempt(session, link_attempt(tokens.SIGN_IN, email)) is None
        subject, body = _sign_in_mail(form.next.data)
        queue_sign_in_link(
            session, email, key=services().secret_key, lang=current_language(), subject=subject, body=body,
            is_within_limits=is_within_limits,
        )  # fmt: skip
    wake(services().settings)
    return render_template("pages/account/sent.html", email=email)


@blueprint.get(SIGN_IN_LINK)
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    page = own_page(request.args.get("next"))
    try:
        with services().database.reading() as session:
            tokens.read_token(session, token, tokens.SIGN_IN)
    except BadToken:
        return render_template("pages/account/bad_link.html", next=page), 410
    return render_template("pages/account/confirm.html", token=token, next=page)


@blueprint.post(SIGN_IN_LINK)
def use_link(token: str) -> Response | tuple[str, int]:
    page = own_page(request.form.get("next"))
    try:
        with services().database.writing() as session:
            secret, account = accounts.sign_in(session, token, lang=current_language())
    except BadToken:
        return render_template("pages/account/bad_link.html", next=page), 410
    return _signed_in(secret, account, page)


@blueprint.post("/sign-in-by-passkey")
def use_passkey() -> Response | tuple[str, int]:
    """Sign in by what the browser answered to the options of the sign-in page."""
    form = SignInForm(request.form)
    try:
        secret, account = _sign_in_by_passkey(request.form.get("answer", ""))
    except (BadPasskey, BadToken):
        form.refuse(N_("This passkey did not work here. Try again, or have a link sent to your e-mail address."))
        return _form_page(form), 400
    return _signed_in(secret, account, form.next.data)


def _sign_in_by_passkey(answer: str) -> tuple[str, Account | None]:
    """The secret of the new session, and whose it is. Raises BadPasskey and BadToken."""
    base_url = services().settings.base_url
    challenge, credential_id = passkey_checks.answer_to_signing_in(answer)
    with services().database.writing() as session:
        passkeys.use_challenge(session, services().secret_key, passkeys.SIGNING_IN, challenge)
        passkey = passkeys.find_passkey(session, credential_id)
        if passkey is None:
            raise BadPasskey("nobody has this passkey")
        count = passkey_checks.new_sign_count(base_url, answer, challenge, passkey)
        return passkeys.sign_in(session, passkey, sign_count=count, lang=current_language())


def _signed_in(secret: str, account: Account | None, page: str | None) -> Response:
    """A redirect to where signing in leads, with the cookie of the session."""
    return set_session_cookie(redirect(_first_page(account, page)), secret)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    with services().database.writing() as session:
        accounts.sign_out(session, request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("directory.start"))
    answer.delete_cookie(COOKIE)
    return answer


@blueprint.after_request
def private(answer: Response) -> Response:
    """Nothing that a sign-in link opens is stored, indexed or told to other sites."""
    if request.endpoint in ("account.confirm", "account.use_link"):
        keep_private(answer, "same-origin")
    return answer


def _form_page(form: SignInForm) -> str:
    base_url, options = services().settings.base_url, None
    if passkey_checks.is_offered(base_url):
        challenge = passkeys.new_challenge(services().secret_key, passkeys.SIGNING_IN)
        options = passkey_checks.signing_in_options(base_url, challenge)
    return render_template("pages/account/sign_in.html", form=form, errors=form.error_texts, options=options)


def _first_page(account: Account | None, page: str | None) -> str:
    """Where signing in leads to: the page that asked for it, if the person may see it; else the desk or own platforms."""
    may_open_desk = account is not None and account.may_open_desk
    if page is not None and (may_open_desk or not is_of_desk(page)):
        return request.script_root + page
    if may_open_desk:
        return url_for("desk.today")
    return url_for("directory.start" if account is None else "members.mine")


def _sign_in_mail(page: str | None) -> tuple[str, str]:
    """Subject and body; the link leads to the page that asked for signing in."""
    link = absolute(url_for("account.confirm", token=PLACEHOLDER, next=page))
    return _("Your sign-in link"), render_template("mail/sign_in.txt", link=link)
