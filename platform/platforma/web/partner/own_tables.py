"""Partners whose platform lives of tables upload theirs again: checked, shown as what would change, then taken in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crawlers.owner_tables.checking import TableCheck
from crawlers.recipe import parse_recipe
from platforma.addresses import OWN_PLATFORM
from platforma.catalogue.errors import BadToken, BadValue
from platforma.catalogue.files import sent_tables, table_imports
from platforma.catalogue.files.sent_tables import Checked, SentTable
from platforma.catalogue.files.table_imports import DifferentNow
from platforma.catalogue.people import rate_limits
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import gettext as _
from platforma.web.context import actor, link_attempt, pressed, services, skipped
from platforma.web.partner.access import blueprint, led_back, own_platform_id
from platforma.web.partner.table_changes import changes_page
from platforma.web.public.tables.forms import TOO_MANY_TABLES
from platforma.web.public.tables.marked_copy import marked_copy
from platforma.web.public.tables.pages import column_indexes, table_page
from platforma.web.public.tables.sending import NotRead, allow_files, check, chosen_columns, download, sent

OWN_TABLE = f"{OWN_PLATFORM}table"
ENDPOINTS = ("members.send_table", "members.upload_table", "members.own_table", "members.use_table", "members.table_copy")


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: object) -> None:
    if endpoint in ENDPOINTS:
        allow_files()


@blueprint.get(OWN_TABLE)
def send_table(public_id: str) -> str:
    """The form."""
    return _form_page(public_id, _importable(public_id))


@blueprint.post(OWN_TABLE)
def upload_table(public_id: str) -> AnyResponse | tuple[str, int]:
    """Check a table by the platform's own mapping, and lead to the page that says what would change."""
    id = _importable(public_id)
    try:
        what = sent()
        with services().database.writing() as session:
            exceeded = rate_limits.count_attempt(session, link_attempt(rate_limits.TABLE, f"platform:{id}"))
        if exceeded is not None:
            return _form_page(public_id, id, NotRead("file", _(TOO_MANY_TABLES), what.pasted)), 429
        checked = Checked.of(_checked(id, what.name, what.body, {}, what.pasted))
    except NotRead as error:
        return _form_page(public_id, id, error), 400
    with services().database.writing() as session:
        secret = sent_tables.keep(session, name=what.name, body=what.body, checked=checked, platform_id=id, chosen={})
    return redirect(url_for("members.own_table", public_id=public_id, token=secret), 303)


@blueprint.get(f"{OWN_TABLE}/<token>")
def own_table(public_id: str, token: str) -> str | tuple[str, int]:
    """What is wrong in the table, or what would change by it."""
    try:
        return _table_page(public_id, _importable(public_id), token)
    except (BadToken, NotRead):
        return _expired(public_id)


@blueprint.post(f"{OWN_TABLE}/<token>")
def use_table(public_id: str, token: str) -> str | AnyResponse | tuple[str, int]:
    """Read the columns as chosen, or take the table in as it was shown."""
    id, button = _importable(public_id), pressed("do", "columns", "take")
    try:
        found, body = _found(id, token)
        if button == "columns":
            chosen = chosen_columns(request.form, column_indexes(found.checked))
            checked = Checked.of(_checked(id, found.name, body, chosen))
            with services().database.writing() as session:
                sent_tables.check_again(session, token, checked, chosen, id)
            return redirect(url_for("members.own_table", public_id=public_id, token=token), 303)
        _take_in(id, token, found, _checked(id, found.name, body, found.chosen))
    except (BadToken, NotRead):
        return _expired(public_id)
    except BadValue as error:
        return _table_page(public_id, id, token, {error.field: _(error.reason)}), 400
    except DifferentNow:
        return _table_page(public_id, id, token, {"main": _(table_imports.CHANGED_MEANWHILE)}), 409
    return led_back(public_id, "table")


@blueprint.get(f"{OWN_TABLE}/<token>/copy.xlsx")
def table_copy(public_id: str, token: str) -> Response | tuple[str, int]:
    """The table with its cells marked."""
    id = _importable(public_id)
    try:
        found, body = _found(id, token)
        return download(marked_copy(_checked(id, found.name, body, found.chosen)), _("table-with-notes.xlsx"))
    except (BadToken, NotRead):
        return _expired(public_id)


def _importable(public_id: str) -> str:
    """The id of the platform, whose tables may be imported. Raises NotFound and BadState."""
    id = own_platform_id(public_id)
    with services().database.reading() as session:
        table_imports.check_may_import(session, id)
    return id


def _found(platform_id: str, token: str) -> tuple[SentTable, bytes]:
    """A sent table and its bytes. Raises BadToken."""
    with services().database.reading() as session:
        return sent_tables.table(session, token, platform_id), sent_tables.body_of(session, token, platform_id)


def _checked(platform_id: str, name: str, body: bytes, chosen: Mapping[int, str], pasted: str = "") -> TableCheck:
    """The check of a table by the live mapping of its platform. Raises NotRead."""
    with services().database.reading() as session:
        recipe = parse_recipe(platform_queries.recipe_of(session, platform_id), platform_id)
    return check(name, body, recipe, chosen, pasted)


def _take_in(platform_id: str, token: str, found: SentTable, checked: TableCheck) -> None:
    """Take a table in, all or nothing. Raises BadToken, BadState, BadValue and DifferentNow."""
    with services().database.writing() as session:
        table_imports.import_again(
            session, platform_id, checked,
            fields=sent_tables.recipe_fields(checked.headings, found.chosen), actor=actor(),
            answer=request.form.get("gone", ""), asked=request.form.get("asked", ""), secret_key=services().secret_key,
        )  # fmt: skip
        sent_tables.note_taken(session, token, platform_id)


def _form_page(public_id: str, platform_id: str, error: NotRead | None = None) -> str:
    with services().database.reading() as session:
        title = platform_queries.platform_by_id(session, platform_id).title
    errors = {error.field: error.text} if error else {}
    pasted = error.pasted if error else ""
    return render_template("pages/members/send_table.html", public_id=public_id, title=title, errors=errors, pasted=pasted)


def _table_page(public_id: str, platform_id: str, token: str, errors: dict[str, str] | None = None) -> str:
    """The page of a table as it stands. Raises BadToken and NotRead."""
    found, body = _found(platform_id, token)
    changes = None
    if found.checked.is_good:
        checked = _checked(platform_id, found.name, body, found.chosen)
        with services().database.reading() as session:
            difference = table_imports.would_change(session, platform_id, checked.records, secret_key=services().secret_key)
        changes = changes_page(difference)
    return render_template(
        "pages/members/table.html",
        public_id=public_id, token=token, page=table_page(found, skipped()), changes=changes, errors=errors or {},
        answer=request.form.get("gone", ""),
    )  # fmt: skip


def _expired(public_id: str) -> tuple[str, int]:
    return render_template("pages/members/table_expired.html", public_id=public_id), 410
