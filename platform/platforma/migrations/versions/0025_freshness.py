"""Websites of listings, what people said of whether listings are still right, and the letters that ask for it.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from platforma.catalogue.column_types import JsonType, OrderedJsonType, UtcDateTime
from platforma.catalogue.websites.wanted import is_looked_at

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None
INITIATIVES = sa.table("initiatives", sa.column("id"), sa.column("state"), sa.column("composed", OrderedJsonType))


def upgrade() -> None:
    websites = _create_websites()
    links = op.create_table(
        "listing_websites",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("website_key", sa.String(64), nullable=False),
        _of_listing("listing_websites"),
        sa.ForeignKeyConstraint(
            ["website_key"], ["websites.key"], ondelete="CASCADE", name=op.f("fk_listing_websites_website_key_websites")
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_listing_websites")),
    )
    op.create_index(op.f("ix_listing_websites_website_key"), "listing_websites", ["website_key"])
    _create_confirmations()
    _create_letters()
    op.create_index(op.f("ix_records_gone_at"), "records", ["gone_at"])
    _want_known_websites(websites, links)


def downgrade() -> None:
    op.drop_index(op.f("ix_records_gone_at"), table_name="records")
    for table in ("letter_refusals", "letters", "confirmations", "listing_websites", "websites"):
        op.drop_table(table)


def _create_websites() -> sa.Table:
    table = op.create_table(
        "websites",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        *(sa.Column(name, JsonType, nullable=False) for name in ("values", "known", "seen")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("failures", "unchanged")),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("first_failed_at", "since", "fetched_at", "settled_at")),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_websites")),
    )
    for column in ("state", "due_at"):
        op.create_index(op.f(f"ix_websites_{column}"), "websites", [column])
    return table


def _create_confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("confirmed_at", "ended_at", "gone_settled_at", "asked_at")),
        _of_listing("confirmations"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_confirmations")),
    )
    for column in ("confirmed_at", "ended_at"):
        op.create_index(op.f(f"ix_confirmations_{column}"), "confirmations", [column])


def _create_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        _of_listing("letters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letters_public_id")),
    )
    for column in ("initiative_id", "address", "sent_at"):
        op.create_index(op.f(f"ix_letters_{column}"), "letters", [column])
    op.create_table(
        "letter_refusals",
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_letter_refusals")),
    )


def _of_listing(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_initiative_id_initiatives")
    return sa.ForeignKeyConstraint(["initiative_id"], ["initiatives.id"], ondelete="CASCADE", name=name)


def _want_known_websites(websites: sa.Table, links: sa.Table) -> None:
    """Let the listings that are there already name their websites, as composing them again would."""
    connection, now, seen = op.get_bind(), datetime.now(UTC), set[str]()
    query = sa.select(INITIATIVES.c.id, INITIATIVES.c.composed).where(INITIATIVES.c.state.not_in(("merged", "suppressed")))
    for id, composed in connection.execute(query).all():
        url = (composed or {}).get("fields", {}).get("website")
        if not is_looked_at(url):
            continue
        key = hashlib.sha256(url.encode()).hexdigest()
        if key not in seen:
            seen.add(key)
            row: dict[str, Any] = {"key": key, "url": url, "state": "waiting", "due_at": now, "failures": 0, "unchanged": 0}
            connection.execute(websites.insert().values(row | {"values": {}, "known": {}, "seen": {}}))
        connection.execute(links.insert().values(initiative_id=id, website_key=key))
