"""Platforms that live of imports: made where an import needs one that is missing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue.audit import record_event
from platforma.catalogue.files.exchange import PlatformPart
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import Platform, PlatformState
from platforma.catalogue.platforms import recipes


def new_platform(session: Session, platform_id: str, part: PlatformPart | None, actor: str) -> Platform:
    """Make an approved platform that lives of imports: as `part` has it, or titled by its id where there is none."""
    title, url = (part.title, part.url) if part else (platform_id, "")
    recipe = {"platform": platform_id, "title": title, "url": url, "adapter": "file"}
    state = part.state if part else PlatformState.TRUSTED
    platform = Platform(id=platform_id, title=title, url=url, recipe=recipe, state=state)
    is_id_free = part and session.scalar(select(Platform.id).where(Platform.public_id == part.public_id)) is None
    platform.public_id = part.public_id if part and is_id_free else new_public_id()
    if part:
        platform.licence, platform.rank = part.licence, part.rank
    session.add(platform)
    session.flush()
    recipes.start_history(session, platform, actor=actor)
    after = {"state": platform.state}
    record_event(session, actor=actor, action="approve", object_type="platform", object_id=platform_id, after=after)
    return platform
