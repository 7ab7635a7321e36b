"""Errors as pages, and below /api/ as RFC 9457 problem details: one table from error to status, one from status to message."""

from __future__ import annotations

import logging

from flask import Flask, Response, json, render_template, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from platforma.catalogue.errors import BadState, BadToken, NotFound, Suppressed
from platforma.i18n import gettext as _
from platforma.web.public.feeds import wants_json
from platforma.web.public.parameters import BadRequest
from platforma.web.public.wrong_search import wrong_search_page
from search.port import BadQuery, EngineUnavailable, IndexNotReady

log = logging.getLogger(__name__)
STATUSES: dict[type[Exception], int] = {
    BadRequest: 400,
    BadQuery: 400,
    CSRFError: 400,
    NotFound: 404,
    BadToken: 404,
    Suppressed: 410,
    EngineUnavailable: 503,
    IndexNotReady: 503,
}


def init_app(app: Flask) -> None:
    """Answer errors in the reader's language, or as JSON below /api/."""
    for error in STATUSES:
        app.register_error_handler(error, answer)
    app.register_error_handler(BadState, refused)
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(500, answer)


def answer(error: Exception) -> tuple[Response, int]:
    """The page of an error, or its problem details below /api/."""
    status = STATUSES.get(type(error)) or (error.code if isinstance(error, HTTPException) else None) or 500
    if status >= 500:
        log.error("answered %s: %s", status, error)
    title, advice = expired_form_message() if isinstance(error, CSRFError) else message_of(status)
    if wants_json():
        detail = str(error) if isinstance(error, BadRequest | BadQuery) else advice
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if isinstance(error, BadRequest) and error.hint:
            problem["hint"] = error.hint
        return Response(json.dumps(problem), status, allowed(error), mimetype="application/problem+json"), status
    if isinstance(error, BadRequest):
        return Response(wrong_search_page(error), status), status
    page = render_template("pages/error.html", title=title, advice=advice)
    return Response(page, status, allowed(error)), status


def allowed(error: Exception) -> dict[str, str]:
    """The header that says by which methods an address may be asked for, where it was asked for by another."""
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return {"Allow": ", ".join(sorted(methods))} if methods else {}


def refused(error: BadState) -> tuple[str, int]:
    """The page of a step that the state of a thing does not allow (409), with the reason."""
    reason = _(error.reason, **error.values)
    return render_template("pages/desk/refused.html", reason=reason, back=url_for("desk.today")), 409


def expired_form_message() -> tuple[str, str]:
    """Title and advice for a form whose CSRF token is missing or belongs to a session that ended."""
    return (
        _("This form has expired; nothing was saved"),
        _("Go back and copy what you wrote, reload the page, sign in if it asks you to, and send the form again."),
    )


def message_of(status: int) -> tuple[str, str]:
    """Title (what happened) and advice (what to do) for a status, in the reader's language."""
    messages = {
        400: (_("This address cannot be understood"), _("Go back and try again, or search below.")),
        401: (
            _("You are signed out; nothing was saved"),
            _("Sign in in another window, then go back in this one and send the form again."),
        ),
        403: (_("You have no access to this page"), _("Sign in with an account that has access to it.")),
        404: (_("There is no such page"), _("It may have moved or never been here. Search for it below.")),
        405: (_("This address cannot be understood"), _("Go back and try again, or search below.")),
        410: (_("This listing was removed"), _("It was removed at the request of the organisation or person that it was about.")),
        413: (_("This is too much to send at once; nothing was saved"), _("Go back and send a shorter text.")),
        503: (_("Search is not available at the moment"), _("Nothing is lost. Try again in a few minutes.")),
    }
    return messages.get(status, (_("Something went wrong on our side; nothing was lost"), _("Try again in a few minutes.")))
