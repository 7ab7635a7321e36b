"""What follows a decision at the desk: the index brought up to date, the worker woken; or the refusal explained."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, redirect, render_template
from werkzeug.wrappers import Response

from platforma.catalogue.decisions.claims import OBJECTS, Item
from platforma.catalogue.errors import BadState, BadValue
from platforma.i18n import gettext as _
from platforma.web.desk.decided_lines import decided_meanwhile
from platforma.worker.indexing_thread import IndexingThread


def carry_out(decide: Callable[[], int], item: Item, back: Callable[..., str]) -> Response | tuple[str, int]:
    """Make a decision on an item of a queue, and redirect to a page that says so, with its undo.

    `decide` is one transaction, and returns the id of the decision; `back` gives the address of the page, with parameters. A
    refused one is explained.
    """
    try:
        id = decide()
    except BadValue as error:
        return refused(_(error.reason, **error.values), back()), 400
    except BadState as error:
        return refused(decided_meanwhile(error, OBJECTS[item[0]], item[1]), back()), 409
    follow()
    return redirect(back(decided=id))


def follow() -> None:
    """Let the decision be found within a moment, and the worker do what it has to."""
    _indexing().ask(is_waking=True)


def refused(reason: str, back: str) -> str:
    """The page that explains why something was not done."""
    return render_template("pages/desk/refused.html", reason=reason, back=back)


def index_soon() -> None:
    """Let the search have what was changed; whoever changed it does not wait, and an engine that is down gets it later."""
    _indexing().ask()


def _indexing() -> IndexingThread:
    indexing: IndexingThread = current_app.extensions["indexing"]
    return indexing
