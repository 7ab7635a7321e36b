"""The desk's list of all listings in any state: search, filters, saved views, and all of what is shown as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from platforma.catalogue.enums import InitiativeState
from platforma.catalogue.errors import BadValue
from platforma.catalogue.files.cells import safe_cell
from platforma.catalogue.listings.listing import ShownValue
from platforma.catalogue.lists import choosing, saved_views
from platforma.catalogue.lists.bulk_steps import BulkAction
from platforma.catalogue.lists.choosing import SORTS, Choice, ListedListing
from platforma.i18n import current_language, day
from platforma.i18n import gettext as _
from platforma.web.context import actor, next_skip, services, skipped
from platforma.web.desk import choices, viewmodels
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.bulk_words import DIMENSIONS, action_label
from platforma.web.desk.tables import csv_response
from platforma.web.labels import value_text

LISTINGS_PER_PAGE = 50
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of the list in the reader's language; `facts` are its state, kind and place, `more` what is quieter."""

    listing: ListedListing
    state: str
    facts: str
    more: str


@blueprint.get("/catalogue")
def catalogue() -> str:
    return catalogue_page(request.args)


@blueprint.get("/catalogue.csv")
def catalogue_csv() -> Response:
    """All that the filters choose, in the same order, a row for each listing."""
    choice, sort, lang = choices.choice_of(request.args), choices.sort_of(request.args), current_language()
    headings = (
        _("Number"), _("Title"), _("State"), _("Kind"), _("Sectors"), _("Themes"), _("Country"), _("Place"), _("Languages"),
        _("Website"), _("Sources"), _("First seen"), _("Changed"), _("Address"),
    )  # fmt: skip
    rows = [_cells(listing) for listing in _all_rows(choice, sort, lang)]
    return csv_response([headings, *rows], "listings.csv")


@blueprint.post("/catalogue/views")
def save_view() -> AnyResponse | tuple[str, int]:
    """Save what is shown as a view, under a name."""
    choice, sort = choices.choice_of(request.form), choices.sort_of(request.form)
    query = urlencode(choices.parameters(choice, sort), doseq=True)
    is_shared = bool(request.form.get("shared"))
    try:
        with services().database.writing() as session:
            saved_views.save(session, name=request.form.get("name", ""), query=query, by=actor(), is_shared=is_shared)
    except BadValue as error:
        return catalogue_page(request.form, {"name": _(error.reason)}), 400
    return redirect(f"{url_for('desk.catalogue')}?{query}")


@blueprint.post("/catalogue/views/<int(max=2147483647):view_id>")
def delete_view(view_id: int) -> AnyResponse:
    with services().database.writing() as session:
        saved_views.delete(session, view_id, by=actor())
    return redirect(url_for("desk.catalogue"))


def catalogue_page(sent: MultiDict[str, str], errors: dict[str, str] | None = None) -> str:
    """The page of a choice; `sent` are the parameters of its address, or a refused form with what is wrong."""
    choice, sort, skip, lang = choices.choice_of(sent), choices.sort_of(sent), skipped(), current_language()
    with services().database.reading() as session:
        rows, total = choosing.page(session, choice, lang=lang, sort=sort, limit=LISTINGS_PER_PAGE, offset=skip)
        counts, views = choosing.states(session), saved_views.views_for(session, actor())
        platforms = choosing.all_platforms(session)
    given = choices.parameters(choice, sort)
    return render_template(
        "pages/desk/catalogue.html", rows=[row_line(row, sort) for row in rows], total=total, skip=skip, choice=choice, sent=sent,
        next_skip=next_skip(skip, LISTINGS_PER_PAGE, total), previous_skip=max(0, skip - LISTINGS_PER_PAGE), errors=errors or {},
        boxes=choices.boxes(choice, platforms), ticks=choices.ticks(choice), chosen=choices.words_of(choice, platforms),
        states=_state_lines(choice, sort, dict(counts)), sort=sort, sorts=[(name, sort_label(name)) for name in SORTS],
        given=given, fields=hidden_fields(given), views=views, own=actor(),
        actions=[(name, action_label(name)) for name in BulkAction],
        dimensions=[(name, viewmodels.terms(name)) for name in DIMENSIONS], ticked=sent.getlist("ids"),
    )  # fmt: skip


def hidden_fields(given: dict[str, object]) -> list[tuple[str, object]]:
    """The parameters of an address as (name, value) of a form's hidden fields."""
    return [(name, one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]


def row_line(row: ListedListing, sort: str) -> RowLine:
    """A row in the reader's language; of the two days the one that the list is sorted by, else that of the last change."""
    fields, state = row.fields, choices.state_label(row.state)
    country: ShownValue = fields.get("country") or fields.get("countries")
    known: list[tuple[str, ShownValue]] = [("kind", fields.get("kind")), ("place", fields.get("place"))]
    facts = [state, *(value_text(name, value) for name, value in known if value)]
    facts += [value_text("country", country)] if country else []
    groups: list[tuple[str, ShownValue]] = [("sectors", fields.get("sectors")), ("themes", fields.get("themes"))]
    lists = [value_text(name, value) for name, value in groups if value]
    is_first = sort == "first_seen"
    at = day(row.created_at if is_first else row.changed_at)
    when = _("first seen: %(day)s", day=at) if is_first else _("changed: %(day)s", day=at)
    return RowLine(row, state, " · ".join(facts), " · ".join([*lists, *row.platforms, when]))


def sort_label(name: str) -> str:
    return {"title": _("by title"), "changed": _("last changed first"), "first_seen": _("newest first")}[name]


def _state_lines(choice: Choice, sort: str, counts: dict[InitiativeState, int]) -> list[tuple[str, str, int, bool]]:
    """Of all states together and of each: its address, its name, how many listings are in it, whether it is chosen."""
    given = choices.parameters(choice, sort)
    lines = [("", choices.states_label(""), sum(counts.values()))]
    lines += [(str(state), choices.states_label(state), counts[state]) for state in InitiativeState if counts.get(state)]
    return [
        (url_for("desk.catalogue", **{**given, "state": state or None}), label, number, state == choice.state)
        for state, label, number in lines
    ]


def _all_rows(choice: Choice, sort: str, lang: str) -> Iterator[ListedListing]:
    with services().database.snapshot() as session:
        ids = choosing.sorted_ids(session, choice, lang=lang, sort=sort)
        for start in range(0, len(ids), EXPORTED_AT_ONCE):
            yield from choosing.rows_of(session, ids[start : start + EXPORTED_AT_ONCE], lang)
            session.expunge_all()


def _cells(row: ListedListing) -> tuple[str, ...]:
    fields = row.fields
    said: tuple[tuple[str, ShownValue], ...] = (
        ("kind", fields.get("kind")), ("sectors", fields.get("sectors")), ("themes", fields.get("themes")),
        ("countries", fields.get("countries")), ("place", fields.get("place")),
    )  # fmt: skip
    return (
        row.public_id, safe_cell(row.title.text), choices.state_label(row.state),
        *(safe_cell(value_text(name, value) if value else "") for name, value in said), ", ".join(row.languages),
        safe_cell(fields.get("website", "")), safe_cell(", ".join(row.platforms)), row.created_at.date().isoformat(),
        row.changed_at.date().isoformat(), url_for("desk.edit", public_id=row.public_id, _external=False),
    )  # fmt: skip
