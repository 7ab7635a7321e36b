"""The values that people edited where an export came from: they become values of the owner's layer here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.files.exchange import ExportLine, ValuePart, field_and_lang
from platforma.catalogue.listings import compose, groups
from platforma.catalogue.listings.layers import BY_PLATFORM, CURATOR_ELSEWHERE, NOTHING
from platforma.catalogue.models import Initiative, Value
from platforma.catalogue.shapes import FieldValue

OWNER_ELSEWHERE = "import"
PLATFORM_LISTING_FIELDS = ("title/und", "kind", "website")
"""The fields of a platform's own listing that follow the platform (see platforms.platform_states and recipes)."""


def restore_values(session: Session, targets: Iterable[tuple[ExportLine, Initiative]]) -> list[Initiative]:
    """Put the edited values of lines into the owner's layer of their listings; return the listings that changed by it."""
    changes = [(target, list(_new_values(line, target))) for line, target in targets]
    changes = [(target, values) for target, values in changes if values]
    records = groups.records_behind(session, [target.id for target, _ in changes])
    for target, values in changes:
        sources = compose.sources_of(records.get(target.id, []))
        for value in values:
            _put(target, value, sources.said(value.field, value.lang))
    return [target for target, _ in changes]


def settle_joined(session: Session, joined: Iterable[Initiative]) -> None:
    """Settle the values of listings that were made and joined by an import with what their sources say now."""
    rows = list(joined)
    heads = {row.merged_into_id for row in rows if row.merged_into_id is not None}
    records = groups.records_behind(session, heads)
    for row in rows:
        sources = compose.sources_of(records.get(row.merged_into_id or row.id, []))
        for value in row.values:
            value.seen = sources.said(value.field, value.lang)


def joined_value(part: ValuePart) -> Value:
    """The value of a joined listing, as it is stored here."""
    field, lang = field_and_lang(part.field)
    return Value(field=field, lang=lang, value=part.value, layer="owner", by=_author(part.field, part.by, None))


def _new_values(line: ExportLine, target: Initiative) -> Iterator[Value]:
    """The edited values of a line, without those that somebody has given the listing here already, and those that the line
    has of a joined listing."""
    of_joined = [(value.field, value.value) for joined in line.listing.joined for value in joined.values]
    for key, layer in line.listing.edited.items():
        field, lang = field_and_lang(key)
        value = line.edited_value(key)
        here = [known.value for known in target.values if (known.field, known.lang) == (field, lang)]
        is_empty_too = value in NOTHING and any(known in NOTHING for known in here)
        if value not in here and not is_empty_too and (key, value) not in of_joined:
            author = _author(key, layer, line.listing.about_platform)
            yield Value(field=field, lang=lang, value=value, layer="owner", by=author)


def _author(key: str, layer: str, about_platform: str | None) -> str:
    """Who gave a value of the owner's layer that comes in with an export, as the value's `by` has it."""
    if layer == "curator":
        return CURATOR_ELSEWHERE
    return BY_PLATFORM if about_platform and key in PLATFORM_LISTING_FIELDS else OWNER_ELSEWHERE


def _put(target: Initiative, value: Value, seen: dict[str, FieldValue]) -> None:
    """Put a value, and what platforms said then by their ids, into its layer, in the place of the value that is there."""
    slot = value.field, value.lang, value.layer
    former = next((known for known in target.values if (known.field, known.lang, known.layer) == slot), None)
    if former is None:
        value.seen = seen
        target.values.append(value)
    else:
        former.value, former.by, former.at, former.seen = value.value, value.by, utc_now(), seen
