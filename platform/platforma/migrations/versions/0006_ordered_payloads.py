"""Payloads and listings as JSON that keeps the order of its names: the first title of a record is its original one.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
COLUMNS = (("records", "payload"), ("staged_records", "payload"), ("initiatives", "composed"))


def upgrade() -> None:
    _change(sa.JSON(), "json")


def downgrade() -> None:
    _change(postgresql.JSONB(), "jsonb")


def _change(type_: sa.types.TypeEngine[object], name: str) -> None:
    """SQLite keeps JSON as text, in its order, in either version."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COLUMNS:
            op.alter_column(table, column, type_=type_, postgresql_using=f"{column}::{name}")
