"""The view model of what the directory brings a platform: numbers in words, pictures with their tables, and the rows of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from platforma.catalogue.listings.listing import Text
from platforma.catalogue.partners.visit_counts import Counts, Visits
from platforma.catalogue.terms.searches import Asked
from platforma.i18n import current_language, day, instant, number
from platforma.i18n import gettext as _
from platforma.web.context import absolute
from platforma.web.drawing.columns import draw_columns
from platforma.web.public.rows import listing_url
from platforma.web.public.statistics_table import Table, written

Rows = Sequence[Sequence[object]]
Period = tuple[str, str, Counts]
"""A day or month as a file names it and as a reader reads it, with its counts."""


@dataclass(frozen=True, slots=True)
class VisitedLine:
    """A listing with its numbers as they are written, in the order of count_labels."""

    title: Text
    url: str
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """What was counted of a platform. `sums` are (label, number) of the last days; `head` are the labels of `listings`."""

    is_empty: bool
    sums: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    head: Sequence[str]
    listings: Sequence[VisitedLine]
    words: Sequence[Asked]


def visits_page(visits: Visits) -> VisitsPage:
    """The page of what was counted."""
    return VisitsPage(
        is_empty=visits.is_empty,
        sums=counts_said(visits.in_days),
        tables=[
            _table("days", _("By day"), _("Day"), [(name, _day(name), counts) for name, counts in visits.days]),
            _table("months", _("By month"), _("Month"), [(name, instant(name), counts) for name, counts in visits.months]),
        ],
        head=(_("Entry"), *count_labels()),
        listings=[
            VisitedLine(one.listing.title(current_language()), listing_url(one.listing), list(map(number, _numbers(one.counts))))
            for one in visits.listings
        ],
        words=visits.words,
    )


def count_labels() -> tuple[str, str, str]:
    """What is counted, in words."""
    return _("Pages opened"), _("On to the organisation’s website"), _("On to the source")


def counts_said(counts: Counts) -> list[tuple[str, str]]:
    """Each count with what it is of."""
    return [(label, number(count)) for label, count in zip(count_labels(), _numbers(counts), strict=True)]


def _table(name: str, title: str, period: str, periods: Sequence[Period]) -> Table:
    data = [(said, *_numbers(counts)) for _name, said, counts in reversed(periods)]
    opened, clicks = ([getattr(counts, kind) for *_names, counts in periods] for kind in ("openings", "clicks"))
    says = _("Pages of your entries were opened: %(opened)s. Clicks on to other sites: %(clicks)s.")
    says %= {"opened": number(sum(opened)), "clicks": number(sum(clicks))}
    rows = [(_("Pages opened"), number(sum(opened)), opened), (_("Clicks on to other sites"), number(sum(clicks)), clicks)]
    picture = draw_columns(rows, [said for _name, said, _counts in periods], says)
    return Table(name, title, says, (period, *count_labels()), written(data), data, columns=picture)


def _numbers(counts: Counts) -> tuple[int, int, int]:
    return counts.openings, counts.websites, counts.sources


def _day(name: str) -> str:
    return day(date.fromisoformat(name), with_year=False)


def _day_rows(visits: Visits) -> Rows:
    return [(_("Day"), *count_labels()), *((name, *_numbers(counts)) for name, counts in visits.days)]


def _month_rows(visits: Visits) -> Rows:
    return [(_("Month"), *count_labels()), *((name, *_numbers(counts)) for name, counts in visits.months)]


def _listing_rows(visits: Visits) -> Rows:
    lang = current_language()
    counted = (
        (one.listing.title(lang).text, absolute(listing_url(one.listing)), *_numbers(one.counts)) for one in visits.listings
    )
    return [(_("Entry"), _("Address"), *count_labels()), *counted]


def _word_rows(visits: Visits) -> Rows:
    return [(_("Words"), _("Times"), _("Days")), *((one.words, one.times, one.days) for one in visits.words)]


FILES: Mapping[str, Callable[[Visits], Rows]] = {
    "days": _day_rows,
    "months": _month_rows,
    "listings": _listing_rows,
    "words": _word_rows,
}
"""The tables that a partner can take along, by the names of their files."""
