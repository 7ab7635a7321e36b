"""A platform's reports for its partner: read only, by the signed link of a mail, without an account."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from platforma.catalogue import sources
from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadToken, NotFound
from platforma.report_links import platform_of_token
from platforma.web import desk_views as views
from platforma.web.context import services, skipped
from platforma.web.desk_crawls import CRAWLS, csv_answer

blueprint = Blueprint("reports", __name__, url_prefix="/<any(lv, en):lang>/reports")
blueprint.after_request(lambda answer: _private(answer))


@blueprint.get("/<token>/")
def crawls(token: str) -> str:
    """The crawls of the platform, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        source = sources.source(session, _platform_id(session, token))
        found, in_all = sources.crawls_of(session, source.id, limit=CRAWLS, offset=skip)
    lines = [views.crawl_line(one, is_running=source.is_crawled_now) for one in found]
    after = skip + CRAWLS if skip + CRAWLS < in_all else None
    return render_template("pages/reports/crawls.html", source=source, lines=lines, token=token, skip=skip, after=after)


@blueprint.get("/<token>/<int(max=2147483647):crawl_id>")
def report(token: str, crawl_id: int) -> str:
    """One crawl's report."""
    skip = skipped()
    with services().database.reading() as session:
        platform_id = _platform_id(session, token)
        found = sources.full_report(session, crawl_id, limit=views.PROBLEMS, offset=skip, platform_id=platform_id)
    return render_template("pages/reports/report.html", page=views.report_page(found, skip), token=token)


@blueprint.get("/<token>/<int(max=2147483647):crawl_id>.csv")
def report_csv(token: str, crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        sources.full_report(session, crawl_id, limit=1, platform_id=_platform_id(session, token))
        problems = sources.all_problems(session, crawl_id)
    return csv_answer(views.problems_csv(problems), crawl_id)


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
