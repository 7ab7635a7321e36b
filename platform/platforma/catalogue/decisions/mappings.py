"""Answers on the mapping of a platform's values, as decisions: each is a version of the recipe, and undone by the former one."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platforma.catalogue import notices
from platforma.catalogue.decisions import rows
from platforma.catalogue.errors import BadState
from platforma.catalogue.models import Decision, Notice
from platforma.catalogue.platforms import recipes
from platforma.catalogue.terms import unmapped
from platforma.catalogue.terms.unmapped import Answers
from vocabulary.messages import N_

KIND = "mapping"
_PLACE, _NOTICES = "recipe", "notices"
NEWER = N_("The recipe was changed again since, so this cannot be undone. Nothing has been changed.")


def decide(session: Session, *, platform_id: str, answers: Answers, base_version: int, actor: str) -> Decision:
    """Save answers as a new live version of the recipe. Raises as unmapped.save_answers does."""
    is_open = Notice.platform_id == platform_id, Notice.topic.in_(notices.SHAPE_TOPICS), Notice.settled_at.is_(None)
    asked = list(session.scalars(select(Notice.id).where(*is_open)))
    version = unmapped.save_answers(session, platform_id=platform_id, answers=answers, base_version=base_version, actor=actor)
    place = (_PLACE, platform_id)
    return rows.store(
        session, kind=KIND, verb="answer", actor=actor, subjects={place}, before={place: {"version": base_version}},
        after={place: {"version": version}}, details={_NOTICES: asked},
    )  # fmt: skip


def undo(session: Session, decision: Decision, actor: str) -> None:
    """Make the former recipe live again, and ask again. Raises BadState where a newer version was saved since."""
    before, after = rows.objects_of(session, decision.id)
    for (place, platform_id), columns in after.items():
        if recipes.newest_version(session, platform_id) != columns["version"]:
            raise BadState(NEWER)
        former = recipes.version_of(session, platform_id, before[place, platform_id]["version"]).recipe
        recipes.save_live(session, platform_id=platform_id, recipe=former, base_version=columns["version"], actor=actor)
    session.execute(update(Notice).where(Notice.id.in_(decision.details[_NOTICES])).values(settled_at=None))
