"""The line of an export: what one listing says in the record's form, and what else it takes to be the same listing elsewhere.

What visitors see stands in the fields of the record contract. `edited` names those of them that people said, `sources` the
records behind the listing, each with only that in which it differs from what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from crawlers.messages import N_
from crawlers.record import Problem, Record
from crawlers.record_checks import FIELDS, LANGUAGE_TAG, PLATFORM_ID, InvalidField, check, check_field
from crawlers.values.addresses import is_web_address
from platforma.catalogue.listings.compose import NOTHING
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import PlatformState, RecordState
from platforma.catalogue.shapes import FieldValue, RecordPayload

SHOWN = (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS, "derived")
"""The fields of a record that a listing shows."""
KEPT = ("source_changed_at", "fetched_at", "raw")
"""Those of which only the records know."""
OWN = ("remote_id", "url", "platform")
"""Those that name a record."""
NOT_EXPORTED = N_("this is not as an export has it (%(error)s)")


def field_and_lang(key: str) -> tuple[str, str]:
    """The two parts of a Key; the language is "" for a field without one."""
    field, _, lang = key.partition("/")
    return field, lang


def _key(key: str) -> str:
    field, lang = field_and_lang(key)
    is_text = field in TEXT_FIELDS and LANGUAGE_TAG.fullmatch(lang)
    if not is_text and (lang or field not in (*PLAIN_FIELDS, *LIST_FIELDS)):
        raise ValueError(f"{key!r} is no field, such as place or title/lv")
    return key


def _home(url: str) -> str:
    if url and not is_web_address(url):
        raise ValueError(f"{url!r} is no address")
    return url


PublicId = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{10}$")]
PlatformId = Annotated[str, StringConstraints(pattern=f"^{PLATFORM_ID.pattern}$")]
Key = Annotated[str, AfterValidator(_key)]
"""A field that people can say: `place`, or with its language `title/lv`."""
Layer = Literal["curator", "owner"]


class Part(BaseModel):
    """A part of a line; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlatformPart(Part):
    """A platform as it is made where it is missing; its recipe, contact and crawls are not part of an export."""

    public_id: PublicId
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    url: Annotated[str, AfterValidator(_home)] = ""
    licence: str | None = None
    rank: Annotated[int, Field(ge=0, lt=2**31)] = 100
    state: PlatformState = PlatformState.TRUSTED


class SourcePart(Part):
    """One record behind the listing. `differs` holds those of its fields that are not as the listing shows them, all that
    people said over, and what a listing does not show. `listing` is the joined listing that it came in with."""

    platform: PlatformId
    remote_id: str
    url: str | None = None
    listing: PublicId | None = None
    state: RecordState = RecordState.SEEN
    first_seen_at: AwareDatetime | None = None
    last_seen_at: AwareDatetime | None = None
    gone_at: AwareDatetime | None = None
    differs: dict[str, Any] = Field(default_factory=dict)


class ValuePart(Part):
    """What people said of a field of a joined listing, which shows again when the listings are parted."""

    field: Key
    value: Any = None
    by: Layer = "curator"


class JoinedPart(Part):
    """A listing that was joined with this one, whose address leads here."""

    public_id: PublicId
    published_at: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    values: tuple[ValuePart, ...] = ()


class ListingPart(Part):
    """All of a line but the fields that are shown and those that repeat the first source. The fields that people said are
    those of `edited`, by whom; one that they emptied is there and shows nothing. `about_platform` is the platform whose
    own listing this is."""

    public_id: PublicId
    state: Literal["new", "published", "refused", "archived"] = "published"
    reason: str | None = None
    published_at: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    changed_at: AwareDatetime | None = None
    edited: dict[Key, Layer] = Field(default_factory=dict)
    sources: tuple[SourcePart, ...] = ()
    joined: tuple[JoinedPart, ...] = ()
    about_platform: PlatformId | None = None
    platforms: dict[PlatformId, PlatformPart] = Field(default_factory=dict)


class Line(Part):
    """A line that was read: its number in the file, the listing, and what it shows by the names of SHOWN."""

    number: int
    listing: ListingPart
    shown: dict[str, Any]
    formerly: frozenset[tuple[str, str]] = frozenset()
    """Platform and remote id of its sources in the file, where they come in under another platform."""

    def record(self, source: SourcePart, known: RecordPayload | None) -> Record:
        """What a source says. Of what the line does not tell, it says what its `known` payload here says."""
        return Record.from_json(_payload(self, source, known or {}))

    def said(self, key: str) -> FieldValue:
        """What people said of a field; empty for one that they emptied."""
        field, lang = field_and_lang(key)
        nothing: FieldValue = [] if field in LIST_FIELDS else ""
        return self.shown.get(field, {}).get(lang, nothing) if lang else self.shown.get(field, nothing)


def is_export(data: Any) -> bool:
    """Whether a JSON object is a line of an export, and no mere record."""
    return isinstance(data, dict) and "public_id" in data


def to_line(data: Mapping[str, Any], number: int) -> Line | Problem:
    """The line of an export that a JSON object is, or the first thing that is wrong with it."""
    record = {name: value for name, value in data.items() if name not in ListingPart.model_fields}
    if wrong := check(record):
        return wrong[0].refusal(number)
    part = {name: data[name] for name in ListingPart.model_fields if data.get(name) is not None}
    if "sources" not in part and record.get("platform"):
        part["sources"] = [{name: record.get(name) for name in OWN}]
    try:
        listing = ListingPart.model_validate(part)
    except ValidationError as error:
        return _told(error).refusal(number)
    line = _by_people(
        Line(number=number, listing=listing, shown={name: record[name] for name in SHOWN if record.get(name) not in NOTHING})
    )
    wrong = list(_wrong_parts(line))
    return wrong[0].refusal(number) if wrong else line


def _by_people(line: Line) -> Line:
    """A line; where no source is behind it, people said all that it shows."""
    if line.listing.sources:
        return line
    shown = [name for name in line.shown if name not in (*TEXT_FIELDS, "derived")]
    shown += [f"{name}/{tag}" for name in TEXT_FIELDS for tag in line.shown.get(name, ())]
    edited = dict.fromkeys(shown, "curator") | line.listing.edited
    return line.model_copy(update={"listing": line.listing.model_copy(update={"edited": edited})})


def _told(error: ValidationError) -> InvalidField:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"][1:]))
    return InvalidField(str(first["loc"][0]), NOT_EXPORTED, {"error": f"{where}: {first['msg']}" if where else first["msg"]})


def _wrong_parts(line: Line) -> Iterator[InvalidField]:
    """What is wrong with the records and the values within a line."""
    for source in line.listing.sources:
        yield from check(_payload(line, source, {}))
    for value in (value for joined in line.listing.joined for value in joined.values):
        field, lang = field_and_lang(value.field)
        yield from check_field(field, {lang: value.value} if lang and value.value else value.value)


def _payload(line: Line, source: SourcePart, known: Mapping[str, Any]) -> dict[str, Any]:
    payload = {name: line.shown[name] for name in SHOWN if name in line.shown}
    for key in line.listing.edited:
        field, lang = field_and_lang(key)
        if field not in source.differs:
            _put_back(payload, known, field, lang)
    payload |= {name: known[name] for name in KEPT if name in known} | source.differs
    payload["title"] = payload.get("title") or line.shown["title"]
    return payload | {name: getattr(source, name) for name in OWN}


def _put_back(payload: dict[str, Any], known: Mapping[str, Any], field: str, lang: str) -> None:
    """Take what people said out of a payload again; what is known of the source stands there instead."""
    if lang:
        others = {tag: text for tag, text in payload.get(field, {}).items() if tag != lang}
        under = (known.get(field) or {}).get(lang)
        payload[field] = {lang: under, **others} if under else others
    else:
        payload[field] = known.get(field)


assert set(SHOWN) | set(KEPT) | set(OWN) == FIELDS, "a field of the record has no place in an export"
