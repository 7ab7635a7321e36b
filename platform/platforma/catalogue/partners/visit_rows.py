"""The rows of counted visits: days long ago become months, and these are forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from platforma.catalogue.counted_rows import adding, insert_into
from platforma.catalogue.models import ListingVisits, PlatformVisits, VisitWords
from platforma.catalogue.terms.searches import KEPT_DAYS

NUMBERS = ("openings", "websites", "sources")
"""The columns that are counted."""
DAYS = 30
"""So many days are told one by one, today among them; they and the months in which they lie are kept by day."""
MONTHS = 13
"""So many months are kept, the present one among them."""
MONTH_CHARACTERS, DAY_CHARACTERS = len("YYYY-MM"), len("YYYY-MM-DD")


def first_day(today: date) -> date:
    """The first of the last DAYS days."""
    return today - timedelta(days=DAYS - 1)


def month(today: date, back: int) -> str:
    """The month (YYYY-MM) so many months before today's."""
    at = today.year * 12 + today.month - 1 - back
    return f"{at // 12:04}-{at % 12 + 1:02}"


def add_up_months(session: Session, now: datetime) -> None:
    """Add the days of months that are over for more than DAYS days up, and forget months and words that are older than kept."""
    today = now.date()
    for table, owner in ((ListingVisits, "initiative_id"), (PlatformVisits, "platform_id")):
        _add_up(session, table.metadata.tables[table.__tablename__], owner, before=first_day(today).replace(day=1).isoformat())
        session.execute(delete(table).where(table.period < month(today, MONTHS - 1)))
    session.execute(delete(VisitWords).where(VisitWords.day < (today - timedelta(days=KEPT_DAYS)).isoformat()))


def _add_up(session: Session, table: Table, owner: str, *, before: str) -> None:
    is_old_day = func.length(table.c.period) == DAY_CHARACTERS, table.c.period < before
    its_month, id = func.substr(table.c.period, 1, MONTH_CHARACTERS), table.c[owner]
    sums = select(its_month, id, *(func.sum(table.c[name]) for name in NUMBERS)).where(*is_old_day).group_by(its_month, id)
    insert = insert_into(session, table).from_select(["period", owner, *NUMBERS], sums)
    session.execute(adding(insert, ("period", owner), NUMBERS))
    session.execute(delete(table).where(*is_old_day))
