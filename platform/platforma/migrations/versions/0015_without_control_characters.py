"""What is listed already as it would be composed now: without control characters, and with no slug that is another page's.

Revision ID: 0015
Revises: 0014
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, OrderedJsonType, UtcDateTime, utc_now
from platforma.catalogue.ids import RESERVED_SLUGS, slugify
from vocabulary.characters import storable

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
BATCH = 500
COLUMNS = (("records", "payload", OrderedJsonType), ("values", "value", JsonType), ("initiatives", "composed", OrderedJsonType))
OUTBOX = sa.table(
    "outbox", sa.column("initiative_id", sa.Integer()), sa.column("at", UtcDateTime()), sa.column("in_live_index", sa.Boolean())
)


def upgrade() -> None:
    connection = op.get_bind()
    for name, column, type_ in COLUMNS:
        table = sa.table(name, sa.column("id", sa.Integer()), sa.column(column, type_))
        for rows in _batches(connection, table):
            changed = {id: cleaned for id, value in rows if (cleaned := _of_now(value)) != value}
            for id, cleaned in changed.items():
                connection.execute(table.update().where(table.c.id == id).values({column: cleaned}))
                if name == "initiatives":
                    connection.execute(OUTBOX.insert().values(initiative_id=id, at=utc_now(), in_live_index=False))


def downgrade() -> None:
    """What was left out is not kept."""


def _of_now(value: Any) -> Any:
    cleaned = storable(value)
    if isinstance(cleaned, dict) and cleaned.get("slug") in RESERVED_SLUGS:
        return {**cleaned, "slug": slugify(cleaned["slug"])}
    return cleaned


def _batches(connection: sa.Connection, table: sa.TableClause) -> Iterator[list[tuple[int, Any]]]:
    last_id = 0
    while rows := connection.execute(sa.select(table).where(table.c.id > last_id).order_by(table.c.id).limit(BATCH)).all():
        yield [(row[0], row[1]) for row in rows]
        last_id = rows[-1][0]
