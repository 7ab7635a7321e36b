"""The results of a search as a list, and suggestions for the search field."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import may_open_desk, services
from platforma.web.public import suggestions
from platforma.web.public.blueprint import blueprint
from platforma.web.public.explanation import explanation
from platforma.web.public.filters import NAMES, current_values
from platforma.web.public.found import found, wider_searches
from platforma.web.public.results_page import pages, result_rows
from platforma.web.public.search_frame import search_frame
from platforma.web.public.searched import note_search
from search.port import Page, Query

MAX_SUGGEST_CHARACTERS = 100


@blueprint.before_request
def lead_to_current_ids() -> Response | None:
    """Redirect from an address with ids of the vocabulary that others replaced to the same with those; for now only, since
    curators can take that back."""
    sent = list(request.args.items(multi=True))
    current = [(name, one) for name, value in sent for one in (current_values(name, [value]) if name in NAMES else [value])]
    return None if current == sent else redirect(f"{request.script_root}{request.path}?{urlencode(current)}")


@blueprint.get("/search")
def search() -> str:
    it = found()
    note_search(it.query)
    return render_template(
        "pages/results.html",
        page=search_frame(it.query, it.page, it.platforms),
        listings=result_rows(it.query, it.page, it.listings),
        complete=_complete_rows(it.query, it.page),
        below=_below(it.page),
        pages=pages(it.query, it.page.total),
        wider=wider_searches(it),
        explained=explanation(it.query, it.page, it.listings, it.platforms) if may_open_desk() else None,
    )


def _complete_rows(query: Query, page: Page) -> int:
    """How many rows of a page have all the words and stand above the others; 0 where none are parted here."""
    complete = page.complete - (query.page - 1) * query.per_page if page.sort == "relevance" else 0
    return complete if 0 < complete < len(page.hits) else 0


def _below(page: Page) -> str:
    """What is said of the results that do not have all the words."""
    if not page.close:
        return _("With most of the words")
    return _("With most of the words, or close in meaning") if page.relaxation == "some" else _("Close in meaning")


@blueprint.get("/suggest")
def suggest() -> dict[str, list[dict[str, str]]]:
    """Suggestions for what a reader types, as JSON for the search field's script."""
    text = request.args.get("q", "")[:MAX_SUGGEST_CHARACTERS]
    return {"items": suggestions.suggest(services(), text, current_language())}
