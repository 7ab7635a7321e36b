"""The register numbers of a record, by the source's own labels where it has any."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from crawlers.record import Identifier, RawRecord
from crawlers.values.headings import natural_field
from crawlers.values.own_fields import own_fields
from crawlers.values.raw_fields import all_texts, text_of
from crawlers.values.registers import is_register_label, labelled_numbers, register_number

MAX_OWN_FIELDS = 200


def identifiers_of(raw: RawRecord, country: str | None) -> tuple[Identifier, ...]:
    """The numbers in the registers that their labels name; without such labels, the number in the register of the country."""
    labelled = [found for label, text in numbers_of(raw) for found in labelled_numbers(label, text)]
    if labelled:
        return tuple(dict.fromkeys(Identifier(register.scheme, number) for register, number in labelled if register.is_main))
    return register_number(text_of(raw, "registration") or "", country)


def numbers_of(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """The fields that may hold a register number, by the source's own names; the one that reading found has the name ""."""
    yield from (("", text) for text in all_texts(raw.fields.get("registration")))
    for name, value in islice(own_fields(raw.source).items(), MAX_OWN_FIELDS):
        if _is_number(name):
            yield name, ", ".join(all_texts(value))


@lru_cache(maxsize=1_000)
def _is_number(name: str) -> bool:
    return natural_field(name) == "registration" or is_register_label(name)
