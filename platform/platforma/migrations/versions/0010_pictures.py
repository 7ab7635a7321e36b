"""Pictures of listings, where they are from, and which listing may show which.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, OrderedJsonType, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INITIATIVES = sa.table("initiatives", sa.column("id"), sa.column("merged_into_id"), sa.column("composed", OrderedJsonType))
RECORDS = sa.table("records", sa.column("initiative_id"), sa.column("platform_id"), sa.column("payload", OrderedJsonType))


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("hash", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height", "thumb_width", "thumb_height")),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_pictures")),
    )
    sources = _create_sources()
    links = op.create_table(
        "listing_pictures",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiatives.id"], ondelete="CASCADE", name=op.f("fk_listing_pictures_initiative_id_initiatives")
        ),
        sa.ForeignKeyConstraint(
            ["source_key"],
            ["picture_sources.key"],
            ondelete="CASCADE",
            name=op.f("fk_listing_pictures_source_key_picture_sources"),
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_listing_pictures")),
    )
    op.create_index(op.f("ix_listing_pictures_source_key"), "listing_pictures", ["source_key"])
    _want_known_images(sources, links)


def downgrade() -> None:
    for table in ("listing_pictures", "picture_sources", "pictures"):
        op.drop_table(table)


def _create_sources() -> sa.Table:
    table = op.create_table(
        "picture_sources",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(60), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("values", JsonType, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(64), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("picture_hash", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], ondelete="SET NULL", name=op.f("fk_picture_sources_platform_id_platforms")
        ),
        sa.ForeignKeyConstraint(
            ["picture_hash"], ["pictures.hash"], ondelete="SET NULL", name=op.f("fk_picture_sources_picture_hash_pictures")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_picture_sources")),
    )
    for column in ("platform_id", "due_at", "picture_hash"):
        op.create_index(op.f(f"ix_picture_sources_{column}"), "picture_sources", [column])
    return table


def _want_known_images(sources: sa.Table, links: sa.Table) -> None:
    """Let the listings that are there already want the images that they may show, as composing them again would."""
    connection, now, seen = op.get_bind(), datetime.now(UTC), set[str]()
    for id, composed in connection.execute(sa.select(INITIATIVES.c.id, INITIATIVES.c.composed)).all():
        fields, origins = (composed or {}).get("fields", {}), (composed or {}).get("origins", {})
        url, origin = fields.get("image"), origins.get("image")
        if not url or not _is_allowed(id, url, origin, fields.get("licence"), origins.get("licence")):
            continue
        key = hashlib.sha256(url.encode()).hexdigest()
        if key not in seen:
            seen.add(key)
            row: dict[str, Any] = {"key": key, "url": url, "platform_id": None if origin in ("owner", "curator") else origin}
            row |= {"state": "waiting", "values": {}, "failures": 0, "due_at": now}
            connection.execute(sources.insert().values(row))
        connection.execute(links.insert().values(initiative_id=id, source_key=key))


def _is_allowed(id: int, url: str, origin: str, licence: str | None, licence_origin: str | None) -> bool:
    if origin in ("owner", "curator"):
        return True
    if not licence:
        return False
    members = sa.select(INITIATIVES.c.id).where(sa.or_(INITIATIVES.c.id == id, INITIATIVES.c.merged_into_id == id))
    query = sa.select(RECORDS.c.payload).where(RECORDS.c.initiative_id.in_(members), RECORDS.c.platform_id == origin)
    payloads = op.get_bind().scalars(query).all()
    return licence_origin in ("owner", "curator") or any(p.get("image") == url and p.get("licence") for p in payloads)
