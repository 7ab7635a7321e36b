"""What rules judged because of a decision: found when it is made, and taken back when it is undone."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.listings import judgements
from platforma.catalogue.models import DuplicateCandidate, Judgement


def newest_judgement(session: Session) -> int:
    """The id of the newest judgement; 0 before the first."""
    return session.scalar(select(func.max(Judgement.id))) or 0


def judged_since(session: Session, judgement_id: int, initiative_ids: Collection[int]) -> list[int]:
    """The ids of what rules judged of these listings after that judgement, by age."""
    is_rules = Judgement.id > judgement_id, Judgement.by.startswith(judgements.RULES), Judgement.undone_at.is_(None)
    rows = session.execute(select(Judgement.id, Judgement.left_id, Judgement.right_id).where(*is_rules).order_by(Judgement.id))
    ids = set(initiative_ids)
    return [row.id for row in rows if ids & {row.left_id, row.right_id}]


def standing(session: Session, judgement_ids: Collection[int]) -> list[int]:
    """Those of the judgements that nobody has taken back, by age."""
    query = select(Judgement.id).where(Judgement.id.in_(judgement_ids), Judgement.undone_at.is_(None))
    return list(session.scalars(query.order_by(Judgement.id)))


def take_back(session: Session, judgement_id: int, actor: str) -> None:
    """Take a rule's word back, so that it says the same again once both listings are public."""
    word = judgements.Word(actor, utc_now())
    judgement = judgements.take_back(session, judgement_id, word)
    low, high = sorted((judgement.left_id, judgement.right_id))
    is_of_pair = DuplicateCandidate.left_id == low, DuplicateCandidate.right_id == high
    session.execute(update(DuplicateCandidate).where(*is_of_pair).values(verdict="same"))
