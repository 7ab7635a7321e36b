"""The desk's vocabulary: themes, sectors and kinds with their words, and what stands in the place of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue import audit
from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listings import waiting
from platforma.catalogue.listings.listing import Text, text_for
from platforma.catalogue.platforms import platform_queries
from platforma.catalogue.terms import closed_lists, replacement_preview
from platforma.catalogue.terms.closed_lists import EDITED_DIMENSIONS, OBJECT_TYPE, ListedTerm, Origin
from platforma.catalogue.terms.replacement_preview import Preview, TermListing
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import actor, pressed, require_curator, services
from platforma.web.desk import viewmodels
from platforma.web.desk.event_words import action_label
from platforma.web.desk.term_forms import NOTHING, RULES, STAY, InsteadForm, TermForm
from platforma.worker.task_queue import wake
from search.port import Query, SearchError
from vocabulary import load, name_key
from vocabulary.languages import DEFAULT_LANGUAGE

blueprint = Blueprint("terms", __name__, url_prefix=f"{DESK}/vocabulary")
blueprint.before_request(require_curator)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term in its list: labels in the reader's language and in the others, listings (None: not known), and its state."""

    id: str
    label: str
    others: Sequence[tuple[str, str]]
    listings: int | None
    state: str


@blueprint.get("/")
def all_terms() -> str:
    """The closed lists with the number of listings of each term."""
    with services().database.reading() as session:
        lists = {dimension: closed_lists.terms(session, dimension) for dimension in EDITED_DIMENSIONS}
        unfinished = waiting.unfinished(session)
    counts = _counts()
    rows = {dimension: [_row(one, counts) for one in _sorted(found)] for dimension, found in lists.items()}
    return render_template("pages/desk/terms.html", lists=rows, headings=_headings(), unfinished=unfinished)


@blueprint.get("/<dimension>/new")
def new(dimension: str) -> str:
    """The empty form; kinds cannot be added."""
    if dimension == "kind":
        abort(404)
    return _form_page(dimension, None, TermForm())


@blueprint.post("/<dimension>/new")
def add(dimension: str) -> Response | tuple[str, int]:
    """Add a theme or a sector."""
    form = TermForm.submitted(request.form)
    return _change(dimension, None, form, partial(closed_lists.add, dimension=dimension, words=form.words(), actor=actor()))


@blueprint.get("/<dimension>/<term_id>")
def edit(dimension: str, term_id: str) -> str:
    """The words of a term, its history, and the ways to let others stand in its place."""
    with services().database.reading() as session:
        listed = closed_lists.term(session, dimension, term_id)
    return _form_page(dimension, term_id, TermForm.of(listed.term.words(), listed.version))


@blueprint.post("/<dimension>/<term_id>")
def save(dimension: str, term_id: str) -> Response | tuple[str, int]:
    """Save the words of a term, or undo its last change."""
    form = TermForm.submitted(request.form)
    act = partial(closed_lists.save_words, words=form.words())
    if pressed("action", "save", "undo") == "undo":
        act = partial(closed_lists.undo)
    change = partial(act, dimension=dimension, id=term_id, version=form.version, actor=actor())
    return _change(dimension, term_id, form, change)


@blueprint.get("/<dimension>/<term_id>/instead")
def instead(dimension: str, term_id: str) -> str | tuple[str, int]:
    """The choice of what is to stand in the place of a term, and what that would do."""
    return _instead_page(dimension, term_id, InsteadForm(request.args))


@blueprint.post("/<dimension>/<term_id>/instead")
def replace(dimension: str, term_id: str) -> Response | tuple[str, int]:
    """Let others stand in the place of a term; its listings are composed and indexed in the background."""
    form = InsteadForm(request.form)
    try:
        with services().database.writing() as session:
            closed_lists.replace(
                session, dimension=dimension, id=term_id, instead=form.instead(),
                version=request.form.get("seen", 0, int), actor=actor(),
            )  # fmt: skip
    except VersionConflict:
        return _instead_page(dimension, term_id, form, _conflict(dimension, term_id))[0], 409
    except (BadValue, BadState) as error:
        return _instead_page(dimension, term_id, form, _(error.reason, **error.values))[0], 400
    _follow()
    return redirect(url_for("terms.edit", dimension=dimension, term_id=term_id))


def _change(dimension: str, term_id: str | None, form: TermForm, change: Callable[..., object]) -> Response | tuple[str, int]:
    """Make the change and go to the list; where it is refused, show the form with what was sent and what is wrong."""
    try:
        with services().database.writing() as session:
            change(session)
    except BadValue as error:
        return _form_page(dimension, term_id, form, {error.field: _(error.reason, **error.values)}), 400
    except BadState as error:
        return _form_page(dimension, term_id, form, {f"label-{DEFAULT_LANGUAGE}": _(error.reason, **error.values)}), 409
    except VersionConflict:
        return _form_page(dimension, term_id, form, {f"label-{DEFAULT_LANGUAGE}": _conflict(dimension, term_id or "")}), 409
    _follow()
    return redirect(url_for("terms.all_terms"))


def _follow() -> None:
    """Let this process go by the change now; other processes notice it within seconds, and a worker composes what waits."""
    services().thesaurus.refresh(now=True)
    wake(services().settings)


def _form_page(dimension: str, term_id: str | None, form: TermForm, errors: dict[str, str] | None = None) -> str:
    with services().database.reading() as session:
        every = closed_lists.terms(session, dimension)
        listed = closed_lists.term(session, dimension, term_id) if term_id else None
        history = audit.history(session, OBJECT_TYPE, f"{dimension}:{term_id}") if term_id else []
        can_undo = listed is not None and closed_lists.can_undo(session, listed)
        unfinished = waiting.unfinished(session)
    seen = listed.version if listed else 0
    return render_template(
        "pages/desk/term.html", dimension=dimension, listed=listed, form=form, seen=seen, errors=errors or {}, can_undo=can_undo,
        heading=_headings()[dimension], state=_state(listed) if listed else "", unfinished=unfinished,
        history=[(entry, action_label(entry.action, OBJECT_TYPE)) for entry in history], others=_choices(every, term_id),
    )  # fmt: skip


def _instead_page(dimension: str, term_id: str, form: InsteadForm, error: str = "") -> tuple[str, int]:
    preview: Preview | None = None
    with services().database.reading() as session:
        listed = closed_lists.term(session, dimension, term_id)
        every = closed_lists.terms(session, dimension)
        listings = replacement_preview.listings_of(session, listed) if listed.is_settled else []
        platforms = platform_queries.platform_titles(session)
        try:
            preview = replacement_preview.preview(session, listed, form.instead()) if form.is_sent and not error else None
        except (BadValue, BadState) as refusal:
            error = _(refusal.reason, **refusal.values)
    labels = dict(_choices(every, None))
    page = render_template(
        "pages/desk/term_instead.html", dimension=dimension, listed=listed, label=listed.term.label(current_language()),
        form=form, error=error, preview=preview, labels=labels, choices=_choices(every, term_id), rules=RULES, stay=STAY,
        nothing=NOTHING, kinds=viewmodels.terms("kind"), titles={one.public_id: _title(one) for one in _shown(listings, preview)},
        platforms=sorted(platforms.items(), key=lambda pair: name_key(pair[1], current_language())),
        listings=listings,
        can=listed.is_settled and not listed.is_fixed,
    )  # fmt: skip
    return page, 400 if error and request.method == "GET" else 200


def _shown(listings: Sequence[TermListing], preview: Preview | None) -> list[TermListing]:
    return [*listings, *(one for going in (preview.going if preview else ()) for one in going.samples)]


def _title(listing: TermListing) -> Text:
    return text_for(current_language(), listing.titles, listing.original_lang) or Text(listing.public_id, None)


def _counts() -> Mapping[tuple[str, str], int] | None:
    """The number of public listings by dimension and id; None while the search does not answer."""
    try:
        page = services().engine.search(Query(per_page=1, facets=EDITED_DIMENSIONS, when="all"))
    except SearchError:
        return None
    return {(name, facet.value): facet.count for name in EDITED_DIMENSIONS for facet in page.facets[name]}


def _row(listed: ListedTerm, counts: Mapping[tuple[str, str], int] | None) -> TermRow:
    lang = current_language()
    others = [(code, label) for code, label in listed.term.labels.items() if code != lang]
    number = None if counts is None else counts.get((listed.dimension, listed.id), 0)
    return TermRow(listed.id, listed.term.label(lang), others, number, _state(listed))


def _sorted(listed: Sequence[ListedTerm]) -> list[ListedTerm]:
    """Those that are offered first, by label."""
    lang = current_language()
    return sorted(listed, key=lambda one: (not one.term.is_offered, name_key(one.term.label(lang), lang), one.id))


def _choices(every: Sequence[ListedTerm], without: str | None) -> list[tuple[str, str]]:
    """(id, label) of the terms that are offered, but one."""
    return [(one.id, one.term.label(current_language())) for one in _sorted(every) if one.term.is_offered and one.id != without]


def _state(listed: ListedTerm) -> str:
    """What curators made of a term; empty where it is as shipped."""
    lang, term = current_language(), listed.term
    names = ", ".join(load().label(listed.dimension, id, lang) for id in load().successors(listed.dimension, listed.id))
    if not term.is_offered:
        return _("not offered any more; in its place: %(names)s", names=names) if names else _("not offered any more")
    if listed.splits:
        into = dict.fromkeys(rule["into"] for rule in listed.splits)
        return _("some listings go to: %(names)s", names=", ".join(load().label(listed.dimension, id, lang) for id in into))
    return {Origin.CHANGED: _("changed by curators"), Origin.OWN: _("added by curators")}.get(listed.origin, "")


def _headings() -> dict[str, str]:
    return {"theme": _("Themes"), "sector": _("Sectors"), "kind": _("Kinds")}


def _conflict(dimension: str, term_id: str) -> str:
    """Who changed the term meanwhile, and when."""
    with services().database.reading() as session:
        history = audit.history(session, OBJECT_TYPE, f"{dimension}:{term_id}")
    who = history[0].actor if history else ""
    return _("%(who)s has changed this meanwhile. What you chose is below; compare it with theirs and save again.", who=who)
