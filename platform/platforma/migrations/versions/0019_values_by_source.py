"""What each source said when a person's value was set or kept, and the values of which sources say something new.

Listings that platforms are go to the index again: those without a text of their own leave it.

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platforma.catalogue.column_types import UtcDateTime

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
VALUES = sa.table("values", sa.column("id"), sa.column("seen", JSON), sa.column("source_value_seen", JSON))
PLATFORMS = sa.table("platforms", sa.column("initiative_id"))
OUTBOX = sa.table("outbox", *map(sa.column, ("initiative_id", "in_live_index")), sa.column("at", UtcDateTime()))
TOGETHER = ""


def upgrade() -> None:
    with op.batch_alter_table("values") as values:
        values.add_column(sa.Column("seen", JSON, nullable=False, server_default="{}"))
        values.add_column(sa.Column("is_kept_for_good", sa.Boolean(), nullable=False, server_default=sa.false()))
        values.add_column(sa.Column("contested_at", UtcDateTime(), nullable=True))
        values.create_index(op.f("ix_values_contested_at"), ["contested_at"])
    connection = op.get_bind()
    for row in connection.execute(sa.select(VALUES.c.id, VALUES.c.source_value_seen)).all():
        connection.execute(VALUES.update().where(VALUES.c.id == row.id).values(seen={TOGETHER: row.source_value_seen}))
    with op.batch_alter_table("values") as values:
        values.drop_column("source_value_seen")
    own = sa.select(PLATFORMS.c.initiative_id, sa.false(), sa.func.current_timestamp())
    own = own.where(PLATFORMS.c.initiative_id.is_not(None), PLATFORMS.c.initiative_id.not_in(sa.select(OUTBOX.c.initiative_id)))
    op.execute(OUTBOX.insert().from_select(["initiative_id", "in_live_index", "at"], own))


def downgrade() -> None:
    with op.batch_alter_table("values") as values:
        values.add_column(sa.Column("source_value_seen", JSON, nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(VALUES.c.id, VALUES.c.seen)).all():
        seen = next((row.seen[id] for id in sorted(row.seen)), None)
        connection.execute(VALUES.update().where(VALUES.c.id == row.id).values(source_value_seen=seen))
    with op.batch_alter_table("values") as values:
        values.drop_index(op.f("ix_values_contested_at"))
        for name in ("contested_at", "is_kept_for_good", "seen"):
            values.drop_column(name)
