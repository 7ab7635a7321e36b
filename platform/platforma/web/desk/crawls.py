"""The desk's watch over crawls: which platforms are read, how each crawl went, and stopping or starting one."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from platforma.catalogue import notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.platforms import crawled_platforms, leases, platform_states
from platforma.web import crawl_views
from platforma.web.context import pressed, require_curator, services, skipped
from platforma.web.crawl_views import CRAWLS, csv_answer
from platforma.web.desk import viewmodels
from platforma.worker.task_queue import wake

blueprint = Blueprint("crawls", __name__, url_prefix="/<any(lv, en):lang>/desk")
blueprint.before_request(require_curator)


@blueprint.get("/sources")
def all_sources() -> str:
    """Every platform that is read, with how it went last and what needs somebody."""
    with services().database.reading() as session:
        found = crawled_platforms.crawled_platforms(session)
    last = {one.id: crawl_views.crawl_line(one.last_crawl) for one in found if one.last_crawl}
    lines = [(one, last.get(one.id), viewmodels.source_state(one), viewmodels.platform_state(one.state)) for one in found]
    return render_template("pages/desk/sources.html", lines=lines)


@blueprint.get("/sources/<platform_id>")
def source(platform_id: str) -> str:
    """One platform: what is going on, and its crawls, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        found = crawled_platforms.crawled_platform(session, platform_id)
        crawls, in_all = full_reports.crawls_of(session, platform_id, limit=CRAWLS, offset=skip)
    lines = [crawl_views.crawl_line(one, is_running=found.is_crawled_now) for one in crawls]
    told = [viewmodels.notice_line(one) for one in found.notices if one.topic not in notices.REMOVAL_TOPICS]
    maybe_removed = [viewmodels.maybe_removed(one) for one in found.notices if one.topic in notices.REMOVAL_TOPICS]
    return render_template(
        "pages/desk/source.html", source=found, platform_state=viewmodels.platform_state(found.state),
        actions=viewmodels.platform_actions(found.state), lines=lines, state=viewmodels.source_state(found), skip=skip,
        notices=told, maybe_removed=maybe_removed, after=skip + CRAWLS if skip + CRAWLS < in_all else None,
    )  # fmt: skip


@blueprint.post("/sources/<platform_id>")
def act(platform_id: str) -> AnyResponse:
    """Stop the crawl that is running, let the next one begin now, or leave listed what looked like something removed."""
    action = pressed("action", "start", "stop", "leave-listed")
    with services().database.writing() as session:
        crawled_platforms.crawled_platform(session, platform_id)
        if action == "stop":
            leases.request_stop(session, platform_id, utc_now())
        elif action == "leave-listed":
            notices.resolve_notices(session, platform_id, notices.REMOVAL_TOPICS, now=utc_now())
        else:
            platform_states.crawl_soon(session, platform_id=platform_id)
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.get("/crawls/<int(max=2147483647):crawl_id>")
def report(crawl_id: int) -> str:
    """One crawl's report; of a held one what taking it in would do."""
    skip = skipped()
    with services().database.reading() as session:
        found = full_reports.full_report(session, crawl_id, limit=crawl_views.PROBLEMS, offset=skip)
    return render_template("pages/desk/report.html", page=crawl_views.report_page(found, skip))


@blueprint.get("/crawls/<int(max=2147483647):crawl_id>.csv")
def report_csv(crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        problems = full_reports.all_problems(session, crawl_id)
    return csv_answer(crawl_views.problems_csv(problems), crawl_id)
