"""Writes that people make: keyword-only, audited by an event, refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from crawlers import record as crawled
from platforma.catalogue import compose, notices, recipes, shapes, suppression
from platforma.catalogue.crawl_store import drop_staged
from platforma.catalogue.errors import N_, BadState, BadValue, NotFound, VersionConflict
from platforma.catalogue.events import note
from platforma.catalogue.ids import new_public_id
from platforma.catalogue.ingest import ingest_crawl
from platforma.catalogue.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import (
    Crawl,
    CrawlChange,
    CrawlProblem,
    CrawlPurpose,
    CrawlState,
    Event,
    Initiative,
    InitiativeState,
    Outbox,
    PageMemory,
    Platform,
    PlatformState,
    Record,
    StagedPage,
    StagedRecord,
    Value,
)
from platforma.catalogue.types import utc_now
from platforma.settings import Settings
from vocabulary import load

LISTED = {"kind": "kind", "country": "country", "countries": "country", "sectors": "sector", "themes": "theme"}
"""Fields whose values are ids of a vocabulary's dimension."""
LONGEST_TEXT = 20_000
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
DECIDED = N_("This was decided on already; nothing has been changed")
REMOVED = N_("This listing was removed for good; nothing can be changed any more")


@dataclass(slots=True)
class SyncReport:
    """What syncing the seeds did, as platform ids."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changed_by_people: list[str] = field(default_factory=list)


def publish(session: Session, *, public_id: str, actor: str, version: int | None = None) -> None:
    """Make a new, refused or archived listing public. Raises NotFound, VersionConflict, BadState."""
    row = _initiative(session, public_id, version)
    if row.state not in (InitiativeState.NEW, InitiativeState.REFUSED, InitiativeState.ARCHIVED):
        raise BadState(REMOVED if row.state == InitiativeState.SUPPRESSED else DECIDED)
    row.published_at = row.published_at or utc_now()
    _set_state(session, row, InitiativeState.PUBLISHED, actor, "publish", reason=None)


def refuse(session: Session, *, public_id: str, actor: str, reason: str, version: int | None = None) -> None:
    """Keep a listing from the public, with a reason. Raises BadValue without one, and BadState for one that was removed."""
    if not reason.strip():
        raise BadValue("reason", N_("Say why, in a sentence"))
    row = _editable(session, public_id, version)
    _set_state(session, row, InitiativeState.REFUSED, actor, "refuse", reason.strip())


def set_value(
    session: Session,
    *,
    public_id: str,
    field: str,
    lang: str,
    value: Any,
    actor: str,
    version: int,
    layer: str = "curator",
) -> None:
    """Say a field's value over the sources (an empty one takes it away); it stands until it is released.

    Raises BadValue, and VersionConflict when the listing was changed since `version`.
    """
    row = _editable(session, public_id, version)
    checked = _checked(field, lang, value)
    former = _value(session, row, field, lang, layer)
    records = compose.records_behind(session, [row.id])[row.id]
    seen = compose.source_value(records, field, lang)
    if former is None:
        session.add(
            Value(
                initiative_id=row.id,
                field=field,
                lang=lang,
                layer=layer,
                value=checked,
                by=actor,
                source_value_seen=seen,
            )
        )
    before = former.value if former else _shown(row, field, lang)
    if former is not None:
        former.value, former.by, former.at, former.source_value_seen = checked, actor, utc_now(), seen
    _after_edit(session, row, actor, "set", {field: before, "lang": lang}, {field: checked, "lang": lang})


def release_value(session: Session, *, public_id: str, field: str, lang: str, actor: str, version: int) -> None:
    """Take back what a curator said of a field, so that the source's value shows again. Raises NotFound."""
    row = _editable(session, public_id, version)
    former = _ours(session, row, field, lang)
    session.delete(former)
    _after_edit(session, row, actor, "release", {field: former.value, "lang": lang}, None)


def keep_value(session: Session, *, public_id: str, field: str, lang: str, actor: str, version: int) -> None:
    """Keep ours though the source says something new: the conflict is settled until the source changes again."""
    row = _editable(session, public_id, version)
    former = _ours(session, row, field, lang)
    records = compose.records_behind(session, [row.id])[row.id]
    former.source_value_seen = compose.source_value(records, field, lang)
    note(session, actor=actor, action="keep", object_type="initiative", object_id=public_id, after={field: former.value})


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


def approve_held_crawl(session: Session, *, crawl_id: int, actor: str, settings: Settings) -> None:
    """Take a held crawl in as it is, without crawling anew; a recipe that was tried by it goes live."""
    crawl = _held(session, crawl_id)
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.go_live(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.failure = crawl.failure_values = None
    ingest_crawl(session, crawl, settings=settings)
    session.flush()
    shapes.remember(session, crawl.platform_id)
    notices.settle(session, crawl.platform_id, ("held",), now=utc_now())
    note(session, actor=actor, action="approve", object_type="crawl", object_id=str(crawl_id), after=crawl.counts)


def discard_held_crawl(session: Session, *, crawl_id: int, actor: str) -> None:
    """Throw a held crawl away; the last good data stays, and so does the recipe."""
    crawl = _held(session, crawl_id)
    if crawl.purpose == CrawlPurpose.TRIAL:
        recipes.drop(session, platform_id=crawl.platform_id, version=crawl.recipe_version, actor=actor)
    crawl.state = CrawlState.DISCARDED
    drop_staged(session, crawl_id)
    notices.settle(session, crawl.platform_id, ("held",), now=utc_now())
    note(session, actor=actor, action="discard", object_type="crawl", object_id=str(crawl_id))


def suppress(session: Session, *, public_id: str, actor: str, reason: str, key: bytes) -> None:
    """Remove a listing for good: its texts, records, values and history go, and no crawl brings it back."""
    row = _initiative(session, public_id, None)
    records = compose.records_behind(session, [row.id])[row.id]
    pairs = [(record.platform_id, crawled.Record.from_json(record.payload)) for record in records]
    suppression.remember(session, key, pairs, reason=reason, by=actor)
    for record in records:
        staged = delete(StagedRecord).where(StagedRecord.remote_id == record.remote_id)
        page = delete(PageMemory).where(PageMemory.platform_id == record.platform_id, PageMemory.url == record.payload.get("url"))
        session.execute(page)
        crawls = select(Crawl.id).where(Crawl.platform_id == record.platform_id)
        session.execute(staged.where(StagedRecord.crawl_id.in_(crawls)))
        read = StagedPage.url == record.payload.get("url"), StagedPage.crawl_id.in_(crawls)
        session.execute(delete(StagedPage).where(*read))
        told = or_(CrawlProblem.remote_id == record.remote_id, CrawlProblem.url == record.payload.get("url"))
        session.execute(delete(CrawlProblem).where(told, CrawlProblem.crawl_id.in_(crawls)))
        changed = CrawlChange.remote_id == record.remote_id, CrawlChange.crawl_id.in_(crawls)
        session.execute(delete(CrawlChange).where(*changed))
        session.delete(record)
    session.execute(delete(Value).where(Value.initiative_id == row.id))
    session.execute(update(Event).where(Event.object_id == public_id).values(before=None, after=None))
    row.composed, row.reason = {}, reason
    _set_state(session, row, InitiativeState.SUPPRESSED, actor, "suppress", reason)


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


def _initiative(session: Session, public_id: str, version: int | None) -> Initiative:
    row = session.scalar(select(Initiative).where(Initiative.public_id == public_id).with_for_update())
    if row is None:
        raise NotFound(public_id)
    if version is not None and row.version != version:
        raise VersionConflict(public_id)
    return row


def _editable(session: Session, public_id: str, version: int | None) -> Initiative:
    """The listing, unless it was removed for good. Raises NotFound, VersionConflict, BadState."""
    row = _initiative(session, public_id, version)
    if row.state == InitiativeState.SUPPRESSED:
        raise BadState(REMOVED)
    return row


def _set_state(session: Session, row: Initiative, state: InitiativeState, actor: str, action: str, reason: str | None) -> None:
    before = {"state": row.state}
    row.state, row.reason, row.changed_at = state, reason, utc_now()
    session.add(Outbox(initiative_id=row.id))
    after = {"state": state} | ({"reason": reason} if reason else {})
    note(session, **_about(row), actor=actor, action=action, before=before, after=after)


def _about(row: Initiative) -> dict[str, str]:
    return {"object_type": "initiative", "object_id": row.public_id}


def _after_edit(session: Session, row: Initiative, actor: str, action: str, before: Any, after: Any) -> None:
    session.flush()
    session.expire(row, ["values"])
    compose.recompose(session, [row.id], utc_now())
    row.changed_at = utc_now()
    note(session, **_about(row), actor=actor, action=action, before=before, after=after)


def _value(session: Session, row: Initiative, field: str, lang: str, layer: str) -> Value | None:
    query = select(Value).where(Value.initiative_id == row.id, Value.field == field, Value.lang == lang, Value.layer == layer)
    return session.scalar(query)


def _ours(session: Session, row: Initiative, field: str, lang: str) -> Value:
    value = _value(session, row, field, lang, "curator")
    if value is None:
        raise NotFound(f"{field} has no value of ours")
    return value


def _shown(row: Initiative, field: str, lang: str) -> Any:
    return row.composed["texts"].get(field, {}).get(lang) if lang else row.composed["fields"].get(field)


def _checked(field: str, lang: str, value: Any) -> Any:
    """The value as it is stored, or BadValue with a reason for people."""
    fits = LANGUAGE_TAG.fullmatch(lang) if field in TEXT_FIELDS else not lang
    if field not in (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS) or not fits:
        raise BadValue(field, N_("There is no such field"))
    if field in LISTED:
        _check_ids(field, value)
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise BadValue(field, N_("The text is too long"))
    if field == "title" and not str(value).strip():
        raise BadValue(field, N_("A listing needs a title"))
    if field == "website" and value and urlsplit(value).scheme not in ("http", "https"):
        raise BadValue(field, N_("An address begins with https:// or http://"))
    if field == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise BadValue(field, N_("This is not an e-mail address"))
    return value.strip() if isinstance(value, str) else value


def _check_ids(field: str, value: Any) -> None:
    ids = load().ids(LISTED[field])
    chosen = value if isinstance(value, list) else [value] if value else []
    if isinstance(value, list) != (field in LIST_FIELDS) and value:
        raise BadValue(field, N_("Choose from the list"))
    if not set(chosen) <= ids:
        raise BadValue(field, N_("Choose from the list"))


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


def _held(session: Session, crawl_id: int) -> Crawl:
    crawl = session.get(Crawl, crawl_id, with_for_update=True)
    if crawl is None:
        raise NotFound(str(crawl_id))
    if crawl.state != CrawlState.HELD:
        raise BadState(DECIDED)
    return crawl
