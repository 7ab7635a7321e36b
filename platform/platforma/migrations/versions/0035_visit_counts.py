"""How often pages of listings were opened and left for other sites, and which searches led there; an index by which the other
platforms of a listing are found without its records.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create("listing_visits", sa.Column("initiative_id", sa.Integer(), nullable=False), "initiatives", *_numbers())
    _create("platform_visits", sa.Column("platform_id", sa.String(60), nullable=False), "platforms", *_numbers())
    _create(
        "visit_words",
        sa.Column("platform_id", sa.String(60), nullable=False),
        "platforms",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("words", sa.String(80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )
    op.drop_index(op.f("ix_records_initiative_id"), "records")
    op.create_index(op.f("ix_records_initiative_id_platform_id"), "records", ["initiative_id", "platform_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_records_initiative_id_platform_id"), "records")
    op.create_index(op.f("ix_records_initiative_id"), "records", ["initiative_id"])
    for name in ("visit_words", "platform_visits", "listing_visits"):
        op.drop_table(name)


def _numbers() -> list[sa.Column[Any]]:
    counts = [sa.Column(name, sa.Integer(), nullable=False) for name in ("openings", "websites", "sources")]
    return [sa.Column("period", sa.String(10), nullable=False), *counts]


def _create(name: str, owner: sa.Column[Any], owners: str, *columns: sa.Column[Any]) -> None:
    """A table of counts that go with the row that `owner` names; days come first in its key."""
    key = [column.name for column in columns if column.name in ("period", "day")] + [owner.name]
    key += [column.name for column in columns if column.name == "words"]
    foreign_key = op.f(f"fk_{name}_{owner.name}_{owners}")
    op.create_table(
        name,
        owner,
        *columns,
        sa.ForeignKeyConstraint([owner.name], [f"{owners}.id"], ondelete="CASCADE", name=foreign_key),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{owner.name}"), name, [owner.name])
