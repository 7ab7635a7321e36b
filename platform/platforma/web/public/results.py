"""The results of a search as a list, and suggestions for the search field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from urllib.parse import urlencode

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import may_open_desk, services
from platforma.web.kept_pages import each_time
from platforma.web.public import suggestions
from platforma.web.public.blueprint import blueprint
from platforma.web.public.explanation import explanation
from platforma.web.public.filters import NAMES, current_values
from platforma.web.public.found import found, wider_searches
from platforma.web.public.results_page import pages, result_rows
from platforma.web.public.rows import Row
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
    each_time(partial(note_search, it.query))
    return render_template(
        "pages/results.html",
        page=search_frame(it.query, it.page, it.platforms),
        parts=list(parted(it.query, it.page, result_rows(it.query, it.page, it.listings))),
        pages=pages(it.query, it.page.total),
        wider=wider_searches(it),
        explained=explanation(it.query, it.page, it.listings, it.platforms) if may_open_desk() else None,
    )


@dataclass(frozen=True, slots=True)
class ResultPart:
    """Results that stand together: what is said of them, nothing of the first ones; the rank of the first one; rows."""

    heading: str
    start: int
    rows: Sequence[Row]


def parted(query: Query, page: Page, rows: Sequence[Row]) -> Iterator[ResultPart]:
    """The rows of a page: those that have all the words, those that do not, and those that are not in the place that is named;
    all together where they are not sorted by relevance."""
    before = (query.page - 1) * query.per_page
    ends = {page.complete - before: _below(page)} if page.complete else {}
    ends |= {page.total - page.elsewhere - before: _("Elsewhere")} if page.elsewhere else {}
    starts = [start for start in sorted(ends) if 0 < start < len(rows) and page.sort == "relevance"]
    for start, end in pairwise((0, *starts, len(rows))):
        if start < end:
            yield ResultPart(ends[start] if start else "", start + 1, rows[start:end])


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
