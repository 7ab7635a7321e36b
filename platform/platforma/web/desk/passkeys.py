"""A person's own passkeys: added, named, removed. The mailed link always stays as a way to sign in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue.errors import BadState, BadToken
from platforma.catalogue.people import passkeys
from platforma.catalogue.people.accounts import Account
from platforma.i18n import gettext as _
from platforma.secret_key import derived_secret
from platforma.web import passkey_checks
from platforma.web.context import pressed, require_desk, services, signed_in
from platforma.web.desk.forms import PasskeyForm
from platforma.web.passkey_checks import BadPasskey
from vocabulary.messages import N_

blueprint = Blueprint("passkeys", __name__, url_prefix=f"{DESK}/passkeys")
blueprint.before_request(require_desk)


@blueprint.get("/")
def own_passkeys() -> str:
    return _page(PasskeyForm())


@blueprint.post("/")
def add() -> Response | tuple[str, int]:
    """Add the passkey that the browser made for the options of the page."""
    form = PasskeyForm(request.form)
    try:
        _add(form)
    except (BadPasskey, BadToken):
        form.refuse(N_("The passkey could not be added. Try again."))
    except BadState as error:
        form.refuse(_(error.reason, **error.values))
    if form.error_texts:
        return _page(form), 400
    return redirect(url_for("passkeys.own_passkeys"))


@blueprint.post("/<int(max=2147483647):passkey_id>")
def change(passkey_id: int) -> Response:
    """Give a passkey another name, or remove it."""
    action, form, account = pressed("action", "rename", "remove"), PasskeyForm(request.form), _own_account()
    with services().database.writing() as session:
        if action == "remove":
            passkeys.remove_passkey(session, account=account, id=passkey_id)
        elif form.name.data:
            passkeys.rename_passkey(session, account=account, id=passkey_id, name=form.name.data)
    return redirect(url_for("passkeys.own_passkeys"))


def _add(form: PasskeyForm) -> None:
    """Raises BadPasskey, BadToken and BadState."""
    account, base_url = _own_account(), services().settings.base_url
    challenge = passkey_checks.answer_to_adding(form.answer.data)
    new = passkey_checks.new_passkey(base_url, form.answer.data, challenge)
    with services().database.writing() as session:
        passkeys.use_challenge(session, services().secret_key, passkeys.adding(account.id), challenge)
        name = form.name.data or _("Passkey %(number)s", number=len(passkeys.passkeys_of(session, account.id)) + 1)
        passkeys.add_passkey(session, account=account, new=new, name=name)


def _page(form: PasskeyForm) -> str:
    account, settings, options = _own_account(), services().settings, None
    with services().database.reading() as session:
        known = passkeys.passkeys_of(session, account.id)
    if passkey_checks.is_offered(settings.base_url):
        key = services().secret_key
        options = passkey_checks.adding_options(
            settings.base_url,
            user_handle=derived_secret(key, f"passkey-user:{account.id}").encode(),
            site_name=_("Platform of Platforms"),
            account=account,
            known=known,
            challenge=passkeys.new_challenge(key, passkeys.adding(account.id)),
        )
    return render_template("pages/desk/passkeys.html", passkeys=known, form=form, errors=form.error_texts, options=options)


def _own_account() -> Account:
    account = signed_in()
    assert account is not None
    return account
