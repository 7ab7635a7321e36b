"""Held crawls that wait for a decision."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.database import Session
from platforma.catalogue.ingest import crawl_queries, held_crawls
from platforma.catalogue.platforms import crawled_platforms
from platforma.secret_key import secret_key
from platforma.web.context import actor, pressed, services
from platforma.web.crawl_views import crawl_line
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import carry_out


@blueprint.get("/crawls")
def crawls() -> str:
    with services().database.reading() as session:
        found = crawl_queries.held_crawls(session)
        titles = {one.platform_id: crawled_platforms.crawled_platform(session, one.platform_id).title for one in found}
    held = [(crawl, crawl_line(crawl), titles[crawl.platform_id]) for crawl in found]
    return render_template("pages/desk/crawls.html", held=held)


@blueprint.post("/crawls/<int(max=2147483647):crawl_id>")
def decide_crawl(crawl_id: int) -> Response | tuple[str, int]:
    """Take a held crawl in, or throw it away."""

    decision = pressed("decision", "approve", "discard")

    def decide(session: Session) -> None:
        if decision == "approve":
            held_crawls.approve_held_crawl(session, crawl_id=crawl_id, actor=actor(), secret_key=secret_key(services().settings))
        else:
            held_crawls.discard_held_crawl(session, crawl_id=crawl_id, actor=actor())

    return carry_out(decide, url_for("desk.crawls"))
