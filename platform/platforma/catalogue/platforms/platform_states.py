"""What becomes of platforms: proposed, approved, refused, paused, brought in line with their seeds; audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.values.addresses import site_of
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import N_, BadState, BadValue, NotFound
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.listings import compose, visibility
from platforma.catalogue.models import Initiative, InitiativeState, Platform, PlatformState, Value
from platforma.catalogue.platforms import recipes
from platforma.catalogue.states import PLATFORM_TRANSITIONS, PlatformAction, platform_after

ONLY_IMPORTS = N_("%(platform)s lives of imported files: import one instead (platforma import)")


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
    """Propose a platform; the one that is there when its id or its host is known already.

    One that was refused or has left is proposed again: it is looked at anew by the recipe that it has, and keeps its history.
    """
    known = _platform_at(session, recipe["platform"], url)
    if known is not None:
        if PlatformAction.PROPOSE in PLATFORM_TRANSITIONS[PlatformState(known.state)]:
            _step(session, known, PlatformAction.PROPOSE, actor)
            known.contact_email, known.contact_lang = contact_email or known.contact_email, contact_lang or known.contact_lang
            known.next_crawl_at, known.failures = _first_turn(known), 0
        return known
    platform = Platform(id=recipe["platform"], public_id=new_public_id(), title=title, url=url, recipe=dict(recipe))
    platform.contact_email, platform.contact_lang, platform.next_crawl_at = contact_email, contact_lang, _first_turn(platform)
    session.add(platform)
    session.flush()
    recipes.start_history(session, platform, actor=actor)
    record_event(session, actor=actor, action="propose", object_type="platform", object_id=platform.id, after={"url": url})
    return platform


def approve_platform(session: Session, *, platform_id: str, actor: str, trusted: bool = True) -> None:
    """Approve a platform, or resume a paused one: it is crawled nightly, and is a listing itself.

    `trusted`: its new listings become public, now and later; else, on probation, each waits for a curator. What was public
    before becomes so again. Raises NotFound, and BadState where the platform's state does not allow it.
    """
    platform = find_platform(session, platform_id)
    _step(session, platform, PlatformAction.TRUST if trusted else PlatformAction.PROBATION, actor)
    platform.next_crawl_at = _first_turn(platform)
    visibility.admit(session, platform, with_new=trusted)
    _list_platform(session, platform)


def refuse_platform(session: Session, *, platform_id: str, actor: str, reason: str) -> None:
    """Refuse a platform, with a reason: it is not crawled, and nothing of it is public. Raises NotFound, BadValue, BadState."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    _withdraw(session, platform_id, PlatformAction.REFUSE, actor, reason.strip())


def leave_platform(session: Session, *, platform_id: str, actor: str) -> None:
    """Enter that a platform wishes to be listed no more: as if refused, but by its own wish. Raises NotFound, BadState."""
    _withdraw(session, platform_id, PlatformAction.LEAVE, actor)


def pause_platform(session: Session, *, platform_id: str, actor: str) -> None:
    """Stop crawling a platform; its listings stay. Raises NotFound, BadState."""
    platform = find_platform(session, platform_id)
    _step(session, platform, PlatformAction.PAUSE, actor)
    platform.next_crawl_at = None


def crawl_soon(session: Session, *, platform_id: str) -> None:
    """Let a platform's next turn be now. Raises NotFound, and BadState for one that is not crawled."""
    platform = find_platform(session, platform_id)
    platform_after(platform.state, PlatformAction.CRAWL, platform.id)
    if recipes.reads_files(platform.recipe):
        raise BadState(ONLY_IMPORTS, platform=platform.id)
    platform.next_crawl_at = utc_now()


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


def find_platform(session: Session, platform_id: str) -> Platform:
    """The platform, locked. Raises NotFound."""
    platform = session.get(Platform, platform_id, with_for_update=True)
    if platform is None:
        raise NotFound(f"there is no platform {platform_id}; see: platforma platforms list")
    return platform


def _first_turn(platform: Platform) -> datetime | None:
    """When a platform that is approved or proposed again is crawled: now, or never where it lives of imports."""
    return None if recipes.reads_files(platform.recipe) else utc_now()


def _platform_at(session: Session, platform_id: str, url: str) -> Platform | None:
    """The platform of this id, or of this very address (host and path; www and the scheme do not matter)."""
    if (known := session.get(Platform, platform_id)) is not None:
        return known
    place = _place(url)
    return next((p for p in session.scalars(select(Platform).order_by(Platform.id)) if _place(p.url) == place), None)


def _place(url: str) -> str:
    return f"{site_of(url)}{urlsplit(url.lower()).path.rstrip('/')}"


_EVENTS = {PlatformAction.TRUST: "approve", PlatformAction.PROBATION: "approve"}
"""What the history calls an action, where that is not its name."""


def _step(session: Session, platform: Platform, action: PlatformAction, actor: str, reason: str | None = None) -> None:
    """Go to the state that the action leads to, and write it down. Raises BadState."""
    before = {"state": platform.state}
    platform.state, platform.reason = platform_after(platform.state, action, platform.id), reason
    after = {"state": platform.state} | ({"reason": reason} if reason else {})
    name = _EVENTS.get(action, str(action))
    record_event(session, actor=actor, action=name, object_type="platform", object_id=platform.id, before=before, after=after)


def _withdraw(session: Session, platform_id: str, action: PlatformAction, actor: str, reason: str | None = None) -> None:
    """Take a platform out of the public, with its listings and with what was crawled and held of it."""
    platform = find_platform(session, platform_id)
    _step(session, platform, action, actor, reason)
    platform.next_crawl_at = None
    held_crawls.discard_all(session, platform_id, actor=actor)
    visibility.withdraw(session, platform)


def _list_platform(session: Session, platform: Platform) -> None:
    """An approved platform is a listing of kind platform too; what is known of it is said in the owner's layer."""
    if platform.initiative_id is not None or not platform.url:
        return
    row = Initiative(public_id=new_public_id(), state=InitiativeState.PUBLISHED, composed={}, published_at=utc_now())
    session.add(row)
    session.flush()
    values = {("title", "und"): platform.title, ("kind", ""): "platform", ("website", ""): platform.url}
    for (name, lang), value in values.items():
        session.add(Value(initiative_id=row.id, field=name, lang=lang, value=value, layer="owner", by="platform"))
    platform.initiative_id = row.id
    session.flush()
    compose.recompose(session, [row.id], utc_now())
