"""Mails to be sent, and those that were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from platforma.catalogue.column_types import CreatedAt, Instant, JsonType, Key, UtcDateTime
from platforma.catalogue.enums import MailState
from platforma.catalogue.models.base import Base


class Mail(Base):
    """A mail in the queue, or one that was sent (see delivery.py).

    `body` has a placeholder for the secret of its link; `secret_name` is what that secret is derived from. The next attempt
    is at `due_at`, the last one at `give_up_at`; the delivery `claimed_by` has claimed the mail until `claimed_until`.
    `error` is the answer to the last failed attempt. `ended_at` is when the mail was sent or given up. `unsubscribe_url` is
    the address that ends mails of this kind, with the placeholder; None for mails that answer what their recipient did.
    `more_secrets` are the names of further secrets, of the numbered placeholders in their order; None for none.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[Key]
    to: Mapped[str]
    lang: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str]
    body: Mapped[str]
    secret_name: Mapped[str | None]
    unsubscribe_url: Mapped[str | None]
    more_secrets: Mapped[Any | None] = mapped_column(JsonType)
    created_at: Mapped[CreatedAt]
    state: Mapped[MailState] = mapped_column(String(10), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[Instant]
    give_up_at: Mapped[Instant]
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
