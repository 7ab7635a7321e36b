"""What each source said when a person's value was set or kept, and the values of which sources say something new.

The listings of platforms that are no more than a name are marked, and leave the index.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platforma.catalogue.column_types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
VALUES = sa.table("values", sa.column("id"), sa.column("seen", JSON), sa.column("source_value_seen", JSON))
INITIATIVES = sa.table("initiatives", sa.column("composed", sa.JSON()), *map(sa.column, ("id", "merged_into_id", "is_only_name")))
PLATFORMS, RECORDS = (sa.table(name, sa.column("initiative_id")) for name in ("platforms", "records"))
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
    _find_mere_names()


def _find_mere_names() -> None:
    """Mark the listings of platforms that have neither a source nor a text, and queue them, so that they leave the index."""
    op.add_column("initiatives", sa.Column("is_only_name", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index(op.f("ix_initiatives_state"), table_name="initiatives")
    op.create_index(op.f("ix_initiatives_state_is_only_name"), "initiatives", ["state", "is_only_name"])
    connection, child = op.get_bind(), INITIATIVES.alias()
    has_record = sa.exists().where(sa.or_(RECORDS.c.initiative_id == INITIATIVES.c.id, RECORDS.c.initiative_id == child.c.id))
    own = sa.select(INITIATIVES.c.id, INITIATIVES.c.composed).join(PLATFORMS, PLATFORMS.c.initiative_id == INITIATIVES.c.id)
    own = own.outerjoin(child, child.c.merged_into_id == INITIATIVES.c.id).where(
        ~has_record, INITIATIVES.c.merged_into_id.is_(None)
    )
    for row in connection.execute(own).all():
        texts = row.composed.get("texts", {})
        if not any(texts.get(name) for name in ("summary", "description")):
            is_it = INITIATIVES.c.id == row.id
            connection.execute(INITIATIVES.update().where(is_it).values(is_only_name=True))
            queued = sa.select(sa.literal(row.id), sa.false(), sa.func.current_timestamp())
            queued = queued.where(~sa.exists().where(OUTBOX.c.initiative_id == row.id))
            connection.execute(OUTBOX.insert().from_select(["initiative_id", "in_live_index", "at"], queued))


def downgrade() -> None:
    op.drop_index(op.f("ix_initiatives_state_is_only_name"), table_name="initiatives")
    op.create_index(op.f("ix_initiatives_state"), "initiatives", ["state"])
    op.drop_column("initiatives", "is_only_name")
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
