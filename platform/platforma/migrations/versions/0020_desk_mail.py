"""What the staff are mailed of the desk, and what its queues are counted by: languages of texts, days of ends, first searches.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime
from platforma.catalogue.listings.texts_told import open_until, text_languages

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
BATCH = 1_000
INITIATIVES = sa.table(
    "initiatives", sa.column("id", sa.Integer()), sa.column("composed", sa.JSON()), sa.column("text_languages", sa.String()),
    sa.column("open_until", sa.String()),
)  # fmt: skip
INDEX = "ix_initiatives_text_languages"


def upgrade() -> None:
    op.add_column("users", sa.Column("desk_mail", sa.String(10), nullable=False, server_default="at_once"))
    op.add_column("users", sa.Column("desk_mail_due_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_events_at"), "events", ["at"])
    op.add_column("misses", sa.Column("first_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE misses SET first_at = last_at")
    with op.batch_alter_table("misses") as misses:
        misses.alter_column("first_at", existing_type=UtcDateTime(), nullable=False)
    op.add_column("initiatives", sa.Column("text_languages", sa.String(), nullable=False, server_default=""))
    op.add_column("initiatives", sa.Column("open_until", sa.String(10), nullable=False, server_default=""))
    _fill()
    op.create_index(INDEX, "initiatives", ["state", "is_only_name", "text_languages", "open_until", "published_at"])


def _fill() -> None:
    """Read the columns of each listing from what is composed, some listings at a time."""
    connection, last = op.get_bind(), 0
    ids = INITIATIVES.c.id
    while rows := connection.execute(sa.select(ids, INITIATIVES.c.composed).where(ids > last).order_by(ids).limit(BATCH)).all():
        last = rows[-1].id
        values = [{"row": row.id, "languages": text_languages(row.composed), "until": open_until(row.composed)} for row in rows]
        statement = INITIATIVES.update().where(ids == sa.bindparam("row"))
        connection.execute(statement.values(text_languages=sa.bindparam("languages"), open_until=sa.bindparam("until")), values)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="initiatives")
    op.drop_column("initiatives", "open_until")
    op.drop_column("initiatives", "text_languages")
    op.drop_column("misses", "first_at")
    op.drop_index(op.f("ix_events_at"), table_name="events")
    op.drop_column("users", "desk_mail_due_at")
    op.drop_column("users", "desk_mail")
