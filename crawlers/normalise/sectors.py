"""The sector of an initiative where its source does not state it: what certainly follows from types, legal forms and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawlers.basis import Basis, BasisKind
from crawlers.record import RawRecord, Record
from crawlers.values.raw_fields import all_texts, text_of
from crawlers.values.registers import sector_of_number
from vocabulary import Derived, load

CARRIED_OUT = ("project", "resource", "social_enterprise", "support_organisation", "platform")
"""Kinds of what an organisation makes or runs, and is of the sector of that organisation."""
NO_SECTOR_TYPES = ("Corporation", "LocalBusiness")
"""Types of schema.org that people give to anything that has an address."""


def concluded_sector(raw: RawRecord, title: str, kind: str | None) -> tuple[str, Basis] | None:
    """The sector with its basis: a schema.org type, or a legal form in the source's fields or names; None where nothing tells it.

    What an organisation carries out is of the sector of that organisation.
    """
    for name in raw.types:
        if (derived := load().sector_of_schema_type(name)) and name not in NO_SECTOR_TYPES:
            return derived.value, Basis(BasisKind.SCHEMA_TYPE, derived.from_)
    found = next(_of_forms(raw, title), None) or (_of_organisation(raw) if kind in CARRIED_OUT else None)
    return (found.value, Basis(BasisKind.LEGAL_FORM, found.from_)) if found else None


def _of_forms(raw: RawRecord, title: str) -> Iterator[Derived]:
    """The sectors of legal forms: of the source's field for them, of the kind that it states, of the names."""
    words, stated = load(), text_of(raw, "legal_form") or ""
    found = [words.sector_of_legal_form(stated), words.sector_of_form_alone(stated)]
    found += [words.sector_of_form_alone(text) for text in all_texts(raw.fields.get("kind"))]
    found += [words.sector_of_legal_form(text) for text in (title, text_of(raw, "legal_name") or "")]
    yield from filter(None, found)


def _of_organisation(raw: RawRecord) -> Derived | None:
    """The sector on which the legal forms of all that carry something out agree. With a schema.org type, `organisation` may be
    one that only pays, and `carrier` is not."""
    is_typed = any(map(load().kind_of_schema_type, raw.types))
    return load().one_sector_of_legal_forms(text_of(raw, "carrier" if is_typed else "organisation") or "")


def with_sector_of_number(record: Record) -> Record:
    """The record with the sector of which its number in a register is, where nothing else tells one."""
    sectors = {sector for one in record.identifiers if (sector := sector_of_number(one))}
    if record.sectors or len(sectors) != 1:
        return record
    basis = {"sectors": str(Basis(BasisKind.FIELD, "registration"))}
    return replace(record, sectors=(sectors.pop(),), derived={**record.derived, **basis})
