"""The desk's pages of crawls: which platforms are crawled, how each crawl went, and stopping or starting one."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from platforma.addresses import CRAWL, DESK
from platforma.catalogue import audit, notices
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.desk import queues
from platforma.catalogue.desk.queues import NOTICED
from platforma.catalogue.ingest import full_reports
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.people import proofs
from platforma.catalogue.platforms import conversation, crawled_platforms, leases, platform_states
from platforma.catalogue.platforms.crawled_platforms import CrawledPlatform
from platforma.catalogue.platforms.platform_states import RankPlace
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web import crawl_views
from platforma.web.context import actor, next_skip, pressed, require_curator, services, skipped
from platforma.web.crawl_views import CRAWLS_PER_PAGE, csv_answer
from platforma.web.desk import viewmodels
from platforma.web.desk.decisions import index_soon
from platforma.web.proof_words import proof_line
from platforma.worker.task_queue import wake
from vocabulary.folding import name_key

EVENTS = {"start": "crawl_now", "stop": "stop_crawl", "leave-listed": "leave_listed"}
"""The names in the history of what a button does that records no event of its own."""
PROVING = {"vouch": proofs.vouch, "unprove": proofs.take_back}

blueprint = Blueprint("crawls", __name__, url_prefix=DESK)
blueprint.before_request(require_curator)


@blueprint.get("/sources")
def all_sources() -> str:
    """Every platform with a site, or those of the queue `?only=`: its last crawl, its next one, its notices by number."""
    only = request.args.get("only", "")
    with services().database.reading() as session:
        found = crawled_platforms.crawled_platforms(session)
        waiting = {kind: queues.counted(session, queues.walked_queue(kind))[0] for kind in ("platform", "crawl")}
    wanted = [source for source in found if only not in NOTICED or _is_noticed(source, only)]
    sources = sorted(wanted, key=lambda source: name_key(source.title, current_language()))
    lines = [
        (
            source,
            crawl_views.crawl_line(source.last_crawl) if source.last_crawl else None,
            viewmodels.source_state(source),
            viewmodels.platform_state(source.state),
        )
        for source in sources
    ]
    name = _(queues.queue(only).name) if only in NOTICED else ""
    return render_template("pages/desk/sources.html", lines=lines, only=name, waiting=waiting)


def _is_noticed(source: CrawledPlatform, queue: str) -> bool:
    topics, states = NOTICED[queue]
    return source.state in states and any(notice.topic in topics for notice in source.notices)


@blueprint.get("/sources/<platform_id>")
def source(platform_id: str) -> str:
    """One platform: its state, its notices, and its crawls, the newest first."""
    skip = skipped()
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, platform_id)
        reports, in_all = full_reports.crawls_of(session, platform_id, limit=CRAWLS_PER_PAGE, offset=skip)
        own = listing_queries.listing_of_platform(session, platform_id)
        proven = proofs.proofs_of(session, platform_id)
        written, stop = conversation.messages(session, platform_id), platform_states.stop_by_id(session, platform_id)
    removal_notices = [notice for notice in source.notices if notice.topic in notices.REMOVAL_TOPICS]
    other_notices = [notice for notice in source.notices if notice.topic not in notices.REMOVAL_TOPICS]
    return render_template(
        "pages/desk/source.html", source=source, state=viewmodels.source_state(source),
        platform_state=viewmodels.platform_state(source.state), actions=viewmodels.platform_actions(source.state),
        notices=[viewmodels.notice_line(notice) for notice in other_notices],
        maybe_removed=[viewmodels.maybe_removed(notice) for notice in removal_notices],
        lines=[crawl_views.crawl_line(report, is_running=source.is_crawled_now) for report in reports],
        skip=skip, next_skip=next_skip(skip, CRAWLS_PER_PAGE, in_all), own=own, rank=platform_states.rank_place(source.rank),
        proofs=[proof_line(proof) for proof in proven],
        written=written, stop=stop,
    )  # fmt: skip


@blueprint.post("/sources/<platform_id>")
def act(platform_id: str) -> AnyResponse:
    """Stop the running crawl, start one now, dismiss the notices of listings that may be something removed, say whether the
    platform speaks before others, or that its people are known to run the site."""
    action = pressed("action", "start", "stop", "leave-listed", "rank", *PROVING)
    with services().database.writing() as session:
        crawled_platforms.crawled_platform(session, platform_id)
        done = EVENTS.get(action)
        if action == "stop":
            done = done if leases.request_stop(session, platform_id, utc_now()) else None
        elif action == "leave-listed":
            notices.resolve_notices(session, platform_id, notices.REMOVAL_TOPICS, now=utc_now())
        elif action == "rank":
            place = RankPlace(pressed("rank", *RankPlace))
            platform_states.rank_platform(session, platform_id=platform_id, place=place, actor=actor())
        elif action in PROVING:
            PROVING[action](session, subject=platform_id, actor=actor())
        else:
            platform_states.crawl_soon(session, platform_id=platform_id)
        if done:
            audit.record_event(session, actor=actor(), action=done, object_type="platform", object_id=platform_id)
    if action == "rank":
        index_soon()
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.get(CRAWL)
def report(crawl_id: int) -> str:
    """One crawl's report; of a held one also what ingesting it would change."""
    skip = skipped()
    with services().database.reading() as session:
        full = full_reports.full_report(
            session, crawl_id, secret_key=services().secret_key, limit=crawl_views.PROBLEMS_PER_PAGE, offset=skip
        )
    return render_template("pages/desk/report.html", page=crawl_views.report_page(full, skip))


@blueprint.get(f"{CRAWL}.csv")
def report_csv(crawl_id: int) -> Response:
    """All problems of one crawl as a table."""
    with services().database.reading() as session:
        problems = full_reports.all_problems(session, crawl_id)
    return csv_answer(crawl_views.problems_csv(problems), crawl_id)
