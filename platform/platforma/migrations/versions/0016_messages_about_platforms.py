"""The platform that a visitor's message is about.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
KEY = "fk_corrections_platform_id_platforms"


def upgrade() -> None:
    with op.batch_alter_table("corrections") as corrections:
        corrections.add_column(sa.Column("platform_id", sa.String(length=60), nullable=True))
        corrections.create_foreign_key(op.f(KEY), "platforms", ["platform_id"], ["id"], ondelete="CASCADE")
        corrections.create_index(op.f("ix_corrections_platform_id"), ["platform_id"])


def downgrade() -> None:
    with op.batch_alter_table("corrections") as corrections:
        corrections.drop_index(op.f("ix_corrections_platform_id"))
        corrections.drop_constraint(op.f(KEY), type_="foreignkey")
        corrections.drop_column("platform_id")
