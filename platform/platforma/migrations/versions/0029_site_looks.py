"""First readings of sites that somebody may register, and the looks of people at them.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import OrderedJsonType, UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("address", "host", "url")),
        sa.Column("state", sa.String(10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "pages")),
        sa.Column("expected", sa.Integer(), nullable=True),
        *(sa.Column(name, OrderedJsonType, nullable=False) for name in ("result", "values")),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_readings")),
    )
    for column in ("address", "host", "state"):
        op.create_index(op.f(f"ix_site_readings_{column}"), "site_readings", [column])
    op.create_table(
        "site_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("choices", OrderedJsonType, nullable=True),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("created_at", "expires_at")),
        sa.ForeignKeyConstraint(
            ["reading_id"], ["site_readings.id"], ondelete="CASCADE", name=op.f("fk_site_looks_reading_id_site_readings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_looks")),
        sa.UniqueConstraint("hash", name=op.f("uq_site_looks_hash")),
    )
    for column in ("reading_id", "expires_at"):
        op.create_index(op.f(f"ix_site_looks_{column}"), "site_looks", [column])


def downgrade() -> None:
    for table in ("site_looks", "site_readings"):
        op.drop_table(table)
