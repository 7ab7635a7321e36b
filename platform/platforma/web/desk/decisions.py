"""Carrying out a decision: one transaction, the index brought up to date, the worker woken; a refusal explained."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import redirect, render_template
from werkzeug.wrappers import Response

from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadState, BadValue
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.worker.indexing import drain_outbox
from platforma.worker.task_queue import wake
from search.port import SearchError

log = logging.getLogger(__name__)


def carry_out(decide: Callable[[Session], None], back: str) -> Response | tuple[str, int]:
    """Carry a decision out, and go to the address `back`; one that cannot be is explained."""
    try:
        with services().database.writing() as session:
            decide(session)
    except (BadValue, BadState) as error:
        return _refused(_(error.reason, **error.values), back), 400 if isinstance(error, BadValue) else 409
    index_now()
    wake(services().settings)
    return redirect(back)


def _refused(reason: str, back: str) -> str:
    return render_template("pages/desk/refused.html", reason=reason, back=back)


def index_now() -> None:
    """Let the decision be seen at once; an engine that is down gets it later."""
    try:
        drain_outbox(services())
    except SearchError as error:
        log.warning("the index waits: %s", error)
