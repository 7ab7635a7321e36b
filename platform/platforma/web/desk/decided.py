"""What was decided at the desk, the newest first, and undoing it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.decisions import listings, reads, removals, undoing
from platforma.catalogue.errors import BadState
from platforma.web.context import actor, next_skip, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decided_lines import DecisionLine, reason_text
from platforma.web.desk.decisions import follow, refused
from platforma.web.desk.queues import QUEUES

DECISIONS_PER_PAGE = 20


@blueprint.get("/decisions")
def decisions() -> str:
    """A page of what was decided, each with its undo."""
    skip = skipped()
    with services().database.reading() as session:
        total = reads.count(session)
        lines = [DecisionLine.of(one) for one in reads.latest(session, limit=DECISIONS_PER_PAGE, offset=skip)]
    following = next_skip(skip, DECISIONS_PER_PAGE, total)
    return render_template("pages/desk/decisions.html", lines=lines, total=total, skip=skip, next_skip=following)


@blueprint.post("/decisions/<int(max=2147483647):decision_id>/undo")
def undo_decision(decision_id: int) -> Response | tuple[str, int]:
    """Undo a decision, and show what waits again."""
    try:
        with services().database.writing() as session:
            undoing.undo(session, decision_id, actor=actor())
    except BadState as error:
        return refused(reason_text(error), url_for("desk.decisions")), 409
    follow()
    return redirect(_back(decision_id))


def _back(decision_id: int) -> str:
    """The listing's page that the form came from; else the one item that waits again; else the list of those."""
    with services().database.reading() as session:
        found = reads.decision(session, decision_id)
    assert found is not None
    if request.form.get("back") == "edit" and found.count == 1 and found.kind in (listings.KIND, removals.KIND):
        return url_for("desk.edit", public_id=found.subjects[0].id, taken_back=decision_id)
    if request.form.get("back") == "next" and found.count == 1 and found.kind in QUEUES and found.verb not in ("pause", "leave"):
        name = found.subjects[0].id
        return url_for("desk.one_item", kind=found.kind, name=name, taken_back=decision_id)
    endpoint = QUEUES[found.kind].endpoint if found.kind in QUEUES else "desk.decisions"
    return url_for(endpoint, taken_back=decision_id)
