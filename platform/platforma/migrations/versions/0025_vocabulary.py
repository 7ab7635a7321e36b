"""What curators say of sectors, themes and kinds, the listings that wait for it, and searches in vain that they dismissed.

Revision ID: 0025
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0025"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term_edits",
        sa.Column("dimension", sa.String(length=10), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("words", JsonType, nullable=True),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", sa.String(length=60), nullable=True),
        sa.Column("splits", JsonType, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "id", name=op.f("pk_term_edits")),
    )
    op.create_table(
        "listings_to_compose",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiatives.id"],
            name=op.f("fk_listings_to_compose_initiative_id_initiatives"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_listings_to_compose")),
    )
    with op.batch_alter_table("misses") as misses:
        misses.add_column(sa.Column("dismissed_at", UtcDateTime(), nullable=True))
        misses.add_column(sa.Column("dismissed_by", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("misses") as misses:
        misses.drop_column("dismissed_by")
        misses.drop_column("dismissed_at")
    op.drop_table("listings_to_compose")
    op.drop_table("term_edits")
