"""The desk's recipes: how a platform is crawled, and the mapping of its values and fields to ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crawlers.errors import RecipeError
from platforma.addresses import DESK
from platforma.catalogue.decisions import mappings
from platforma.catalogue.errors import VersionConflict
from platforma.catalogue.platforms import crawled_platforms, platform_queries, recipes
from platforma.catalogue.terms import unmapped
from platforma.i18n import gettext as _
from platforma.web import crawl_views, labels
from platforma.web.context import actor, require_curator, services
from platforma.web.desk import viewmodels
from platforma.web.desk.recipe_form import ADAPTERS, INTERVALS, RecipeForm, mapped_fields, needs_a_trial, sent_choices
from platforma.worker.task_queue import wake
from vocabulary import DIMENSIONS

blueprint = Blueprint("recipes", __name__, url_prefix=f"{DESK}/sources/<platform_id>")
blueprint.before_request(require_curator)
NO_FORM: Mapping[str, str] = MappingProxyType({})


@blueprint.get("/recipe")
def edit(platform_id: str) -> str:
    """The live recipe as a form, with its versions."""
    with services().database.reading() as session:
        form = RecipeForm.of(platform_queries.recipe_of(session, platform_id), recipes.newest_version(session, platform_id))
    return _form_page(platform_id, form)


@blueprint.post("/recipe")
def save(platform_id: str) -> Response | tuple[str, int]:
    """Save the form: as the live recipe where no trial is needed, else as a draft, which is tried first."""
    form = RecipeForm(request.form)
    try:
        recipe = form.recipe(platform_id)
        with services().database.writing() as session:
            is_trial = needs_a_trial(platform_queries.recipe_of(session, platform_id), recipe)
            save_version = recipes.save_draft if is_trial else recipes.save_live
            save_version(session, platform_id=platform_id, recipe=recipe, base_version=form.seen.data, actor=actor())
    except RecipeError as error:
        return _form_page(platform_id, form, _fault_texts(error)), 400
    except VersionConflict:
        return _form_page(platform_id, form, _conflict()), 409
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.post("/recipe/<int(max=2147483647):version>")
def restore(platform_id: str, version: int) -> Response:
    """Save an old version anew as a draft, which is tried first; at once as the live one where only files are imported."""
    with services().database.writing() as session:
        old = recipes.version_of(session, platform_id, version).recipe
        newest = recipes.newest_version(session, platform_id)
        save_version = recipes.save_live if recipes.reads_files(old) else recipes.save_draft
        save_version(session, platform_id=platform_id, recipe=old, base_version=newest, actor=actor())
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.get("/mapping")
def mapping(platform_id: str) -> str:
    """Values and fields of the source that are mapped to nothing of ours, as questions."""
    return _mapping_page(platform_id, None)


@blueprint.post("/mapping")
def save_mapping(platform_id: str) -> Response | tuple[str, int]:
    """Save the answers; the stored records are normalised anew in the background."""
    form = request.form
    numbers = [name.removeprefix("choice-") for name in form if name.startswith("choice-")]
    chosen = {(form[f"dimension-{n}"], form[f"text-{n}"]): form[f"choice-{n}"] for n in numbers if form[f"choice-{n}"]}
    values = {pair: None if id == "-" else id for pair, id in chosen.items()}
    fields, decided = mapped_fields(form), None
    try:
        with services().database.writing() as session:
            if values or fields:
                answers, seen = unmapped.Answers(values, fields), form.get("seen", 0, int)
                decided = mappings.decide(session, platform_id=platform_id, answers=answers, base_version=seen, actor=actor()).id
            else:
                unmapped.dismiss_changes(session, platform_id, actor=actor())
    except VersionConflict:
        return _mapping_page(platform_id, _conflict(), form), 409
    except RecipeError as error:
        return _mapping_page(platform_id, _fault_texts(error), form), 400
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id, decided=decided))


def _form_page(platform_id: str, form: RecipeForm, error: str | None = None) -> str:
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, platform_id)
        versions = recipes.versions(session, platform_id)
    return render_template(
        "pages/desk/recipe.html", source=source, form=form, error=error,
        versions=[(version, crawl_views.moment(version.at), _state_label(version.state)) for version in versions],
        countries=viewmodels.terms("country"), sectors=viewmodels.terms("sector"),
        adapters=_adapters(form.adapter.data), intervals=_intervals(),
    )  # fmt: skip


def _mapping_page(platform_id: str, error: str | None, form: Mapping[str, str] = NO_FORM) -> str:
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, platform_id)
        questions = unmapped.unmapped(session, platform_id)
    terms = {dimension: viewmodels.terms(dimension) for dimension in DIMENSIONS}
    return render_template(
        "pages/desk/mapping.html", source=source, questions=questions, terms=terms,
        labels={dimension: dict(pairs) for dimension, pairs in terms.items()}, error=error, sent=sent_choices(form),
        notices=[viewmodels.notice_line(notice) for notice in source.notices if notice.topic == "emptied"],
        fields=[(name, labels.field_label(name)) for name in sorted(unmapped.OUR_FIELDS)],
        dimensions={dimension: labels.dimension_label(dimension) for dimension in DIMENSIONS},
        counted_at=crawl_views.moment(questions.counted_at) if questions.counted_at else None,
    )  # fmt: skip


def _adapters(chosen: str) -> list[tuple[str, str]]:
    """(name, label) of each adapter that can be chosen; of a platform that only imports files, that one alone."""
    if chosen == "file":
        return [("file", _("files that are imported"))]
    names = {"auto": _("detect automatically"), "structured": _("pages with schema.org data"), "sitemap": _("pages of a sitemap")}
    names |= {"wordpress": "WordPress", "feed": _("feed (RSS, Atom)"), "table": _("table (CSV, XLSX)")}
    names |= {"html": _("lists, cards and prose (HTML)"), "json": "JSON, GeoJSON", "calendar": _("calendar (iCalendar)")}
    names |= {"ckan": "CKAN", "gogocarto": "GoGoCarto", "murmurations": "Murmurations"}
    return [(name, names.get(name, name)) for name in ADAPTERS]


def _intervals() -> list[tuple[str, str]]:
    return list(zip(INTERVALS, (_("each day"), _("each week"), _("each month")), strict=True))


def _fault_texts(error: RecipeError) -> str:
    """The faults of a recipe in one line, each after its key, in the reader's language."""
    texts = [(fault.key, _(fault.reason) % dict(fault.values) if fault.values else _(fault.reason)) for fault in error.faults]
    return "; ".join(f"{key}: {text}" if key else text for key, text in texts)


def _conflict() -> str:
    return _(
        "Somebody else has saved another version in the meantime. What you chose is below; compare it with theirs and save again."
    )


def _state_label(state: str) -> str:
    return {"live": _("live"), "draft": _("draft"), "former": _("former"), "dropped": _("left")}.get(state, state)
