"""What fetching gave: addresses that are due, and their results as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platforma.catalogue.enums import PictureState
from platforma.catalogue.models import Initiative, ListingPicture, Picture, PictureSource
from platforma.catalogue.states import SHOWN_STATES

RENEWED_AFTER = timedelta(days=30)
"""How long a kept or a refused image is not asked for again while its address stays the same."""
FIRST_RETRY = timedelta(days=1)
"""The pause after a failure that may pass; it doubles with each further one, up to RENEWED_AFTER."""


@dataclass(frozen=True, slots=True)
class DueImage:
    """An address to fetch, with the validators of what was received last; all None at first, or where nothing was kept."""

    key: str
    url: str
    platform_id: str | None
    etag: str | None
    last_modified: str | None
    content_hash: str | None


@dataclass(frozen=True, slots=True)
class Encoded:
    """One size of a picture as WebP; width and height in pixels."""

    width: int
    height: int
    data: bytes


def due_images(session: Session, now: datetime, limit: int) -> list[DueImage]:
    """The addresses that are due and that a public listing shows, those that wait longest first."""
    is_shown = (
        select(ListingPicture.source_key)
        .join(Initiative, Initiative.id == ListingPicture.initiative_id)
        .where(ListingPicture.source_key == PictureSource.key, Initiative.state.in_(SHOWN_STATES))
    )
    query = select(PictureSource).where(PictureSource.due_at <= now, is_shown.exists())
    rows = session.scalars(query.order_by(PictureSource.due_at, PictureSource.key).limit(limit))
    return [DueImage(row.key, row.url, row.platform_id, row.etag, row.last_modified, row.content_hash) for row in rows]


def postpone(session: Session, keys: Sequence[str], until: datetime) -> None:
    """Let these addresses be due later, and change nothing else."""
    session.execute(update(PictureSource).where(PictureSource.key.in_(keys)).values(due_at=until))


def keep_picture(session: Session, due: DueImage, thumb: Encoded, page: Encoded, now: datetime) -> None:
    """Store what an address gave, with the validators of `due`; nothing, where meanwhile no listing wants it."""
    source = session.get(PictureSource, due.key)
    if source is None:
        return
    digest = hashlib.sha256(page.data).hexdigest()
    if session.get(Picture, digest) is None:
        session.add(
            Picture(
                hash=digest, width=page.width, height=page.height, page=page.data, kept_at=now,
                thumb_width=thumb.width, thumb_height=thumb.height, thumb=thumb.data,
            )
        )  # fmt: skip
        session.flush()
    source.picture_hash, source.state, source.reason, source.values, source.failures = digest, PictureState.KEPT, None, {}, 0
    source.etag, source.last_modified, source.content_hash = due.etag, due.last_modified, due.content_hash
    source.fetched_at, source.due_at = now, now + RENEWED_AFTER


def confirm_picture(session: Session, key: str, now: datetime) -> None:
    """The address still gives the image that we have."""
    confirmed = {"fetched_at": now, "due_at": now + RENEWED_AFTER, "failures": 0, "reason": None, "values": {}}
    session.execute(update(PictureSource).where(PictureSource.key == key).values(confirmed))


def refuse_picture(session: Session, key: str, reason: str, values: Mapping[str, str], now: datetime) -> None:
    """The address gives nothing that may be shown: what was kept of it is no longer shown."""
    refused = {"state": PictureState.REFUSED, "reason": reason, "values": dict(values), "picture_hash": None}
    validators = dict.fromkeys(("etag", "last_modified", "content_hash"))
    times = {"fetched_at": now, "due_at": now + RENEWED_AFTER}
    session.execute(update(PictureSource).where(PictureSource.key == key).values(refused | validators | times))


def note_failure(session: Session, key: str, reason: str, values: Mapping[str, str], now: datetime) -> None:
    """The address could not be fetched for now: what was kept of it stays, and it is tried again after a while."""
    source = session.get(PictureSource, key)
    if source is None:
        return
    pause = min(FIRST_RETRY * 2 ** min(source.failures, 10), RENEWED_AFTER)
    source.failures += 1
    source.reason, source.values, source.due_at = reason, dict(values), now + pause
