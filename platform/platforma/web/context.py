"""What views need: settings, database, engine, and who is signed in."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, g, redirect, request, url_for

from platforma.catalogue.models import Role, User
from platforma.catalogue.people import accounts
from platforma.catalogue.people.rate_limits import LinkAttempt
from platforma.secret_key import secret_key
from platforma.services import Services

COOKIE = "platforma_session"
MAX_SKIP = 10_000_000


def services() -> Services:
    """The services of this application."""
    return current_app.extensions["platforma"]  # type: ignore[no-any-return]


def signed_in() -> User | None:
    """Who asks; looked up once a request, and never for readers without the cookie."""
    if "user" not in g:
        secret = request.cookies.get(COOKIE)
        g.user = None
        if secret:
            with services().database.reading() as session:
                g.user = accounts.session_user(session, secret)
    return g.user  # type: ignore[no-any-return]


def is_curator() -> bool:
    """Whether the desk is open to who asks."""
    user = signed_in()
    return user is not None and user.role in accounts.STAFF


def is_admin() -> bool:
    """Whether who asks may manage accounts."""
    user = signed_in()
    return user is not None and user.role == Role.ADMIN


def actor() -> str:
    """The address of the curator who asks, for the history of what was done."""
    user = signed_in()
    assert user is not None
    return user.email


def pressed(name: str, *buttons: str) -> str:
    """The value of the button that sent the form. Whatever is none of the form's buttons is refused (400), not guessed."""
    value = request.form.get(name, "")
    if value not in buttons:
        abort(400)
    return value


def absolute(path: str) -> str:
    """The path as an address of this site, by PLATFORMA_BASE_URL and never by the request's host."""
    return f"{services().settings.base_url}{path}"


def link_attempt(purpose: str, recipient: str) -> LinkAttempt:
    """A request for a link to an address, by whoever sends this request."""
    return LinkAttempt(purpose, request.remote_addr or "", recipient, secret_key(services().settings))


def sign_in_address() -> Any:
    """A redirect to the sign-in page that leads back here, with the query."""
    query = request.query_string.decode("ascii", "ignore")
    return redirect(url_for("account.sign_in", next=f"{request.path}?{query}" if query else request.path))


def skipped() -> int:
    """How many entries of a list the address leaves out; 0 where it says nothing usable."""
    return min(max(0, request.args.get("skip", 0, int)), MAX_SKIP)


def require_curator() -> Any:
    """Before each request of the desk: who is signed out is led to sign in, but told so where a form would be lost."""
    user = signed_in()
    if user is None and request.method == "POST":
        abort(401)
    if user is None:
        return sign_in_address()
    if not is_curator():
        abort(403)
    return None


def require_admin() -> Any:
    """Before each request of what only admins may do: as require_curator, and curators are refused."""
    refusal = require_curator()
    if refusal is None and not is_admin():
        abort(403)
    return refusal
