"""Saved searches that are mailed as digests, and the address by which a mail can be unsubscribed from.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("frequency", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_digest_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscribers_public_id")),
        sa.UniqueConstraint("email", name=op.f("uq_subscribers_email")),
    )
    op.create_index(op.f("ix_subscribers_next_digest_at"), "subscribers", ["next_digest_at"])
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("question", JsonType, nullable=False),
        sa.Column("titles", JsonType, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=True),
        sa.Column("told_dates", JsonType, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_saved_searches_subscriber_id_subscribers"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("subscriber_id", "key", name=op.f("uq_saved_searches_subscriber_id_key")),
    )
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("unsubscribe_url", sa.String(), nullable=True))


def downgrade() -> None:
    """Digests that wait are deleted: the former version would send them without a way to end them."""
    op.execute("delete from mails where unsubscribe_url is not null")
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("unsubscribe_url")
    op.drop_table("saved_searches")
    op.drop_index(op.f("ix_subscribers_next_digest_at"), table_name="subscribers")
    op.drop_table("subscribers")
