"""Changing many listings at once from the desk's list: what will change, doing it, its result, and undoing it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.enums import ItemState
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.lists import bulk_changes, choosing
from platforma.catalogue.lists.bulk_changes import AT_ONCE, BulkReport, Order
from platforma.catalogue.lists.bulk_steps import DIMENSIONS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import actor, next_skip, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk import choices
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.bulk_words import order_text, state_text
from platforma.web.desk.catalogue import catalogue_page, hidden_fields, sort_label
from platforma.web.desk.decisions import index_soon
from platforma.worker.task_queue import wake

EXAMPLES = 10
LEFTOVERS_PER_PAGE = 50
CHANGES_SHOWN = 50
MAX_TICKED = 200
RELOADED_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A bulk change in the reader's language."""

    report: BulkReport
    what: str
    state: str
    began: str


@blueprint.post("/catalogue/bulk")
def preview_bulk() -> str | tuple[str, int]:
    """What a change would do to how many of the ticked or of all chosen listings; nothing is changed."""
    try:
        return _preview(_order())
    except BadValue as error:
        return _refused(error)


@blueprint.post("/catalogue/changes")
def carry_out_bulk() -> Response | str | tuple[str, int]:
    """Do what the preview said: a few at once, more by the worker; the page of the change says how far it is."""
    try:
        order = _order()
    except BadValue as error:
        return _refused(error)
    key, expected = request.form.get("key", "")[:40] or secrets.token_hex(8), request.form.get("expected", -1, int)
    try:
        with services().database.writing() as session:
            bulk_id = bulk_changes.start(session, order, actor=actor(), key=key, expected=expected)
    except BadState as error:
        return _preview(order, _(error.reason)), 409
    except BadValue as error:
        return _refused(error)
    return _carried_on(bulk_id)


@blueprint.get("/catalogue/changes")
def all_bulks() -> str:
    """The changes of many listings, the newest first."""
    with services().database.reading() as session:
        reports = bulk_changes.newest(session, CHANGES_SHOWN)
    return render_template("pages/desk/bulk_changes.html", lines=[_line(report) for report in reports])


@blueprint.get("/catalogue/changes/<int(max=2147483647):bulk_id>")
def bulk(bulk_id: int) -> tuple[str, dict[str, str]]:
    """How far a change is, or what came of it; the page loads itself again while it is under way."""
    skip, lang = skipped(), current_language()
    with services().database.reading() as session:
        report = bulk_changes.report(session, bulk_id)
        left = bulk_changes.leftovers(session, bulk_id, limit=LEFTOVERS_PER_PAGE, offset=skip)
        rows = {row.id: row for row in choosing.rows_of(session, [one.initiative_id for one in left], lang)}
    in_all = sum(report.counts.get(state, 0) for state in (ItemState.FAILED, ItemState.KEPT))
    lines = [(rows[one.initiative_id], _(one.reason, **one.values)) for one in left if one.initiative_id in rows]
    page = render_template(
        "pages/desk/bulk_change.html", line=_line(report), leftovers=lines, in_all=in_all, skip=skip,
        next_skip=next_skip(skip, LEFTOVERS_PER_PAGE, in_all), counts={str(state): n for state, n in report.counts.items()},
    )  # fmt: skip
    return page, {"Refresh": str(RELOADED_AFTER_SECONDS)} if report.is_open else {}


@blueprint.post("/catalogue/changes/<int(max=2147483647):bulk_id>")
def undo_bulk(bulk_id: int) -> Response:
    """Undo all of a change that nobody has changed since."""
    with services().database.writing() as session:
        bulk_changes.start_undoing(session, bulk_id, actor=actor())
    return _carried_on(bulk_id)


def _refused(error: BadValue) -> tuple[str, int]:
    """The list again, with what was ticked and chosen, and what is wrong."""
    field = f"{error.field}-value" if error.field in DIMENSIONS.values() else error.field
    return catalogue_page(request.form, {field: _(error.reason, **error.values)}), 400


def _order() -> Order:
    """What the form asks for. Raises BadValue."""
    form = request.form
    choice, ids = choices.choice_of(form), tuple(form.getlist("ids")[:MAX_TICKED])
    if not form.get("all"):
        if not ids:
            raise BadValue("ids", bulk_changes.NOTHING_CHOSEN)
        choice = replace(choosing.Choice(), ids=ids)
    action = form.get("action", "")
    dimension = {str(name): f"{dimension}-value" for name, dimension in DIMENSIONS.items()}.get(action, "reason")
    return Order(choice, *bulk_changes.checked(action, form.get("value", "") or form.get(dimension, "")))


def _preview(order: Order, error: str = "") -> str:
    form, lang, sort = request.form, current_language(), choices.sort_of(request.form)
    with services().database.reading() as session:
        preview = bulk_changes.preview(session, order)
        rows, _total = choosing.page(session, order.choice, lang=lang, sort=sort, limit=EXAMPLES)
        platforms = choosing.all_platforms(session)
    given = choices.parameters(choices.choice_of(form), sort)
    return render_template(
        "pages/desk/bulk_preview.html", preview=preview, what=order_text(order.action, order.value), order=order, rows=rows,
        more=preview.chosen - len(rows), given=given, fields=hidden_fields(given), key=secrets.token_hex(8), error=error,
        chosen=choices.words_of(order.choice, platforms), is_all=bool(form.get("all")), at_once=AT_ONCE,
        sorted_by=sort_label(sort),
    )  # fmt: skip


def _carried_on(bulk_id: int) -> Response:
    """Do a small change at once, let the worker do a large one; then its page."""
    with services().database.reading() as session:
        report = bulk_changes.report(session, bulk_id)
    if report.is_open and report.waiting <= AT_ONCE:
        bulk_changes.carry_on(services().database, bulk_id)
        index_soon()
    else:
        wake(services().settings)
    return redirect(url_for("desk.bulk", bulk_id=bulk_id))


def _line(report: BulkReport) -> BulkLine:
    return BulkLine(report, order_text(report.action, report.value), state_text(report), moment(report.created_at))
