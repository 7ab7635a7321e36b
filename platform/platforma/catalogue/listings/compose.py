"""Composing a listing: per field and language the curator's value, then the owner's, then the best record's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crawlers.values.addresses import host_of
from platforma.catalogue.ids import slugify
from platforma.catalogue.listings import conflicts, facts, groups
from platforma.catalogue.listings.conflicts import Sources
from platforma.catalogue.listings.layers import CLAIM, LAYERS, NOTHING, author_of, origin_key, origin_of
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.listings.picture_rights import allowed_image
from platforma.catalogue.listings.replaced_terms import Replacements, store_terms, terms_of
from platforma.catalogue.listings.texts_told import open_until, text_languages
from platforma.catalogue.models import Initiative, Outbox, Platform, Record, RecordState, Value
from platforma.catalogue.pictures.wanted import WantedImage, want_images
from platforma.catalogue.shapes import Composed, FieldValue, ListingFields, RecordPayload
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.websites.wanted import want_websites
from vocabulary import fold
from vocabulary.languages import LANGUAGES

POINT: tuple[Literal["lat"], Literal["lon"]] = ("lat", "lon")
WHEREABOUTS = {"place", "address", "country"}
"""Fields that say where a listing is; a point that was concluded from the town does not outlive a change of them."""
RankKey = tuple[bool, bool, int, datetime, int]
T = TypeVar("T")
RecordOrValue = TypeVar("RecordOrValue", Record, Value)


def recompose(session: Session, initiative_ids: Collection[int], now: datetime) -> None:
    """Compose these listings anew and queue them for the index. Merged ones are composed into the one that they are part of."""
    replacements = Replacements.of(session)
    for ids in groups.batched(sorted(set(groups.heads(session, initiative_ids).values()))):
        records, values = groups.records_behind(session, ids), groups.values_behind(session, ids)
        of_platforms = _of_platforms(session, set(ids) - records.keys())
        images: dict[int, WantedImage | None] = {}
        shown: dict[int, tuple[str, Composed]] = {}
        terms: dict[int, set[tuple[str, str]]] = {}
        websites: dict[int, str | None] = {}
        for initiative in session.scalars(select(Initiative).where(Initiative.id.in_(ids))):
            behind, said = records.get(initiative.id, ()), values.get(initiative.id, ())
            standing = groups.standing_values(initiative.id, said)
            composed = compose(behind, standing)
            terms[initiative.id] = set(terms_of(composed))
            replacements.replace_in(composed, initiative.public_id, {record.platform_id for record in behind})
            if composed != initiative.composed:
                initiative.composed, initiative.changed_at = composed, now
            initiative.text_languages, initiative.open_until = text_languages(composed), open_until(composed)
            initiative.is_only_name = initiative.id in of_platforms and not _is_described(composed)
            if said:
                conflicts.note(said, standing, sources_of(behind), now)
            images[initiative.id] = allowed_image(composed, behind)
            websites[initiative.id] = composed["fields"].get("website")
            shown[initiative.id] = initiative.public_id, composed
        session.execute(insert(Outbox), [{"initiative_id": id} for id in shown])
        store_terms(session, terms)
        want_images(session, images, now)
        want_websites(session, websites, now)
        facts.keep(session, shown | _shown_apart(session, ids, records, values))


def _shown_apart(
    session: Session, head_ids: Collection[int], records: Mapping[int, Sequence[Record]], values: Mapping[int, Sequence[Value]]
) -> dict[int, tuple[str, Composed]]:
    """Of the listings joined with these heads, by row id, the public id and what each says on its own."""
    query = select(Initiative.id, Initiative.public_id, groups.head_id().label("head_id"))
    return {
        id: (public_id, compose(_own(records.get(head_id, ()), id), _own(values.get(head_id, ()), id)))
        for id, public_id, head_id in session.execute(query.where(Initiative.merged_into_id.in_(head_ids)))
    }


def _own(rows: Iterable[RecordOrValue], initiative_id: int) -> list[RecordOrValue]:
    return [row for row in rows if row.initiative_id == initiative_id]


def compose(records: Collection[Record], values: Collection[Value]) -> Composed:
    """The composed JSON of a listing. The result does not depend on the order of the records or of the values."""
    draft = _Draft()
    ranked = sorted(public_records(records), key=_rank_key)
    for record in reversed(ranked):
        draft.lay_record(record)
    if countries := with_seat(draft.fields.get("country"), draft.fields.get("countries", ())):
        draft.fields["countries"] = countries
    for layer in LAYERS:
        draft.lay_layer([value for value in values if value.layer == layer], layer)
    original_lang = next(iter(ranked[0].payload["title"]), None) if ranked else None
    return {
        "texts": draft.texts,
        "fields": draft.fields,
        "origins": draft.origins,
        "derived": draft.derived,
        "original_lang": original_lang,
        "licensed": bool(draft.fields.get("licence")) or draft.shows_owner(values),
        "slug": slugify(_slug_title(draft.texts.get("title", {}), original_lang)),
    }


def sources_of(records: Collection[Record]) -> Sources:
    """What the public records of a group say: those of each platform on its own, and all together."""
    by_platform: defaultdict[str, list[Record]] = defaultdict(list)
    for record in public_records(records):
        by_platform[record.platform_id].append(record)
    return Sources({id: compose(by_platform[id], ()) for id in sorted(by_platform)}, compose(records, ()))


def public_records(records: Collection[Record]) -> list[Record]:
    """The records that a listing is made of: those of public platforms, or all of them where there is none."""
    return prefer_public(records, lambda record: record.platform.state in PUBLIC_PLATFORMS)


def prefer_public(rows: Collection[T], is_public: Callable[[T], bool]) -> list[T]:
    """The rows that are of public platforms, or all of them where there is none."""
    return [row for row in rows if is_public(row)] or list(rows)


def with_seat(seat: str | None, countries: Iterable[str]) -> list[str]:
    """The countries, each once, with the seat among them: in front where it was left out."""
    unique = list(dict.fromkeys(countries))
    return unique if not seat or seat in unique else [seat, *unique]


@dataclass(slots=True)
class _Draft:
    """A listing while it is composed, from the weakest record to the strongest layer (see Composed for the parts)."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    fields: ListingFields = field(default_factory=ListingFields)
    origins: dict[str, str] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)

    def lay_record(self, record: Record) -> None:
        """Lay a record's values over those of the weaker records."""
        payload = record.payload
        for text_field in TEXT_FIELDS:
            for lang, text in payload[text_field].items():
                if text:
                    self._set(text_field, text, record.platform_id, lang)
        if self._names_other_place(payload):
            self._drop_town_point()
        countries = with_seat(payload.get("country"), payload["countries"])
        for field_name in (*PLAIN_FIELDS, *LIST_FIELDS):
            value = countries if field_name == "countries" else payload.get(field_name)
            if value not in NOTHING and not self._is_vaguer(field_name, payload):
                self._set(field_name, value, record.platform_id)
                self.derived.pop(field_name, None)
                if field_name in payload["derived"]:
                    self.derived[field_name] = payload["derived"][field_name]

    def lay_layer(self, values: Sequence[Value], layer: str) -> None:
        """Lay what the people of one layer said over everything weaker."""
        former_seat = self.fields.get("country")
        for value in values:
            self._lay_value(value)
        named = {value.field for value in values} & {"country", "countries"}
        if named:
            self._settle_countries(named, former_seat, layer)

    def shows_owner(self, values: Collection[Value]) -> bool:
        """Whether anything that is shown is the owner's own word; of a claim only a description, as who claims a listing for
        its telephone number has not said that the text of somebody else's site is theirs."""
        spoken = [
            value for value in values if author_of(value) == "owner" and (value.layer != CLAIM or value.field == "description")
        ]
        keys = {origin_key(value.field, value.lang) for value in spoken}
        return any(self.origins.get(key) == "owner" for key in keys)

    def _lay_value(self, value: Value) -> None:
        """Lay a person's value over everything; an empty one takes the field away.

        A person who changes the whereabouts has not said where the point lies: a point of the town's centre is dropped.
        """
        if value.field in WHEREABOUTS:
            self._drop_town_point()
        if value.value in NOTHING:
            self._remove(value.field, value.lang)
        else:
            self._set(value.field, value.value, origin_of(value.layer), value.lang)
        self.derived.pop(value.field, None)

    def _settle_countries(self, named: Collection[str], former_seat: str | None, layer: str) -> None:
        """Make the seat (`country`) one of the countries again, after the people of a layer named one or both.

        A new seat replaces the former seat among the countries; the other countries stay, and an emptied seat is removed
        from them. Countries that are named are all countries: a weaker seat that is not among them is removed. Where both
        are named, the seat is added to the countries.
        """
        seat, countries = self.fields.get("country"), self.fields.get("countries", [])
        if named == {"countries"} and seat not in countries:
            seat = None
            self._remove("country")
            self.derived.pop("country", None)
        remaining = countries if "countries" in named else [seat if code == former_seat else code for code in countries]
        settled = with_seat(seat, filter(None, remaining))
        if not settled:
            self._remove("countries")
        elif settled != countries:
            self._set("countries", settled, origin_of(layer))
        if settled != countries:
            self.derived.pop("countries", None)

    def _is_vaguer(self, field_name: str, payload: RecordPayload) -> bool:
        """Whether a record's value of a field is a guess beside what a weaker record states."""
        if field_name == "place":
            return self._is_vaguer_place(payload)
        return field_name in POINT and self._is_vaguer_point(payload)

    def _is_vaguer_place(self, payload: RecordPayload) -> bool:
        """Whether a record's place is only taken from its address, and a weaker record states one."""
        return "place" in payload["derived"] and "place" in self.fields and "place" not in self.derived

    def _is_vaguer_point(self, payload: RecordPayload) -> bool:
        """Whether a record's point adds nothing: one coordinate is missing, or it is a town's centre and ours is exact."""
        if any(payload.get(name) is None for name in POINT):
            return True
        is_exact = self.fields.keys() >= set(POINT) and self.derived.keys().isdisjoint(POINT)
        return is_exact and not payload["derived"].keys().isdisjoint(POINT)

    def _names_other_place(self, payload: RecordPayload) -> bool:
        """Whether a record names another town or country than the weaker records do."""
        place = None if self._is_vaguer_place(payload) else payload.get("place")
        places = ((self.fields.get("place"), place), (self.fields.get("country"), payload.get("country")))
        return any(before and after and fold(before) != fold(after) for before, after in places)

    def _drop_town_point(self) -> None:
        """Remove coordinates that are only those of the town's centre."""
        for name in POINT:
            if name in self.derived:
                self._remove(name)
                del self.derived[name]

    def _set(self, name: str, value: FieldValue, origin: str, lang: str = "") -> None:
        if lang:
            self.texts.setdefault(name, {})[lang] = cast(str, value)
        else:
            cast(dict[str, FieldValue], self.fields)[name] = value
        self.origins[origin_key(name, lang)] = origin

    def _remove(self, name: str, lang: str = "") -> None:
        if lang:
            self.texts.get(name, {}).pop(lang, None)
        else:
            cast(dict[str, FieldValue], self.fields).pop(name, None)
        self.origins.pop(origin_key(name, lang), None)


def _is_described(composed: Composed) -> bool:
    """Whether a listing has a text beyond its title."""
    return any(composed["texts"].get(name) for name in TEXT_FIELDS if name != "title")


def _of_platforms(session: Session, head_ids: Collection[int]) -> set[int]:
    """Of these listings those that platforms are, themselves or by a listing that was joined with them."""
    if not head_ids:
        return set()
    query = select(groups.head_id()).join(Platform, Platform.initiative_id == Initiative.id)
    return set(session.scalars(query.where(groups.head_id().in_(head_ids))))


def _rank_key(record: Record) -> RankKey:
    """A key that sorts the best record first: one that the source still lists, one of the organisation's own site, one of the
    platform with the lower rank, the one known longest."""
    return record.state != RecordState.SEEN, not _is_own_site(record), record.platform.rank, record.first_seen_at, record.id


def _is_own_site(record: Record) -> bool:
    hosts = [host_of(url or "") for url in (record.payload.get("url"), record.payload.get("website"))]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def _slug_title(titles: dict[str, str], original_lang: str | None) -> str:
    """The title of which the slug is made: in the original language, else an interface language, else the first by code."""
    order = (original_lang, *LANGUAGES, *sorted(titles))
    return next((titles[lang] for lang in order if lang in titles), "")
