"""A platform's reports for its partner: read only, by the signed link of a mail, without an account."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadToken, NotFound
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.platforms import crawled_platforms
from platforma.mail.report_links import platform_of_token
from platforma.web import crawl_views
from platforma.web.context import services, skipped
from platforma.web.crawl_views import CRAWLS, csv_answer

blueprint = Blueprint("reports", __name__, url_prefix="/<any(lv, en):lang>/reports")
blueprint.after_request(lambda answer: _private(answer))


@blueprint.get("/<token>/")
def crawls(token: str) -> str:
    """The crawls of the platform, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, _platform_id(session, token))
        found, in_all = full_reports.crawls_of(session, source.id, limit=CRAWLS, offset=skip)
    lines = [crawl_views.crawl_line(one, is_running=source.is_crawled_now) for one in found]
    after = skip + CRAWLS if skip + CRAWLS < in_all else None
    return render_template("pages/reports/crawls.html", source=source, lines=lines, token=token, skip=skip, after=after)


@blueprint.get("/<token>/<int(max=2147483647):crawl_id>")
def report(token: str, crawl_id: int) -> str:
    """One crawl's report."""
    skip = skipped()
    with services().database.reading() as session:
        platform_id = _platform_id(session, token)
        found = full_reports.full_report(session, crawl_id, limit=crawl_views.PROBLEMS, offset=skip, platform_id=platform_id)
    return render_template("pages/reports/report.html", page=crawl_views.report_page(found, skip), token=token)


@blueprint.get("/<token>/<int(max=2147483647):crawl_id>.csv")
def report_csv(token: str, crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        problems = full_reports.all_problems(session, crawl_id, _platform_id(session, token))
    return csv_answer(crawl_views.problems_csv(problems), crawl_id)


def _platform_id(session: Session, token: str) -> str:
    """The platform that the link is for. Raises NotFound for a link that is not, or is no more, ours."""
    try:
        return platform_of_token(services().settings, session, token).id
    except BadToken as error:
        raise NotFound("reports") from error


def _private(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"] = "noindex", "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
