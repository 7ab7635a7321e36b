"""Every listing waits to be composed once by today's rules, as the next change of it would do.

Listings that came in by the first releases lack what later rules conclude from the same records: the seat among the countries, so
that lists of the staff and statistics by country left them out.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO listings_to_compose (initiative_id) SELECT id FROM initiatives WHERE merged_into_id IS NULL"
        " AND state <> 'suppressed' AND id NOT IN (SELECT initiative_id FROM listings_to_compose)"
    )


def downgrade() -> None:
    """Nothing: what waits is composed by the rules of whoever does it."""
