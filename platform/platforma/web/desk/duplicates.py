"""The desk's pairs that may be duplicates: one at a time, decided by a button, and every decision taken back by another."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.decisions import claims, waiting
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listings import chosen_values, duplicate_queue, forming, judged, judgements, shown_pairs
from platforma.catalogue.listings.judgements import Word
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import follow
from platforma.web.desk.duplicate_pages import DECISIONS, QueuePage, chosen_sides, pair_name, pair_view
from platforma.web.desk.judgement_lines import JudgementLine, judged_meanwhile

MAX_LATELY = 8
MAX_ID = 2**31 - 1


@blueprint.get("/duplicates")
def duplicates() -> str:
    """The pair that `?pair=` names, else the one after `?skip=` others; `?done=` and `?undone=` name what was just done."""
    return _page(request.args.get("pair", ""), skipped())


@blueprint.post("/duplicates")
def judge_pair() -> Response | tuple[str, int]:
    """Decide on a pair, and go on to the next one."""
    verb = pressed("decision", *DECISIONS)
    left, right, skip = request.form.get("left", ""), request.form.get("right", ""), request.form.get("skip", 0, int)
    try:
        done = decide_pair(left, right, verb)
    except BadState as error:
        return _page("", skip, judged_meanwhile(error, left, right)), 409
    except BadValue as error:
        return _page("", skip, _(error.reason, **error.values)), 400
    follow()
    return redirect(url_for("desk.duplicates", skip=skip or None, done=done))


def decide_pair(left: str, right: str, verb: str) -> int:
    """Make a decision of DECISIONS about a pair, with the values that the form of this request chose; return the judgement's id.

    Raises BadState and BadValue.
    """
    decision = DECISIONS[verb]
    first, second = (right, left) if decision.is_turned else (left, right)
    with services().database.writing() as session:
        claims.settle(session, [(waiting.PAIR, pair_name(left, right))], actor())
        values = chosen_values.values_of_sides(session, chosen_sides(request.form, left, right))
        judgement = duplicate_queue.decide(session, first, second, decision.verdict, Word(actor(), utc_now()))
        if decision.verdict in forming.JOINING:
            chosen_values.choose(session, judgement, values)
        return judgement.id


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
    follow()
    assert undone is not None
    name = pair_name(undone.left.public_id, undone.right.public_id)
    if request.form.get("back") == "next":
        return redirect(url_for("desk.one_item", kind="pair", name=name, unjudged=id))
    if back := request.form.get("back"):
        return redirect(url_for("desk.edit", public_id=back, saved="taken-back"))
    return redirect(url_for("desk.duplicates", pair=name, undone=id))


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
    follow()
    return redirect(url_for("desk.edit", public_id=public_id, saved="parted"))


def _page(wanted: str, skip: int, refused: str = "") -> str:
    """The page with the pair of this name, else with that after `skip` others; `refused` says why nothing was done."""
    with services().database.reading() as session:
        queue = shown_pairs.queue(session, wanted.split("-") if wanted else (), skip)
        named = {name: judged.judged(session, _number(name)) for name in ("done", "undone")}
        lately = judged.latest(session, MAX_LATELY)
    done, undone = named["done"], named["undone"]
    if queue.is_missed and not undone:
        refused = refused or _("This pair does not wait for a decision any more.")
    page = QueuePage(
        pair=pair_view(queue.shown) if queue.shown else None,
        queue=queue,
        done=JudgementLine.of(done) if done and done.stands else None,
        undone=JudgementLine.of(undone) if undone and not undone.stands else None,
        refused=refused,
        lately=[JudgementLine.of(one) for one in lately],
    )
    return render_template("pages/desk/duplicates.html", page=page)


def _number(name: str) -> int:
    """The id that a parameter of the address gives; 0 without a usable one."""
    id = request.args.get(name, 0, int)
    return id if 0 < id <= MAX_ID else 0
