"""Refusing politely above capacity: a request that has waited too long for a thread is told when to come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from platforma.i18n import force_locale, gettext
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES
from vocabulary.messages import N_

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MAX_WAIT_SECONDS = 2.0
"""Who has waited so long for a thread is refused, so that nobody waits for ever and those behind wait less."""
RETRY_AFTER_SECONDS = 5
ALWAYS_ANSWERED = ("/healthz", "/readyz", "/metrics", "/assets/")
"""Beginnings of the addresses that tell whether the site lives, and of files that cost nothing."""
waited_seconds: ContextVar[float] = ContextVar("waited_seconds", default=0.0)
"""How long the request that this thread answers has waited for it."""
TITLE = N_("There are very many visitors at the moment")
ADVICE = N_("Nothing is lost. Try again in a few seconds.")
_PAGE = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>{title}</title><body style="font:1.1rem/1.5 sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem">{parts}'
)


class Overload:
    """A WSGI application (PEP 3333) in front of another one, which answers 503 (RFC 9110) to requests that waited too long.

    `refused` is called for each of them, with the seconds that it waited.
    """

    def __init__(
        self,
        app: WSGIApplication,
        translations_dir: Path | None = None,
        waited: Callable[[], float] = waited_seconds.get,
        refused: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._app, self._waited, self._refused = app, waited, refused
        self._page = _page(translations_dir)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or have the application answer."""
        path = environ.get("PATH_INFO", "")
        if self._waited() <= MAX_WAIT_SECONDS or path.startswith(ALWAYS_ANSWERED):
            return self._app(environ, start_response)
        self._refused(self._waited())
        is_program = path.startswith("/api/")
        body = _PROBLEM if is_program else self._page
        headers = [
            ("Content-Type", "application/problem+json" if is_program else "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(RETRY_AFTER_SECONDS)),
            ("Cache-Control", "no-store"),
        ]
        start_response("503 Service Unavailable", headers)
        return [body]


def _page(translations_dir: Path | None) -> bytes:
    """The page in all languages, since finding out which one is wanted takes what is lacking."""
    texts = []
    for lang in LANGUAGES:
        with force_locale(lang, translations_dir):
            texts.append((lang, escape(gettext(TITLE)), escape(gettext(ADVICE))))
    parts = "".join(f'<section lang="{lang}"><h1>{title}</h1><p>{advice}</p></section>' for lang, title, advice in texts)
    return _PAGE.format(lang=DEFAULT_LANGUAGE, title=texts[0][1], parts=parts).encode()


_PROBLEM = json.dumps({"type": "about:blank", "title": TITLE, "status": 503, "detail": ADVICE}).encode()
"""Problem details (RFC 9457), in English as those of all programs."""
