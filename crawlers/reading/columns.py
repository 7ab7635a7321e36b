"""Which columns of a table fill which of our fields: by their headings, and of several by their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawlers.recipe import Recipe
from crawlers.values.column_values import FILLED, UNIQUE, ColumnValues
from crawlers.values.heading_grammar import ORGANISATION, PROJECT
from crawlers.values.headings import COMPOSED, EXACT, GUESS, TEXT_FIELDS, Heading, is_key, is_number, read_heading

Cells = Mapping[str, str]
"""The cells of a row by heading; empty ones may lack."""
NAMES = ("title", "organisation", "legal_name")
"""Fields that can name a row."""

NOTHING_WRITTEN = frozenset({"null", "(null)", "nan", "#n/a", "n/a", "\\n"})
"""What databases and programs write into a cell that holds nothing, in small letters."""
MIN_FILLED = 0.5
"""The share of the rows in which a column of names is filled at least, where there are several."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of the columns that fill each of our fields, the best first, and those of its texts in other languages.

    `lang` is the language that the heading of the names tells. `keys` are the columns that name a row for good, best first.
    """

    by_field: Mapping[str, tuple[str, ...]]
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lang: str | None = None
    keys: tuple[str, ...] = ()

    def fields(self, row: Cells) -> dict[str, object]:
        """Our fields of a row: of each the first column with a value."""
        found = ((ours, next(filter(None, (_filled(row, name) for name in names)), "")) for ours, names in self.by_field.items())
        return {ours: value for ours, value in found if value}

    def texts(self, row: Cells) -> dict[str, dict[str, str]]:
        """The texts of a row in further languages, by language and field."""
        found: dict[str, dict[str, str]] = {}
        for lang, names in self.translations.items():
            if texts := {ours: text for ours, name in names.items() if (text := _filled(row, name))}:
                found[lang] = texts
        return found


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its heading, the place from 0, what the heading says, and the values below it."""

    name: str
    index: int
    says: Heading
    values: ColumnValues

    @property
    def is_unique(self) -> bool:
        return self.values.unique >= UNIQUE and self.values.filled >= MIN_FILLED


def _filled(row: Cells, name: str) -> str:
    """The cell of a row; "" for what stands for nothing."""
    cell = row.get(name, "")
    return "" if cell.casefold() in NOTHING_WRITTEN else cell


def names_rows(headings: Sequence[str], recipe: Recipe) -> bool:
    """Whether one of these headings names the rows, by the recipe or as usual, or may name them beside a known one."""
    says = [heading for text in headings if (heading := _heading_of(text, recipe))]
    sure = {heading.field for heading in says if heading.rank != GUESS}
    return bool(sure & {"title", "organisation"}) or (bool(sure) and any(heading.rank == GUESS for heading in says))


def known_fields(headings: Sequence[str], recipe: Recipe) -> set[str]:
    """Our fields that these headings name, by the recipe or as usual; texts in two languages count as two."""
    says = (heading for text in headings if text and (heading := _heading_of(text, recipe)))
    return {f"{heading.field} {heading.lang or ''}".strip() for heading in says}


def columns_of(headings: Sequence[str], rows: Sequence[Cells], recipe: Recipe) -> Columns:
    """The columns of a table with these headings; those that the recipe maps come before all others."""
    mapped = {ours: theirs for ours, theirs in recipe.fields.items() if theirs in headings}
    unmapped = [name for name in dict.fromkeys(headings) if name and name not in mapped.values()]
    columns = [
        _Column(name, index, says, ColumnValues.of(row.get(name, "") for row in rows))
        for index, name in enumerate(unmapped)
        if (says := read_heading(name))
    ]
    usable = [column for column in columns if not column.values.contradicts(column.says.field)]
    usable = _without_idle_guesses(usable, mapped)
    by_field = {ours: _ranked(ours, usable) for ours in dict.fromkeys(column.says.field for column in usable)}
    titles = by_field.get("title", [])
    if titles and "organisation" not in by_field and (holder := _organisation_of(titles)):
        by_field["organisation"] = [holder]
    names = {ours: tuple(column.name for column in _for_rows(found)) for ours, found in by_field.items()}
    names |= {ours: (theirs, *names.get(ours, ())) for ours, theirs in mapped.items()}
    main = {column.says.lang for ours in TEXT_FIELDS for column in by_field.get(ours, [])[:1] if column.says.lang}
    lang = next((column.says.lang for column in titles[:1] if column.says.lang), None) or next(iter(sorted(main)), None)
    return Columns(names, _translations(by_field), lang, tuple(_keys(headings, rows, names.get("registration", ())[:1])))


def _heading_of(text: str, recipe: Recipe) -> Heading | None:
    """What the recipe says of a heading, else what it says itself."""
    ours = next((ours for ours, theirs in recipe.fields.items() if theirs == text), None)
    return Heading(ours) if ours else read_heading(text)


def _without_idle_guesses(columns: list[_Column], mapped: Mapping[str, str]) -> list[_Column]:
    """The columns without those whose heading only may name the rows, unless nothing else does and every row has its own."""
    sure = [column for column in columns if column.says.rank != GUESS]
    has_title = "title" in mapped or any(column.says.field == "title" for column in sure)
    named = has_title or "organisation" in mapped or any(column.says.field == "organisation" for column in sure)
    guesses = [column for column in columns if column.says.rank == GUESS and column.values.may_be_names]
    if has_title or not sure:
        return sure
    if named:
        guesses = [column for column in guesses if column.says.thing != ORGANISATION]
    return sure + guesses[:1]


def _ranked(ours: str, columns: Sequence[_Column]) -> list[_Column]:
    """The columns of a field, the best first: whose values suit it, names without repetitions, then by heading and place."""

    def rank(column: _Column) -> tuple[bool, bool, int, int]:
        is_poor = ours == "title" and not column.is_unique
        return not column.values.suits(ours), is_poor, column.says.rank, column.index

    return sorted((column for column in columns if column.says.field == ours), key=rank)


def _for_rows(found: Sequence[_Column]) -> Iterator[_Column]:
    """The columns that fill a field, the best first: in a row where it is empty, another that surely says the same."""
    for number, column in enumerate(found):
        is_text = column.says.field in TEXT_FIELDS
        if number == 0 or (column.says.lang in (None, found[0].says.lang) and (is_text or column.says.rank in (EXACT, COMPOSED))):
            yield column


def _organisation_of(titles: Sequence[_Column]) -> _Column | None:
    """The column with the names of those who run what the first of these names; None where none has them."""
    others = [column for column in titles[1:] if column.says.thing == ORGANISATION]
    is_of_projects = titles[0].says.thing == PROJECT
    return next((column for column in others if is_of_projects or not column.is_unique), None)


def _translations(by_field: Mapping[str, Sequence[_Column]]) -> dict[str, dict[str, str]]:
    """The columns of texts in other languages than that of the best one, by language and field."""
    found: dict[str, dict[str, str]] = {}
    for ours in TEXT_FIELDS:
        for column in by_field.get(ours, ())[1:]:
            if column.says.lang and column.says.lang != by_field[ours][0].says.lang:
                found.setdefault(column.says.lang, {}).setdefault(ours, column.name)
    return found


def _keys(headings: Sequence[str], rows: Sequence[Cells], registers: Sequence[str]) -> Iterator[str]:
    """The columns that name a row for good, the best first: numbers of a register, ids, other numbers that do not count rows."""
    values = {name: ColumnValues.of(row.get(name, "") for row in rows) for name in headings if name}
    yield from (name for name in registers if values[name].unique >= UNIQUE)
    full = [name for name, found in values.items() if found.unique >= UNIQUE and found.filled >= FILLED]
    yield from sorted((name for name in full if is_key(name)), key=lambda name: -values[name].unique)
    yield from (name for name in full if is_number(name) and values[name].unique == 1 and not values[name].counts_rows)
