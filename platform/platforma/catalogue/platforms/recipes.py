"""Recipes: every saved version, the live one, and drafts that wait to be tried and approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crawlers.recipe import parse_recipe
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import NotFound, VersionConflict
from platforma.catalogue.listings import compose
from platforma.catalogue.listings.layers import BY_PLATFORM
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


def newest_version(session: Session, platform_id: str) -> int:
    """The number of the newest version, live or not; 0 where there is none. An editor passes it on as `base_version`."""
    query = select(func.max(RecipeVersion.version)).where(RecipeVersion.platform_id == platform_id)
    return session.scalar(query) or 0


def choices_before(session: Session, platform_id: str) -> dict[str, str | None]:
    """The choices of the recipe that was live before the present one; none before the second."""
    query = select(RecipeVersion.recipe).where(RecipeVersion.platform_id == platform_id, RecipeVersion.state == FORMER)
    recipe = session.scalar(query.order_by(RecipeVersion.version.desc()).limit(1)) or {}
    return dict(recipe.get("choices") or {})


def start_history(session: Session, platform: Platform, *, actor: str) -> None:
    """Store the recipe of a new platform as its first version."""
    session.add(_version(platform, platform.recipe, platform.recipe_version, LIVE, actor))


def save_draft(session: Session, *, platform_id: str, recipe: Mapping[str, object], base_version: int, actor: str) -> int:
    """Store a recipe that is to be tried before it goes live; return the number of its version.

    `base_version` is the newest version when the editing began. Raises RecipeError, and VersionConflict where another
    version was saved since.
    """
    platform = _lock_for_edit(session, platform_id, recipe, base_version)
    _drop_drafts(session, platform_id)
    row = _version(platform, recipe, base_version + 1, DRAFT, actor)
    session.add(row)
    platform.trial_version = row.version
    after = {"version": row.version}
    record_event(session, actor=actor, action="draft", object_type="recipe", object_id=platform_id, after=after)
    return row.version


def save_live(session: Session, *, platform_id: str, recipe: Mapping[str, object], base_version: int, actor: str) -> int:
    """Make a recipe live without a trial; return the number of its version. Raises as save_draft does.

    For changes that need no new crawl: the worker maps the stored records anew.
    """
    platform = _lock_for_edit(session, platform_id, recipe, base_version)
    _drop_drafts(session, platform_id)
    row = _version(platform, recipe, base_version + 1, DRAFT, actor)
    session.add(row)
    _go_live(session, platform, row, actor)
    platform.is_mapping_due, platform.trial_version = True, None
    return row.version


def go_live(session: Session, *, platform_id: str, version: int, actor: str) -> None:
    """Make a draft that was tried the live recipe. Raises NotFound."""
    platform = session.get_one(Platform, platform_id, with_for_update=True)
    _go_live(session, platform, version_of(session, platform_id, version), actor)


def drop_draft(session: Session, *, platform_id: str, version: int, actor: str) -> None:
    """Drop a draft; it stays in the history. Raises NotFound."""
    version_of(session, platform_id, version).state = DROPPED
    finish_trial(session, platform_id, version)
    record_event(session, actor=actor, action="drop", object_type="recipe", object_id=platform_id, after={"version": version})


def finish_trial(session: Session, platform_id: str, version: int) -> None:
    """Note that a draft's trial has ended, so that the worker does not try it again."""
    is_this = Platform.id == platform_id, Platform.trial_version == version
    session.execute(update(Platform).where(*is_this).values(trial_version=None))


def replace_live(session: Session, platform: Platform, recipe: Mapping[str, object], *, actor: str) -> None:
    """Make a recipe live without a check for other editors: for seeds and imports, where nobody changed the live one."""
    row = _version(platform, recipe, newest_version(session, platform.id) + 1, DRAFT, actor)
    session.add(row)
    _go_live(session, platform, row, actor)


def store_discovered(session: Session, platform_id: str, discovered: Mapping[str, object], version: int) -> None:
    """Store a discovered recipe in place of the version with the adapter `auto`, so that later crawls read the site alike.

    Do nothing where the recipe was changed meanwhile.
    """
    platform = session.get_one(Platform, platform_id, with_for_update=True)
    if platform.recipe_version != version or platform.recipe.get("adapter", "auto") != "auto":
        return
    platform.recipe = {**discovered, "platform": platform_id}
    is_this = RecipeVersion.platform_id == platform_id, RecipeVersion.version == version
    session.execute(update(RecipeVersion).where(*is_this).values(recipe=platform.recipe))
    after = {"adapter": discovered["adapter"]}
    record_event(session, actor="crawl", action="recipe", object_type="platform", object_id=platform_id, after=after)


def reads_files(recipe: Mapping[str, object]) -> bool:
    """Whether a recipe maps imported files only, so that its platform is never crawled."""
    return recipe.get("adapter") == "file"


def recipe_hash(recipe: Mapping[str, object]) -> str:
    """Hex SHA-256 of a recipe's content; the order of its keys does not matter."""
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def _lock_for_edit(session: Session, platform_id: str, recipe: Mapping[str, object], base_version: int) -> Platform:
    """Lock the platform. Raises NotFound, RecipeError, and VersionConflict where a newer version was saved."""
    platform = session.get(Platform, platform_id, with_for_update=True)
    if platform is None:
        raise NotFound(platform_id)
    parse_recipe({**recipe, "platform": platform_id}, platform_id)
    if newest_version(session, platform_id) != base_version:
        raise VersionConflict(platform_id)
    return platform


def _drop_drafts(session: Session, platform_id: str) -> None:
    is_draft = RecipeVersion.platform_id == platform_id, RecipeVersion.state == DRAFT
    session.execute(update(RecipeVersion).where(*is_draft).values(state=DROPPED))


def _version(platform: Platform, recipe: Mapping[str, object], version: int, state: str, by: str) -> RecipeVersion:
    whole = {**recipe, "platform": platform.id}
    return RecipeVersion(platform_id=platform.id, version=version, recipe=whole, state=state, by=by)


def _go_live(session: Session, platform: Platform, row: RecipeVersion, actor: str) -> None:
    """Make a version live, and give the platform its recipe, address and title."""
    before = {"version": platform.recipe_version}
    is_live = RecipeVersion.platform_id == platform.id, RecipeVersion.state == LIVE
    session.execute(update(RecipeVersion).where(*is_live).values(state=FORMER))
    row.state = LIVE
    platform.recipe, platform.recipe_version = row.recipe, row.version
    platform.url = row.recipe.get("url") or platform.url
    _retitle(session, platform, row.recipe.get("title"))
    session.flush()
    after = {"version": row.version}
    record_event(session, actor=actor, action="recipe", object_type="platform", object_id=platform.id, before=before, after=after)


def _retitle(session: Session, platform: Platform, title: str | None) -> None:
    """Give a platform the title of its recipe, and also its own listing where it has one."""
    if not title or title == platform.title:
        return
    platform.title = title
    if platform.initiative_id is not None:
        own = (
            Value.initiative_id == platform.initiative_id,
            Value.field == "title",
            Value.layer == "owner",
            Value.by == BY_PLATFORM,
        )
        session.execute(update(Value).where(*own).values(value=title))
        compose.recompose(session, [platform.initiative_id], utc_now())
