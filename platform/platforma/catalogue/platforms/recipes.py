"""Recipes: every version that was saved, the one that is live, and drafts that wait to be tried and approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crawlers.recipe import parse_recipe
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import NotFound, VersionConflict
from platforma.catalogue.listings import compose
from platforma.catalogue.models import Platform, RecipeVersion, Value

LIVE, FORMER, DRAFT, DROPPED = "live", "former", "draft", "dropped"


def versions(session: Session, platform_id: str) -> list[RecipeVersion]:
    """All versions of a platform's recipe, the newest first."""
    query = select(RecipeVersion).where(RecipeVersion.platform_id == platform_id)
    return list(session.scalars(query.order_by(RecipeVersion.version.desc())))


def version_of(session: Session, platform_id: str, version: int) -> RecipeVersion:
    """One version. Raises NotFound."""
    query = select(RecipeVersion).where(RecipeVersion.platform_id == platform_id, RecipeVersion.version == version)
    row = session.scalar(query)
    if row is None:
        raise NotFound(f"{platform_id} has no recipe version {version}")
    return row


def live_recipe(session: Session, platform_id: str) -> dict[str, Any]:
    """The live recipe. Raises NotFound."""
    platform = session.get(Platform, platform_id)
    if platform is None:
        raise NotFound(platform_id)
    return dict(platform.recipe)


def newest_version(session: Session, platform_id: str) -> int:
    """The number of the newest version, live or not; what an editor has seen. 0 where none is kept."""
    query = select(func.max(RecipeVersion.version)).where(RecipeVersion.platform_id == platform_id)
    return session.scalar(query) or 0


def start_history(session: Session, platform: Platform, *, actor: str) -> None:
    """Keep the recipe of a new platform as its first version."""
    session.add(_version(platform, platform.recipe, platform.recipe_version, LIVE, actor))


def save_draft(session: Session, *, platform_id: str, recipe: Mapping[str, Any], seen: int, actor: str) -> int:
    """Keep a recipe that is to be tried before it goes live; the number of its version.

    `seen` is the newest version when the editing began. Raises RecipeError, and VersionConflict when another was saved.
    """
    platform = _checked(session, platform_id, recipe, seen)
    _drop_drafts(session, platform_id)
    row = _version(platform, recipe, seen + 1, DRAFT, actor)
    session.add(row)
    platform.trial_version = row.version
    record_event(
        session, actor=actor, action="draft", object_type="recipe", object_id=platform_id, after={"version": row.version}
    )
    return row.version


def save_live(session: Session, *, platform_id: str, recipe: Mapping[str, Any], seen: int, actor: str) -> int:
    """Make a recipe the live one at once; the number of its version. Raises RecipeError and VersionConflict.

    For changes that need no new look at the site: stored records are mapped anew by the worker.
    """
    platform = _checked(session, platform_id, recipe, seen)
    _drop_drafts(session, platform_id)
    row = _version(platform, recipe, seen + 1, DRAFT, actor)
    session.add(row)
    _go_live(session, platform, row, actor)
    platform.is_mapping_due, platform.trial_version = True, None
    return row.version


def go_live(session: Session, *, platform_id: str, version: int, actor: str) -> None:
    """Make a draft that was tried the live recipe. Raises NotFound."""
    platform = session.get_one(Platform, platform_id, with_for_update=True)
    _go_live(session, platform, version_of(session, platform_id, version), actor)


def drop_draft(session: Session, *, platform_id: str, version: int, actor: str) -> None:
    """Leave a draft; it stays in the history."""
    version_of(session, platform_id, version).state = DROPPED
    finish_trial(session, platform_id, version)
    record_event(session, actor=actor, action="drop", object_type="recipe", object_id=platform_id, after={"version": version})


def finish_trial(session: Session, platform_id: str, version: int) -> None:
    """A draft's trial has ended, however; it is not tried again by itself."""
    is_this = Platform.id == platform_id, Platform.trial_version == version
    session.execute(update(Platform).where(*is_this).values(trial_version=None))


def replace_live(session: Session, platform: Platform, recipe: Mapping[str, Any], *, actor: str) -> None:
    """A new seed takes the place of the live recipe, which nobody had changed."""
    row = _version(platform, recipe, newest_version(session, platform.id) + 1, DRAFT, actor)
    session.add(row)
    _go_live(session, platform, row, actor)


def store_discovered(session: Session, platform_id: str, found: Mapping[str, Any], version: int) -> None:
    """Keep what discovery found as the very version that said `auto`, so that each crawl reads the site in the same way.

    Nothing happens when the recipe was changed meanwhile.
    """
    platform = session.get_one(Platform, platform_id, with_for_update=True)
    if platform.recipe_version != version or platform.recipe.get("adapter", "auto") != "auto":
        return
    platform.recipe = {**found, "platform": platform_id}
    is_this = RecipeVersion.platform_id == platform_id, RecipeVersion.version == version
    session.execute(update(RecipeVersion).where(*is_this).values(recipe=platform.recipe))
    record_event(
        session,
        actor="crawl",
        action="recipe",
        object_type="platform",
        object_id=platform_id,
        after={"adapter": found["adapter"]},
    )


def reads_files(recipe: Mapping[str, Any]) -> bool:
    """Whether a recipe only maps files that are imported, so that its platform is never crawled."""
    return recipe.get("adapter") == "file"


def recipe_hash(recipe: Mapping[str, Any]) -> str:
    """Hex SHA-256 of a recipe's content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def _checked(session: Session, platform_id: str, recipe: Mapping[str, Any], seen: int) -> Platform:
    """The platform, locked, when the recipe can be read and nobody saved another since."""
    platform = session.get(Platform, platform_id, with_for_update=True)
    if platform is None:
        raise NotFound(platform_id)
    parse_recipe({**recipe, "platform": platform_id}, platform_id)
    if newest_version(session, platform_id) != seen:
        raise VersionConflict(platform_id)
    return platform


def _drop_drafts(session: Session, platform_id: str) -> None:
    is_draft = RecipeVersion.platform_id == platform_id, RecipeVersion.state == DRAFT
    session.execute(update(RecipeVersion).where(*is_draft).values(state=DROPPED))


def _version(platform: Platform, recipe: Mapping[str, Any], version: int, state: str, by: str) -> RecipeVersion:
    whole = {**recipe, "platform": platform.id}
    return RecipeVersion(platform_id=platform.id, version=version, recipe=whole, state=state, by=by)


def _go_live(session: Session, platform: Platform, row: RecipeVersion, actor: str) -> None:
    before = {"version": platform.recipe_version}
    is_live = RecipeVersion.platform_id == platform.id, RecipeVersion.state == LIVE
    session.execute(update(RecipeVersion).where(*is_live).values(state=FORMER))
    row.state = LIVE
    platform.recipe, platform.recipe_version = row.recipe, row.version
    platform.url = row.recipe.get("url") or platform.url
    _retitle(session, platform, row.recipe.get("title"))
    session.flush()
    record_event(
        session, actor=actor, action="recipe", object_type="platform", object_id=platform.id, before=before,
        after={"version": row.version},
    )  # fmt: skip


def _retitle(session: Session, platform: Platform, title: str | None) -> None:
    """Call a platform what its recipe calls it, and its own listing too where it has one."""
    if not title or title == platform.title:
        return
    platform.title = title
    if platform.initiative_id is not None:
        own = (
            Value.initiative_id == platform.initiative_id,
            Value.field == "title",
            Value.layer == "owner",
            Value.by == "platform",
        )
        session.execute(update(Value).where(*own).values(value=title))
        compose.recompose(session, [platform.initiative_id], utc_now())
