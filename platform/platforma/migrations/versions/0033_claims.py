"""Claims of listings: proofs of them, changes that wait for a curator, and whether changes are public at once.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, OrderedJsonType, UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MEMBERSHIP = "fk_site_proofs_membership_id_memberships"


def upgrade() -> None:
    with op.batch_alter_table("memberships") as memberships:
        memberships.add_column(sa.Column("edits_live", sa.Boolean(), nullable=True))
        memberships.create_index(op.f("ix_memberships_initiative_id"), ["initiative_id"])
    with op.batch_alter_table("site_proofs") as proofs:
        proofs.alter_column("platform_id", existing_type=sa.String(60), nullable=True)
        proofs.add_column(sa.Column("membership_id", sa.Integer(), nullable=True))
        proofs.add_column(sa.Column("url", sa.String(), nullable=True))
        proofs.add_column(sa.Column("words", sa.String(), nullable=True))
        proofs.create_foreign_key(op.f(MEMBERSHIP), "memberships", ["membership_id"], ["id"], ondelete="CASCADE")
        proofs.create_unique_constraint(op.f("uq_site_proofs_membership_id_way"), ["membership_id", "way"])
    op.create_table(
        "claim_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("values", JsonType, nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["memberships.id"], ondelete="CASCADE",
            name=op.f("fk_claim_changes_membership_id_memberships"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_changes")),
    )  # fmt: skip
    op.create_index(op.f("ix_claim_changes_membership_id"), "claim_changes", ["membership_id"])
    _free_the_address()


def _free_the_address() -> None:
    """Give a listing named “Claim” another address than the page on which one is claimed."""
    listings = sa.table("initiatives", sa.column("id", sa.Integer()), sa.column("composed", OrderedJsonType))
    connection = op.get_bind()
    is_named = sa.cast(listings.c.composed, sa.String()).like('%"slug": "claim"%')
    for id, composed in connection.execute(sa.select(listings).where(is_named)).all():
        if composed.get("slug") == "claim":
            changed = {**composed, "slug": "claim-1"}
            connection.execute(listings.update().where(listings.c.id == id).values(composed=changed))


def downgrade() -> None:
    """What claims said of listings goes along: an earlier version does not know its layer."""
    op.drop_table("claim_changes")
    op.execute("DELETE FROM site_proofs WHERE platform_id IS NULL")
    op.execute("DELETE FROM \"values\" WHERE layer = 'claim'")
    op.execute("DELETE FROM memberships WHERE initiative_id IS NOT NULL AND platform_id IS NULL")
    with op.batch_alter_table("site_proofs") as proofs:
        proofs.drop_constraint(op.f("uq_site_proofs_membership_id_way"), type_="unique")
        proofs.drop_constraint(op.f(MEMBERSHIP), type_="foreignkey")
        for name in ("words", "url", "membership_id"):
            proofs.drop_column(name)
        proofs.alter_column("platform_id", existing_type=sa.String(60), nullable=False)
    with op.batch_alter_table("memberships") as memberships:
        memberships.drop_index(op.f("ix_memberships_initiative_id"))
        memberships.drop_column("edits_live")
