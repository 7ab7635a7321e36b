"""A partner's mapping: what was read of the platform as it is chosen, what another choice would change, and making it count.

What was read is stored with each record, so nothing is fetched. A part of many records is looked at, spread evenly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawlers.normalise import Normaliser
from crawlers.normalise.choices import with_named_fields
from crawlers.recipe import parse_recipe
from crawlers.record import RawRecord
from platforma.catalogue.audit import record_event
from platforma.catalogue.enums import PlatformState
from platforma.catalogue.errors import BadState
from platforma.catalogue.ingest.differences import changed_fields, first_title
from platforma.catalogue.ingest.mass_changes import emptied_fields, is_retitled
from platforma.catalogue.ingest.plausibility import is_mass_change
from platforma.catalogue.models import Event, Platform, RecipeVersion, Record, RecordState
from platforma.catalogue.platforms import recipes
from platforma.catalogue.platforms.platform_states import lock_platform
from platforma.catalogue.shapes import RecordPayload
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.visitors.mapped import remade
from platforma.catalogue.visitors.readings import Result
from platforma.catalogue.visitors.site_looks import Choices, check
from vocabulary.messages import N_

MAX_READ, MAX_COMPARED = 60, 100
"""So many records are read to show the fields, and to tell what would change."""
MAX_EXAMPLES = 10
DEFAULTS = {"kind": "kind", "sector": "sectors", "country": "country"}
MAPPED, TAKEN_BACK, WISHED = "partner_mapping", "partner_mapping_back", "partner_mapping_wish"
NOT_NOW = N_("Your platform is not in the directory now, so nothing can be chosen for it.")
BEING_TRIED = N_("Another way of reading your site waits for a curator. Once it is decided you can choose again.")
TOO_MUCH = N_("This would change most of your entries at once. Write to the curators: they can do it together with you.")
CHANGED_SINCE = N_("How your site is read was changed again since, so this cannot be taken back. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What was read of a platform, as it is without its choices, with these, and the newest version of its recipe.

    The result holds some of the platform's `in_all` records whose source is stored.
    """

    result: Result
    choices: Choices
    version: int
    in_all: int


@dataclass(frozen=True, slots=True)
class Example:
    """An entry that would change: its title now, and of each field the value (before, after), as records have it."""

    title: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(slots=True)
class MappingDiff:
    """What other choices would change in those `compared` of the platform's `in_all` records.

    `unnamed` are the titles of entries that would have no name and no longer be shown. `is_mass`: visitors would see so much
    changed that a curator decides.
    """

    in_all: int
    compared: int = 0
    changed: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    is_mass: bool = False


def own_reading(session: Session, platform_id: str) -> OwnReading:
    """What was read of a platform. Raises BadState where it was refused or has left."""
    platform = session.get_one(Platform, platform_id)
    _check_state(platform)
    raws, in_all = _stored_raws(session, platform, MAX_READ)
    result = Result(title=platform.title, recipe=_without_choices(platform.recipe), raws=raws)
    version = recipes.newest_version(session, platform_id)
    choices = _choices_of(platform)
    return OwnReading(remade(result, choices.fields), choices, version, in_all)


def sent_choices(reading: OwnReading, form: Mapping[str, str]) -> Choices:
    """The choices of a form, with those that it did not ask about. Raises BadChoices."""
    now = reading.choices
    kept = {"kind": now.kind, "sector": now.sector, "country": now.country, "title": now.title}
    sent = Choices.sent(kept | dict(form), reading.result)
    asked = {form[name] for name in form if name.startswith("name-")}
    others = {name: ours for name, ours in now.fields.items() if name not in asked}
    choices = Choices(sent.title, sent.kind, sent.sector, sent.country, sent.words, {**others, **sent.fields})
    check(choices, reading.result)
    return choices


def difference(session: Session, platform_id: str, choices: Choices) -> MappingDiff:
    """What the choices would change."""
    platform = session.get_one(Platform, platform_id)
    raws, in_all = _stored_raws(session, platform, MAX_COMPARED)
    now, then = (Normaliser(parse_recipe(recipe)) for recipe in (platform.recipe, chosen_recipe(platform.recipe, choices)))
    diff, retitled, emptied = MappingDiff(in_all), 0, Counter[str]()
    for raw in raws:
        before, after = now.record(raw), then.record(raw)
        if before is None:
            continue
        diff.compared += 1
        old = cast(RecordPayload, before.to_json())
        if after is None:
            diff.unnamed.append(first_title(old))
            continue
        new = cast(RecordPayload, after.to_json())
        retitled += is_retitled(old["title"], new["title"])
        emptied.update(emptied_fields(old, new))
        _add_change(diff, old, new)
    emptied["title"] += len(diff.unnamed)
    is_public = platform.state in PUBLIC_PLATFORMS
    diff.is_mass = is_public and is_mass_change(max(retitled, *emptied.values()), diff.compared)
    return diff


def use(session: Session, *, platform_id: str, choices: Choices, is_mass: bool, base_version: int, actor: str) -> None:
    """Make choices count; where they change so much as MappingDiff.is_mass says, once a curator has decided.

    Raises BadState, also where a curator would decide by a crawl and there is none, and VersionConflict where a version newer
    than `base_version` was saved.
    """
    platform = lock_platform(session, platform_id)
    _check_state(platform)
    if _has_draft(session, platform_id):
        raise BadState(BEING_TRIED)
    recipe = chosen_recipe(platform.recipe, choices)
    if is_mass and (recipes.reads_files(platform.recipe) or platform.state == PlatformState.PAUSED):
        raise BadState(TOO_MUCH)
    before = _said(platform.recipe) | {"version": platform.recipe_version}
    save = recipes.save_draft if is_mass else recipes.save_live
    version = save(session, platform_id=platform_id, recipe=recipe, base_version=base_version, actor=actor)
    after = _said(recipe) | {"version": version}
    action = WISHED if is_mass else MAPPED
    record_event(session, actor=actor, action=action, object_type="platform", object_id=platform_id, before=before, after=after)


def can_be_taken_back(session: Session, platform_id: str) -> bool:
    """Whether the newest version of the recipe is what partners chose."""
    return _last_choice(session, platform_id) is not None


def take_back(session: Session, *, platform_id: str, actor: str) -> None:
    """Make the recipe live again that was so before the last choice of partners. Raises BadState where another came since."""
    platform = lock_platform(session, platform_id)
    _check_state(platform)
    last = _last_choice(session, platform_id)
    if last is None:
        raise BadState(CHANGED_SINCE)
    former = recipes.version_of(session, platform_id, last["version"]).recipe
    before, after = _said(platform.recipe), _said(former)
    newest = recipes.newest_version(session, platform_id)
    recipes.save_live(session, platform_id=platform_id, recipe=former, base_version=newest, actor=actor)
    record_event(
        session, actor=actor, action=TAKEN_BACK, object_type="platform", object_id=platform_id, before=before, after=after
    )


def chosen_recipe(recipe: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """The recipe with these choices; what they say nothing of stays."""
    defaults = dict(recipe.get("defaults") or {})
    are_several = len(defaults.get("sectors") or ()) > 1 and not choices.sector
    asked = set(DEFAULTS.values()) - ({"sectors"} if are_several else set())
    defaults = {name: value for name, value in defaults.items() if name not in asked}
    values = {dimension: dict(pairs) for dimension, pairs in (recipe.get("values") or {}).items()}
    for dimension, words in choices.words.items():
        values.setdefault(dimension, {}).update(words)
    fields = {name: ours or None for name, ours in choices.fields.items()}
    chosen = {"defaults": defaults | choices.defaults, "values": values, "choices": fields}
    others = {name: value for name, value in recipe.items() if name not in chosen}
    return others | {name: value for name, value in chosen.items() if value}


def _choices_of(platform: Platform) -> Choices:
    defaults = platform.recipe.get("defaults") or {}
    sectors = list(defaults.get("sectors") or [])
    fields = {name: ours or "" for name, ours in (platform.recipe.get("choices") or {}).items()}
    sector = sectors[0] if len(sectors) == 1 else ""
    return Choices(platform.title, defaults.get("kind") or "", sector, defaults.get("country") or "", fields=fields)


def _without_choices(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe without what choices say: its records are shown as they say it themselves."""
    defaults = {name: value for name, value in (recipe.get("defaults") or {}).items() if name not in DEFAULTS.values()}
    return {**recipe, "defaults": defaults, "choices": {}}


def _stored_raws(session: Session, platform: Platform, most: int) -> tuple[list[RawRecord], int]:
    """What at most so many of the platform's records were made of, spread evenly, and how many records it has."""
    is_stored = Record.platform_id == platform.id, Record.state == RecordState.SEEN
    in_all = session.scalar(select(func.count()).select_from(Record).where(*is_stored)) or 0
    numbered = select(Record.id, func.row_number().over(order_by=Record.id).label("number")).where(*is_stored).subquery()
    step = max(1, -(-in_all // most))
    query = select(Record.source, Record.remote_id).join(numbered, numbered.c.id == Record.id)
    rows = session.execute(query.where(numbered.c.number % step == 0).order_by(Record.id))
    names = platform.recipe.get("fields") or {}
    raws = [replace(RawRecord.from_json(source), remote_id=remote_id) for source, remote_id in rows if source]
    return [with_named_fields(raw, names) for raw in raws], in_all


def _add_change(diff: MappingDiff, before: RecordPayload, after: RecordPayload) -> None:
    names = changed_fields(before, after)
    diff.changed += bool(names)
    diff.by_field.update(names)
    if names and len(diff.examples) < MAX_EXAMPLES:
        fields = {name: (before.get(name), after.get(name)) for name in names}
        diff.examples.append(Example(first_title(before), fields))


def _check_state(platform: Platform) -> None:
    if platform.state in (PlatformState.REFUSED, PlatformState.LEFT):
        raise BadState(NOT_NOW)


def _has_draft(session: Session, platform_id: str) -> bool:
    is_draft = RecipeVersion.platform_id == platform_id, RecipeVersion.state == recipes.DRAFT
    return session.scalar(select(RecipeVersion.id).where(*is_draft).limit(1)) is not None


def _last_choice(session: Session, platform_id: str) -> Mapping[str, Any] | None:
    """What stood before the last choice of partners, where nothing was saved since."""
    is_choice = Event.object_type == "platform", Event.object_id == platform_id, Event.action == MAPPED
    query = select(Event.before, Event.after).where(*is_choice).order_by(Event.id.desc()).limit(1)
    row = session.execute(query).one_or_none()
    if row is None or (row.after or {}).get("version") != recipes.newest_version(session, platform_id):
        return None
    before: Mapping[str, Any] = row.before
    return before


def _said(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """What an event tells of a recipe."""
    return {name: recipe.get(name) or {} for name in ("choices", "defaults", "values")}
