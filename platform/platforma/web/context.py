"""What views need of the application and of the request: services, who is signed in, the form's button, pages of lists."""

from __future__ import annotations

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.enums import Role
from platforma.catalogue.people import accounts
from platforma.catalogue.people.accounts import Account
from platforma.catalogue.people.rate_limits import LinkAttempt
from platforma.services import Services

COOKIE = "platforma_session"
TOKEN_OF_FORMS = "csrf_token"  # noqa: S105 - the name under which Flask-WTF keeps the token of a request
MAX_SKIP = 10_000_000


def services() -> Services:
    """The services of this application."""
    services: Services = current_app.extensions["platforma"]
    return services


def signed_in() -> Account | None:
    """The account of whoever sends this request, None for a visitor; read once a request, and only where there is a cookie."""
    if "user" not in g:
        secret = request.cookies.get(COOKIE)
        g.user = None
        if secret:
            with services().database.reading() as session:
                g.user = accounts.session_account(session, secret)
    user: Account | None = g.user
    return user


def is_personal() -> bool:
    """Whether the answer to this request holds something for one person alone: what an account sees, or a form's token."""
    return TOKEN_OF_FORMS in g or COOKIE in request.cookies


def keep_private(answer: Response, referrer: str = "no-referrer") -> None:
    """Let nothing store or index an answer that a secret address or an account opens, nor tell other sites of it.

    `referrer` is its Referrer-Policy: a page whose forms name where they come from needs `same-origin`.
    """
    answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"] = "noindex", "private, no-store"
    answer.headers["Referrer-Policy"] = referrer


def set_session_cookie(answer: Response, secret: str) -> Response:
    """Give an answer the cookie of a session that has just begun."""
    is_secure = services().settings.base_url.startswith("https://")
    age_seconds = int(accounts.SESSION_LIFETIME.total_seconds())
    answer.set_cookie(COOKIE, secret, max_age=age_seconds, httponly=True, samesite="Lax", secure=is_secure)
    return answer


def may_open_desk() -> bool:
    """Whether the person of this request may see the desk: readers and the staff."""
    user = signed_in()
    return user is not None and user.role in accounts.DESK_ROLES


def may_decide() -> bool:
    """Whether the person of this request may change something at the desk: the staff. Readers look only."""
    user = signed_in()
    return user is not None and user.role in accounts.STAFF


def is_admin() -> bool:
    """Whether the person of this request may manage accounts."""
    user = signed_in()
    return user is not None and user.role == Role.ADMIN


def actor() -> str:
    """The e-mail address of the curator of this request, for the history of changes."""
    user = signed_in()
    assert user is not None
    return user.email


def pressed(name: str, *buttons: str) -> str:
    """The value of the button that sent the form; 400 for a value that none of the `buttons` has."""
    value = request.form.get(name, "")
    if value not in buttons:
        abort(400)
    return value


def absolute(path: str) -> str:
    """The path as an address of this site, by PLATFORMA_BASE_URL and never by the request's host."""
    return f"{services().settings.base_url}{path}"


def link_attempt(purpose: str, recipient: str) -> LinkAttempt:
    """A request for a link to an address, by whoever sends this request."""
    return LinkAttempt(purpose, request.remote_addr or "", recipient, services().secret_key)


def redirect_to_sign_in() -> Response:
    """A redirect to the sign-in page, which leads back to this address with its query."""
    query = request.query_string.decode("ascii", "ignore")
    return redirect(url_for("account.sign_in", next=f"{request.path}?{query}" if query else request.path))


def skipped() -> int:
    """How many entries of a list come before the page that the address asks for (`?skip=`); 0 without a usable number."""
    return min(max(0, request.args.get("skip", 0, int)), MAX_SKIP)


def next_skip(skip: int, page_size: int, total: int) -> int | None:
    """The `?skip=` of the next page of a list; None where this is the last one."""
    return skip + page_size if skip + page_size < total else None


def require_curator() -> Response | None:
    """Before each request of the desk: a visitor is redirected to sign in, but answered 401 where that would lose a form.

    403 for whoever is signed in and may not open the desk, and for readers who send a form; None lets the request pass.
    """
    refusal = require_desk()
    if refusal is None and request.method == "POST" and not may_decide():
        abort(403)
    return refusal


def require_desk() -> Response | None:
    """Before each request of what everybody at the desk does for themselves: as require_curator, but readers send forms, too."""
    if signed_in() is None and request.method == "POST":
        abort(401)
    if signed_in() is None:
        return redirect_to_sign_in()
    if not may_open_desk():
        abort(403)
    return None


def require_admin() -> Response | None:
    """Before each request of what only admins may do: as require_curator, and 403 for readers and curators."""
    refusal = require_curator()
    if refusal is None and not is_admin():
        abort(403)
    return refusal
