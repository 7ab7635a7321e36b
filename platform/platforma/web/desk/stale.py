"""The desk's queue of what may be out of date: one listing at a time, decided by a button, and each decision taken back."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, NotFound
from platforma.catalogue.listings import letters, listing_queries, stale_decisions
from platforma.catalogue.listings import stale as queue
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.listings.stale import Cause, StaleItem
from platforma.catalogue.listings.stale_decisions import Decision
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.letters import queue_letter
from platforma.web.context import actor, pressed, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import follow
from platforma.web.desk.stale_pages import DoneLine, StalePage, StaleView, cause_text, done_line, stale_line, stale_view

NEXT_ONES = 8
MAX_ID = 2**31 - 1


@blueprint.get("/stale")
def stale() -> str:
    """The item that `?item=` names, else the one after `?skip=` others; `?done=` and `?undone=` name what was just done."""
    return _page(request.args.get("item", ""), skipped())


@blueprint.post("/stale")
def decide_stale() -> Response | tuple[str, int]:
    """Decide on an item, and go on to the next one."""
    decision = pressed("decision", "keep", "unpublish", "ask")
    public_id, skip = request.form.get("listing", ""), request.form.get("skip", 0, int)
    cause = pressed("cause", *Cause)
    try:
        done = _decide(decision, public_id, cause)
    except (BadState, NotFound) as error:
        return _page("", skip, _why_refused(error, public_id)), 409
    follow()
    return redirect(url_for("desk.stale", skip=skip or None, done=done))


@blueprint.post("/stale/undo")
def undo_stale() -> Response | tuple[str, int]:
    """Take a decision back, and show the item again."""
    id = request.form.get("decision", 0, int)
    if not 0 < id <= MAX_ID:
        abort(400)
    try:
        with services().database.writing() as session:
            stale_decisions.take_back(session, id, actor=actor())
    except BadState as error:
        return _page("", 0, _(error.reason, **error.values)), 409
    follow()
    return redirect(url_for("desk.stale", undone=id))


def _decide(decision: str, public_id: str, cause: str) -> int:
    """Make a decision; return the id of its event. Raises BadState and NotFound."""
    settings, key = services().settings, services().secret_key
    with services().database.writing() as session:
        if decision == "keep":
            return stale_decisions.keep(session, public_id=public_id, cause=cause, actor=actor())
        if decision == "unpublish":
            reason = cause_text(Cause(cause))
            return stale_decisions.unpublish(session, public_id=public_id, cause=cause, actor=actor(), reason=reason)
        done, row_id = stale_decisions.ask(session, public_id=public_id, cause=cause, actor=actor())
        if not settings.letters or not queue_letter(settings, session, row_id, key, utc_now(), is_asked=True):
            raise BadState(stale_decisions.NOT_ASKED)
        return done


def _page(wanted: str, skip: int, refused: str = "") -> str:
    """The page with the item of this name, else with that after `skip` others; `refused` says why nothing was done."""
    with services().database.reading() as session:
        total, oldest = queue.waiting(session)
        skip = min(skip, max(0, total - 1))
        items = queue.items(session, limit=NEXT_ONES + 1, offset=skip)
        public_id, _mark, cause = wanted.partition("-")
        named = queue.item(session, public_id, cause) if wanted else None
        done, undone = (_decision(stale_decisions.decision(session, _number(name))) for name in ("done", "undone"))
    if wanted and named is None:
        refused = refused or _("This does not wait for a decision any more.")
    shown = named or next(iter(items), None)
    page = StalePage(
        shown=_view(shown) if shown else None,
        total=total,
        oldest=oldest,
        place=0 if named else skip + 1,
        rest=[stale_line(one, _listing(one)) for one in items if one != shown],
        done=done,
        undone=undone,
        refused=refused,
    )
    return render_template("pages/desk/stale.html", page=page)


def _view(item: StaleItem) -> StaleView:
    listing = _listing(item)
    with services().database.reading() as session:
        can_ask = letters.can_ask(session, listing, key=services().secret_key, now=utc_now())
    return stale_view(item, listing, can_ask=can_ask and services().settings.letters)


def _listing(item: StaleItem) -> Listing:
    with services().database.reading() as session:
        found = listing_queries.listing_for_desk(session, item.public_id)
    assert isinstance(found, Listing)
    return found


def _decision(found: Decision | None) -> DoneLine | None:
    """A decision in words; None where there is none, or its listing is gone."""
    if found is None:
        return None
    try:
        with services().database.reading() as session:
            listing = listing_queries.listing_for_desk(session, found.public_id)
    except (NotFound, BadState):
        return None
    return done_line(found, listing.title(current_language())) if isinstance(listing, Listing) else None


def _number(name: str) -> int:
    id = request.args.get(name, 0, int)
    return id if 0 < id <= MAX_ID else 0


def _why_refused(error: BadState | NotFound, public_id: str) -> str:
    """Why nothing was done; where somebody decided meanwhile, who did, what and when."""
    if isinstance(error, BadState) and error.reason == stale_decisions.NOT_ASKED:
        return _(error.reason)
    with services().database.reading() as session:
        last = stale_decisions.last_decision(session, public_id)
    if last is None:
        return _("This does not wait for a decision any more.")
    values = {"who": last.by, "what": done_line(last, None).what, "when": moment(last.at)}
    return _("Meanwhile %(who)s decided on this listing (%(when)s): %(what)s. Nothing has been changed.", **values)
