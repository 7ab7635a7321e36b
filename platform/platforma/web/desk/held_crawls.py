"""The desk's held crawls, which wait for a decision."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from platforma.addresses import CRAWL
from platforma.catalogue.ingest import crawl_queries, held_crawls
from platforma.catalogue.platforms import crawled_platforms
from platforma.web.context import actor, pressed, services
from platforma.web.crawl_views import crawl_line
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out


@blueprint.get("/crawls")
def crawls() -> str:
    with services().database.reading() as session:
        reports = crawl_queries.held_crawls(session)
        platform_ids = {report.platform_id for report in reports}
        titles = {id: crawled_platforms.crawled_platform(session, id).title for id in platform_ids}
    held = [(crawl_line(report), titles[report.platform_id]) for report in reports]
    return render_template("pages/desk/crawls.html", held=held)


@blueprint.post(CRAWL)
def decide_crawl(crawl_id: int) -> Response | tuple[str, int]:
    """Ingest a held crawl, or discard it."""
    decision = pressed("decision", "approve", "discard")

    def decide() -> None:
        with services().database.writing() as session:
            if decision == "approve":
                held_crawls.approve_held_crawl(session, crawl_id=crawl_id, actor=actor(), secret_key=services().secret_key)
            else:
                held_crawls.discard_held_crawl(session, crawl_id=crawl_id, actor=actor())

    return carry_out(decide, url_for("desk.crawls"))
