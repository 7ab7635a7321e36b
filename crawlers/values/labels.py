"""Which of our fields a source's label, column or key names, in the region's languages; which addresses may be initiatives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crawlers.texts.wordlists import data_beside
from crawlers.values.addresses import split_address
from crawlers.values.heading_grammar import parts_of, words_of
from crawlers.values.initiative_words import is_site_page
from vocabulary import fold


def _read_labels() -> dict[str, str]:
    """Our field by folded name, from labels.yaml; a name that stands under two fields belongs to the first."""
    field_of_name: dict[str, str] = {}
    for field, names in data_beside(__file__).items():
        for name in names:
            field_of_name.setdefault(str(name), field)
    return field_of_name


FIELDS: Mapping[str, str] = _read_labels()
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_EMPTY_WORDS = re.compile(
    r"^(address|contact|org|organi[sz]ation|project|initiative|company|location|geo|field|entry|item) "
    r"| (name|code|url|text|iso2?|alpha2|value)$"
)
"""Words at the beginning or end of a key that add nothing to its meaning."""
MAX_NAME_LABEL_CHARACTERS = 60
LAST_WORD_FIELDS = frozenset({"country", "place", "region", "address", "website", "email", "phone", "legal_form", "registration"})
"""Fields that are recognised by the last word of a key such as `se_country` or `org-email`."""


def field_of(label: str) -> str | None:
    """Our field for a source's label, column or key; None where it is unknown, or names several fields."""
    if ours := FIELDS.get(_label_key(label)):
        return ours
    if _is_name_of_thing(label):
        return "title"
    if re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)+", label):
        last = FIELDS.get(re.split(r"[_-]", label)[-1])
        return last if last in LAST_WORD_FIELDS else None
    several = {FIELDS.get(_label_key(part)) for part in re.split(r"[/()|]", label) if part.strip()}
    return several.pop() if len(several) == 1 else None


def label_of_key(key: str) -> str:
    """A key as a label for field_of: the words of its last part, without empty words where only that makes it known."""
    words = _CAMEL.sub(" ", key.rpartition(".")[2]).replace("_", " ").replace("-", " ").lower().strip()
    bare = _EMPTY_WORDS.sub("", words)
    return bare if field_of(words) is None and field_of(bare) else words


def _is_name_of_thing(label: str) -> bool:
    """Whether a label asks for the name of an organisation or project, and for nothing else: `Biedrības nosaukums`."""
    if len(label) > MAX_NAME_LABEL_CHARACTERS:
        return False
    parts = parts_of(words_of(label))
    return parts.has_name and parts.thing is not None and not parts.others and not parts.rest


def _label_key(label: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(label)).strip(" :.?*")


def map_fields(source_fields: Mapping[str, object], mapping: Mapping[str, str]) -> dict[str, object]:
    """A source's fields under our names: those in the recipe's mapping (our name to theirs), then those that field_of knows."""
    fields: dict[str, object] = {ours: source_fields[theirs] for ours, theirs in mapping.items() if source_fields.get(theirs)}
    for theirs, value in source_fields.items():
        ours = field_of(theirs)
        if ours and value not in (None, "") and ours not in fields and theirs not in mapping.values():
            fields[ours] = value
    return fields


def is_initiative_page(url: str, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> bool:
    """Whether the page at an address may describe one initiative, by the address alone.

    Patterns of `exclude` decide first. With patterns in `include`, exactly the addresses that match one are taken; without,
    all but front pages, pages about the site itself, archives and files.
    """
    parts = split_address(url)
    if any(re.search(pattern, url) for pattern in exclude):
        return False
    if include := tuple(include):
        return any(re.search(pattern, url) for pattern in include)
    if re.fullmatch(r"/?([a-z]{2}/?)?(index\.(html?|php))?", parts.path) and not parts.query:
        return False
    return not is_site_page(parts.path) and not re.search(
        r"\.(jpe?g|png|gif|svg|pdf|css|js|xml|zip|docx?|ico|csv|gz)$", parts.path
    )
