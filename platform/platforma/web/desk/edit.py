"""The desk's page of one listing: one form for all of its fields, and forms for its state and for its removal."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.decisions import listings, removals
from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listings import edits, listing_queries, saves
from platforma.catalogue.listings.field_decisions import FieldDecision, decide_field
from platforma.catalogue.listings.saves import PART_OF
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, today
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decided_lines import decided_meanwhile
from platforma.web.desk.decisions import follow, index_soon
from platforma.web.desk.edit_page import DECISION, REMOVAL, STATE_DECISIONS, Refused, edit_page
from platforma.web.desk.forms import DecisionForm, RemovalForm
from platforma.web.edit_fields import full_label
from platforma.web.edit_form import Decision, EditForm, Pressed, key_of, name_of
from platforma.web.public.listing_page import Surroundings, listing_page, own_platform
from platforma.web.public.neighbours import neighbours


@blueprint.get("/initiatives/<public_id>")
def edit(public_id: str) -> Response | str:
    """The page of a listing; a redirect to the listing that it was merged into."""
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
    if isinstance(listing, listing_queries.Moved):
        return redirect(url_for("desk.edit", public_id=listing.public_id, decided=request.args.get("decided")))
    return edit_page(public_id)


@blueprint.post("/initiatives/<public_id>")
def save(public_id: str) -> Response | str | tuple[str, int]:
    """Save what was changed in the form, show it as visitors will see it, or decide about one field."""
    form = EditForm.of(request.form)
    if form.pressed is None:
        abort(400)
    if form.pressed.decision is not None:
        return _decide_field(public_id, form, form.pressed, form.pressed.decision)
    if form.pressed.what not in ("save", "preview"):
        return edit_page(public_id, form)
    try:
        return _preview(public_id, form) if form.pressed.what == "preview" else _save(public_id, form)
    except saves.BadValues as error:
        reasons = {name_of(*key): _(reason.reason, **reason.values) for key, reason in error.reasons.items()}
        return edit_page(public_id, form, reasons), 400
    except BadValue as error:
        name = PART_OF if error.field == PART_OF else next(iter(form.changed), error.field)
        return edit_page(public_id, form, {name: _(error.reason, **error.values)}), 400
    except saves.FieldsChanged:
        return edit_page(public_id, form), 409


@blueprint.post("/initiatives/<public_id>/state")
def decide(public_id: str) -> Response | tuple[str, int]:
    """Publish, unpublish or refuse a listing from its own page."""
    form, decision = DecisionForm(request.form), pressed("decision", *STATE_DECISIONS)
    reason, version = form.reason.data, form.version.data
    try:
        with services().database.writing() as session:
            id = listings.decide_on_page(
                session, public_id=public_id, verb=decision, actor=actor(), reason=reason, version=version
            ).id
    except BadValue as error:
        return edit_page(public_id, refused=Refused(DECISION, reason, _(error.reason, **error.values))), 400
    except VersionConflict:
        return edit_page(public_id, refused=Refused(DECISION, reason, _changed())), 409
    except BadState as error:
        why = decided_meanwhile(error, "initiative", public_id)
        return edit_page(public_id, refused=Refused(DECISION, reason, why)), 409
    follow()
    return redirect(url_for("desk.edit", public_id=public_id, decided=id))


@blueprint.post("/initiatives/<public_id>/removal")
def remove(public_id: str) -> Response | tuple[str, int]:
    """Hide a listing, at somebody's request, and let it be removed for good once that cannot be undone any more."""
    form = RemovalForm(request.form)
    if not form.validate():
        return edit_page(public_id, refused=Refused(REMOVAL, form.reason.data, form.error_texts["sure"])), 400
    try:
        with services().database.writing() as session:
            removals.decide(session, public_id=public_id, actor=actor(), reason=form.reason.data)
    except BadState as error:
        why = decided_meanwhile(error, "initiative", public_id)
        return edit_page(public_id, refused=Refused(REMOVAL, form.reason.data, why)), 409
    follow()
    return redirect(url_for("desk.edit", public_id=public_id))


def _save(public_id: str, form: EditForm) -> Response:
    with services().database.writing() as session:
        changed = saves.save_with_part(session, public_id, actor(), list(form.typed.values()), form.part_of)
    index_soon()
    names = [name_of(*key) for key in changed] + ([PART_OF] if form.part_of else [])
    return redirect(url_for("desk.edit", public_id=public_id, saved=",".join(names) or "nothing"))


def _preview(public_id: str, form: EditForm) -> str:
    """The public page as it would be, above it what to do next; nothing is stored."""
    with services().database.writing() as session:
        tried = saves.attempt(session, public_id, actor(), list(form.typed.values()), form.part_of)
    with services().database.reading() as session:
        platforms = platform_queries.platform_names(session)
    lang, own = current_language(), own_platform(tried.listing, platforms)
    around = Surroundings(tried.relations, neighbours(tried.listing, lang, own.id if own else None), unanswered_at=None)
    model = listing_page(tried.listing, lang, today(), around, platforms)
    labels = [full_label(*key) for key in tried.changed] + ([_("Part of")] if form.part_of else [])
    return render_template("pages/desk/preview.html", page=model, inputs=form.inputs, labels=labels)


def _decide_field(public_id: str, form: EditForm, button: Pressed, decision: Decision) -> Response | str | tuple[str, int]:
    """Release a field, or take or keep it against what a platform says; what was typed elsewhere stays in the form."""
    change = edits.Edit(public_id, *key_of(button.name), actor())
    try:
        with services().database.writing() as session:
            decide_field(session, FieldDecision(decision, change, button.platform_id, button.mark))
    except VersionConflict:
        return edit_page(public_id, form, {button.name: _changed()}), 409
    except BadValue as error:
        return edit_page(public_id, form, {button.name: _(error.reason, **error.values)}), 400
    index_soon()
    rest = EditForm({name: one for name, one in form.changed.items() if name != button.name}, looked_for=form.looked_for)
    if rest.typed:
        return edit_page(public_id, rest, saved=button.name)
    return redirect(url_for("desk.edit", public_id=public_id, saved=button.name))


def _changed() -> str:
    return _(
        "This listing has changed in the meantime, and nothing was done. What you wrote is still in its field; look at the rest"
        " and send it again."
    )
