"""One entry for each removal, over the hashes that keep its records out, so that it can be read and lifted.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
ONE_REMOVAL = timedelta(seconds=2)
"""The hashes of one removal were entered in one transaction; those of two that a person made lie further apart."""
FOREIGN_KEY, UNIQUE, FORMER_UNIQUE = (
    "fk_suppressions_removal_id_removals",
    "uq_suppressions_removal_id_kind_hash",
    "uq_suppressions_kind_hash",
)
FORMER_COLUMNS = ("reason", "by", "at")
REMOVALS = sa.table(
    "removals", sa.column("id", sa.Integer()), sa.column("public_id", sa.String()), sa.column("reason", sa.String()),
    sa.column("by", sa.String()), sa.column("at", UtcDateTime()),
)  # fmt: skip
SUPPRESSIONS = sa.table(
    "suppressions", sa.column("id", sa.Integer()), sa.column("removal_id", sa.Integer()), sa.column("kind", sa.String()),
    sa.column("hash", sa.String()), sa.column("reason", sa.String()), sa.column("by", sa.String()),
    sa.column("at", UtcDateTime()),
)  # fmt: skip
EVENTS = sa.table(
    "events", sa.column("id", sa.Integer()), sa.column("at", UtcDateTime()), sa.column("actor", sa.String()),
    sa.column("action", sa.String()), sa.column("object_type", sa.String()), sa.column("object_id", sa.String()),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    with op.batch_alter_table("suppressions") as suppressions:
        suppressions.add_column(sa.Column("removal_id", sa.Integer(), nullable=True))
    for rows in _removals():
        _enter(rows)
    with op.batch_alter_table("suppressions") as suppressions:
        suppressions.alter_column("removal_id", existing_type=sa.Integer(), nullable=False)
        suppressions.create_foreign_key(op.f(FOREIGN_KEY), "removals", ["removal_id"], ["id"], ondelete="CASCADE")
        suppressions.drop_constraint(op.f(FORMER_UNIQUE), type_="unique")
        suppressions.create_unique_constraint(op.f(UNIQUE), ["removal_id", "kind", "hash"])
        for name in FORMER_COLUMNS:
            suppressions.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("suppressions") as suppressions:
        suppressions.add_column(sa.Column("reason", sa.String(), nullable=True))
        suppressions.add_column(sa.Column("by", sa.String(), nullable=True))
        suppressions.add_column(sa.Column("at", UtcDateTime(), nullable=True))
    for name in FORMER_COLUMNS:
        of_removal = sa.select(REMOVALS.c[name]).where(REMOVALS.c.id == SUPPRESSIONS.c.removal_id).scalar_subquery()
        op.execute(SUPPRESSIONS.update().values({name: of_removal}))
    first_of_each = sa.select(sa.func.min(SUPPRESSIONS.c.id)).group_by(SUPPRESSIONS.c.kind, SUPPRESSIONS.c.hash)
    op.execute(SUPPRESSIONS.delete().where(SUPPRESSIONS.c.id.not_in(first_of_each)))
    with op.batch_alter_table("suppressions") as suppressions:
        suppressions.drop_constraint(op.f(UNIQUE), type_="unique")
        suppressions.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        suppressions.drop_column("removal_id")
        suppressions.create_unique_constraint(op.f(FORMER_UNIQUE), ["kind", "hash"])
        suppressions.alter_column("reason", existing_type=sa.String(), nullable=False)
        suppressions.alter_column("by", existing_type=sa.String(), nullable=False)
        suppressions.alter_column("at", existing_type=UtcDateTime(), nullable=False)
    op.drop_table("removals")


def _removals() -> Iterator[list[sa.Row[Any]]]:
    """The hashes of each removal: those that one person entered one after the other, for one reason, at once."""
    removal: list[sa.Row[Any]] = []
    for row in op.get_bind().execute(sa.select(SUPPRESSIONS).order_by(SUPPRESSIONS.c.id)).all():
        before = removal[-1] if removal else row
        if (row.by, row.reason) != (before.by, before.reason) or abs(row.at - before.at) > ONE_REMOVAL:
            yield removal
            removal = []
        removal.append(row)
    if removal:
        yield removal


def _enter(rows: Sequence[sa.Row[Any]]) -> None:
    """Enter a removal, and give it its hashes and the public id of its listing."""
    first, ids = rows[0], [row.id for row in rows]
    values = {"public_id": _public_id(rows[-1]), "reason": first.reason, "by": first.by, "at": first.at}
    removal_id = op.get_bind().execute(REMOVALS.insert().values(values).returning(REMOVALS.c.id)).scalar_one()
    op.execute(SUPPRESSIONS.update().where(SUPPRESSIONS.c.id.in_(ids)).values(removal_id=removal_id))


def _public_id(last: sa.Row[Any]) -> str | None:
    """The listing whose removal was recorded with the last of its hashes; None where no event or several fit."""
    is_then = EVENTS.c.at.between(last.at - ONE_REMOVAL, last.at + ONE_REMOVAL)
    is_removal = EVENTS.c.actor == last.by, EVENTS.c.action == "suppress", EVENTS.c.object_type == "initiative", is_then
    public_ids = op.get_bind().execute(sa.select(EVENTS.c.object_id).where(*is_removal)).scalars().all()
    return public_ids[0] if len(public_ids) == 1 else None
