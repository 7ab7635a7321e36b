"""What partners wish to be mailed of their platforms, mails with several secrets, and what is held back as advertising.

On the way down, mails with several secrets go: an earlier version would send their links without them.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_readers",
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("wish", sa.String(10), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_partner_readers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partner_readers_public_id")),
    )
    op.create_index(op.f("ix_partner_readers_due_at"), "partner_readers", ["due_at"])
    op.create_table(
        "held_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("payload", JsonType, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_back")),
    )
    op.create_index(op.f("ix_held_back_mark"), "held_back", ["mark"])
    op.add_column("mails", sa.Column("more_secrets", JsonType, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM mails WHERE CAST(more_secrets AS TEXT) <> 'null'")  # a None may stand there as JSON, too
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("more_secrets")
    op.drop_index(op.f("ix_partner_readers_due_at"), table_name="partner_readers")
    op.drop_table("partner_readers")
    op.drop_index(op.f("ix_held_back_mark"), table_name="held_back")
    op.drop_table("held_back")
