"""The desk's mails that could not be delivered, or may not have been: to be tried again or forgotten."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue.errors import BadState
from platforma.i18n import gettext as _
from platforma.mail import mail_queue
from platforma.web.context import actor, pressed, require_curator, services
from platforma.worker.task_queue import wake

blueprint = Blueprint("mails", __name__, url_prefix=f"{DESK}/mails")
blueprint.before_request(require_curator)


@blueprint.get("/")
def undelivered() -> str:
    with services().database.reading() as session:
        rows = mail_queue.undelivered(session)
    return render_template("pages/desk/mails.html", mails=rows)


@blueprint.post("/<int(max=2147483647):mail_id>")
def decide(mail_id: int) -> Response | tuple[str, int]:
    """Try a mail again, or forget it."""
    act = {"retry": mail_queue.retry, "dismiss": mail_queue.dismiss}[pressed("decision", "retry", "dismiss")]
    try:
        with services().database.writing() as session:
            act(session, mail_id=mail_id, actor=actor())
    except BadState as error:
        back = url_for("mails.undelivered")
        return render_template("pages/desk/refused.html", reason=_(error.reason, **error.values), back=back), 409
    wake(services().settings)
    return redirect(url_for("mails.undelivered"))
