"""A platform's reports for its partner: read only, by the signed link of a mail, without an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template

from crawlers.reasons import Reason
from platforma.addresses import REPORT, REPORTS
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.platforms import crawled_platforms
from platforma.i18n import gettext as _
from platforma.mail.owner_words import has_words, owner_reason
from platforma.mail.report_links import platform_of_token
from platforma.web import crawl_views
from platforma.web.context import keep_private, next_skip, services, skipped
from platforma.web.crawl_views import CRAWLS_PER_PAGE, PROBLEMS_PER_PAGE, CrawlLine, csv_answer

blueprint = Blueprint("reports", __name__, url_prefix=REPORTS)
blueprint.after_request(lambda answer: _private(answer))


@blueprint.get("/<token>/")
def crawls(token: str) -> str:
    """The crawls of the platform, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        platform_id = platform_of_token(services().settings, session, token).id
        source = crawled_platforms.crawled_platform(session, platform_id)
        reports, in_all = full_reports.crawls_of(session, platform_id, limit=CRAWLS_PER_PAGE, offset=skip)
    lines = [_line(report, is_running=source.is_crawled_now) for report in reports]
    return render_template(
        "pages/reports/crawls.html", source=source, lines=lines, token=token, skip=skip,
        next_skip=next_skip(skip, CRAWLS_PER_PAGE, in_all),
    )  # fmt: skip


@blueprint.get(REPORT)
def report(token: str, crawl_id: int) -> str:
    """One crawl's report."""
    skip = skipped()
    with services().database.reading() as session:
        platform_id = platform_of_token(services().settings, session, token).id
        full = full_reports.full_report(
            session, crawl_id, secret_key=services().secret_key, limit=PROBLEMS_PER_PAGE, offset=skip, platform_id=platform_id
        )
    return render_template("pages/reports/report.html", page=crawl_views.report_page(full, skip, _words), token=token)


@blueprint.get(f"{REPORT}.csv")
def report_csv(token: str, crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        platform_id = platform_of_token(services().settings, session, token).id
        problems = full_reports.all_problems(session, crawl_id, platform_id)
    return csv_answer(crawl_views.problems_csv(problems, _words), crawl_id)


def _line(report: CrawlReport, *, is_running: bool) -> CrawlLine:
    """The line of a crawl, in the words of the site's owner."""
    purposes = {"trial": _("another way of reading was tried"), "mapping": _("by what was read before")}
    line = crawl_views.crawl_line(report, is_running=is_running, words=_words)
    return replace(line, purpose=purposes.get(report.purpose, ""))


def _words(reason: str | None, values: Mapping[str, Any]) -> Reason:
    """A reason as the owner of the site reads it; those of reports that no first reading gives, as curators do."""
    return owner_reason(reason, values) if has_words(reason or "") else crawl_views.reason_of(reason, values)


def _private(answer: Response) -> Response:
    keep_private(answer)
    return answer
