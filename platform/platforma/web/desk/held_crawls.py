"""The desk's held crawls, which wait for a decision."""

from __future__ import annotations

from functools import partial

from flask import render_template, url_for
from werkzeug.wrappers import Response

from platforma.addresses import CRAWL
from platforma.catalogue.decisions import crawls as crawls_decided
from platforma.catalogue.ingest import crawl_queries, full_reports
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.crawl_views import report_page
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out

HELD_PER_PAGE = 10


@blueprint.get("/crawls")
def crawls() -> str:
    """Some of the held crawls, the oldest first, each with what accepting it would change."""
    skip = skipped()
    with services().database.reading() as session:
        held = crawl_queries.held_crawls(session)
        shown = held[skip : skip + HELD_PER_PAGE]
        pages = [
            report_page(full_reports.full_report(session, report.crawl_id, secret_key=services().secret_key, limit=0), 0)
            for report in shown
        ]
    return render_template(
        "pages/desk/crawls.html", pages=pages, in_all=len(held), skip=skip, next_skip=next_skip(skip, HELD_PER_PAGE, len(held))
    )


@blueprint.post(CRAWL)
def decide_crawl(crawl_id: int) -> Response | tuple[str, int]:
    """Let a held crawl be taken in, or throw it away."""
    verb = {"approve": "accept", "discard": "discard"}[pressed("decision", "approve", "discard")]

    def decide() -> int:
        with services().database.writing() as session:
            return crawls_decided.decide(session, crawl_id=crawl_id, verb=verb, actor=actor()).id

    return carry_out(decide, ("crawl", str(crawl_id)), partial(url_for, "desk.crawls"))
