"""What is said of cells, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.owner_tables.checking import CellRemark
from crawlers.owner_tables.columns import column_letters
from crawlers.reasons import Reason, explain
from platforma.catalogue.files.sent_tables import Checked
from platforma.i18n import gettext, ngettext
from platforma.i18n import gettext as _

REMARKS_PER_PAGE = 50
MAX_VALUE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark as a page shows it: the place (row, column and heading), the value, what is wrong and what to do."""

    place: str
    value: str
    what: str
    advice: str


def explained(remark: CellRemark) -> Reason:
    """What is said of a cell."""
    return explain(remark.reason, remark.values, gettext)


def lines(checked: Checked, *, weight: str, skip: int) -> list[RemarkLine]:
    """One page of the remarks of a weight, in the order of the table."""
    chosen = [remark for remark in checked.remarks if remark.weight == weight]
    return [_line(remark) for remark in chosen[skip : skip + REMARKS_PER_PAGE]]


def summary(checked: Checked, weight: str) -> Iterator[tuple[Reason, str]]:
    """Each kind of remark of a weight with how many cells have it, the most frequent first."""
    for said_weight, reason, count in checked.counts:
        if said_weight == weight:
            words = explain(reason, {"row": "…"}, gettext)
            yield words, ngettext("%(num)s cell", "%(num)s cells", count)


def place(remark: CellRemark) -> str:
    """Where a cell is, as the owner's program shows it."""
    letters = column_letters(remark.column)
    where = _("Row %(row)s, column %(letters)s", row=str(remark.row), letters=letters)
    sheet = _("sheet “%(name)s”", name=remark.sheet) if remark.sheet else ""
    return " · ".join(filter(None, (where, remark.heading, sheet)))


def _line(remark: CellRemark) -> RemarkLine:
    said = explained(remark)
    value = remark.value if len(remark.value) <= MAX_VALUE_CHARACTERS else f"{remark.value[:MAX_VALUE_CHARACTERS]}…"
    return RemarkLine(place(remark), value, said.what, said.advice)
