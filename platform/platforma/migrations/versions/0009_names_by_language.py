"""Names of concepts by language in one column, so that another interface language needs no further one.

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EDITS = sa.table("concept_edits", sa.column("id", sa.String()), *(sa.column(name, JsonType) for name in ("lv", "en", "names")))


def upgrade() -> None:
    with op.batch_alter_table("concept_edits") as edits:
        edits.add_column(sa.Column("names", JsonType, nullable=True))
    _fill(lambda row: {"names": {"lv": row["lv"], "en": row["en"]}}, "lv", "en")
    with op.batch_alter_table("concept_edits") as edits:
        edits.alter_column("names", nullable=False)
        edits.drop_column("lv")
        edits.drop_column("en")


def downgrade() -> None:
    """Names in languages other than the former two are lost; the history still has them."""
    with op.batch_alter_table("concept_edits") as edits:
        edits.add_column(sa.Column("lv", JsonType, nullable=True))
        edits.add_column(sa.Column("en", JsonType, nullable=True))
    _fill(lambda row: {lang: row["names"].get(lang, []) for lang in ("lv", "en")}, "names")
    with op.batch_alter_table("concept_edits") as edits:
        edits.alter_column("lv", nullable=False)
        edits.alter_column("en", nullable=False)
        edits.drop_column("names")


def _fill(values_of: Callable[[sa.RowMapping], dict[str, Any]], *names: str) -> None:
    """Set the new columns of each row from its old ones."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(EDITS.c.id, *(EDITS.c[name] for name in names))).mappings().all():
        connection.execute(EDITS.update().where(EDITS.c.id == row["id"]).values(values_of(row)))
