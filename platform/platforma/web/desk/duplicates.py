"""The desk's pairs that may be duplicates: one at a time, decided by a button, and every decision taken back by another."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.listings import duplicate_queue, judged, judgements, listing_queries
from platforma.catalogue.listings.duplicate_queue import WaitingPair
from platforma.catalogue.listings.judgements import Word
from platforma.catalogue.listings.listing import Listing
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import index_now
from platforma.web.desk.duplicate_pages import DECISIONS, PairView, QueuePage, pair_name, pair_view
from platforma.web.desk.judgement_lines import JudgementLine
from platforma.worker.task_queue import wake

MAX_LATELY = 8
MAX_ID = 2**31 - 1


@blueprint.get("/duplicates")
def duplicates() -> str:
    """The pair that `?pair=` names, else the one after `?skip=` others; `?done=` and `?undone=` name what was just done."""
    return _page(request.args.get("pair", ""), skipped())


@blueprint.post("/duplicates")
def judge_pair() -> Response | tuple[str, int]:
    """Decide on a pair, and go on to the next one."""
    decision = DECISIONS[pressed("decision", *DECISIONS)]
    left, right, skip = request.form.get("left", ""), request.form.get("right", ""), request.form.get("skip", 0, int)
    first, second = (right, left) if decision.is_turned else (left, right)
    try:
        with services().database.writing() as session:
            word = Word(actor(), utc_now())
            done = duplicate_queue.decide(session, first, second, decision.verdict, word).id
    except (BadState, BadValue) as error:
        return _page("", skip, _why_refused(error, left, right)), 409 if isinstance(error, BadState) else 400
    _follow()
    return redirect(url_for("desk.duplicates", skip=skip or None, done=done))


@blueprint.post("/duplicates/undo")
def undo_judgement() -> Response | tuple[str, int]:
    """Take a decision back, and show the pair, or the listing's page that the form came from."""
    id = request.form.get("judgement", 0, int)
    if not 0 < id <= MAX_ID:
        abort(400)
    try:
        with services().database.writing() as session:
            judgements.take_back(session, id, Word(actor(), utc_now()))
            undone = judged.judged(session, id)
    except BadState as error:
        return _page("", 0, _(error.reason, **error.values)), 409
    _follow()
    if back := request.form.get("back"):
        return redirect(url_for("desk.edit", public_id=back, saved="taken-back"))
    assert undone is not None
    return redirect(url_for("desk.duplicates", pair=pair_name(undone.left.public_id, undone.right.public_id), undone=id))


@blueprint.post("/initiatives/<public_id>/parting")
def part_listing(public_id: str) -> Response | tuple[str, int]:
    """Part a listing from the one that it is joined with."""
    other = request.form.get("other") or abort(400)
    back = url_for("desk.edit", public_id=public_id)
    try:
        with services().database.writing() as session:
            judgements.part_listings(session, public_id, other, Word(actor(), utc_now()))
    except BadState as error:
        return render_template("pages/desk/refused.html", reason=_(error.reason, **error.values), back=back), 409
    _follow()
    return redirect(url_for("desk.edit", public_id=public_id, saved="parted"))


def _follow() -> None:
    """What follows a decision: the index, and what the worker does."""
    index_now()
    wake(services().settings)


def _page(wanted: str, skip: int, refused: str = "") -> str:
    with services().database.reading() as session:
        pairs = duplicate_queue.waiting_pairs(session)
        pair, place = _chosen(session, pairs, wanted, skip)
        done, undone = _named(session, "done"), _named(session, "undone")
        is_missed = bool(wanted) and place == 0 and pair is None
        if is_missed and pairs:
            pair, place = pairs[0], 1
        page = QueuePage(
            pair=_view(session, pair) if pair else None,
            place=place,
            total=len(pairs),
            put_off=sum(pair.is_put_off for pair in pairs),
            done=done if done and done.undone_at is None else None,
            undone=undone if undone and undone.undone_at is not None else None,
            refused=refused or (_("This pair does not wait for a decision any more.") if is_missed and not undone else ""),
            lately=[JudgementLine.of(one) for one in judged.latest(session, MAX_LATELY)],
        )
    return render_template("pages/desk/duplicates.html", page=page)


def _chosen(session: Session, pairs: list[WaitingPair], wanted: str, skip: int) -> tuple[WaitingPair | None, int]:
    """The pair to show and its place in the queue from 1 on, 0 for one that is not in it; None where there is none."""
    if wanted:
        ids = wanted.split("-")
        place = next((place for place, pair in enumerate(pairs, start=1) if {pair.left, pair.right} == set(ids)), 0)
        if place:
            return pairs[place - 1], place
        return (duplicate_queue.asked_pair(session, *ids) if len(ids) == 2 else None), 0
    place = min(skip, len(pairs) - 1)
    return (pairs[place], place + 1) if pairs else (None, 0)


def _view(session: Session, pair: WaitingPair) -> PairView:
    left, right = (_listing(session, id) for id in (pair.left, pair.right))
    return pair_view(pair, left, right, judgements.would_stand(session, pair.left, pair.right))


def _listing(session: Session, public_id: str) -> Listing:
    found = listing_queries.listing_for_desk(session, public_id)
    if not isinstance(found, Listing):
        raise NotFound(public_id)
    return found


def _named(session: Session, name: str) -> JudgementLine | None:
    """The judgement that a parameter of the address names."""
    id = request.args.get(name, 0, int)
    one = judged.judged(session, id) if 0 < id <= MAX_ID else None
    return JudgementLine.of(one) if one else None


def _why_refused(error: BadState | BadValue, left: str, right: str) -> str:
    """Why a decision was not made; where somebody else decided meanwhile, who did, what and when."""
    with services().database.reading() as session:
        last = judged.last_of_pair(session, left, right)
    if isinstance(error, BadValue) or last is None:
        return _(error.reason, **error.values)
    line = JudgementLine.of(last)
    values = {"who": line.by, "what": line.what, "when": moment(line.at)}
    return _("Meanwhile %(who)s decided on this pair (%(when)s): %(what)s. Nothing has been changed.", **values)
