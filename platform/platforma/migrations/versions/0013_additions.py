"""Who added a listing by hand.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "additions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_additions")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiatives.id"], name=op.f("fk_additions_initiative_id_initiatives"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_additions_initiative_id")),
    )


def downgrade() -> None:
    op.drop_table("additions")
