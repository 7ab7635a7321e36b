"""What curators say of concepts of the thesaurus, over the shipped ones.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concept_edits",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("lv", JsonType, nullable=False),
        sa.Column("en", JsonType, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_edits")),
    )


def downgrade() -> None:
    op.drop_table("concept_edits")
