"""Growth: what became public in which month, in all and by kind, theme, sector and country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from platforma.catalogue import public_statistics
from platforma.catalogue.public_statistics import Published
from platforma.i18n import gettext as _
from platforma.i18n import number, short_month, today
from platforma.web.context import services
from platforma.web.drawing.bars import Bars, draw_bars
from platforma.web.drawing.columns import Columns, draw_columns
from platforma.web.labels import dimension_label
from platforma.web.public.statistics_table import MAX_BARS, Table, table_of_data, value_label, written
from search.port import UNKNOWN
from vocabulary import collation_key

MONTHS = 12
"""Without a year, growth is shown by month over at most so many, else by year."""
TITLES: Mapping[str, Callable[[], str]] = {
    "kind": lambda: _("New by kind"),
    "theme": lambda: _("New by theme"),
    "sector": lambda: _("New by sector"),
    "country": lambda: _("New by country"),
}


def published() -> Published:
    """What is public, kept until the index changes. Raises SearchError."""

    def count() -> Published:
        with services().database.reading() as session:
            return public_statistics.published(session)

    return services().until_change(("statistics", "published"), count)


def growth(year: int | None) -> Table:
    """What became public by month, and how much there was then, of all years or of one."""
    by_month = dict(sorted(published().by_month.items()))
    chosen = {month: count for month, count in by_month.items() if month.startswith(_beginning(year))}
    before = sum(count for month, count in by_month.items() if chosen and month < min(chosen))
    rows: list[tuple[str, int, int]] = []
    for month, count in chosen.items():
        rows.append((month, count, (rows[-1][2] if rows else before) + count))
    new, total = sum(chosen.values()), rows[-1][2] if rows else 0
    says = _("In this time %(new)s listings were published; at its end there were %(total)s of those that are public today.")
    counts = [(month, count, number(count)) for month, count, _total in rows[-MAX_BARS:]]
    return table_of_data(
        "growth", _("New by month"), says % {"new": number(new), "total": number(total)},
        (_("Month"), _("New"), _("In all")), rows, counts,
    )  # fmt: skip


def growth_by(dimension: str) -> Callable[[int | None], Table]:
    """The table of what became public by the values of a dimension, of all years or of one."""

    def make(year: int | None) -> Table:
        periods = _periods(year, sorted(published().by_month))
        of = {value: months for value, months in published().of[dimension].items() if _in(months, _beginning(year))}
        values = sorted(of, key=lambda value: (-_in(of[value], _beginning(year)), collation_key(value_label(dimension, value))))
        labels, heads = [value_label(dimension, value) for value in values], [_period_label(one, year) for one in periods]
        counts = [[_in(of[value], one) for one in periods] for value in values]
        rows: list[Sequence[str | int]] = [(label, *row, sum(row)) for label, row in zip(labels, counts, strict=True)]
        drawn = [(label, number(sum(row)), row) for label, row in zip(labels[:MAX_BARS], counts, strict=False)]
        says = _most(dimension, values, of, year)
        bars, columns = _picture(drawn, heads, says)
        return Table(
            f"growth-{dimension}", TITLES[dimension](), says, (dimension_label(dimension), *heads, _("In all")), written(rows),
            _long(dimension, values, of, year), bars, columns, file_head=(_("Month"), dimension_label(dimension), _("New")),
        )  # fmt: skip

    return make


def _picture(
    rows: Sequence[tuple[str, str, Sequence[int]]], periods: Sequence[str], says: str
) -> tuple[Bars | None, Columns | None]:
    """Columns over several periods, bars of a single one; neither where there is nothing to draw."""
    if rows and len(periods) > 1:
        return None, draw_columns(rows, periods, says)
    return draw_bars([(label, sum(counts), text) for label, text, counts in rows], says) if rows else None, None


def _most(dimension: str, values: Sequence[str], of: Mapping[str, Counter[str]], year: int | None) -> str:
    known = next((value for value in values if value != UNKNOWN), None)
    if known is None:
        return _("There is nothing to count yet.")
    total = sum(count for month, count in published().by_month.items() if month.startswith(_beginning(year)))
    values_said = {
        "label": value_label(dimension, known),
        "count": number(_in(of[known], _beginning(year))),
        "total": number(total),
    }
    return _("Most of what was new: %(label)s, %(count)s of %(total)s.") % values_said


def _long(dimension: str, values: Sequence[str], of: Mapping[str, Counter[str]], year: int | None) -> list[tuple[str, str, int]]:
    """A row for each month and value, by month."""
    rows = [(month, value_label(dimension, value), of[value][month]) for value in values for month in of[value]]
    return sorted((row for row in rows if row[0].startswith(_beginning(year))), key=lambda row: row[0])


def _beginning(year: int | None) -> str:
    """How the months that are asked for begin."""
    return "" if year is None else f"{year:04}-"


def _in(months: Counter[str], beginning: str) -> int:
    return sum(count for month, count in months.items() if month.startswith(beginning))


def _periods(year: int | None, months: Sequence[str]) -> list[str]:
    """The months of a year until now, or from the first month to the last; or the years, where those are too many months."""
    if year is not None:
        last = today().month if year == today().year else 12
        return [f"{year:04}-{month:02}" for month in range(1, last + 1)]
    if not months:
        return []
    first, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (months[0], months[-1]))
    if end - first < MONTHS:
        return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, end + 1)]
    return [f"{at:04}" for at in range(first // 12, end // 12 + 1)]


def _period_label(period: str, year: int | None) -> str:
    return period if year is None else short_month(date(year, int(period[5:]), 1))
