"""Facts of listings for the staff's list, saved views and changes of many listings; events that nobody can change or delete.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platforma.catalogue.column_types import UtcDateTime
from vocabulary import fold
from vocabulary.folding import name_key
from vocabulary.languages import LANGUAGES

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
BATCH = 500
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INITIATIVES = sa.table(
    "initiatives", sa.column("id", sa.Integer()), sa.column("public_id", sa.String()), sa.column("composed", sa.JSON()),
    sa.column("merged_into_id", sa.Integer()),
)  # fmt: skip
RECORDS = sa.table("records", *map(sa.column, ("id", "initiative_id")), sa.column("payload", sa.JSON()))
FACTS = sa.table(
    "listing_facts", *map(sa.column, ("initiative_id", "words", "kind", "sectors", "themes", "countries", "languages")),
    sa.column("has_place", sa.Boolean()),
)  # fmt: skip
TITLES = sa.table("listing_titles", *map(sa.column, ("initiative_id", "lang", "sort_key")))
INDEXES = (
    ("initiatives", ("changed_at",)),
    ("initiatives", ("created_at",)),
    ("events", ("actor", "id")),
    ("events", ("action", "id")),
    ("events", ("object_type", "id")),
)
KEPT = ("id", "at", "actor", "action", "object_type", "object_id")
EMPTIED = ("before", "after")
SORT_KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
REFUSAL = "events are never changed or deleted; only what they say of an erased object is emptied"


def upgrade() -> None:
    _create_facts()
    _create_views()
    _create_bulk_changes()
    for table, columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    _fill()
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in unguarded(op.get_bind().dialect.name):
        op.execute(statement)
    for table, columns in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
    for table in ("bulk_items", "bulk_changes", "saved_views", "listing_titles", "listing_facts"):
        op.drop_table(table)


def guards(dialect: str) -> list[str]:
    """The statements that make events append-only: `before` and `after` may be emptied, and nothing else."""
    distinct = " OR ".join(f'OLD."{name}" IS {"NOT" if dialect == "sqlite" else "DISTINCT FROM"} NEW."{name}"' for name in KEPT)
    filled = " OR ".join(f"coalesce(CAST(NEW.\"{name}\" AS TEXT), 'null') <> 'null'" for name in EMPTIED)
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [
            f"CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events WHEN {distinct} OR {filled} {refuse}",
            f"CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events {refuse}",
        ]
    body = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
    refuse = "EXECUTE FUNCTION refuse_change_of_events()"
    return [
        f"CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events FOR EACH ROW WHEN ({distinct} OR {filled}) {refuse}",
        f"CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events FOR EACH ROW {refuse}",
        f"CREATE TRIGGER events_are_not_emptied BEFORE TRUNCATE ON events {refuse}",
    ]


def unguarded(dialect: str) -> list[str]:
    """The statements that take the guards away."""
    if dialect == "sqlite":
        return ["DROP TRIGGER events_are_not_changed", "DROP TRIGGER events_are_not_deleted"]
    return ["DROP FUNCTION refuse_change_of_events() CASCADE"]


def _create_facts() -> None:
    op.create_table(
        "listing_facts",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sectors", "themes", "countries", "languages")),
        sa.Column("has_place", sa.Boolean(), nullable=False),
        _foreign_key("listing_facts", "initiative_id", "initiatives"),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_listing_facts")),
    )
    op.create_table(
        "listing_titles",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        _foreign_key("listing_titles", "initiative_id", "initiatives"),
        sa.PrimaryKeyConstraint("initiative_id", "lang", name=op.f("pk_listing_titles")),
    )
    columns = ["lang", "sort_key", "initiative_id"]
    op.create_index(op.f("ix_listing_titles_lang_sort_key_initiative_id"), "listing_titles", columns)


def _create_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("by", "name", name=op.f("uq_saved_views_by_name")),
    )


def _create_bulk_changes() -> None:
    op.create_table(
        "bulk_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=254), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
        sa.UniqueConstraint("key", name=op.f("uq_bulk_changes_key")),
    )
    op.create_index(op.f("ix_bulk_changes_state"), "bulk_changes", ["state"])
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("values", JSON, nullable=True),
        _foreign_key("bulk_items", "bulk_id", "bulk_changes"),
        _foreign_key("bulk_items", "initiative_id", "initiatives"),
        sa.PrimaryKeyConstraint("bulk_id", "initiative_id", name=op.f("pk_bulk_items")),
    )
    columns = ["bulk_id", "state", "initiative_id"]
    op.create_index(op.f("ix_bulk_items_bulk_id_state_initiative_id"), "bulk_items", columns)


def _foreign_key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _fill() -> None:
    """Write the facts of all listings; of a joined one, those of its first record until it is composed again."""
    connection = op.get_bind()
    ids = connection.execute(sa.select(INITIATIVES.c.id).order_by(INITIATIVES.c.id)).scalars().all()
    for start in range(0, len(ids), BATCH):
        shown = list(_shown(connection, ids[start : start + BATCH]))
        connection.execute(FACTS.insert(), [_facts(id, public_id, composed) for id, public_id, composed in shown])
        connection.execute(TITLES.insert(), [row for one in shown for row in _titles(*one)])


def _shown(connection: sa.Connection, ids: Sequence[int]) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Row id, public id and what is shown, or said by the first record of a joined listing, in the form of a composed one."""
    query = sa.select(RECORDS.c.initiative_id, RECORDS.c.payload).where(RECORDS.c.initiative_id.in_(ids))
    said = {row.initiative_id: row.payload for row in connection.execute(query.order_by(RECORDS.c.id.desc()))}
    for row in connection.execute(sa.select(INITIATIVES).where(INITIATIVES.c.id.in_(ids))):
        payload = said.get(row.id) if row.merged_into_id is not None else None
        composed = row.composed if not isinstance(payload, dict) else {
            "texts": {"title": payload.get("title") or {}}, "fields": payload,
            "original_lang": next(iter(payload.get("title") or {}), None),
        }  # fmt: skip
        yield row.id, row.public_id, composed if isinstance(composed, dict) else {}


def _facts(id: int, public_id: str, composed: Mapping[str, Any]) -> dict[str, Any]:
    fields, titles = _object(composed.get("fields")), _object(_object(composed.get("texts")).get("title"))
    addresses = [fields.get("website"), *(fields.get("same_as") or ())]
    hosts = [(urlsplit(address).hostname or "").removeprefix("www.") for address in addresses if address]
    numbers = [number["value"] for number in fields.get("identifiers") or ()]
    said = (*titles.values(), fields.get("organisation"), fields.get("email"), *numbers, *hosts, public_id)
    return {
        "initiative_id": id,
        "words": "\n".join(dict.fromkeys(fold(text) for text in said if isinstance(text, str) and text)),
        "kind": fields.get("kind") or "",
        **{name: _marked(fields.get(name) or ()) for name in ("sectors", "themes", "countries")},
        "languages": _marked(titles),
        "has_place": bool(fields.get("place")),
    }


def _titles(id: int, public_id: str, composed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    titles = _object(_object(composed.get("texts")).get("title"))
    for lang in LANGUAGES:
        order = (lang, *LANGUAGES, composed.get("original_lang"), *sorted(titles))
        title = next((titles[code] for code in order if code and isinstance(titles.get(code), str)), public_id)
        yield {"initiative_id": id, "lang": lang, "sort_key": name_key(title, lang).partition("\0")[0][:200]}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _marked(entries: Iterable[str]) -> str:
    joined = "|".join(entries)
    return f"|{joined}|" if joined else ""
