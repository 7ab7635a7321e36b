"""The desk's thesaurus: what the field's things are called in each interface language, as curators see and change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from platforma.addresses import DESK
from platforma.catalogue import audit
from platforma.catalogue.errors import BadValue, VersionConflict
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings.listing import Listing, Text
from platforma.catalogue.terms import thesaurus, trial
from platforma.catalogue.terms.failed_searches import MAX_QUERY_CHARACTERS
from platforma.catalogue.terms.relations import relations_in
from platforma.catalogue.terms.thesaurus import Concept, Draft, Origin
from platforma.catalogue.terms.trial import Trial
from platforma.i18n import current_language, pgettext
from platforma.i18n import gettext as _
from platforma.web.context import actor, require_curator, services, skipped
from vocabulary.languages import DEFAULT_LANGUAGE, LANGUAGES

blueprint = Blueprint("concepts", __name__, url_prefix=f"{DESK}/concepts")
blueprint.before_request(require_curator)
PAGE = 50
TrialRow = tuple[Trial, list[tuple[Listing, Text]]]
"""A search that was tried, and listings that only the change finds, each with its title."""


@dataclass(frozen=True, slots=True)
class ConceptForm:
    """A concept as it stands in the form: names by language, one a line, and the version that the form was filled from.

    `broader` and `related` are names of what it is a part of and of what is near it, one a line. `words` are those of the search
    in vain that it began with, `lang` its language; `searches` are to be tried, one a line.
    """

    names: Mapping[str, str]
    source: str = ""
    version: int = 0
    words: str = ""
    lang: str = ""
    searches: str = ""
    broader: str = ""
    related: str = ""

    @classmethod
    def of(cls, concept: Concept, broader: Sequence[str], related: Sequence[str]) -> ConceptForm:
        """The form filled from a concept, with the names of what it is a part of, and of what is near it."""
        names = {lang: "\n".join(names) for lang, names in concept.names.items()}
        return cls(names, concept.source, concept.version, broader="\n".join(broader), related="\n".join(related))

    @classmethod
    def submitted(cls, form: ImmutableMultiDict[str, str]) -> ConceptForm:
        """The form as a curator sent it: each language's names in a field called by its code."""
        return cls(
            {lang: form.get(lang, "") for lang in LANGUAGES}, form.get("source", ""), form.get("seen", 0, int),
            form.get("words", "")[:MAX_QUERY_CHARACTERS], form.get("search_lang", "")[:35], form.get("searches", "")[:1000],
            form.get("broader", "")[:2000], form.get("related", "")[:2000],
        )  # fmt: skip

    def draft(self) -> Draft:
        """The concept to be saved."""
        names = {lang: lines.splitlines() for lang, lines in self.names.items()}
        return Draft(names, self.source, self.version, self.broader.splitlines(), self.related.splitlines())


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
    """The empty form; a name may be given in the address, under the code of its language, or `words` of a search in vain."""
    words, search_lang = request.args.get("words", "")[:MAX_QUERY_CHARACTERS], request.args.get("search_lang", "")[:35]
    names = {lang: request.args.get(lang, "")[:100] or (words if lang == search_lang else "") for lang in LANGUAGES}
    return _form_page(None, ConceptForm(names, words=words, lang=search_lang, searches=words))


@blueprint.post("/new")
def add() -> Response | str | tuple[str, int]:
    """Add a concept, or try it."""
    return _save(None)


@blueprint.get("/<concept_id>")
def edit(concept_id: str) -> str:
    with services().database.reading() as session:
        concept, lang = thesaurus.concept(session, concept_id), current_language()
        relations = (thesaurus.relation_names(session, ids, lang) for ids in (concept.broader, concept.related))
        form = ConceptForm.of(concept, *relations)
    return _form_page(concept_id, form)


@blueprint.post("/<concept_id>")
def save(concept_id: str) -> Response | str | tuple[str, int]:
    """Change, remove or restore a concept, or try a change."""
    act = {"remove": thesaurus.remove, "restore": thesaurus.restore}.get(request.form.get("action", ""))
    if act is None:
        return _save(concept_id)
    form = ConceptForm.submitted(request.form)
    return _change(concept_id, form, partial(act, concept_id=concept_id, version=form.version, actor=actor()))


def _save(concept_id: str | None) -> Response | str | tuple[str, int]:
    form = ConceptForm.submitted(request.form)
    if request.form.get("action") == "try":
        return _trial_page(concept_id, form)
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
    if form.words:
        return redirect(url_for("vain_searches.result", words=form.words, search_lang=form.lang))
    return redirect(url_for("concepts.all_concepts"))


def _trial_page(concept_id: str | None, form: ConceptForm) -> str | tuple[str, int]:
    """The form, with what searches find before and after the change that is typed; nothing is saved."""
    searches = trial.searches_of(form.searches.splitlines()) or trial.searches_of(
        form.names.get(current_language(), "").splitlines()
    )
    try:
        with services().database.reading() as session:
            entries = thesaurus.entries_with(session, concept_id=concept_id, draft=form.draft())
            trials = list(trial.tried(services().engine, searches, current_language(), entries))
            new = {one.public_id: one for one in listing_queries.listings(session, [id for row in trials for id in row.new_ids])}
    except BadValue as error:
        return _form_page(concept_id, form, {error.field: _(error.reason, **error.values)}), 400
    rows = [(row, [(new[id], new[id].title(current_language())) for id in row.new_ids if id in new]) for row in trials]
    return _form_page(concept_id, replace(form, searches="\n".join(searches)), trials=rows)


def _form_page(
    concept_id: str | None, form: ConceptForm, errors: dict[str, str] | None = None, trials: Sequence[TrialRow] = ()
) -> str:
    with services().database.reading() as session:
        concept = thesaurus.concept(session, concept_id) if concept_id else None
        history = audit.history(session, "concept", concept_id) if concept_id else []
        parts = thesaurus.parts(session, concept_id) if concept_id else []
        related = thesaurus.names_by_id(session, relations_in(history), current_language())
    seen = concept.version if concept and errors and DEFAULT_LANGUAGE in errors else form.version
    return render_template(
        "pages/desk/concept.html", concept=concept, form=form, seen=seen, errors=errors or {}, history=history, trials=trials,
        parts=parts, related=related,
    )  # fmt: skip


def _conflict() -> str:
    return _(
        "Somebody else has changed this concept in the meantime. Your version is below; compare it with theirs and save again."
    )


def _origin_label(origin: Origin) -> str:
    labels = {
        Origin.CHANGED: _("changed by curators"),
        Origin.REMOVED: pgettext("concept", "removed"),
        Origin.OWN: _("added by curators"),
    }
    return labels.get(origin, "")
