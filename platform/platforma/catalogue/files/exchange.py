"""The line of an export: one listing in the record format, and what an import needs to make the same listing again.

What visitors see is in the fields of the record format. `edited` names the fields that people edited; `sources` are the
records behind the listing, each with only those fields that differ from what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from crawlers.record import Problem, Record
from crawlers.record_checks import FIELDS, LANGUAGE_TAG, PLATFORM_ID, InvalidField, check, check_field
from crawlers.values.addresses import is_web_address
from platforma.catalogue.listings.layers import NOTHING
from platforma.catalogue.listings.listing import LIST_FIELDS, PLAIN_FIELDS, TEXT_FIELDS
from platforma.catalogue.models import PlatformState, RecordState
from platforma.catalogue.shapes import FieldValue, RecordPayload
from vocabulary.messages import N_

SHOWN_FIELDS = (*TEXT_FIELDS, *PLAIN_FIELDS, *LIST_FIELDS, "derived")
"""The fields of a record that a listing shows."""
RECORD_ONLY_FIELDS = ("source_changed_at", "fetched_at", "raw")
"""The fields of a record that no listing shows."""
IDENTITY_FIELDS = ("remote_id", "url", "platform")
"""The fields that identify a record."""
NOT_EXPORTED = N_("this is not as an export has it (%(error)s)")


def field_and_lang(key: str) -> tuple[str, str]:
    """The field and the language of a Key; the language is "" for a field without languages."""
    field, _, lang = key.partition("/")
    return field, lang


def _key(key: str) -> str:
    field, lang = field_and_lang(key)
    is_text = field in TEXT_FIELDS and LANGUAGE_TAG.fullmatch(lang)
    if not is_text and (lang or field not in (*PLAIN_FIELDS, *LIST_FIELDS)):
        raise ValueError(f"{key!r} is no field, such as place or title/lv")
    return key


def _web_address(url: str) -> str:
    if url and not is_web_address(url):
        raise ValueError(f"{url!r} is no address")
    return url


PublicId = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{10}$")]
PlatformId = Annotated[str, StringConstraints(pattern=f"^{PLATFORM_ID.pattern}$")]
Key = Annotated[str, AfterValidator(_key)]
"""A field that people can edit: `place`, or with its language `title/lv`."""
Layer = Literal["curator", "owner"]


class Part(BaseModel):
    """A part of a line; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlatformPart(Part):
    """A platform, to be made where it is missing; its recipe, contact and crawls are not part of an export."""

    public_id: PublicId
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    url: Annotated[str, AfterValidator(_web_address)] = ""
    licence: str | None = None
    rank: Annotated[int, Field(ge=0, lt=2**31)] = 100
    state: PlatformState = PlatformState.TRUSTED


class SourcePart(Part):
    """One record behind the listing.

    `differs` has its fields that are not as the listing shows them, those that people edited, and those that no listing
    shows. `listing` is the joined listing that the record belongs to.
    """

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
    """A value that people gave a joined listing, which is shown again when the listings are parted."""

    field: Key
    value: Any = None
    by: Layer = "curator"


class JoinedPart(Part):
    """A listing that was joined with this one; its address redirects here. `state` is the one that it has when parted,
    `reason` why it was refused."""

    public_id: PublicId
    state: Literal["new", "published", "refused", "archived"] = "published"
    reason: str | None = None
    published_at: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    values: tuple[ValuePart, ...] = ()


class JudgedPart(Part):
    """What was said of a listing and another one that are not the same; with part_of, `left` is part of `right`."""

    left: PublicId
    right: PublicId
    verdict: Literal["different", "part_of"]


class ListingPart(Part):
    """A line without the fields that are shown and those that repeat the first source.

    `edited` has the fields that people edited, by whom; a field that they emptied is among them, and shows nothing.
    `judged` has what was said of it, or of a listing joined with it, on the left side. `about_platform` is the platform whose
    own listing this is.
    """

    public_id: PublicId
    state: Literal["new", "published", "refused", "archived"] = "published"
    reason: str | None = None
    published_at: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    changed_at: AwareDatetime | None = None
    edited: dict[Key, Layer] = Field(default_factory=dict)
    sources: tuple[SourcePart, ...] = ()
    joined: tuple[JoinedPart, ...] = ()
    judged: tuple[JudgedPart, ...] = ()
    about_platform: PlatformId | None = None
    platforms: dict[PlatformId, PlatformPart] = Field(default_factory=dict)


class ExportLine(Part):
    """A line that was read: its number in the file, the listing, and what it shows by names of SHOWN_FIELDS.

    `formerly` has platform and remote id of its sources in the file, where they are imported under another platform.
    """

    number: int
    listing: ListingPart
    shown: dict[str, Any]
    formerly: frozenset[tuple[str, str]] = frozenset()

    def record(self, source: SourcePart, known: RecordPayload | None) -> Record:
        """The record of a source; fields that the line does not tell are those of its `known` payload here."""
        return Record.from_json(_payload(self, source, known or {}))

    def edited_value(self, key: str) -> FieldValue:
        """The value that people gave a field; empty where they emptied it."""
        field, lang = field_and_lang(key)
        empty: FieldValue = [] if field in LIST_FIELDS else ""
        return self.shown.get(field, {}).get(lang, empty) if lang else self.shown.get(field, empty)


def is_export(data: object) -> bool:
    """Whether a JSON value is a line of an export, and not a record."""
    return isinstance(data, dict) and "public_id" in data


def parse_line(data: Mapping[str, Any], number: int) -> ExportLine | Problem:
    """The line of an export, or the first problem with it."""
    record = {name: value for name, value in data.items() if name not in ListingPart.model_fields}
    if problems := check(record):
        return problems[0].refusal(number)
    part = {name: data[name] for name in ListingPart.model_fields if data.get(name) is not None}
    if "sources" not in part and record.get("platform"):
        part["sources"] = [{name: record.get(name) for name in IDENTITY_FIELDS}]
    try:
        listing = ListingPart.model_validate(part)
    except ValidationError as error:
        return _invalid_field(error).refusal(number)
    line = _with_editors(
        ExportLine(
            number=number, listing=listing, shown={name: record[name] for name in SHOWN_FIELDS if record.get(name) not in NOTHING}
        )
    )
    problem = next(_invalid_parts(line), None)
    return problem.refusal(number) if problem else line


def _with_editors(line: ExportLine) -> ExportLine:
    """The line; where it has no sources, curators edited all the fields that it shows."""
    if line.listing.sources:
        return line
    shown = [name for name in line.shown if name not in (*TEXT_FIELDS, "derived")]
    shown += [f"{name}/{tag}" for name in TEXT_FIELDS for tag in line.shown.get(name, ())]
    edited = dict.fromkeys(shown, "curator") | line.listing.edited
    return line.model_copy(update={"listing": line.listing.model_copy(update={"edited": edited})})


def _invalid_field(error: ValidationError) -> InvalidField:
    """The first problem of a validation error."""
    first = error.errors(include_url=False)[0]
    path = ".".join(map(str, first["loc"][1:]))
    return InvalidField(str(first["loc"][0]), NOT_EXPORTED, {"error": f"{path}: {first['msg']}" if path else first["msg"]})


def _invalid_parts(line: ExportLine) -> Iterator[InvalidField]:
    """The problems of the records and values within a line."""
    for source in line.listing.sources:
        yield from check(_payload(line, source, {}))
    for value in (value for joined in line.listing.joined for value in joined.values):
        field, lang = field_and_lang(value.field)
        yield from check_field(field, {lang: value.value} if lang and value.value else value.value)


def _payload(line: ExportLine, source: SourcePart, known: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a source: what the line shows, without what people edited, and with what differs."""
    payload = {name: line.shown[name] for name in SHOWN_FIELDS if name in line.shown}
    for key in line.listing.edited:
        field, lang = field_and_lang(key)
        if field not in source.differs:
            _restore_field(payload, known, field, lang)
    payload |= {name: known[name] for name in RECORD_ONLY_FIELDS if name in known} | source.differs
    payload["title"] = payload.get("title") or line.shown["title"]
    return payload | {name: getattr(source, name) for name in IDENTITY_FIELDS}


def _restore_field(payload: dict[str, Any], known: Mapping[str, Any], field: str, lang: str) -> None:
    """Replace what people edited in a payload by the value of the source as it is known here."""
    if lang:
        others = {tag: text for tag, text in payload.get(field, {}).items() if tag != lang}
        source_text = (known.get(field) or {}).get(lang)
        payload[field] = {lang: source_text, **others} if source_text else others
    else:
        payload[field] = known.get(field)


assert set(SHOWN_FIELDS) | set(RECORD_ONLY_FIELDS) | set(IDENTITY_FIELDS) == FIELDS, "every field of a record is in an export"
