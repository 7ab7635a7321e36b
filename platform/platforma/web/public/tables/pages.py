"""View models of a sent table: its columns, what is wrong in it, and what visitors would see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.owner_tables.checking import ERROR, NOTE
from crawlers.owner_tables.columns import Heading
from crawlers.reasons import Reason
from platforma.catalogue.enums import ReadingState
from platforma.catalogue.files.sent_tables import SHOWN_RECORDS, Checked, SentTable
from platforma.catalogue.visitors.site_looks import Look
from platforma.i18n import gettext as _
from platforma.i18n import ngettext
from platforma.web.context import next_skip
from platforma.web.public.look_page import LookPage, look_page
from platforma.web.public.tables.headings import column_choices, heading
from platforma.web.public.tables.remarks import REMARKS_PER_PAGE, RemarkLine, lines, summary

MAX_SAMPLE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the table: its letters, its heading, a sample, what it is taken for ("" where it is left out)."""

    index: int
    letter: str
    text: str
    sample: str
    field: str
    taken_for: str
    can_choose: bool


@dataclass(frozen=True, slots=True)
class TablePage:
    """What the check of a table said. `errors` and `notes` are one page of each; `kinds` sums the errors up."""

    name: str
    entries: str
    columns: Sequence[ColumnLine]
    left_out: Sequence[str]
    options: Sequence[tuple[str, str]]
    has_names: bool
    is_good: bool
    error_count: str
    kinds: Sequence[tuple[Reason, str]]
    errors: Sequence[RemarkLine]
    notes: Sequence[RemarkLine]
    note_count: int
    skip: int
    next_skip: int | None
    look: LookPage | None


def table_page(table: SentTable, skip: int) -> TablePage:
    """The page of a table; `skip` errors come before those that are shown."""
    checked = table.checked
    columns = [_column(one, checked.headings[0].sheet) for one in checked.headings]
    stored = sum(remark.weight == ERROR for remark in checked.remarks)
    return TablePage(
        name=table.name,
        entries=ngettext("%(num)s entry", "%(num)s entries", checked.entries),
        columns=columns,
        left_out=[one.text or one.letter for one in columns if not one.field],
        options=column_choices(),
        has_names=checked.has_names,
        is_good=checked.is_good,
        error_count=ngettext("%(num)s cell must be corrected", "%(num)s cells must be corrected", checked.error_count),
        kinds=list(summary(checked, ERROR)),
        errors=lines(checked, weight=ERROR, skip=skip),
        notes=lines(checked, weight=NOTE, skip=0),
        note_count=sum(count for weight, _reason, count in checked.counts if weight == NOTE),
        skip=skip,
        next_skip=next_skip(skip, REMARKS_PER_PAGE, stored),
        look=_look(table) if checked.is_good else None,
    )


def _column(one: Heading, first_sheet: str) -> ColumnLine:
    sample = one.sample if len(one.sample) <= MAX_SAMPLE_CHARACTERS else f"{one.sample[:MAX_SAMPLE_CHARACTERS]}…"
    taken_for = heading(one.field) if one.field else _("left out")
    return ColumnLine(one.index, one.letter, one.text, sample, one.field or "", taken_for, one.sheet == first_sheet)


def _look(table: SentTable) -> LookPage:
    """The table as the page of a site's first reading has it."""
    look = Look(
        url=table.url, state=ReadingState.DONE, before=0, pages=0, expected=None, result=table.checked.result, reason=None,
        values={}, choices=table.choices,
    )  # fmt: skip
    return look_page(look, max_rows=SHOWN_RECORDS)


def column_indexes(checked: Checked) -> list[int]:
    """The indexes of the columns that can be chosen by hand: those of the first sheet."""
    return [one.index for one in checked.headings if one.sheet == checked.headings[0].sheet]
