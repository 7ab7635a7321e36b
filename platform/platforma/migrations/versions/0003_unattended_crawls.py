"""Leases by host, versions of recipes, notices, and what a crawl's report and a changed mapping need.

Revision ID: 0003
Revises: 0002
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, UtcDateTime, utc_now

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_leases()
    _create_recipe_versions()
    _create_notices()
    _create_crawl_changes()
    op.drop_column("platforms", "leased_until")
    for table, column in _columns():
        op.add_column(table, column)


def _columns() -> list[tuple[str, sa.Column[Any]]]:
    """(table, new column); plain ALTER TABLE, for SQLite would empty a table that others refer to when it is rebuilt."""
    return [
        ("platforms", sa.Column("failures", sa.Integer(), nullable=False, server_default="0")),
        ("platforms", sa.Column("shape", JsonType, nullable=True)),
        ("platforms", sa.Column("trial_version", sa.Integer(), nullable=True)),
        ("platforms", sa.Column("is_mapping_due", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("crawls", sa.Column("failure_values", JsonType, nullable=True)),
        ("crawls", sa.Column("purpose", sa.String(length=10), nullable=False, server_default="turn")),
        *(
            (t, sa.Column(name, JsonType, nullable=True))
            for t in ("staged_records", "records")
            for name in ("source", "unmapped")
        ),
    ]


def _create_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("is_stop_asked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_leases")),
    )
    op.create_index(op.f("ix_leases_platform_id"), "leases", ["platform_id"])


def _create_recipe_versions() -> None:
    """The recipes that are live now are the first versions that are kept."""
    versions = op.create_table(
        "recipe_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recipe", JsonType, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of("platforms", "recipe_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipe_versions")),
        sa.UniqueConstraint("platform_id", "version", name=op.f("uq_recipe_versions_platform_id_version")),
    )
    platforms = sa.table("platforms", sa.column("id"), sa.column("recipe_version"), sa.column("recipe", JsonType))
    for row in op.get_bind().execute(sa.select(platforms)):
        live = {"platform_id": row.id, "version": row.recipe_version, "recipe": row.recipe, "state": "live"}
        op.get_bind().execute(versions.insert().values(**live, by="upgrade", at=utc_now()))


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("values", JsonType, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        _of("platforms", "notices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("platform_id", "topic", "key", name=op.f("uq_notices_platform_id_topic_key")),
    )


def _create_crawl_changes() -> None:
    op.create_table(
        "crawl_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crawl_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("fields", JsonType, nullable=False),
        _of("crawls", "crawl_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_changes")),
    )
    for name in ("crawl_id", "remote_id"):
        op.create_index(op.f(f"ix_crawl_changes_{name}"), "crawl_changes", [name])


def _of(target: str, table: str) -> sa.ForeignKeyConstraint:
    column = f"{target.removesuffix('s')}_id"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete="CASCADE")


def downgrade() -> None:
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
    op.add_column("platforms", sa.Column("leased_until", UtcDateTime(), nullable=True))
    for table in ("crawl_changes", "notices", "recipe_versions", "leases"):
        op.drop_table(table)
