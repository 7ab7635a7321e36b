"""The desk's register of removals, for admins: what was removed for good, by whom and why; lifting an entry."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue.errors import BadState, BadValue
from platforma.catalogue.listings import removal_register
from platforma.catalogue.listings.removal_register import RegisterEntry
from platforma.i18n import gettext as _
from platforma.web.context import actor, next_skip, require_admin, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk.forms import LiftForm

ENTRIES_PER_PAGE = 20

blueprint = Blueprint("removals", __name__, url_prefix=f"{DESK}/removals")
blueprint.before_request(require_admin)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of the register in the reader's language."""

    entry: RegisterEntry
    at: str
    lifted_at: str
    marks: tuple[str, ...]


@blueprint.get("/")
def register() -> str:
    """A page of the register, the newest first; `?lifted=` names the entry that was just lifted."""
    skip = skipped()
    with services().database.reading() as session:
        entries, in_all = removal_register.entries(session, limit=ENTRIES_PER_PAGE, offset=skip)
    return render_template(
        "pages/desk/removals.html", lines=list(map(_line, entries)), in_all=in_all, skip=skip,
        next_skip=next_skip(skip, ENTRIES_PER_PAGE, in_all), lifted=request.args.get("lifted", 0, int),
    )  # fmt: skip


@blueprint.get("/<int(max=2147483647):removal_id>")
def entry(removal_id: int) -> str:
    """One entry, what lifting it means, and the form for it."""
    return _entry_page(removal_id, LiftForm())


@blueprint.post("/<int(max=2147483647):removal_id>")
def lift(removal_id: int) -> Response | tuple[str, int]:
    """Lift an entry; a reason is needed."""
    form = LiftForm(request.form)
    form.validate()
    try:
        with services().database.writing() as session:
            key = services().secret_key
            removal_register.lift(session, removal_id=removal_id, reason=form.reason.data, actor=actor(), key=key)
    except BadValue as error:
        form.refuse(_(error.reason, **error.values), "reason")
        return _entry_page(removal_id, form), 400
    except BadState as error:
        back = url_for("removals.register")
        return render_template("pages/desk/refused.html", reason=_(error.reason, **error.values), back=back), 409
    return redirect(url_for("removals.register", lifted=removal_id))


def _entry_page(removal_id: int, form: LiftForm) -> str:
    with services().database.reading() as session:
        line = _line(removal_register.entry(session, removal_id))
    return render_template("pages/desk/removal.html", line=line, form=form, errors=form.error_texts)


def _line(entry: RegisterEntry) -> EntryLine:
    return EntryLine(
        entry=entry,
        at=moment(entry.at),
        lifted_at=moment(entry.lifted_at) if entry.lifted_at else "",
        marks=tuple(_mark_label(kind) for kind in entry.kinds),
    )


def _mark_label(kind: str) -> str:
    """By what something removed is known, by removal_register.KINDS."""
    return {
        "identifier": _("register number"),
        "id": _("id at its platform"),
        "address": _("web address of its own"),
        "site_name": _("name with its site"),
        "flag": _("name alone, which only asks a curator"),
    }[kind]
