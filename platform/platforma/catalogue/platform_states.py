"""What becomes of platforms: proposed, approved, refused, paused, brought in line with their seeds; audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from platforma.catalogue import compose, recipes
from platforma.catalogue.errors import N_, BadState, BadValue, NotFound
from platforma.catalogue.events import note
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.models import Initiative, InitiativeState, Outbox, Platform, PlatformState, Record, Value
from platforma.catalogue.types import utc_now


@dataclass(slots=True)
class SyncReport:
    """What syncing the seeds did, as platform ids."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed_by_people: list[str] = field(default_factory=list)


def propose_platform(
    session: Session,
    *,
    url: str,
    title: str,
    recipe: Mapping[str, Any],
    contact_email: str | None,
    contact_lang: str | None = None,
    actor: str,
) -> Platform:
    """Propose a platform; the one that is there when its id or its host is known already."""
    known = _platform_at(session, recipe["platform"], url)
    if known is not None:
        return known
    platform = Platform(id=recipe["platform"], public_id=new_public_id(), title=title, url=url, recipe=dict(recipe))
    platform.contact_email, platform.contact_lang, platform.next_crawl_at = contact_email, contact_lang, utc_now()
    session.add(platform)
    session.flush()
    recipes.begin(session, platform, actor=actor)
    note(session, actor=actor, action="propose", object_type="platform", object_id=platform.id, after={"url": url})
    return platform


def approve_platform(session: Session, *, platform_id: str, actor: str, trusted: bool = True) -> None:
    """Approve a platform: its new listings become public, it is crawled nightly and is a listing itself."""
    platform = _platform(session, platform_id)
    _set_platform_state(session, platform, PlatformState.TRUSTED if trusted else PlatformState.PROBATION, actor, "approve")
    platform.next_crawl_at = utc_now()
    waiting = select(Initiative).where(
        Initiative.state == InitiativeState.NEW, Initiative.records.any(Record.platform_id == platform_id)
    )
    for row in session.scalars(waiting.order_by(Initiative.id)):
        row.state, row.published_at = InitiativeState.PUBLISHED, utc_now()
        session.add(Outbox(initiative_id=row.id))
    _list_platform(session, platform)


def refuse_platform(session: Session, *, platform_id: str, actor: str, reason: str) -> None:
    """Refuse a proposed platform, with a reason; what was crawled of it never becomes public."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    platform = _platform(session, platform_id)
    _set_platform_state(session, platform, PlatformState.REFUSED, actor, "refuse", reason.strip())
    platform.next_crawl_at = None


def pause_platform(session: Session, *, platform_id: str, actor: str) -> None:
    """Stop crawling a platform; its listings stay."""
    platform = _platform(session, platform_id)
    if platform.state not in (PlatformState.TRUSTED, PlatformState.PROBATION):
        raise BadState(f"{platform_id} is {platform.state}; only an approved platform can be paused")
    _set_platform_state(session, platform, PlatformState.PAUSED, actor, "pause")
    platform.next_crawl_at = None


def sync_seeds(session: Session, seeds: Iterable[Mapping[str, Any]], *, actor: str) -> SyncReport:
    """Make missing platforms of seed recipes, and update those whose recipe nobody changed since the last sync."""
    done = SyncReport()
    for recipe in seeds:
        platform_id, seed_hash = recipe["platform"], recipes.recipe_hash(recipe)
        platform = session.get(Platform, platform_id)
        if platform is None:
            title = recipe.get("title") or platform_id
            platform = propose_platform(session, url=recipe["url"], title=title, recipe=recipe, contact_email=None, actor=actor)
            platform.next_crawl_at = None
            done.created.append(platform_id)
        elif platform.seed_hash != recipes.recipe_hash(platform.recipe):
            done.changed_by_people.append(platform_id)
            continue
        elif platform.seed_hash == seed_hash:
            done.unchanged.append(platform_id)
        else:
            recipes.replace_live(session, platform, recipe, actor=actor)
            done.updated.append(platform_id)
        platform.seed_hash = seed_hash
    return done


def _platform(session: Session, platform_id: str) -> Platform:
    platform = session.get(Platform, platform_id, with_for_update=True)
    if platform is None:
        raise NotFound(f"there is no platform {platform_id}; see: platforma platforms list")
    return platform


def _platform_at(session: Session, platform_id: str, url: str) -> Platform | None:
    """The platform of this id, or of this very address (host and path; www and the scheme do not matter)."""
    if (known := session.get(Platform, platform_id)) is not None:
        return known
    place = _place(url)
    return next((p for p in session.scalars(select(Platform).order_by(Platform.id)) if _place(p.url) == place), None)


def _place(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def _set_platform_state(
    session: Session, platform: Platform, state: PlatformState, actor: str, action: str, reason: str | None = None
) -> None:
    before = {"state": platform.state}
    platform.state, platform.reason = state, reason
    after = {"state": state} | ({"reason": reason} if reason else {})
    note(session, actor=actor, action=action, object_type="platform", object_id=platform.id, before=before, after=after)


def _list_platform(session: Session, platform: Platform) -> None:
    """An approved platform is a listing of kind platform too; what is known of it is said in the curator's layer."""
    if platform.initiative_id is not None or not platform.url:
        return
    row = Initiative(public_id=new_public_id(), state=InitiativeState.PUBLISHED, composed={}, published_at=utc_now())
    session.add(row)
    session.flush()
    said = {("title", "und"): platform.title, ("kind", ""): "platform", ("website", ""): platform.url}
    for (name, lang), value in said.items():
        session.add(Value(initiative_id=row.id, field=name, lang=lang, value=value, layer="owner", by="platform"))
    platform.initiative_id = row.id
    session.flush()
    compose.recompose(session, [row.id], utc_now())
