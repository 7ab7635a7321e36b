"""View models of visitors' messages at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from platforma.catalogue.enums import CorrectionState, CorrectionTopic, InitiativeState
from platforma.catalogue.listings.listing import TEXT_FIELDS, Listing, Text
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.states import INITIATIVE_TRANSITIONS, InitiativeAction
from platforma.catalogue.visitors.corrections import Message
from platforma.i18n import current_language, today
from platforma.web.context import services
from platforma.web.desk.forms import AnswerForm
from platforma.web.desk.sender import sender_text
from platforma.web.labels import field_label
from platforma.web.public.correction_pages import topic_label
from platforma.web.public.rows import Row, listing_url, row


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in the list; `about` is the title of its listing or platform, None where it has none or that was removed."""

    id: int
    url: str
    topic: str
    about: Text | None
    sent_at: datetime
    is_removal: bool
    is_refused: bool

    @classmethod
    def of(cls, message: Message, about: Text | None) -> MessageLine:
        """The line of a message about something of this title."""
        return cls(
            id=message.id,
            url=url_for("desk.correction", correction_id=message.id),
            topic=topic_label(message),
            about=about,
            sent_at=message.created_at,
            is_removal=message.topic == CorrectionTopic.REMOVAL,
            is_refused=message.state == CorrectionState.REFUSED,
        )


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message with its listing or its platform beside it. `field_now` is what the listing says in the field that is reported.
    `sender` says how the sender's address belongs to it, in words, `answer_by` until when an answer is promised.

    `platform_url` is where curators see the platform, pause it and part with it.
    """

    message: Message
    topic: str
    is_open: bool
    answer_by: datetime
    field: str
    field_now: str
    listing: Row | None
    edit_url: str
    public_url: str | None
    platform: PlatformCard | None
    platform_url: str
    sender: str
    can_remove: bool
    form: AnswerForm
    errors: Mapping[str, str]


def message_page(message: Message, listing: Listing | None, platform: PlatformCard | None, form: AnswerForm) -> MessagePage:
    """The view model of a message and its listing or platform, None where it has none (any more)."""
    is_open = message.state == CorrectionState.OPEN
    return MessagePage(
        message=message,
        topic=topic_label(message),
        is_open=is_open,
        answer_by=message.answer_by(services().settings),
        field=field_label(message.field) if message.field else "",
        field_now=_shown(listing, message.field) if listing else "",
        listing=row(listing, current_language(), today=today()) if listing else None,
        edit_url=url_for("desk.edit", public_id=listing.public_id) if listing else "",
        public_url=listing_url(listing) if listing and listing.state in ("published", "archived") else None,
        platform=platform,
        platform_url=url_for("crawls.source", platform_id=platform.id) if platform else "",
        sender=sender_text(message, listing, platform),
        can_remove=listing is not None
        and is_open
        and InitiativeAction.SUPPRESS in INITIATIVE_TRANSITIONS[InitiativeState(listing.state)],
        form=form,
        errors=form.error_texts,
    )


def _shown(listing: Listing, name: str) -> str:
    """What a field says, as text: each language, or each entry, on a line of its own."""
    if name in TEXT_FIELDS:
        return "\n".join(f"{lang}: {text}" for lang, text in listing.texts.get(name, {}).items())
    value = listing.get(name) if name else None
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
