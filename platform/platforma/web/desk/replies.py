"""The texts with which curators begin what the other side reads: read, changed, added and put away."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.decisions import replies
from platforma.catalogue.errors import BadValue
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, services
from platforma.web.desk.blueprint import blueprint
from vocabulary.characters import without_controls
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_
from vocabulary.replies import KINDS

LABELS = {
    "listing": N_("A listing is refused"),
    "platform": N_("A platform is refused"),
    "platform_question": N_("A partner is asked back"),
    "message_done": N_("A message is settled"),
    "message_refused": N_("A message is refused"),
}


@blueprint.get("/replies")
def all_replies() -> str:
    return _page()


@blueprint.post("/replies")
def save_reply() -> Response | tuple[str, int]:
    """Save a text in each language, put it away, bring it back, or add one."""
    action, kind, key = pressed("action", "save", "remove", "restore"), pressed("kind", *KINDS), request.form.get("key", "")
    texts = {lang: without_controls(request.form.get(f"text-{lang}", "")) or "" for lang in LANGUAGES}
    try:
        with services().database.writing() as session:
            saved = replies.save(session, key=key, kind=kind, texts=texts, is_removed=action == "remove", actor=actor())
    except BadValue as error:
        return _page(_(error.reason, **error.values), kind, key, texts), 400
    return redirect(url_for("desk.all_replies", saved=saved))


def _page(error: str = "", kind: str = "", key: str = "", typed: dict[str, str] | None = None) -> str:
    with services().database.reading() as session:
        lists = [(one, _(LABELS[one]), replies.replies(session, one)) for one in KINDS]
    return render_template(
        "pages/desk/replies.html", lists=lists, languages=LANGUAGES, error=error, wrong=(kind, key), typed=typed or {},
        saved=request.args.get("saved", ""),
    )  # fmt: skip
