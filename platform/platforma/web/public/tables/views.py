"""Somebody who keeps a list in a table proposes it: the table is checked at once, shown, and confirmed by mail."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from platforma.addresses import SITE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadToken
from platforma.catalogue.files import sent_tables
from platforma.catalogue.files.sent_tables import Checked
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.crawl_mails import tell_of_proposal
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.web.context import absolute, keep_private, link_attempt, pressed, services, skipped
from platforma.web.public.tables.forms import TOO_MANY_TABLES, TableForm
from platforma.web.public.tables.headings import allowed_values
from platforma.web.public.tables.marked_copy import marked_copy
from platforma.web.public.tables.pages import column_indexes, table_page
from platforma.web.public.tables.sending import NEW_TABLE, NotRead, allow_files, check, chosen_columns, download, sent
from platforma.web.public.tables.template_files import template_csv, template_workbook
from platforma.worker.task_queue import wake

blueprint = Blueprint("tables", __name__, url_prefix=SITE)
OPEN = ("tables.send", "tables.template_xlsx", "tables.template_text")
"""What search engines may find."""


@blueprint.url_value_preprocessor
def _allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    allow_files()


@blueprint.after_request
def _private(answer: Response) -> Response:
    """Nothing that a secret address opens is stored, indexed or told to other sites."""
    if request.endpoint not in OPEN or request.method == "POST":
        keep_private(answer)
    return answer


@blueprint.get("/register/table")
def send() -> str:
    """The form, and the templates."""
    return _form_page()


@blueprint.post("/register/table")
def sent_now() -> AnyResponse | tuple[str, int]:
    """Check the table, and lead to the page that says what is in it."""
    try:
        what = sent()
        attempt = link_attempt(rate_limits.TABLE, hashlib.sha256(what.body).hexdigest())
        with services().database.writing() as session:
            exceeded = rate_limits.count_attempt(session, attempt)
        if exceeded is not None:
            return _form_page(NotRead("file", _(TOO_MANY_TABLES), what.pasted)), 429
        checked = Checked.of(check(what.name, what.body, NEW_TABLE, {}, what.pasted))
    except NotRead as error:
        return _form_page(error), 400
    with services().database.writing() as session:
        secret = sent_tables.keep(session, name=what.name, body=what.body, checked=checked, chosen={})
    return redirect(url_for("tables.table", token=secret), 303)


@blueprint.get("/register/table/template.xlsx")
def template_xlsx() -> Response:
    return download(template_workbook(), "platforma-platformam.xlsx")


@blueprint.get("/register/table/template.csv")
def template_text() -> Response:
    return download(template_csv(), "platforma-platformam.csv", "text/csv")


@blueprint.get("/register/tables/<token>")
def table(token: str) -> str | tuple[str, int]:
    """What is in the table."""
    try:
        return _table_page(token, TableForm())
    except BadToken:
        return _bad_link()


@blueprint.post("/register/tables/<token>")
def choose(token: str) -> str | AnyResponse | tuple[str, int]:
    """Read the columns as chosen, show what was chosen for all rows, or mail the link that confirms the proposal."""
    form, button = TableForm(request.form), pressed("do", "columns", "show", "send")
    try:
        if button == "columns":
            _check_again(token)
            return redirect(url_for("tables.table", token=token), 303)
        is_right = form.validate()
        with services().database.writing() as session:
            sent_tables.choose(session, token, request.form, form.url.data if is_right or "url" not in form.errors else "")
            found = sent_tables.table(session, token)
        if found.is_taken:
            return _refused(sent_tables.IS_PROPOSED)
        if button == "show" or not found.checked.is_good:
            return redirect(url_for("tables.table", token=token, _anchor="found"), 303)
        return _table_page(token, form, 400) if not is_right else _send_link(token, form)
    except NotRead as error:
        return _form_page(error), 400
    except BadToken:
        return _bad_link()


@blueprint.get("/register/tables/<token>/copy.xlsx")
def copy(token: str) -> Response | tuple[str, int]:
    """The table with its cells marked."""
    try:
        with services().database.reading() as session:
            found, body = sent_tables.table(session, token), sent_tables.body_of(session, token)
        return download(marked_copy(check(found.name, body, NEW_TABLE, found.chosen)), _("table-with-notes.xlsx"))
    except BadToken:
        return _bad_link()


@blueprint.get("/register/table/confirm/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            proposed = sent_tables.proposed(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/tables/confirm.html", token=token, url=proposed.recipe.url, title=proposed.recipe.title)


@blueprint.post("/register/table/confirm/<token>")
def confirmed(token: str) -> str | tuple[str, int]:
    """Propose the platform with all rows; the staff is told."""
    try:
        with services().database.reading() as session:
            proposed = sent_tables.proposed(session, token)
        checked = check(proposed.name, proposed.body, proposed.recipe, proposed.chosen)
        with services().database.writing() as session:
            key, lang = services().secret_key, current_language()
            platform = sent_tables.propose(session, token, checked, lang=lang, secret_key=key)
            card = platform_queries.platform_by_id(session, platform.id)
            tell_of_proposal(services().settings, session, card)
    except (BadToken, NotRead):
        return _bad_link()
    except BadState as error:
        return _refused(error.reason)
    wake(services().settings)
    decided_by = utc_now() + platform_states.DECIDED_WITHIN
    return render_template(
        "pages/tables/done.html", title=card.title, email=card.contact_email, decided_by=decided_by, entries=len(checked.records)
    )


def _form_page(error: NotRead | None = None) -> str:
    errors = {error.field: error.text} if error else {}
    pasted = error.pasted if error else ""
    return render_template("pages/tables/send.html", errors=errors, pasted=pasted, allowed=allowed_values())


def _table_page(token: str, form: TableForm, status: int = 200) -> tuple[str, int]:
    """The page of a table as it stands. Raises BadToken."""
    with services().database.reading() as session:
        found = sent_tables.table(session, token)
    if not form.url.data:
        form.url.data = found.url
    page = table_page(found, skipped())
    answer = render_template("pages/tables/table.html", page=page, token=token, form=form, errors=form.error_texts)
    return answer, status


def _check_again(token: str) -> None:
    """Read the table with other columns. Raises BadToken and NotRead."""
    with services().database.reading() as session:
        found, body = sent_tables.table(session, token), sent_tables.body_of(session, token)
    chosen = chosen_columns(request.form, column_indexes(found.checked))
    checked = Checked.of(check(found.name, body, NEW_TABLE, chosen), found.url)
    with services().database.writing() as session:
        sent_tables.check_again(session, token, checked, chosen)


def _send_link(token: str, form: TableForm) -> str | tuple[str, int]:
    """Mail the link that confirms a proposal, unless its address is known or too many were sent. Raises BadToken."""
    with services().database.reading() as session:
        known = platform_states.known_at(session, form.url.data) if form.url.data else None
        if known is not None and known.state in PUBLIC_PLATFORMS:
            return render_template("pages/partner/known.html", url=known.url, title=known.title, public_id=known.public_id)
    if known is not None:
        form.refuse(sent_tables.KNOWN_ADDRESS, "url")
        return _table_page(token, form, 400)
    if (exceeded := _mail_confirmation(token, form.email.data)) is not None:
        form.refuse_links(exceeded)
        return _table_page(token, form, 429)
    return render_template("pages/partner/sent.html", email=form.email.data)


def _mail_confirmation(token: str, email: str) -> ExceededLimit | None:
    """Mail the link; or return the rate limit that is exceeded. Raises BadToken."""
    key = services().secret_key
    with services().database.writing() as session:
        payload = sent_tables.mail_payload(session, token, email)
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_TABLE, email))
        if exceeded is not None:
            return exceeded
        name = tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_TABLE, key=key, payload=payload)
        title = sent_tables.table(session, token).choices.title
        link = absolute(url_for("tables.confirm", token=PLACEHOLDER))
        body = render_template("mail/confirm_table.txt", link=link, title=title)
        subject = _("Confirm your platform")
        queue_mail(session, to=email, lang=current_language(), subject=subject, body=body, secret_name=name)
    wake(services().settings)
    return None


def _refused(reason: str) -> tuple[str, int]:
    return render_template("pages/tables/refused.html", reason=_(reason)), 409


def _bad_link() -> tuple[str, int]:
    return render_template("pages/account/bad_link.html", is_of_platform=True), 410
