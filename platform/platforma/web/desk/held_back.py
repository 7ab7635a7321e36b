"""What looks like advertising: each is let go, or deleted with all that is alike, by a curator."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.visitors import held_back
from platforma.mail import held_back_mails
from platforma.web.context import actor, next_skip, pressed, services, skipped
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import follow

PER_PAGE = 20
ITEM = "/held-back/<int(max=2147483647):held_id>"


@blueprint.get("/held-back")
def all_held_back() -> str:
    skip = skipped()
    with services().database.reading() as session:
        rows, in_all = held_back.held(session, limit=PER_PAGE, offset=skip), held_back.count(session)
    return render_template("pages/desk/held_back.html", rows=rows, in_all=in_all, next_skip=next_skip(skip, PER_PAGE, in_all))


@blueprint.get(ITEM)
def one_held_back(held_id: int) -> str:
    """The whole text, and what would be deleted with it."""
    with services().database.reading() as session:
        return render_template("pages/desk/held_back_item.html", one=held_back.one(session, held_id))


@blueprint.post(ITEM)
def decide_held_back(held_id: int) -> Response:
    """Let one go on as usual, or delete it with all that is alike."""
    button = pressed("decision", "keep", "delete")
    with services().database.writing() as session:
        if button == "keep":
            held_back_mails.let_go(services().settings, session, held_id, actor=actor())
        else:
            held_back.delete_alike(session, id=held_id, actor=actor())
    follow()
    return redirect(url_for("desk.all_held_back"))
