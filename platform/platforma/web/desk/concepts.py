"""The desk's thesaurus: what the field's things are called in each interface language, as curators see and change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue import audit
from platforma.catalogue.errors import BadValue, VersionConflict
from platforma.catalogue.terms import thesaurus
from platforma.catalogue.terms.thesaurus import Concept, Draft, Origin
from platforma.i18n import gettext as _
from platforma.web.context import actor, require_curator, services, skipped
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES

blueprint = Blueprint("concepts", __name__, url_prefix=f"{DESK}/concepts")
blueprint.before_request(require_curator)
PAGE = 50


@dataclass(frozen=True, slots=True)
class ConceptForm:
    """A concept as it stands in the form: names by language, one a line, and the version that the form was filled from."""

    names: Mapping[str, str]
    source: str = ""
    version: int = 0

    @classmethod
    def of(cls, concept: Concept) -> ConceptForm:
        """The form filled from a concept."""
        return cls({lang: "\n".join(names) for lang, names in concept.names.items()}, concept.source, concept.version)

    @classmethod
    def submitted(cls, form: ImmutableMultiDict[str, str]) -> ConceptForm:
        """The form as a curator sent it: each language's names in a field called by its code."""
        return cls({lang: form.get(lang, "") for lang in LANGUAGES}, form.get("source", ""), form.get("seen", 0, int))

    def draft(self) -> Draft:
        """The concept to be saved."""
        return Draft({lang: lines.splitlines() for lang, lines in self.names.items()}, self.source, self.version)


@blueprint.get("/")
def all_concepts() -> str:
    """The concepts that have a name with the words of `q`, by title, page by page."""
    words, skip = request.args.get("q", "")[:100], skipped()
    with services().database.reading() as session:
        every = thesaurus.concepts(session, removed=True)
    matches = thesaurus.matching(every, words)
    next_skip = skip + PAGE if skip + PAGE < len(matches) else None
    rows = [(concept, _origin_label(concept.origin)) for concept in matches[skip : skip + PAGE]]
    return render_template("pages/desk/concepts.html", rows=rows, words=words, total=len(matches), skip=skip, next_skip=next_skip)


@blueprint.get("/new")
def new() -> str:
    """The empty form; a name may be given in the address, under the code of its language."""
    return _form_page(None, ConceptForm({lang: request.args.get(lang, "")[:100] for lang in LANGUAGES}))


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
    form = ConceptForm.submitted(request.form)
    return _change(concept_id, form, partial(act, concept_id=concept_id, version=form.version, actor=actor()))


def _save(concept_id: str | None) -> Response | tuple[str, int]:
    form = ConceptForm.submitted(request.form)
    return _change(concept_id, form, partial(thesaurus.save, concept_id=concept_id, draft=form.draft(), actor=actor()))


def _change(concept_id: str | None, form: ConceptForm, change: Callable[..., object]) -> Response | tuple[str, int]:
    """Make the change and go to the list; where it is refused, show the form again with what was sent and what is wrong."""
    try:
        with services().database.writing() as session:
            change(session)
    except BadValue as error:
        return _form_page(concept_id, form, {error.field: _(error.reason, **error.values)}), 400
    except VersionConflict:
        return _form_page(concept_id, form, {DEFAULT_LANGUAGE: _conflict()}), 409
    services().thesaurus.refresh(now=True)  # other processes notice the change within seconds
    return redirect(url_for("concepts.all_concepts"))


def _form_page(concept_id: str | None, form: ConceptForm, errors: dict[str, str] | None = None) -> str:
    with services().database.reading() as session:
        concept = thesaurus.concept(session, concept_id) if concept_id else None
        history = audit.history(session, "concept", concept_id) if concept_id else []
    return render_template("pages/desk/concept.html", concept=concept, form=form, errors=errors or {}, history=history)


def _conflict() -> str:
    return _(
        "Somebody else has changed this concept in the meantime. Your version is below; compare it with theirs and save again."
    )


def _origin_label(origin: Origin) -> str:
    labels = {Origin.CHANGED: _("changed by curators"), Origin.REMOVED: _("removed"), Origin.OWN: _("added by curators")}
    return labels.get(origin, "")
