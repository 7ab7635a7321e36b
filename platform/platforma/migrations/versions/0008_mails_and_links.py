"""Where each mail is on its way, links without their secrets, and what was asked for, for the budgets.

Bodies of mails that were sent hold working links: they go. A mail that was tried ten times was lost so far: the desk
shows it now.

Revision ID: 0008
Revises: 0007
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime, utc_now

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    op.create_index(op.f("ix_link_requests_at"), "link_requests", ["at"])
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(sa.Column("name", sa.String(length=60), nullable=True))
        tokens.add_column(sa.Column("mailed_at", UtcDateTime(), nullable=True))
        tokens.create_index(op.f("ix_tokens_expires_at"), ["expires_at"])
        tokens.create_index(op.f("ix_tokens_user_id"), ["user_id"])
    _add_to_mails()
    _fill_mails()
    with op.batch_alter_table("mails") as mails:
        mails.alter_column("state", server_default=None)
        mails.alter_column("due_at", nullable=False)
        mails.alter_column("give_up_at", nullable=False)
        mails.drop_index(op.f("ix_mails_sent_at"))
        mails.drop_column("sent_at")
        mails.create_index(op.f("ix_mails_state_due_at"), ["state", "due_at"])


def _add_to_mails() -> None:
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("secret_name", sa.String(), nullable=True))
        mails.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="waiting"))
        mails.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        mails.add_column(sa.Column("give_up_at", UtcDateTime(), nullable=True))
        mails.add_column(sa.Column("claimed_by", sa.String(length=32), nullable=True))
        mails.add_column(sa.Column("claimed_until", UtcDateTime(), nullable=True))
        mails.add_column(sa.Column("error", sa.String(), nullable=True))
        mails.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))


def _fill_mails() -> None:
    mails = sa.table("mails", *(sa.column(name, UtcDateTime()) for name in ("due_at", "give_up_at")))
    op.execute(mails.update().values(due_at=utc_now(), give_up_at=utc_now() + timedelta(days=3)))
    op.execute("update mails set state = 'sent', ended_at = sent_at, body = '' where sent_at is not null")
    op.execute(
        "update mails set state = 'failed', ended_at = due_at, error = 'tried ten times' where sent_at is null and attempts >= 10"
    )


def downgrade() -> None:
    with op.batch_alter_table("mails") as mails:
        mails.add_column(sa.Column("sent_at", UtcDateTime(), nullable=True))
        mails.create_index(op.f("ix_mails_sent_at"), ["sent_at"])
    op.execute("update mails set sent_at = ended_at where state = 'sent'")
    op.execute("update mails set attempts = 10 where state in ('failed', 'uncertain', 'sending') or secret_name is not null")
    with op.batch_alter_table("mails") as mails:
        mails.drop_index(op.f("ix_mails_state_due_at"))
        for name in ("ended_at", "error", "claimed_until", "claimed_by", "give_up_at", "due_at", "state", "secret_name"):
            mails.drop_column(name)
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_index(op.f("ix_tokens_user_id"))
        tokens.drop_index(op.f("ix_tokens_expires_at"))
        tokens.drop_column("mailed_at")
        tokens.drop_column("name")
    op.drop_index(op.f("ix_link_requests_at"), table_name="link_requests")
    op.drop_table("link_requests")
