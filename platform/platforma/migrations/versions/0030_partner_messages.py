"""What partners and curators write to each other about a platform.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], ondelete="CASCADE", name=op.f("fk_partner_messages_platform_id_platforms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_messages")),
    )
    op.create_index(op.f("ix_partner_messages_platform_id"), "partner_messages", ["platform_id"])
    op.add_column("platforms", sa.Column("asked_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("platforms", "asked_at")
    op.drop_table("partner_messages")
