"""What curators say of sectors, themes and kinds, the terms of listings, and searches in vain that were dismissed.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
ON_SQLITE = (
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT DISTINCT 'theme', entry.value, initiatives.id"
    " FROM initiatives, json_each(composed, '$.fields.themes') AS entry",
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT DISTINCT 'sector', entry.value, initiatives.id"
    " FROM initiatives, json_each(composed, '$.fields.sectors') AS entry",
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT 'kind', json_extract(composed, '$.fields.kind'), id"
    " FROM initiatives WHERE json_extract(composed, '$.fields.kind') IS NOT NULL",
)
ON_POSTGRESQL = (
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT DISTINCT 'theme', entry.value, initiatives.id"
    " FROM initiatives, json_array_elements_text(composed->'fields'->'themes') AS entry(value)",
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT DISTINCT 'sector', entry.value, initiatives.id"
    " FROM initiatives, json_array_elements_text(composed->'fields'->'sectors') AS entry(value)",
    "INSERT INTO listing_terms (dimension, term_id, initiative_id) SELECT 'kind', composed->'fields'->>'kind', id"
    " FROM initiatives WHERE composed->'fields'->>'kind' IS NOT NULL",
)
"""Statements that enter the terms of all listings, as they are composed."""


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
    op.create_table(
        "listing_terms",
        sa.Column("dimension", sa.String(length=10), nullable=False),
        sa.Column("term_id", sa.String(length=60), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiatives.id"], name=op.f("fk_listing_terms_initiative_id_initiatives"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dimension", "term_id", "initiative_id", name=op.f("pk_listing_terms")),
    )
    op.create_index(op.f("ix_listing_terms_initiative_id"), "listing_terms", ["initiative_id"])
    for statement in ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE:
        op.execute(statement)
    with op.batch_alter_table("misses") as misses:
        misses.add_column(sa.Column("dismissed_at", UtcDateTime(), nullable=True))
        misses.add_column(sa.Column("dismissed_by", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("misses") as misses:
        misses.drop_column("dismissed_by")
        misses.drop_column("dismissed_at")
    op.drop_table("listing_terms")
    op.drop_table("listings_to_compose")
    op.drop_table("term_edits")
