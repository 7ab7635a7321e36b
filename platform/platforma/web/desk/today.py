"""The desk's first page: how much waits for a decision; and the searches that found nothing."""

from __future__ import annotations

from flask import render_template

from platforma.catalogue import totals
from platforma.catalogue.listings import conflicts
from platforma.catalogue.terms import failed_searches
from platforma.mail import mail_queue
from platforma.web.context import services
from platforma.web.desk.blueprint import blueprint


@blueprint.get("/")
def today() -> str:
    with services().database.reading() as session:
        counts, undelivered = totals.desk_counts(session), mail_queue.undelivered_count(session)
        longest = next(iter(conflicts.waiting(session, limit=1)), None)
    return render_template("pages/desk/today.html", counts=counts, undelivered=undelivered, longest=longest)


@blueprint.get("/searches")
def searches() -> str:
    """The most frequent searches that found nothing."""
    with services().database.reading() as session:
        searches = failed_searches.most_frequent(session)
    return render_template("pages/desk/searches.html", searches=searches)
