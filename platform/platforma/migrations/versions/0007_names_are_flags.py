"""The bare name of something removed keeps nothing out any more: it is a flag for people.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE suppressions SET kind = 'flag' WHERE kind = 'name'")


def downgrade() -> None:
    op.execute("UPDATE suppressions SET kind = 'name' WHERE kind = 'flag'")
