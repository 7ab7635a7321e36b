"""The desk's watch over crawls: which platforms are read, how each crawl went, and stopping or starting one."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from platforma.catalogue import changes, leases, notices, sources
from platforma.catalogue.types import utc_now
from platforma.jobs import wake
from platforma.web import desk_views as views
from platforma.web.context import pressed, require_curator, services, skipped

blueprint = Blueprint("crawls", __name__, url_prefix="/<any(lv, en):lang>/desk")
blueprint.before_request(require_curator)
CRAWLS = 20


@blueprint.get("/sources")
def all_sources() -> str:
    """Every platform that is read, with how it went last and what needs somebody."""
    with services().database.reading() as session:
        found = sources.sources(session)
    last = {one.id: views.crawl_line(one.last_crawl) for one in found if one.last_crawl}
    lines = [(one, last.get(one.id), views.source_state(one), views.platform_state(one.state)) for one in found]
    return render_template("pages/desk/sources.html", lines=lines)


@blueprint.get("/sources/<platform_id>")
def source(platform_id: str) -> str:
    """One platform: what is going on, and its crawls, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        found = sources.source(session, platform_id)
        crawls, in_all = sources.crawls_of(session, platform_id, limit=CRAWLS, offset=skip)
    lines = [views.crawl_line(one, is_running=found.is_crawled_now) for one in crawls]
    told = [views.notice_line(one) for one in found.notices if one.topic not in notices.REMOVAL_TOPICS]
    maybe_removed = [views.maybe_removed(one) for one in found.notices if one.topic in notices.REMOVAL_TOPICS]
    return render_template(
        "pages/desk/source.html", platform_state=views.platform_state(found.state), actions=views.platform_actions(found.state),
        source=found, lines=lines, state=views.source_state(found), skip=skip,
        notices=told, maybe_removed=maybe_removed, after=skip + CRAWLS if skip + CRAWLS < in_all else None,
    )  # fmt: skip


@blueprint.post("/sources/<platform_id>")
def act(platform_id: str) -> AnyResponse:
    """Stop the crawl that is running, let the next one begin now, or leave listed what looked like something removed."""
    action = pressed("action", "start", "stop", "leave-listed")
    with services().database.writing() as session:
        sources.source(session, platform_id)
        if action == "stop":
            leases.ask_stop(session, platform_id, utc_now())
        elif action == "leave-listed":
            notices.settle(session, platform_id, notices.REMOVAL_TOPICS, now=utc_now())
        else:
            changes.crawl_soon(session, platform_id=platform_id)
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.get("/crawls/<int(max=2147483647):crawl_id>")
def report(crawl_id: int) -> str:
    """One crawl's report; of a held one what taking it in would do."""
    skip = skipped()
    with services().database.reading() as session:
        found = sources.full_report(session, crawl_id, limit=views.PROBLEMS, offset=skip)
    return render_template("pages/desk/report.html", page=views.report_page(found, skip))


@blueprint.get("/crawls/<int(max=2147483647):crawl_id>.csv")
def report_csv(crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        sources.full_report(session, crawl_id, limit=1)
        problems = sources.all_problems(session, crawl_id)
    return csv_answer(views.problems_csv(problems), crawl_id)


def csv_answer(text: str, crawl_id: int) -> Response:
    """A table to be kept as a file, which no search engine lists."""
    headers = {"Content-Disposition": f'attachment; filename="report-{crawl_id}.csv"', "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/csv", headers=headers)
