"""The desk's recipes: how a platform is read, what its values mean to us, and trying a change before it is live."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from crawlers.errors import RecipeError
from platforma.catalogue.errors import VersionConflict
from platforma.catalogue.platforms import crawled_platforms, platform_queries, recipes
from platforma.catalogue.terms import unmapped
from platforma.i18n import gettext as _
from platforma.web import crawl_views, labels
from platforma.web.context import actor, require_curator, services
from platforma.web.desk import viewmodels
from platforma.web.desk.recipe_form import ADAPTERS, INTERVALS, RecipeForm, mapped_fields, needs_a_trial, sent_choices
from platforma.worker.task_queue import wake

blueprint = Blueprint("recipes", __name__, url_prefix="/<any(lv, en):lang>/desk/sources/<platform_id>")
blueprint.before_request(require_curator)
NOTHING_SENT: Mapping[str, str] = MappingProxyType({})


@blueprint.get("/recipe")
def edit(platform_id: str) -> str:
    """The live recipe as a form, with the history of its versions."""
    with services().database.reading() as session:
        form = RecipeForm.of(platform_queries.recipe_of(session, platform_id), recipes.newest_version(session, platform_id))
    return _form_page(platform_id, form)


@blueprint.post("/recipe")
def save(platform_id: str) -> Response | tuple[str, int]:
    """Save the form: what needs no new look at the site is live at once, all else is tried first."""
    form = RecipeForm.typed(request.form)
    try:
        recipe = form.recipe(platform_id)
        with services().database.writing() as session:
            is_trial = needs_a_trial(platform_queries.recipe_of(session, platform_id), recipe)
            keep = recipes.save_draft if is_trial else recipes.save_live
            keep(session, platform_id=platform_id, recipe=recipe, base_version=form.seen, actor=actor())
    except RecipeError as error:
        return _form_page(platform_id, form, _faults(error)), 400
    except VersionConflict:
        return _form_page(platform_id, form, _conflict()), 409
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.post("/recipe/<int(max=2147483647):version>")
def restore(platform_id: str, version: int) -> Response:
    """Try an old version again, as a new draft; that of imports, which read no site, is live at once."""
    with services().database.writing() as session:
        old = recipes.version_of(session, platform_id, version).recipe
        newest = recipes.newest_version(session, platform_id)
        keep = recipes.save_live if recipes.reads_files(old) else recipes.save_draft
        keep(session, platform_id=platform_id, recipe=old, base_version=newest, actor=actor())
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


@blueprint.get("/mapping")
def mapping(platform_id: str) -> str:
    """What the source writes that stands for nothing of ours."""
    return _mapping_page(platform_id, None)


@blueprint.post("/mapping")
def save_mapping(platform_id: str) -> Response | tuple[str, int]:
    """Take the answers; stored records are mapped anew in the background."""
    form = request.form
    numbers = [name.removeprefix("choice-") for name in form if name.startswith("choice-")]
    chosen = {(form[f"dimension-{n}"], form[f"text-{n}"]): form[f"choice-{n}"] for n in numbers if form[f"choice-{n}"]}
    values = {pair: None if id == "-" else id for pair, id in chosen.items()}
    fields = mapped_fields(form)
    try:
        with services().database.writing() as session:
            if values or fields:
                answers, seen = unmapped.Answers(values, fields), form.get("seen", 0, int)
                unmapped.save_answers(session, platform_id=platform_id, answers=answers, base_version=seen, actor=actor())
            else:
                unmapped.dismiss_changes(session, platform_id)
    except VersionConflict:
        return _mapping_page(platform_id, _conflict(), form), 409
    except RecipeError as error:
        return _mapping_page(platform_id, _faults(error), form), 400
    wake(services().settings)
    return redirect(url_for("crawls.source", platform_id=platform_id))


def _form_page(platform_id: str, form: RecipeForm, error: str | None = None) -> str:
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, platform_id)
        versions = [(one, crawl_views.moment(one.at), _state_label(one.state)) for one in recipes.versions(session, platform_id)]
    return render_template(
        "pages/desk/recipe.html", source=source, form=form, error=error, versions=versions,
        countries=viewmodels.terms("country"), sectors=viewmodels.terms("sector"),
        adapters=_adapters(form.adapter), intervals=_intervals(),
    )  # fmt: skip


def _mapping_page(platform_id: str, error: str | None, form: Mapping[str, str] = NOTHING_SENT) -> str:
    with services().database.reading() as session:
        source = crawled_platforms.crawled_platform(session, platform_id)
        found = unmapped.unmapped(session, platform_id)
    terms = {dimension: viewmodels.terms(dimension) for dimension in unmapped.DIMENSIONS}
    return render_template(
        "pages/desk/mapping.html", source=source, found=found, terms=terms,
        labels={dimension: dict(pairs) for dimension, pairs in terms.items()}, error=error, sent=sent_choices(form),
        notices=[viewmodels.notice_line(one) for one in source.notices if one.topic == "emptied"],
        fields=[(name, labels.field_label(name)) for name in sorted(unmapped.OUR_FIELDS)],
        dimensions={dimension: labels.dimension_label(dimension) for dimension in unmapped.DIMENSIONS},
    )  # fmt: skip


def _adapters(chosen: str) -> list[tuple[str, str]]:
    """The ways of reading a site; of a platform that lives of imports, that one alone."""
    if chosen == "file":
        return [("file", _("files that are imported"))]
    names = {"auto": _("find it out"), "structured": _("pages with schema.org data"), "sitemap": _("pages of a sitemap")}
    names |= {"wordpress": "WordPress", "feed": _("feed (RSS, Atom)"), "table": _("table (CSV, XLSX)")}
    names |= {"html": _("lists, cards and prose (HTML)"), "json": "JSON, GeoJSON", "calendar": _("calendar (iCalendar)")}
    names |= {"ckan": "CKAN", "gogocarto": "GoGoCarto", "murmurations": "Murmurations"}
    return [(name, names.get(name, name)) for name in ADAPTERS]


def _intervals() -> list[tuple[str, str]]:
    return list(zip(INTERVALS, (_("each day"), _("each week"), _("each month")), strict=True))


def _faults(error: RecipeError) -> str:
    """What is wrong with a recipe, key by key, in the reader's language."""
    said = ((fault.key, _(fault.reason) % dict(fault.values) if fault.values else _(fault.reason)) for fault in error.faults)
    return "; ".join(f"{key}: {text}" if key else text for key, text in said)


def _conflict() -> str:
    return _("Somebody else saved another version meanwhile. What you chose stands below; look at theirs and save anew.")


def _state_label(state: str) -> str:
    return {"live": _("live"), "draft": _("draft"), "former": _("former"), "dropped": _("left")}.get(state, state)
