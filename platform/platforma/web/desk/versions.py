"""The desk's page of the versions of a listing: two of them compared field by field, and an earlier one restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from platforma.catalogue.errors import BadState, BadValue, VersionConflict
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.listings import versions as stored
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import actor, services
from platforma.web.crawl_views import moment
from platforma.web.desk.blueprint import blueprint
from platforma.web.desk.decisions import index_soon
from platforma.web.desk.event_words import action_label
from platforma.web.edit_fields import full_label
from platforma.web.labels import value_text


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: when, by whom and by what it came to be, in the reader's language; the newest is what the listing shows."""

    id: int
    at: str
    actor: str
    what: str
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which two versions say something else, each with its words; `lang` is that of a text."""

    label: str
    lang: str
    older: str
    newer: str


@blueprint.get("/initiatives/<public_id>/versions")
def versions(public_id: str) -> Response | str:
    """All versions, and the differences between the two that are chosen: by default the newest and the one before it."""
    return _page(public_id)


@blueprint.post("/initiatives/<public_id>/versions")
def restore_version(public_id: str) -> Response | str | tuple[str, int]:
    """Restore a version, as a new edit."""
    version_id, newest_id = (request.form.get(name, -1, int) for name in ("version", "newest"))
    try:
        with services().database.writing() as session:
            stored.restore(session, public_id=public_id, version_id=version_id, newest_id=newest_id, actor=actor())
    except VersionConflict:
        return _page(public_id, _("Somebody has changed this listing in the meantime; nothing was restored.")), 409
    except (BadValue, BadState) as error:
        return _page(public_id, _(error.reason, **error.values)), 409
    index_soon()
    return redirect(url_for("desk.edit", public_id=public_id, saved="restored"))


def _page(public_id: str, refused: str = "") -> str:
    with services().database.reading() as session:
        listing = listing_queries.listing_for_desk(session, public_id)
        found = stored.versions_of(session, public_id)
    if isinstance(listing, listing_queries.Moved):
        abort(404)
    lines = [_line(version, is_newest=version is found[0]) for version in found]
    older, newer = _chosen(found)
    return render_template(
        "pages/desk/versions.html", listing=listing, title=listing.title(current_language()), versions=lines, refused=refused,
        older=older and _line(older, is_newest=older is found[0]), newer=newer and _line(newer, is_newest=newer is found[0]),
        differences=_differences(older, newer) if older and newer else [],
    )  # fmt: skip


def _chosen(found: Sequence[stored.Version]) -> tuple[stored.Version | None, stored.Version | None]:
    """The older and the newer version that the address names; where it names none, the newest and the one before it."""
    by_id = {version.id: version for version in found}
    ids = [request.args.get(name, -1, int) for name in ("a", "b")]
    chosen = sorted((by_id[id] for id in ids if id in by_id), key=lambda version: version.id)
    if len(chosen) < 2:
        chosen = list(reversed(found[:2]))
    return (chosen[0], chosen[1]) if len(chosen) == 2 else (None, None)


def _differences(older: stored.Version, newer: stored.Version) -> list[Difference]:
    return [
        Difference(full_label(*key), key[1], value_text(key[0], older.values[key]), value_text(key[0], newer.values[key]))
        for key in older.differing(newer)
    ]


def _line(version: stored.Version, *, is_newest: bool) -> VersionLine:
    if version.id == stored.FIRST:
        return VersionLine(version.id, "", "", _("before anything was changed manually"), is_newest)
    labels = ", ".join(full_label(*key) for key in version.changed)
    at = moment(version.at) if version.at else ""
    return VersionLine(version.id, at, version.actor, f"{action_label(version.action, 'initiative')}: {labels}", is_newest)
