"""The desk's thesaurus: what the field's things are called in Latvian and in English, as curators see and change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue import audit
from platforma.catalogue.errors import BadValue, VersionConflict
from platforma.catalogue.terms import thesaurus
from platforma.catalogue.terms.thesaurus import Concept, Origin
from platforma.i18n import gettext as _
from platforma.web.context import actor, require_curator, services, skipped

blueprint = Blueprint("concepts", __name__, url_prefix=f"{DESK}/concepts")
blueprint.before_request(require_curator)
PAGE = 50


@dataclass(frozen=True, slots=True)
class ConceptForm:
    """A concept as it stands in the form: its names, one a line, and the version that the curator saw."""

    lv: str = ""
    en: str = ""
    source: str = ""
    seen: int = 0

    @classmethod
    def of(cls, one: Concept) -> ConceptForm:
        """A concept, to be changed."""
        return cls("\n".join(one.lv), "\n".join(one.en), one.source, one.version)

    @classmethod
    def typed(cls, form: ImmutableMultiDict[str, str]) -> ConceptForm:
        """What the curator typed."""
        return cls(form.get("lv", ""), form.get("en", ""), form.get("source", ""), form.get("seen", 0, int))


@blueprint.get("/")
def all_concepts() -> str:
    """The concepts in which the words typed stand, by their first Latvian name, page by page."""
    words, skip = request.args.get("q", "")[:100], skipped()
    with services().database.reading() as session:
        every = thesaurus.concepts(session, removed=True)
    found = thesaurus.matching(every, words)
    after = skip + PAGE if skip + PAGE < len(found) else None
    page = [(one, _origin_label(one.origin)) for one in found[skip : skip + PAGE]]
    return render_template("pages/desk/concepts.html", rows=page, words=words, total=len(found), skip=skip, after=after)


@blueprint.get("/new")
def new() -> str:
    return _form_page(None, ConceptForm(lv=request.args.get("lv", "")[:100]))


@blueprint.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a concept."""
    return _save(None)


@blueprint.get("/<concept_id>")
def edit(concept_id: str) -> str:
    with services().database.reading() as session:
        form = ConceptForm.of(thesaurus.concept(session, concept_id))
    return _form_page(concept_id, form)


@blueprint.post("/<concept_id>")
def save(concept_id: str) -> Response | tuple[str, int]:
    """Change, remove or restore a concept."""
    act = {"remove": thesaurus.remove, "restore": thesaurus.restore}.get(request.form.get("action", ""))
    if act is None:
        return _save(concept_id)
    form = ConceptForm.typed(request.form)
    return _changed(concept_id, form, partial(act, concept_id=concept_id, seen=form.seen, actor=actor()))


def _save(concept_id: str | None) -> Response | tuple[str, int]:
    form = ConceptForm.typed(request.form)
    lv, en = form.lv.splitlines(), form.en.splitlines()
    change = partial(thesaurus.save, concept_id=concept_id, lv=lv, en=en, source=form.source, seen=form.seen, actor=actor())
    return _changed(concept_id, form, change)


def _changed(concept_id: str | None, form: ConceptForm, change: Callable[[Any], object]) -> Response | tuple[str, int]:
    """Make the change; where it is refused, the form again with what was typed and what is wrong."""
    try:
        with services().database.writing() as session:
            change(session)
    except BadValue as error:
        return _form_page(concept_id, form, {error.field: _(error.reason, **error.values)}), 400
    except VersionConflict:
        return _form_page(concept_id, form, {"lv": _conflict()}), 409
    return _done()


def _done() -> Response:
    """Search by the change at once in this process; the others notice it within seconds."""
    services().thesaurus.refresh(now=True)
    return redirect(url_for("concepts.all_concepts"))


def _form_page(concept_id: str | None, form: ConceptForm, errors: dict[str, str] | None = None) -> str:
    with services().database.reading() as session:
        one = thesaurus.concept(session, concept_id) if concept_id else None
        history = audit.history(session, "concept", concept_id) if concept_id else []
    return render_template("pages/desk/concept.html", concept=one, form=form, errors=errors or {}, history=history)


def _conflict() -> str:
    return _("Somebody else changed this concept meanwhile. What you wrote stands below; look at theirs and save anew.")


def _origin_label(origin: Origin) -> str:
    labels = {Origin.CHANGED: _("changed by curators"), Origin.REMOVED: _("removed"), Origin.OWN: _("added by curators")}
    return labels.get(origin, "")
