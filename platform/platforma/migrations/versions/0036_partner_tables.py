"""Tables that owners of lists sent, with what their check said.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import OrderedJsonType, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("platform_id", sa.String(60), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("columns", OrderedJsonType, nullable=False),
        sa.Column("choices", OrderedJsonType, nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("result", OrderedJsonType, nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("created_at", "expires_at")),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], ondelete="CASCADE", name=op.f("fk_partner_tables_platform_id_platforms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_tables")),
        sa.UniqueConstraint("hash", name=op.f("uq_partner_tables_hash")),
    )
    for column in ("platform_id", "expires_at"):
        op.create_index(op.f(f"ix_partner_tables_{column}"), "partner_tables", [column])


def downgrade() -> None:
    op.drop_table("partner_tables")
