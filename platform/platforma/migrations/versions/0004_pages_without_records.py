"""What a crawl has read page by page, also pages that gave no record, and where the pages of a listing lead.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staged_pages",
        sa.Column("crawl_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("memory", JsonType, nullable=True),
        sa.Column("remote_ids", JsonType, nullable=False),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_staged_pages_crawl_id_crawls"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("crawl_id", "url", name=op.f("pk_staged_pages")),
    )
    op.drop_column("staged_records", "memory")
    op.add_column("page_memory", sa.Column("leads", JsonType, nullable=True))


def downgrade() -> None:
    op.drop_column("page_memory", "leads")
    op.add_column("staged_records", sa.Column("memory", JsonType, nullable=True))
    op.drop_table("staged_pages")
