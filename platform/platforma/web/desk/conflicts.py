"""The desk's conflicts, one field at a time: what sources say beside a person's value; each decision can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from typing import ClassVar

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.desk import queues
from platforma.catalogue.errors import BadState, VersionConflict
from platforma.catalogue.listings import conflict_decisions, conflicts, listing_queries
from platforma.catalogue.listings.conflict_decisions import ACTIONS, Decision
from platforma.catalogue.listings.edits import Edit
from platforma.catalogue.listings.listing import Listing, Text
from platforma.i18n import current_language, language_name, number
from platforma.i18n import gettext as _
from platforma.web.context import MAX_SKIP, actor, pressed, services, skipped
from platforma.web.crawl_views import moment
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import index_soon
from platforma.web.desk.forms import FieldForm
from platforma.web.desk.walks import Walk
from platforma.web.labels import field_label, value_text

MAX_ID = 2**31 - 1
FIRST_KEYS = {"take": "1", "keep": "2", "keep_for_good": "3"}
OTHER_KEYS = "456789"
"""Keys of the buttons that take what the second platform says, and further ones."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a platform newly says, the key of the button that takes it (empty for none)."""

    platform_id: str
    platform: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A field to decide on: the person's value with whose it is, and what platforms newly say."""

    public_id: str
    version: int
    title: Text
    field: str
    lang: str
    label: str
    ours: str
    by: str
    since: datetime
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """The page. `done` is the decision that was made just now, with its words; `refused` says why nothing was done."""

    conflict: ConflictView | None
    skip: int
    total: int
    done: Decision | None
    done_words: str
    undone: bool
    refused: str
    lately: ClassVar[tuple[()]] = ()
    keys: ClassVar[Mapping[str, str]] = FIRST_KEYS

    @property
    def walk(self) -> Walk | None:
        """The place of the field among those that wait; None where nothing does."""
        return _walk(self.skip + 1, self.total) if self.conflict else None


@blueprint.get("/conflicts", endpoint="conflicts")
def one_conflict() -> str:
    return _page(skipped())


@blueprint.post("/conflicts")
def decide_conflict() -> Response | tuple[str, int]:
    """Take what a platform newly says, keep ours, or keep it for good."""
    form, action = FieldForm(request.form), pressed("action", *ACTIONS)
    public_id, skip = request.form.get("listing", ""), min(max(0, request.form.get("skip", 0, int)), MAX_SKIP)
    edit = Edit(public_id, form.field.data, form.lang.data, actor(), form.version.data)
    try:
        with services().database.writing() as session:
            done = conflict_decisions.decide(session, edit, action, form.platform.data)
    except (BadState, VersionConflict):
        return _page(skip, _why_refused(edit)), 409
    index_soon()
    return redirect(url_for("desk.conflicts", skip=skip or None, done=done))


@blueprint.post("/conflicts/undo")
def undo_conflict() -> Response | tuple[str, int]:
    """Let the field stand again as it stood before a decision."""
    event_id = request.form.get("decision", 0, int) or abort(400)
    try:
        with services().database.writing() as session:
            made = conflict_decisions.undo(session, event_id if 0 < event_id <= MAX_ID else 0, actor())
    except BadState:
        return _page(0, _("This field was changed since, so nothing was undone.")), 409
    index_soon()
    return redirect(url_for("desk.conflicts", undone=made.event_id))


def _page(skip: int, refused: str = "") -> str:
    done, undone = (_number(name) for name in ("done", "undone"))
    with services().database.reading() as session:
        total, _oldest = queues.counted(session, queues.queue("conflicts"))
        found = next(iter(conflicts.waiting(session, limit=1, offset=skip)), None)
        if found is None and skip:
            skip = 0
            found = next(iter(conflicts.waiting(session, limit=1)), None)
        listing = listing_queries.listing_for_desk(session, found.public_id) if found else None
        line = conflict_decisions.value_line(session, found.public_id, found.field, found.lang) if found else None
        made = conflict_decisions.decision(session, done) if done else None
    view = _view(listing, line) if isinstance(listing, Listing) and line is not None else None
    words = _decision_words(made) if made else ""
    page = ConflictPage(view, skip, total, done=made, done_words=words, undone=bool(undone), refused=refused)
    return render_template("pages/desk/conflicts.html", page=page)


def _walk(place: int, total: int) -> Walk:
    return Walk(
        place=place,
        total=max(total, place),
        words=_("Field %(place)s of %(total)s", place=number(place), total=number(max(total, place))),
        more="",
        label=_("Fields that wait"),
        all_label=_("All that waits"),
        address=lambda skip: url_for("desk.conflicts", skip=skip),
    )


def _view(listing: Listing, line: listing_queries.ValueLine) -> ConflictView:
    keys = chain((FIRST_KEYS["take"], *OTHER_KEYS), repeat(""))
    offers = tuple(
        Offer(news.platform_id, news.platform_title, value_text(line.field, news.value), key)
        for news, key in zip(line.news, keys, strict=False)
    )
    return ConflictView(
        listing.public_id, listing.version, listing.title(current_language()), line.field, line.lang,
        _label(line.field, line.lang), value_text(line.field, line.value), line.by, line.contested_at or line.at, offers,
    )  # fmt: skip


def _label(field: str, lang: str) -> str:
    return f"{field_label(field)} ({language_name(lang)})" if lang else field_label(field)


def _decision_words(made: Decision) -> str:
    """What was done, with the field."""
    words = {"keep": _("Ours kept"), "keep_for_good": _("Ours kept for good")}.get(made.action, _("The new value taken"))
    return f"{words}: {_label(made.field, made.lang)}"


def _why_refused(edit: Edit) -> str:
    """Who decided meanwhile, what and when."""
    with services().database.reading() as session:
        last = conflict_decisions.last_change(session, edit.public_id, edit.field, edit.lang)
    if last is None:
        return _("This listing was changed meanwhile. Nothing has been changed by you.")
    values = {"who": last.by, "when": moment(last.at), "what": _decision_words(last)}
    return _("Meanwhile %(who)s decided (%(when)s): %(what)s. Nothing has been changed by you.", **values)


def _number(name: str) -> int:
    """The id that a parameter of the address gives; 0 without a usable one."""
    id = request.args.get(name, 0, int)
    return id if 0 < id <= MAX_ID else 0
