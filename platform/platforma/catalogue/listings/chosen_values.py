"""Which of two joined listings' values stand, where a person said so when joining them; taken back with the join."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from platforma.catalogue.audit import record_event
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.layers import NOTHING, Key, is_same, origin_key, shown_value
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Event, Initiative, Judgement, Value
from platforma.catalogue.shapes import FieldValue

CHOOSE, TAKEN_BACK = "choose", "choice_taken_back"
"""Actions of the events."""
FIELDS = (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS)


class Former(TypedDict):
    """A curator's value that a chosen one replaced, as an event holds it; `at` is an instant of ISO 8601."""

    value: FieldValue
    by: str
    at: str
    seen: dict[str, FieldValue]
    is_kept_for_good: bool


def values_of_sides(session: Session, chosen: Mapping[str, str]) -> dict[Key, FieldValue]:
    """What listings that stand show of fields, by field and language; `chosen` maps a field to the public id of the listing.

    Of texts, the languages that it has; fields of which it says nothing, and names of no field, are left out.
    """
    query = select(Initiative).where(Initiative.public_id.in_(set(chosen.values())))
    composed = {row.public_id: row.composed for row in session.scalars(query) if row.composed}
    values: dict[Key, FieldValue] = {}
    for field, id in chosen.items():
        if field not in FIELDS or id not in composed:
            continue
        langs = sorted(composed[id]["texts"].get(field, {})) if field in TEXT_FIELDS else [""]
        values |= {(field, lang): shown_value(composed[id], field, lang) for lang in langs}
    return {key: value for key, value in values.items() if value not in NOTHING}


def choose(session: Session, judgement: Judgement, values: Mapping[Key, FieldValue]) -> None:
    """Let the listing that stands show these values, where it does not by the rules: as values of who judged, and when."""
    session.flush()
    head = groups.head(session, session.get_one(Initiative, judgement.left_id))
    differing = {key: value for key, value in values.items() if not is_same(shown_value(head.composed, *key), value)}
    if not differing:
        return
    before = {origin_key(*key): shown_value(head.composed, *key) for key in differing}
    said = compose.sources_of(groups.records_behind(session, [head.id])[head.id])
    former = {}
    for (field, lang), value in differing.items():
        row = _value(session, head.id, field, lang)
        if row is None:
            row = Value(initiative_id=head.id, field=field, lang=lang, layer="curator")
            session.add(row)
        else:
            former[origin_key(field, lang)] = _former(row)
        row.value, row.by, row.at = value, judgement.by, judgement.at
        row.seen, row.is_kept_for_good = said.said(field, lang), False
    after = {origin_key(*key): value for key, value in differing.items()}
    record_event(
        session, actor=judgement.by, action=CHOOSE, object_type="initiative", object_id=head.public_id,
        before=before, after={**after, "judgement": judgement.id, "former": former},
    )  # fmt: skip
    _recompose(session, head, judgement.at)


def take_back(judgement: Judgement, by: str) -> None:
    """Take back what was chosen when this was judged; what somebody has said of a field since then stays."""
    session = object_session(judgement)
    assert session is not None
    head = groups.head(session, session.get_one(Initiative, judgement.left_id))
    ids = [row.public_id for row in groups.members(session, [head.id])[head.id]]
    is_choice = Event.action == CHOOSE, Event.object_type == "initiative", Event.object_id.in_(ids)
    for event in session.scalars(select(Event).where(*is_choice).order_by(Event.id.desc())).all():
        if (event.after or {}).get("judgement") == judgement.id:
            _take_back(session, judgement, event, by)


def _take_back(session: Session, judgement: Judgement, event: Event, by: str) -> None:
    listing_id = session.scalars(select(Initiative.id).where(Initiative.public_id == event.object_id)).one()
    after = event.after or {}
    former = cast(Mapping[str, Former], after["former"])
    before = {}
    for name in after.keys() - {"judgement", "former"}:
        field, _, lang = name.partition("/")
        row = _value(session, listing_id, field, lang)
        if row is None or (row.by, row.at) != (judgement.by, judgement.at):
            continue
        before[name] = row.value
        if name in former:
            _restore(row, former[name])
        else:
            session.delete(row)
    if before:
        record_event(
            session, actor=by, action=TAKEN_BACK, object_type="initiative", object_id=event.object_id, before=before
        )  # fmt: skip


def _value(session: Session, listing_id: int, field: str, lang: str) -> Value | None:
    """The curator's value of a listing alone, without those that were joined with it."""
    is_of_field = Value.field == field, Value.lang == lang, Value.layer == "curator"
    return session.scalar(select(Value).where(Value.initiative_id == listing_id, *is_of_field))


def _former(row: Value) -> Former:
    return {
        "value": row.value,
        "by": row.by,
        "at": row.at.isoformat(),
        "seen": dict(row.seen or {}),
        "is_kept_for_good": row.is_kept_for_good,
    }


def _restore(row: Value, former: Former) -> None:
    row.value, row.by, row.at = former["value"], former["by"], datetime.fromisoformat(former["at"])
    row.seen, row.is_kept_for_good = dict(former["seen"]), former["is_kept_for_good"]


def _recompose(session: Session, head: Initiative, now: datetime) -> None:
    session.flush()
    session.expire(head, ["values"])
    compose.recompose(session, [head.id], now)
    session.flush()
