"""Groups that can be parted: what a listing was before it was joined, keys by which records meet, and pairs that wait.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from platforma.catalogue.column_types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INITIATIVES = sa.table("initiatives", *map(sa.column, ("id", "state", "state_apart", "merged_into_id")))


def upgrade() -> None:
    op.add_column("initiatives", sa.Column("state_apart", sa.String(length=20), nullable=True))
    op.add_column("records", sa.Column("material", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_records_material"), "records", ["material"])
    _remember_states()
    with op.batch_alter_table("judgements") as judgements:
        judgements.drop_constraint(op.f("uq_judgements_left_id_right_id"), type_="unique")
        judgements.alter_column(
            "verdict", type_=sa.String(length=20), existing_type=sa.String(length=10), existing_nullable=False
        )
        judgements.alter_column("score", nullable=True, existing_type=sa.Double())
        judgements.add_column(sa.Column("reasons", JSON, nullable=False, server_default="[]"))
        judgements.add_column(sa.Column("left_material", sa.String(length=40), nullable=False, server_default=""))
        judgements.add_column(sa.Column("right_material", sa.String(length=40), nullable=False, server_default=""))
        judgements.add_column(sa.Column("undone_by", sa.String(), nullable=True))
        judgements.create_index(op.f("ix_judgements_left_id_right_id"), ["left_id", "right_id"])
    op.create_table(
        "match_keys",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_match_keys_record_id_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "record_id", name=op.f("pk_match_keys")),
    )  # fmt: skip
    op.create_index(op.f("ix_match_keys_record_id"), "match_keys", ["record_id"])
    op.create_table(
        "duplicate_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["left_id"], ["initiatives.id"], name=op.f("fk_duplicate_candidates_left_id_initiatives"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["initiatives.id"], name=op.f("fk_duplicate_candidates_right_id_initiatives"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidates")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_duplicate_candidates_left_id_right_id")),
    )
    op.create_index(op.f("ix_duplicate_candidates_right_id"), "duplicate_candidates", ["right_id"])
    op.create_index(op.f("ix_duplicate_candidates_score"), "duplicate_candidates", ["score"])


def _remember_states() -> None:
    """Only listings of one state were joined until now: each gets back that of the listing that it leads to."""
    head = INITIATIVES.alias()
    state = sa.select(sa.case((head.c.state == "new", "new"), else_="published")).where(head.c.id == INITIATIVES.c.merged_into_id)
    is_joined = INITIATIVES.c.merged_into_id.is_not(None)
    op.execute(INITIATIVES.update().where(is_joined).values(state_apart=state.scalar_subquery()))


def downgrade() -> None:
    op.drop_table("duplicate_candidates")
    op.drop_table("match_keys")
    _keep_last_judgements()
    with op.batch_alter_table("judgements") as judgements:
        judgements.drop_index(op.f("ix_judgements_left_id_right_id"))
        for name in ("undone_by", "right_material", "left_material", "reasons"):
            judgements.drop_column(name)
        judgements.alter_column("score", nullable=False, existing_type=sa.Double())
        judgements.alter_column(
            "verdict", type_=sa.String(length=10), existing_type=sa.String(length=20), existing_nullable=False
        )
        judgements.create_unique_constraint(op.f("uq_judgements_left_id_right_id"), ["left_id", "right_id"])
    op.drop_index(op.f("ix_records_material"), table_name="records")
    op.drop_column("records", "material")
    op.drop_column("initiatives", "state_apart")


def _keep_last_judgements() -> None:
    """An earlier version knows one judgement of a pair, always with a score, and no verdict longer than ten characters."""
    judgements = sa.table("judgements", *map(sa.column, ("id", "left_id", "right_id", "verdict", "score")))
    last = sa.select(sa.func.max(judgements.c.id)).group_by(judgements.c.left_id, judgements.c.right_id)
    op.execute(judgements.delete().where(judgements.c.id.not_in(last)))
    op.execute(judgements.update().where(judgements.c.verdict == "translation").values(verdict="same"))
    op.execute(judgements.update().where(judgements.c.score.is_(None)).values(score=1.0))
