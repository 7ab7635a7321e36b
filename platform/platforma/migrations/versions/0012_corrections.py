"""What visitors report about listings, and ask of the curators.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiatives.id"], name=op.f("fk_corrections_initiative_id_initiatives"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_corrections_public_id")),
    )
    op.create_index(op.f("ix_corrections_initiative_id"), "corrections", ["initiative_id"])
    op.create_index(op.f("ix_corrections_state"), "corrections", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_corrections_state"), table_name="corrections")
    op.drop_index(op.f("ix_corrections_initiative_id"), table_name="corrections")
    op.drop_table("corrections")
