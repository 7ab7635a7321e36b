"""Errors as pages, and below /api/ as RFC 9457 problem details: one table from error to status, one from status to message."""

from __future__ import annotations

import logging

from flask import Flask, Response, json, render_template, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, RequestedRangeNotSatisfiable

from platforma.catalogue.database import is_left_behind
from platforma.catalogue.errors import BadState, BadToken, DatabaseUnavailable, NotFound, Suppressed
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.public.feeds import wants_json
from platforma.web.public.parameters import BadRequest
from platforma.web.public.take.turns import RETRY_AFTER_SECONDS, NoTurn
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
    NoTurn: 503,
    DatabaseUnavailable: 503,
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
    if isinstance(error, InternalServerError) and is_left_behind(services().database, error.original_exception):
        error = DatabaseUnavailable("the database was brought to another version; this site has to be started anew")
    status = status_of(error)
    if status >= 500:
        log.error("answered %s: %s", status, error)
    title, advice = message_about(error, status)
    if wants_json():
        detail = str(error) if isinstance(error, BadRequest | BadQuery) else advice
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if isinstance(error, BadRequest) and error.hint:
            problem["hint"] = error.hint
        return Response(json.dumps(problem), status, headers_of(error), mimetype="application/problem+json"), status
    if isinstance(error, BadRequest):
        return Response(wrong_search_page(error), status), status
    page = render_template("pages/error.html", title=title, advice=advice)
    return Response(page, status, headers_of(error)), status


def status_of(error: Exception) -> int:
    """The status that an error is answered with."""
    if isinstance(error, NoTurn) and error.is_own:
        return 429
    return STATUSES.get(type(error)) or (error.code if isinstance(error, HTTPException) else None) or 500


def headers_of(error: Exception) -> dict[str, str]:
    """What tells a program how to ask instead: by which methods, for which part of a file, or when."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return {"Allow": ", ".join(sorted(error.valid_methods))}
    if isinstance(error, RequestedRangeNotSatisfiable):
        return {"Content-Range": f"bytes */{error.length}"}
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if STATUSES.get(type(error)) == 503 else {}


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


def message_about(error: Exception, status: int) -> tuple[str, str]:
    """Title and advice for an error: those of its status, where it has none of its own."""
    if isinstance(error, CSRFError):
        return expired_form_message()
    if isinstance(error, NoTurn) and not error.is_own:
        return _("Many large files are being downloaded right now"), _("Try again in a minute.")
    if isinstance(error, DatabaseUnavailable):
        return (
            _("Our database cannot be used at the moment"),
            _("Try again in a few minutes. If you have just sent a form, go back then and check whether it was saved."),
        )
    return message_of(status)


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
        416: (_("This file has no such part"), _("It may have changed since. Download the whole file.")),
        429: (
            _("You are downloading as many large files as we can send at once"),
            _("Wait until one of them is here, then try again."),
        ),
        503: (_("Search is not available at the moment"), _("Nothing is lost. Try again in a few minutes.")),
    }
    return messages.get(status, (_("Something went wrong on our side; nothing was lost"), _("Try again in a few minutes.")))
