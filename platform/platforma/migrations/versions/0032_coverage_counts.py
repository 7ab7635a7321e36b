"""What was counted of each platform's records, so that the page of its mapping need not read them all.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_counts",
        sa.Column("platform_id", sa.String(60), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("values", JsonType, nullable=False),
        sa.Column("fields", JsonType, nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], ondelete="CASCADE", name=op.f("fk_coverage_counts_platform_id_platforms")
        ),
        sa.PrimaryKeyConstraint("platform_id", name=op.f("pk_coverage_counts")),
    )


def downgrade() -> None:
    op.drop_table("coverage_counts")
