"""The desk's accounts, for admins: who may sign in, as what; adding and closing."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue.enums import Role
from platforma.catalogue.errors import BadState
from platforma.catalogue.people import accounts
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import queue_mail
from platforma.web.context import absolute, actor, require_admin, services, signed_in
from platforma.web.desk.forms import AccountForm, RoleForm
from platforma.worker.task_queue import wake
from vocabulary.messages import N_

blueprint = Blueprint("accounts", __name__, url_prefix=f"{DESK}/accounts")
blueprint.before_request(require_admin)


@blueprint.get("/")
def all_accounts() -> str:
    return _page()


@blueprint.post("/")
def add() -> str | tuple[str, int]:
    """Make an account, open a closed one, or give a known one another role; the page says which of these was done."""
    form = AccountForm(request.form)
    if not form.validate():
        return _page(form), 400
    try:
        return _page(done=_give(form.email.data, Role(form.role.data)))
    except BadState as error:
        form.refuse(_(error.reason, **error.values), "role")
        return _page(form), 409


@blueprint.post("/<int(max=2147483647):user_id>/role")
def change_role(user_id: int) -> str | tuple[str, int]:
    """Give an account another role, or open a closed one again with a role."""
    form = RoleForm(request.form)
    if not form.validate():
        abort(400)
    with services().database.reading() as session:
        account = accounts.account_by_id(session, user_id)
    try:
        return _page(done=_give(account.email, Role(form.role.data)))
    except BadState as error:
        return _refused(error)


@blueprint.post("/<int(max=2147483647):user_id>")
def close(user_id: int) -> Response | tuple[str, int]:
    """Close an account; nobody closes their own, so that an admin is always left."""
    try:
        if user_id == _own_id():
            raise BadState(N_("Let another admin close your own account"))
        with services().database.writing() as session:
            accounts.close_account(session, user_id=user_id, actor=actor())
    except BadState as error:
        return _refused(error)
    return redirect(url_for("accounts.all_accounts"))


def role_label(role: Role) -> str:
    """What a role is called."""
    return {
        Role.CURATOR: _("curator"),
        Role.ADMIN: _("admin"),
        Role.PARTNER: _("partner"),
        Role.READER: _("reader"),
    }[role]


def _give(email: str, role: Role) -> str:
    """Give an address this role, and mail whoever can sign in from now on; returns what was done. Raises BadState."""
    with services().database.writing() as session:
        before = accounts.account_of(session, email)
        if before is not None and before.id == _own_id() and before.role != role:
            raise BadState(N_("Let another admin change your own role"))
        user = accounts.add_user(session, email=email, role=role, actor=actor(), lang=current_language())
        if before is None or before.closed_at is not None:
            subject, body = _account_mail(user.email)
            queue_mail(session, to=user.email, lang=current_language(), subject=subject, body=body)
    wake(services().settings)
    return _change_text(before, email, role)


def _refused(error: BadState) -> tuple[str, int]:
    back = url_for("accounts.all_accounts")
    return render_template("pages/desk/refused.html", reason=_(error.reason, **error.values), back=back), 409


def _page(form: AccountForm | None = None, *, done: str = "") -> str:
    """All accounts, with a form: the refused one, or an empty one and what was `done`."""
    form = form or AccountForm(role=Role.CURATOR)
    with services().database.reading() as session:
        rows = [(account, role_label(account.role)) for account in accounts.all_accounts(session)]
    return render_template(
        "pages/desk/accounts.html", rows=rows, roles=[(role.value, role_label(role)) for role in Role],
        form=form, errors=form.error_texts, done=done, own_id=_own_id(),
    )  # fmt: skip


def _own_id() -> int:
    user = signed_in()
    assert user is not None
    return user.id


def _account_mail(email: str) -> tuple[str, str]:
    """Subject and body of the mail that says how to sign in."""
    body = render_template("mail/account_added.txt", email=email, link=absolute(url_for("account.sign_in")))
    return _("You can sign in now"), body


def _change_text(before: accounts.Account | None, email: str, role: Role) -> str:
    values = {"email": email.lower(), "role": role_label(role)}
    if before is None:
        return _("%(email)s has an account now, as %(role)s; a mail says how to sign in.", **values)
    if before.closed_at is not None:
        return _("The account of %(email)s is open again, as %(role)s; a mail says how to sign in.", **values)
    if before.role != role:
        return _("%(email)s was %(before)s and is %(role)s now.", before=role_label(before.role), **values)
    return _("%(email)s already has an account as %(role)s; nothing was changed.", **values)
