"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, SQLColumnExpression, String, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC. Values are aware on both databases; a naive value is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; instants are stored in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """The current instant, in UTC."""
    return datetime.now(UTC)


def is_due(instant: SQLColumnExpression[Any], now: datetime, farthest: timedelta) -> ColumnElement[bool]:
    """Condition: the instant has come, or lies farther ahead than any is set, so that a clock that was wrong set it."""
    return or_(instant <= now, instant > now + farthest)


JsonType = JSON().with_variant(JSONB(), "postgresql")
Json = Annotated[Any, mapped_column(JsonType)]
OrderedJsonType = JSON()
"""JSON that keeps the order of its keys, which JSONB does not: the first of a record's titles is the original one."""
Key = Annotated[int, mapped_column(primary_key=True, sort_order=-10)]
ShortText = Annotated[str, mapped_column(String(200))]
Instant = Annotated[datetime, mapped_column(UtcDateTime())]
CreatedAt = Annotated[datetime, mapped_column(UtcDateTime(), default=utc_now)]
