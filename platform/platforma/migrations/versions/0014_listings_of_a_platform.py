"""The listings of a platform are found in an index, and whether a listing is one of them.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_records_platform_id_initiative_id"), "records", ["platform_id", "initiative_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_records_platform_id_initiative_id"), table_name="records")
