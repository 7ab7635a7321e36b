"""Composing a listing: per field and language the curator's value, then the owner's, then the best record's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crawlers.values.addresses import host_of
from platforma.catalogue.ids import slugify
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import Initiative, Outbox, Record, RecordState, Value
from platforma.catalogue.states import PUBLIC_PLATFORMS
from vocabulary import fold
from vocabulary.languages import LANGUAGES

LAYERS = ("owner", "curator")
"""From the weaker to the stronger; both stand over all records."""
CURATOR_ELSEWHERE = "import: desk"
"""Who said a value of the owner's layer that came in with an export and was a curator's word there."""
BATCH = 500
POINT = {"lat", "lon"}
WHEREABOUTS = {"place", "address", "country"}
NOTHING: tuple[Any, ...] = ("", None, [], {})


def recompose(session: Session, initiative_ids: Collection[int], now: datetime) -> None:
    """Compose these listings anew and let the index know. Merged ones are composed into the one that stands."""
    targets = standing(session, initiative_ids)
    for ids in batched(sorted(targets)):
        records = records_behind(session, ids)
        query = select(Initiative).where(Initiative.id.in_(ids)).options(selectinload(Initiative.values))
        for initiative in session.scalars(query):
            composed = compose(records[initiative.id], initiative.values)
            if composed != initiative.composed:
                initiative.composed, initiative.changed_at = composed, now
            session.add(Outbox(initiative_id=initiative.id))


def records_behind(session: Session, initiative_ids: Collection[int]) -> dict[int, list[Record]]:
    """The records of each listing, with those of the listings that were merged into it, by their own id."""
    owner = {id: id for id in initiative_ids}
    merged = select(Initiative.id, Initiative.merged_into_id).where(Initiative.merged_into_id.in_(initiative_ids))
    owner |= {row.id: row.merged_into_id for row in session.execute(merged)}
    found: defaultdict[int, list[Record]] = defaultdict(list)
    query = select(Record).where(Record.initiative_id.in_(owner)).options(joinedload(Record.platform)).order_by(Record.id)
    for record in session.scalars(query):
        found[owner[record.initiative_id]].append(record)
    return found


def compose(records: Collection[Record], values: Collection[Value]) -> dict[str, Any]:
    """The composed JSON of a listing (see listing.Listing for the meaning of its parts).

    Neither the order of the records nor that of the values counts.
    """
    composed: dict[str, Any] = {"texts": {}, "fields": {}, "origins": {}, "derived": {}}
    ranked = sorted(telling(records), key=rank)
    for record in reversed(ranked):
        _lay_record(composed, record)
    if countries := with_seat(composed["fields"].get("country"), composed["fields"].get("countries", ())):
        composed["fields"]["countries"] = countries
    for layer in LAYERS:
        _lay_layer(composed, [value for value in values if value.layer == layer], layer)
    composed["original_lang"] = next(iter(ranked[0].payload["title"]), None) if ranked else None
    composed["licensed"] = bool(composed["fields"].get("licence")) or _is_owners_word(composed, values)
    composed["slug"] = slugify(_title(composed))
    return composed


def said_by(value: Value) -> str:
    """Whose word a value is, `owner` or `curator`: what the desk said stands in the owner's layer after an import."""
    return "curator" if value.by == CURATOR_ELSEWHERE else value.layer


def _is_owners_word(composed: Mapping[str, Any], values: Collection[Value]) -> bool:
    """Whether anything that is shown is the owner's own word."""
    owners = {_origin_key(value.field, value.lang) for value in values if said_by(value) == "owner"}
    return any(composed["origins"].get(key) == "owner" for key in owners)


def source_value(records: Collection[Record], field: str, lang: str) -> Any:
    """What the records alone say of a field (in a language for texts); None where they say nothing."""
    composed = compose(records, ())
    return composed["texts"].get(field, {}).get(lang) if lang else composed["fields"].get(field)


def telling(records: Collection[Record]) -> list[Record]:
    """The records that a listing is made of: those of public platforms; all, while no such platform has it."""
    return [record for record in records if record.platform.state in PUBLIC_PLATFORMS] or list(records)


def standing(session: Session, initiative_ids: Collection[int]) -> set[int]:
    """The listings themselves, or those they were merged into."""
    found: set[int] = set()
    for ids in batched(sorted(initiative_ids)):
        rows = session.execute(select(Initiative.id, Initiative.merged_into_id).where(Initiative.id.in_(ids)))
        found |= {row.merged_into_id or row.id for row in rows}
    return found


def batched(ids: Sequence[int]) -> Iterable[tuple[int, ...]]:
    """The ids in portions that a database takes as parameters."""
    return (tuple(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def rank(record: Record) -> tuple[Any, ...]:
    """A key that sorts the best record first: one that still stands at the source, one of the organisation's own site, one of
    the platform with the lower rank, the one known longest."""
    return record.state != RecordState.SEEN, not _is_own_site(record), record.platform.rank, record.first_seen_at, record.id


def _is_own_site(record: Record) -> bool:
    hosts = [host_of(record.payload.get(name) or "") for name in ("url", "website")]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def _title(composed: Mapping[str, Any]) -> str:
    """The title of which the slug is made: in the original language, else an interface language, else the first by code."""
    titles = composed["texts"].get("title", {})
    order = (composed["original_lang"], *LANGUAGES, *sorted(titles))
    return next((titles[lang] for lang in order if lang in titles), "")


def _lay_record(composed: dict[str, Any], record: Record) -> None:
    """Lay a record's values over those of the weaker ones."""
    payload = {**record.payload, "countries": with_seat(record.payload.get("country"), record.payload["countries"])}
    for field in TEXT_FIELDS:
        for lang, text in payload[field].items():
            if text:
                _lay(composed, field, lang, text, record.platform_id)
    if _is_elsewhere(composed["fields"], payload):
        _drop_town(composed)
    for field in (*PLAIN_FIELDS, *LIST_FIELDS):
        if payload.get(field) not in NOTHING and not (field in POINT and _is_vaguer(composed, payload)):
            _lay(composed, field, "", payload[field], record.platform_id)
            composed["derived"].pop(field, None)
            if field in payload["derived"]:
                composed["derived"][field] = payload["derived"][field]


def _lay_layer(composed: dict[str, Any], values: Sequence[Value], layer: str) -> None:
    """Lay what the people of one layer said over everything that is weaker."""
    former = composed["fields"].get("country")
    for value in values:
        _lay_value(composed, value)
    named = {value.field for value in values} & {"country", "countries"}
    if named:
        _settle_countries(composed, named, former, layer)


def _settle_countries(composed: dict[str, Any], named: Collection[str], former: str | None, layer: str) -> None:
    """Make the seat one of the countries again, after people named one or both.

    To people the two are one thing. Who names another seat means that the initiative is there and not where its seat was
    thought to be: the new seat takes the place of the `former` one among the countries, the other countries stay, and a
    seat that was emptied leaves them. Who names the countries has named them all: a seat of weaker word that is not one of
    them is left out rather than guessed. Who names both has said that the seat is one of them.
    """
    seat, countries = composed["fields"].get("country"), composed["fields"].get("countries", [])
    if named == {"countries"} and seat not in countries:
        seat = None
        _take_away(composed, "country", "")
        composed["derived"].pop("country", None)
    kept = countries if "countries" in named else [seat if country == former else country for country in countries]
    settled = with_seat(seat, filter(None, kept))
    if not settled:
        _take_away(composed, "countries", "")
    elif settled != countries:
        _lay(composed, "countries", "", settled, layer)
    if settled != countries:
        composed["derived"].pop("countries", None)


def with_seat(seat: str | None, countries: Iterable[Any]) -> list[str]:
    """The countries, each once, with the seat among them: in front where it was left out."""
    listed = list(dict.fromkeys(countries))
    return listed if not seat or seat in listed else [seat, *listed]


def _is_vaguer(composed: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether a record's point adds nothing: half of one, or a town's centre where a weaker record gives the initiative's own."""
    if any(payload.get(field) is None for field in POINT):
        return True
    is_exact = composed["fields"].keys() >= POINT and not POINT & composed["derived"].keys()
    return is_exact and bool(POINT & payload["derived"].keys())


def _is_elsewhere(fields: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether a record names another town or country than the weaker ones do."""
    both = ((fields.get(name), payload.get(name)) for name in ("place", "country"))
    return any(before and after and fold(before) != fold(after) for before, after in both)


def _drop_town(composed: dict[str, Any]) -> None:
    """Take away coordinates that are only those of the town."""
    for field in POINT & composed["derived"].keys():
        for part in ("fields", "origins", "derived"):
            composed[part].pop(field, None)


def _lay_value(composed: dict[str, Any], value: Value) -> None:
    """Lay a person's value over everything; an empty one takes the field away.

    Coordinates of a town's centre go with the town: a person who puts the place right has not said where it lies.
    """
    if value.field in WHEREABOUTS:
        _drop_town(composed)
    if value.value in NOTHING:
        _take_away(composed, value.field, value.lang)
    else:
        _lay(composed, value.field, value.lang, value.value, value.layer)
    composed["derived"].pop(value.field, None)


def _lay(composed: dict[str, Any], field: str, lang: str, value: Any, origin: str) -> None:
    if lang:
        composed["texts"].setdefault(field, {})[lang] = value
    else:
        composed["fields"][field] = value
    composed["origins"][_origin_key(field, lang)] = origin


def _take_away(composed: dict[str, Any], field: str, lang: str) -> None:
    if lang:
        composed["texts"].get(field, {}).pop(lang, None)
    else:
        composed["fields"].pop(field, None)
    composed["origins"].pop(_origin_key(field, lang), None)


def _origin_key(field: str, lang: str) -> str:
    return f"{field}/{lang}" if lang else field
