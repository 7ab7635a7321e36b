"""Proofs that the people of a platform run its site.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(60), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("looked_at", "proven_at")),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("values", JsonType, nullable=True),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], ondelete="CASCADE", name=op.f("fk_site_proofs_platform_id_platforms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_proofs")),
        sa.UniqueConstraint("platform_id", "way", name=op.f("uq_site_proofs_platform_id_way")),
    )


def downgrade() -> None:
    op.drop_table("site_proofs")
