"""The hosts to which a crawl was led by redirects and aliases.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("crawls", sa.Column("hosts", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("crawls", "hosts")
