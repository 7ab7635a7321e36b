"""What follows a decision at the desk: the index brought up to date, the worker woken; or the refusal explained."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import redirect, render_template
from werkzeug.wrappers import Response

from platforma.catalogue.errors import BadState, BadValue
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.worker.indexing import drain_outbox
from platforma.worker.task_queue import wake
from search.port import SearchError

log = logging.getLogger(__name__)


def carry_out(decide: Callable[[], None], back: str) -> Response | tuple[str, int]:
    """Make a decision, which is one transaction, and redirect to the address `back`; a refused decision is explained."""
    try:
        decide()
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
