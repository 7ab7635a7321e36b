"""Since when people were asked about two listings, kept with what they decided, so that undoing it does not make the pair young.

Of decisions from before this is not known: such a pair waits from the time of the decision.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("asked_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("judgements") as judgements:
        judgements.drop_column("asked_since")
