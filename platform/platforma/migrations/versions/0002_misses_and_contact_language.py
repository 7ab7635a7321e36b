"""Searches without result, an index for merged listings, and the language in which a partner proposed a platform.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "misses",
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("words", "lang", name=op.f("pk_misses")),
    )
    with op.batch_alter_table("platforms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_lang", sa.String(), nullable=True))
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initiatives_merged_into_id"), ["merged_into_id"], unique=False)


def downgrade() -> None:
    """The column is dropped in place: as a batch, SQLite would drop the table, and with it all that belongs to platforms."""
    with op.batch_alter_table("initiatives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiatives_merged_into_id"))
    op.drop_column("platforms", "contact_lang")
    op.drop_table("misses")
