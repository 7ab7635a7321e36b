"""Changes of a platform's state: proposed, approved, refused, paused, left, and synced with its seed; all are audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawlers.recipe import Recipe
from platforma.catalogue.audit import record_event
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadValue, NotFound
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.listings import compose, visibility
from platforma.catalogue.listings.layers import BY_PLATFORM
from platforma.catalogue.models import Event, Initiative, InitiativeState, Platform, PlatformState, Value
from platforma.catalogue.platforms import known_platforms, recipes
from platforma.catalogue.states import PLATFORM_TRANSITIONS, PlatformAction, platform_after
from vocabulary.messages import N_

DECIDED_WITHIN = timedelta(days=7)
"""By when a curator usually decides about a proposal."""
NOT_PAUSED = N_("The reading is not paused, so nothing was changed.")
PAUSED_BY_CURATORS = N_("The curators paused the reading; write to them, and they will go on with it.")
ONLY_IMPORTS = N_("%(platform)s is filled from imported files: import a file instead (platforma import)")


class RankPlace(StrEnum):
    """Where a platform speaks among those that list the same: before others, as others (the longest-known first), or after."""

    BEFORE = "before"
    AS = "as"
    AFTER = "after"


class Stop(StrEnum):
    """The event by which a partner stopped the reading of their platform: for a while, or for good while its listings stay."""

    PAUSED = "partner_pause"
    LEFT = "partner_part"


RANKS = {RankPlace.BEFORE: 50, RankPlace.AS: 100, RankPlace.AFTER: 150}
"""The rank that each place gives; exports may bring others, of which the lower speaks first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A platform as somebody proposes it. `recipe` names the platform's id; mails go to the contact in `contact_lang`.

    `is_by_address`: all that is known is an address, from which the id only follows; another id is taken where it belongs to
    another platform.
    """

    url: str
    title: str
    recipe: Mapping[str, Any]
    contact_email: str | None = None
    contact_lang: str | None = None
    is_by_address: bool = False

    @classmethod
    def by_recipe(
        cls,
        recipe: Recipe,
        *,
        contact_email: str | None = None,
        contact_lang: str | None = None,
        is_by_address: bool = False,
    ) -> Proposal:
        """The proposal of a platform with the address and title of its recipe."""
        stored = recipe.model_dump(mode="json", exclude_defaults=True)
        return cls(recipe.url, recipe.title or recipe.platform, stored, contact_email, contact_lang, is_by_address)


@dataclass(slots=True)
class SyncReport:
    """What syncing the seeds did, as platform ids."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed_by_people: list[str] = field(default_factory=list)


def propose_platform(session: Session, proposal: Proposal, *, actor: str) -> Platform:
    """Propose a platform; return the known one where its id or its address is known already (see known_platforms).

    A known platform that was refused or has left is proposed again: it keeps its recipe and its history.
    """
    known = _known(session, proposal)
    if known is not None:
        if PlatformAction.PROPOSE in PLATFORM_TRANSITIONS[PlatformState(known.state)]:
            _transition(session, known, PlatformAction.PROPOSE, actor)
            known.contact_email = proposal.contact_email or known.contact_email
            known.contact_lang = proposal.contact_lang or known.contact_lang
            known.next_crawl_at, known.failures = _first_turn(known), 0
        return known
    return add_proposal(session, proposal, actor=actor)


def add_proposal(session: Session, proposal: Proposal, *, actor: str) -> Platform:
    """Make a proposed platform, under an id that no other one has."""
    id = known_platforms.free_id(session, proposal.recipe["platform"])
    platform = Platform(
        id=id, public_id=new_public_id(), title=proposal.title, url=proposal.url,
        recipe={**proposal.recipe, "platform": id}, contact_email=proposal.contact_email, contact_lang=proposal.contact_lang,
    )  # fmt: skip
    platform.next_crawl_at = _first_turn(platform)
    session.add(platform)
    session.flush()
    recipes.start_history(session, platform, actor=actor)
    after = {"url": proposal.url}
    record_event(session, actor=actor, action="propose", object_type="platform", object_id=platform.id, after=after)
    return platform


def approve_platform(session: Session, *, platform_id: str, actor: str, trusted: bool = True) -> None:
    """Approve a platform, or resume a paused one: it is crawled at its interval, and is a listing itself.

    `trusted`: its new listings become public at once, now and later; else, on probation, each waits for a curator. Listings
    that were public before become public again. Raises NotFound, and BadState where its state does not allow approval.
    """
    platform = lock_platform(session, platform_id)
    _transition(session, platform, PlatformAction.TRUST if trusted else PlatformAction.PROBATION, actor)
    platform.next_crawl_at = _first_turn(platform)
    visibility.admit(session, platform, with_new=trusted)
    _list_platform(session, platform)


def ask_partner(session: Session, *, platform_id: str, actor: str) -> None:
    """Let a proposal wait for the partner's answer to a question. Raises NotFound, and BadState for what is no proposal."""
    platform = lock_platform(session, platform_id)
    _transition(session, platform, PlatformAction.ASK, actor)
    platform.asked_at = utc_now()


def refuse_platform(session: Session, *, platform_id: str, actor: str, reason: str, keeps_staged: bool = False) -> None:
    """Refuse a platform, with a reason: it is not crawled, and its listings are hidden. Raises NotFound, BadValue, BadState.

    `keeps_staged`: what its held crawls have staged is dropped later, so that this can be undone.
    """
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    _withdraw(session, platform_id, PlatformAction.REFUSE, actor, reason.strip(), keeps_staged=keeps_staged)


def leave_platform(session: Session, *, platform_id: str, actor: str, keeps_staged: bool = False) -> None:
    """Take a platform out at its own wish: it is not crawled, and its listings are hidden; `keeps_staged` as with a refusal.

    Raises NotFound, BadState.
    """
    _withdraw(session, platform_id, PlatformAction.LEAVE, actor, keeps_staged=keeps_staged)


def pause_platform(session: Session, *, platform_id: str, actor: str) -> None:
    """Stop crawling a platform; its listings stay public. Raises NotFound, BadState."""
    platform = lock_platform(session, platform_id)
    _transition(session, platform, PlatformAction.PAUSE, actor)
    platform.next_crawl_at = None


def propose_again(session: Session, *, platform_id: str, actor: str, not_before: datetime) -> None:
    """Propose a platform anew that was refused or has left; it is looked at then or now. Raises NotFound, BadState."""
    platform = lock_platform(session, platform_id)
    _transition(session, platform, PlatformAction.PROPOSE, actor)
    turn = _first_turn(platform)
    platform.next_crawl_at, platform.failures = max(turn, not_before) if turn else None, 0


def pause_for_partner(session: Session, *, platform_id: str, actor: str, for_good: bool) -> None:
    """Pause a platform as its partner wishes, who alone resumes it; `for_good`: they leave, and its listings stay.

    Raises NotFound, BadState.
    """
    platform = lock_platform(session, platform_id)
    _transition(session, platform, PlatformAction.PAUSE, actor, event=str(Stop.LEFT if for_good else Stop.PAUSED))
    platform.next_crawl_at = None


def resume_for_partner(session: Session, *, platform_id: str, actor: str, not_before: datetime) -> None:
    """Go on with a platform that its partner paused, as it was before; it is read then or now.

    Raises NotFound, and BadState where it is not paused, or curators paused it.
    """
    platform = lock_platform(session, platform_id)
    if platform.state != PlatformState.PAUSED:
        raise BadState(NOT_PAUSED)
    if stop_of(session, platform) is None:
        raise BadState(PAUSED_BY_CURATORS)
    is_trusted = visibility.is_trusted(session, platform)
    action = PlatformAction.TRUST if is_trusted else PlatformAction.PROBATION
    _transition(session, platform, action, actor, event="partner_resume")
    turn = _first_turn(platform)
    platform.next_crawl_at = max(turn, not_before) if turn else None


def stop_by_id(session: Session, platform_id: str) -> Stop | None:
    """The same by the platform's id."""
    return stop_of(session, session.get_one(Platform, platform_id))


def stop_of(session: Session, platform: Platform) -> Stop | None:
    """How its partner stopped a paused platform; None where it is not paused, or curators paused it."""
    if platform.state != PlatformState.PAUSED:
        return None
    is_pause = Event.object_type == "platform", Event.object_id == platform.id, Event.action.in_((*Stop, "pause"))
    action = session.scalar(select(Event.action).where(*is_pause).order_by(Event.id.desc()).limit(1))
    return Stop(action) if action in list(Stop) else None


def rank_platform(session: Session, *, platform_id: str, place: RankPlace, actor: str) -> None:
    """Let a platform speak before others, as others or after others where several list the same; those listings are composed
    anew. Raises NotFound."""
    platform = lock_platform(session, platform_id)
    if place == rank_place(platform.rank):
        return
    before = {"rank": platform.rank}
    platform.rank = RANKS[place]
    after = {"rank": platform.rank}
    record_event(session, actor=actor, action="rank", object_type="platform", object_id=platform.id, before=before, after=after)
    session.flush()
    compose.recompose(session, visibility.shared_ids(session, platform_id), utc_now())


def rank_place(rank: int) -> RankPlace:
    """Where a rank stands beside that of most platforms."""
    return RankPlace.BEFORE if rank < RANKS[RankPlace.AS] else RankPlace.AS if rank == RANKS[RankPlace.AS] else RankPlace.AFTER


def crawl_soon(session: Session, *, platform_id: str) -> None:
    """Make a platform due for a crawl now. Raises NotFound, and BadState for a platform that is not crawled."""
    platform = lock_platform(session, platform_id)
    platform_after(platform.state, PlatformAction.CRAWL, platform.id)
    if recipes.reads_files(platform.recipe):
        raise BadState(ONLY_IMPORTS, platform=platform.id)
    platform.next_crawl_at = utc_now()


def sync_seeds(session: Session, seeds: Iterable[Mapping[str, Any]], *, actor: str) -> SyncReport:
    """Make the missing platforms of seed recipes, and update those whose recipe nobody changed since the last sync."""
    report = SyncReport()
    for recipe in seeds:
        platform_id, seed_hash = recipe["platform"], recipes.recipe_hash(recipe)
        platform = session.get(Platform, platform_id)
        if platform is None:
            title = recipe.get("title") or platform_id
            platform = propose_platform(session, Proposal(url=recipe["url"], title=title, recipe=recipe), actor=actor)
            platform.next_crawl_at = None
            report.created.append(platform_id)
        elif platform.seed_hash != recipes.recipe_hash(platform.recipe):
            report.changed_by_people.append(platform_id)
            continue
        elif platform.seed_hash == seed_hash:
            report.unchanged.append(platform_id)
        else:
            recipes.replace_live(session, platform, recipe, actor=actor)
            report.updated.append(platform_id)
        platform.seed_hash = seed_hash
    return report


def lock_platform(session: Session, platform_id: str) -> Platform:
    """The platform, locked. Raises NotFound."""
    platform = session.get(Platform, platform_id, with_for_update=True)
    if platform is None:
        raise NotFound(f"there is no platform {platform_id}; see: platforma platforms list")
    return platform


def _first_turn(platform: Platform) -> datetime | None:
    """When an approved or newly proposed platform is crawled first: now; never (None) where it lives of imports."""
    return None if recipes.reads_files(platform.recipe) else utc_now()


def known_at(session: Session, url: str) -> Platform | None:
    """The platform that a proposal of this address would be about; None where there is none yet."""
    return known_platforms.platform_of_site(session, url)


def _known(session: Session, proposal: Proposal) -> Platform | None:
    if proposal.is_by_address:
        return known_platforms.platform_of_site(session, proposal.url)
    known = session.get(Platform, proposal.recipe["platform"])
    return known or known_platforms.platform_of_address(session, proposal.url)


_EVENT_NAMES = {PlatformAction.TRUST: "approve", PlatformAction.PROBATION: "approve"}
"""The name of an action in the history, where it differs from the action's own."""


def _transition(
    session: Session, platform: Platform, action: PlatformAction, actor: str, reason: str | None = None, event: str = ""
) -> None:
    """Change the state by an action, and audit it, as `event` if given. Raises BadState where the state does not allow it."""
    before = {"state": platform.state}
    platform.state, platform.reason = platform_after(platform.state, action, platform.id), reason
    platform.asked_at = None
    after = {"state": platform.state} | ({"reason": reason} if reason else {})
    name = event or _EVENT_NAMES.get(action, str(action))
    record_event(session, actor=actor, action=name, object_type="platform", object_id=platform.id, before=before, after=after)


def _withdraw(
    session: Session, platform_id: str, action: PlatformAction, actor: str, reason: str | None = None, *, keeps_staged: bool
) -> None:
    """Take a platform out: plan no crawl, discard its held crawls, and hide its listings."""
    platform = lock_platform(session, platform_id)
    _transition(session, platform, action, actor, reason)
    platform.next_crawl_at = None
    held_crawls.discard_all(session, platform_id, actor=actor, keeps_staged=keeps_staged)
    visibility.withdraw(session, platform)


def _list_platform(session: Session, platform: Platform) -> None:
    """Make the platform's own listing, with its values in the owner's layer, unless it has one or has no address."""
    if platform.initiative_id is not None or not platform.url:
        return
    listing = Initiative(public_id=new_public_id(), state=InitiativeState.PUBLISHED, composed={}, published_at=utc_now())
    session.add(listing)
    session.flush()
    values = {("title", "und"): platform.title, ("kind", ""): "platform", ("website", ""): platform.url}
    for (name, lang), value in values.items():
        session.add(Value(initiative_id=listing.id, field=name, lang=lang, value=value, layer="owner", by=BY_PLATFORM))
    platform.initiative_id = listing.id
    session.flush()
    compose.recompose(session, [listing.id], utc_now())
