"""The bare name of something removed keeps nothing out any more: it is a flag for people.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE suppressions SET kind = 'flag' WHERE kind = 'name'")


def downgrade() -> None:
    op.execute("UPDATE suppressions SET kind = 'name' WHERE kind = 'flag'")
