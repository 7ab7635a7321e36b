"""The check of a table: which columns are taken, what is wrong in which cell, and the records of the rows that are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawlers.errors import BadContent
from crawlers.importing.reading import MappedFields, MappedRecord
from crawlers.normalise import Normaliser
from crawlers.normalise.days import BAD_ORDER
from crawlers.normalise.meanings import BAD_COUNTRY, BAD_KIND, BAD_VALUE
from crawlers.owner_tables import cells
from crawlers.owner_tables.columns import FIELDS, TEXT_FIELDS, Heading, fields_of, is_name
from crawlers.owner_tables.grids import MAX_ROWS, TOO_MANY_ROWS, Grid, read_grids
from crawlers.owner_tables.questions import TableQuestion
from crawlers.record import Problem, RawRecord
from crawlers.texts.language import language_of
from crawlers.values.addresses import canonical_address, web_address
from crawlers.values.places import ELSEWHERE, NO_NUMBERS, NOWHERE, SWAPPED
from vocabulary import load, title_key
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

EXAMPLE_ROW = N_("This is the example of the template, so it was left out; you can delete the row")
ONLY_EXAMPLE = N_("Only the example of the template is in this table; write your own entries below it")
NO_ENTRIES = N_("There is no row with an entry below the headings; fill in at least one")
ERROR, NOTE = "error", "note"
MAX_SHOWN_CHARACTERS = 200
"""So much of a cell is repeated in a remark."""
MEANINGS: Mapping[tuple[str, str], tuple[str, str]] = {
    (BAD_COUNTRY, "country"): (ERROR, cells.NO_COUNTRY),
    (BAD_KIND, "kind"): (ERROR, cells.NO_KIND),
    (BAD_VALUE, "sectors"): (ERROR, cells.NO_SECTOR),
    (BAD_VALUE, "themes"): (NOTE, cells.NO_THEME),
    (BAD_ORDER, "end_date"): (ERROR, cells.END_BEFORE_START),
    (NO_NUMBERS, "lat"): (ERROR, cells.BAD_DEGREES),
    (NOWHERE, "lat"): (ERROR, cells.ZERO_POINT),
    (ELSEWHERE, "lat"): (ERROR, cells.WRONG_PLACE),
    (SWAPPED, "lat"): (NOTE, cells.SWAPPED_PLACE),
}
"""By reason and field of what a crawl only warns of: how grave it is in a table that its owner can correct, and what to say."""


@dataclass(frozen=True, slots=True)
class CellRemark:
    """Something to say of a cell. `row` is the number that a spreadsheet shows (the first is 1), `column` an index from 0.

    `weight` is ERROR or NOTE; `reason` is a message id that `values` fill; `heading` is what stands above the cell.
    """

    sheet: str
    row: int
    column: int
    heading: str
    value: str
    weight: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What a table holds. `entries` counts its rows; `records` are those of all rows without an error, in their order.

    `problems` are what the records left open, as a crawl reports it; `grids` the sheets that were read.
    """

    headings: tuple[Heading, ...]
    entries: int
    remarks: tuple[CellRemark, ...]
    grids: tuple[Grid, ...] = ()
    records: tuple[MappedRecord, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[CellRemark, ...]:
        """The remarks that stop an import."""
        return tuple(remark for remark in self.remarks if remark.weight == ERROR)

    @property
    def has_names(self) -> bool:
        """Whether a column holds the names of the rows."""
        return any(is_name(heading.field) for heading in self.headings)


def check_table(body: bytes, name: str, question: TableQuestion) -> TableCheck:
    """Check a table. Raises BadContent where it cannot be read as a whole, or has too many rows."""
    grids = read_grids(body, name, frozenset(question.recipe.fields.values()))
    check = _Check(question)
    for number, grid in enumerate(grids):
        check.take_sheet(grid, question.chosen if number == 0 else {})
    if check.entries > MAX_ROWS:
        raise BadContent(name, TOO_MANY_ROWS, values={"rows": str(MAX_ROWS)})
    if not check.entries and any(is_name(heading.field) for heading in check.headings):
        raise BadContent(name, ONLY_EXAMPLE if any(one.reason == EXAMPLE_ROW for one in check.remarks) else NO_ENTRIES)
    bad_rows = {(remark.sheet, remark.row) for remark in check.remarks if remark.weight == ERROR}
    records = tuple(mapped for place, mapped in check.records.items() if place not in bad_rows)
    problems = tuple(problem for mapped in records for problem in mapped.fields.problems)
    remarks = tuple(sorted(check.remarks, key=lambda one: ([grid.name for grid in grids].index(one.sheet), one.row, one.column)))
    return TableCheck(tuple(check.headings), check.entries, remarks, tuple(grids), records, problems)


@dataclass(slots=True)
class _Check:
    """The check of one table; `ids` and `namesakes` have the first row of each."""

    question: TableQuestion
    headings: list[Heading] = field(default_factory=list)
    remarks: list[CellRemark] = field(default_factory=list)
    records: dict[tuple[str, int], MappedRecord] = field(default_factory=dict)
    entries: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    namesakes: dict[str, int] = field(default_factory=dict)

    def take_sheet(self, grid: Grid, chosen: Mapping[int, str]) -> None:
        """Check all rows below the headings of a sheet."""
        top = grid.header or 0
        header = grid.rows[top] if grid.rows else ()
        fields = fields_of(header, self.question.recipe.fields, chosen)
        below = grid.rows[top + 1 :]
        for index, text in enumerate(header):
            if text or any(row[index] for row in below):
                sample = next((row[index] for row in below if row[index]), "")
                self.headings.append(Heading(grid.name, index, text, fields[index], sample))
        if not any(is_name(field) for field in fields):
            return
        normaliser = Normaliser(self.question.recipe)
        for number, row in enumerate(below, start=top + 2):
            if any(row) and row != header and not _is_comment(row):
                self._take_row(_Row(grid.name, number, header, row, fields), normaliser)

    def _take_row(self, row: _Row, normaliser: Normaliser) -> None:
        titles = [text for field, text in row.filled.items() if is_name(field)]
        if any(title_key(text) in map(title_key, self.question.examples) for text in titles):
            self._remark(row, row.name_column, NOTE, EXAMPLE_ROW)
            return
        self.entries += 1
        if not titles:
            self._remark(row, row.name_column, ERROR, cells.NO_NAME)
        country = load().find_country(row.filled.get("country", "")) or self.question.recipe.defaults.get("country")
        order = self.question.recipe.date_order
        faults = {name: cells.fault_of(name, text, country, order) for name, text in row.filled.items()}
        for field_name, reason in faults.items():
            if reason:
                self._remark(row, row.columns[field_name], ERROR, reason)
        self._check_whole(row, faults)
        if titles:
            self._normalise(row, _right(row.filled, faults), country, normaliser)

    def _check_whole(self, row: _Row, faults: Mapping[str, str | None]) -> None:
        """What several cells, or several rows, say together."""
        for column in row.without_heading:
            self._remark(row, column, ERROR, cells.NO_HEADING)
        lat, lon = row.filled.get("lat"), row.filled.get("lon")
        if lat and not lon and not faults["lat"]:
            self._remark(row, row.columns["lat"], ERROR, cells.NO_LONGITUDE)
        if lon and not lat and not faults["lon"]:
            self._remark(row, row.columns["lon"], ERROR, cells.NO_LATITUDE)
        if (id := row.filled.get("id")) and not faults["id"]:
            self._tell_repeated(row, self.ids, id, row.columns["id"], cells.SAME_ID)
        elif row.filled and any(map(is_name, row.filled)):
            self._tell_repeated(row, self.namesakes, remote_id(row.filled), row.name_column, cells.SAME_ROW)

    def _tell_repeated(self, row: _Row, seen: dict[str, int], key: str, column: int, reason: str) -> None:
        first = seen.setdefault(key, row.number)
        if first != row.number:
            self._remark(row, column, ERROR, reason, {"row": str(first)})

    def _normalise(self, row: _Row, filled: Mapping[str, str], country: str | None, normaliser: Normaliser) -> None:
        """Make the record of a row; what it leaves open is a remark where the owner can correct it."""
        raw = raw_record(row, filled, country)
        record = normaliser.record(raw)
        problems = tuple(normaliser.take_problems())
        for problem in problems:
            self._tell(row, problem)
        for field_name, text in filled.items():
            if note := cells.note_of(field_name, text):
                self._remark(row, row.columns[field_name], NOTE, note)
        if record is not None:
            mapped = MappedFields(raw, tuple(problem for problem in problems if problem.severity == "warning"))
            self.records[row.sheet, row.number] = MappedRecord(record, mapped)

    def _tell(self, row: _Row, problem: Problem) -> None:
        weight, reason = MEANINGS.get((problem.reason, problem.field or ""), (None, cells.OTHER))
        if weight is None:
            weight = ERROR if problem.severity == "refused" else NOTE
        column = row.columns.get(problem.field or "", row.name_column)
        is_said = any((one.sheet, one.row, one.column) == (row.sheet, row.number, column) for one in self.remarks[-40:])
        if not is_said and not (problem.field == "email" or problem.field == "phone"):
            self._remark(row, column, weight, reason)
        elif problem.field == "phone" and not is_said:
            self._remark(row, column, NOTE, cells.BAD_PHONE)

    def _remark(self, row: _Row, column: int, weight: str, reason: str, values: Mapping[str, str] | None = None) -> None:
        heading = row.header[column] if column < len(row.header) else ""
        value = row.cells[column][:MAX_SHOWN_CHARACTERS]
        self.remarks.append(CellRemark(row.sheet, row.number, column, heading, value, weight, reason, values or {}))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet, by its number there, with the headings and our field of each column."""

    sheet: str
    number: int
    header: tuple[str, ...]
    cells: tuple[str, ...]
    fields: list[str | None]

    @property
    def columns(self) -> dict[str, int]:
        """The index of each field's column."""
        return {field: index for index, field in enumerate(self.fields) if field is not None}

    @property
    def filled(self) -> dict[str, str]:
        """The texts of the cells that are not empty, by field."""
        return {field: self.cells[index] for field, index in self.columns.items() if self.cells[index]}

    @property
    def name_column(self) -> int:
        """The index of the first column of names."""
        return next(index for index, field in enumerate(self.fields) if is_name(field))

    @property
    def without_heading(self) -> list[int]:
        """The indexes of cells with a text that are to the right of the last heading."""
        last = max(index for index, text in enumerate(self.header) if text)
        return [index for index, text in enumerate(self.cells) if text and index > last]

    @property
    def source(self) -> dict[str, str]:
        """The texts of the row by heading; of several columns with one heading the first."""
        pairs = [(heading, text) for heading, text in zip(self.header, self.cells, strict=True) if heading and text]
        return dict(reversed(pairs))


def _right(filled: Mapping[str, str], faults: Mapping[str, str | None]) -> dict[str, str]:
    """The texts of the cells without a fault; of coordinates both or none."""
    right = {name: text for name, text in filled.items() if not faults[name]}
    return right if {"lat", "lon"} <= right.keys() else {name: text for name, text in right.items() if name not in ("lat", "lon")}


def _is_comment(row: tuple[str, ...]) -> bool:
    """Whether a row only explains something, as those below the example of our template in a text file do."""
    return row[0].startswith("# ") and not any(row[1:])


def remote_id(filled: Mapping[str, str]) -> str:
    """What names a row for good: its identifier, else its name with its website."""
    if "id" in filled:
        return filled["id"]
    name = next(text for field, text in sorted(filled.items()) if is_name(field))
    website = web_address(filled.get("website", "")) or ""
    return f"{title_key(name)}|{canonical_address(website) if website else ''}"


def raw_record(row: _Row, filled: Mapping[str, str], country: str | None) -> RawRecord:
    """The raw record of a row, of whose cells only those that are right are in `filled`, by field."""
    texts: dict[str, dict[str, str]] = {}
    fields: dict[str, object] = {}
    for name, text in filled.items():
        base, _, lang = name.partition("_")
        if name in FIELDS:
            fields[name] = text
        elif base in TEXT_FIELDS:
            texts.setdefault(lang, {})[base] = text
    fields.pop("id", None)
    if "phone" in filled:
        fields["phone"] = phone if (phone := cells.phone_of(filled["phone"], country)) else filled["phone"]
    hint = _hint(fields, texts)
    if "title" not in fields and hint:
        fields |= texts.pop(hint)
    elif texts and language_of(str(fields.get("title", "")), hint) in texts:
        own = {name: str(fields[name]) for name in TEXT_FIELDS if name in fields}
        texts.setdefault(hint or "und", own)
    return RawRecord(remote_id(row.filled), None, fields, lang=hint, translations=texts, source=dict(row.source))


def _hint(fields: Mapping[str, object], texts: Mapping[str, Mapping[str, str]]) -> str | None:
    """The language of a row's own texts: the first in which it has a name, or the interface language that is left over."""
    if "title" not in fields:
        return next((lang for lang in (*LANGUAGES, *texts) if texts.get(lang, {}).get("title")), None)
    return next((lang for lang in LANGUAGES if lang not in texts), None) if texts else None
