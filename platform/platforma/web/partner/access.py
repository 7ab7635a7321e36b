"""Who may see and change a platform as its partner: whoever is a member of it, and for all others there is no such page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from platforma.addresses import OWN_LISTING, PARTNER
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState
from platforma.catalogue.people import memberships
from platforma.i18n import gettext as _
from platforma.web.context import keep_private, redirect_to_sign_in, services, signed_in
from platforma.web.crawl_views import moment
from platforma.worker.task_queue import wake

blueprint = Blueprint("members", __name__, url_prefix=PARTNER)
OPEN_TO_ALL = ("members.invitation", "members.accept", "members.new_contact", "members.confirm_contact")
"""Pages of mailed links, which need no account."""


@blueprint.before_request
def require_account() -> AnyResponse | None:
    """A visitor is redirected to sign in, but answered 401 where that would lose a form; anybody with an account passes."""
    if request.endpoint in OPEN_TO_ALL or signed_in() is not None:
        return None
    if request.method == "POST":
        abort(401)
    return redirect_to_sign_in()


@blueprint.after_request
def _private(answer: Response) -> Response:
    """Nothing of a partner is stored, indexed or told to other sites."""
    keep_private(answer, "same-origin")
    return answer


@blueprint.errorhandler(BadState)
def refused(error: BadState) -> tuple[str, int]:
    """The page of a step that cannot be made now (409), with the reason."""
    values = {name: moment(one) if isinstance(one, datetime) else one for name, one in error.values.items()}
    public_id = (request.view_args or {}).get("public_id")
    page = "members.listing" if OWN_LISTING in str(request.url_rule) else "members.platform"
    back = url_for(page, public_id=public_id) if public_id else url_for("members.mine")
    return render_template("pages/members/refused.html", reason=_(error.reason, **values), back=back), 409


def own_platform_id(public_id: str) -> str:
    """The id of the platform with this public id, of which the person of this request is a member. Raises NotFound."""
    user = signed_in()
    assert user is not None
    with services().database.reading() as session:
        return memberships.own_platform_id(session, user.id, public_id)


def led_back(public_id: str, done: str, **more: Any) -> AnyResponse:
    """A redirect to the platform's page, which says what was done; the worker is woken for what follows."""
    return led_back_to(url_for("members.platform", public_id=public_id, done=done, **more))


def led_back_to(address: str) -> AnyResponse:
    """A redirect to a page; the worker is woken for what follows."""
    wake(services().settings)
    return redirect(address, 303)


def said_done(sentences: Mapping[str, str]) -> str:
    """What `?done=` says was done just now, in the reader's language; empty without one."""
    sentence = sentences.get(request.args.get("done", ""))
    return _(sentence) if sentence else ""


def still_to_come(instant: datetime | None) -> str:
    """An instant to come as a moment; empty for one that has come."""
    return moment(instant) if instant is not None and instant > utc_now() else ""
