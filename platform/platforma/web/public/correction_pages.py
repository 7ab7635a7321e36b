"""View models of visitors' messages: the form, and the page of a message that was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from platforma.catalogue.enums import CorrectionState, CorrectionTopic
from platforma.catalogue.listings.listing import TEXT_FIELDS, Listing, Text
from platforma.catalogue.platforms.platform_queries import PlatformCard
from platforma.catalogue.visitors.corrections import CorrectionRequest, Message
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.web.context import services
from platforma.web.labels import field_label
from platforma.web.public.correction_forms import CONTACT_TOPICS, LISTING_TOPICS, ReportForm
from platforma.web.public.rows import listing_url

FIELDS = (
    *TEXT_FIELDS, "kind", "countries", "region", "place", "address", "sectors", "themes", "legal_form", "identifiers",
    "organisation", "website", "email", "phone", "image", "start_date", "end_date",
)  # fmt: skip
"""The fields that a report can name, in the order of the listing's page."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The listing or platform that a message is about: its title, its page, where its form is sent, and the fields that can be
    named as wrong. `listing_id` or `platform_id` is its public id."""

    title: Text
    url: str
    action: str
    fields: Sequence[str] = ()
    listing_id: str = ""
    platform_id: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The form about a listing or platform, or the directory where `about` is None. `topics` and `fields` are (value, label)."""

    about: Text | None
    about_url: str
    action: str
    topics: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    form: ReportForm
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """A message that was sent: its number, what it is about, until when it is answered, and what became of it.

    `about` and `about_url` are the title and the page of its listing or platform, None where it has none that is public;
    `changed` are the names of the fields that were changed after it, `is_removed` says that the listing was removed for good.
    """

    number: str
    topic: str
    sent_at: datetime
    answer_by: datetime
    about: Text | None
    about_url: str
    changed: Sequence[str]
    is_removed: bool
    is_open: bool
    is_refused: bool
    is_removal: bool
    answer: str


def listing_subject(listing: Listing) -> Subject:
    """A listing as what a message is about."""
    return Subject(
        title=listing.title(current_language()),
        url=listing_url(listing),
        action=url_for("corrections.report", public_id=listing.public_id),
        fields=[name for name in FIELDS if _has(listing, name)],
        listing_id=listing.public_id,
    )


def platform_subject(card: PlatformCard) -> Subject:
    """A platform as what a message is about."""
    return Subject(
        title=Text(card.title, None),
        url=url_for("directory.platform", public_id=card.public_id, slug=card.slug),
        action=url_for("corrections.report_platform", public_id=card.public_id),
        platform_id=card.public_id,
    )


def report_page(form: ReportForm, subject: Subject | None) -> ReportPage:
    """The view model of the form."""
    return ReportPage(
        about=subject.title if subject else None,
        about_url=subject.url if subject else "",
        action=subject.action if subject else url_for("corrections.contact"),
        topics=[(topic.value, _(label)) for topic, label in form.topics.items()],
        fields=[(name, field_label(name)) for name in subject.fields] if subject else [],
        form=form,
        errors=form.error_texts,
    )


def status_page(message: Message, about: Subject | None, changed: Sequence[str], *, is_removed: bool) -> StatusPage:
    """The view model of a message about something, after which these fields were `changed`."""
    return StatusPage(
        number=message.public_id,
        topic=topic_label(message),
        sent_at=message.created_at,
        answer_by=message.answer_by(services().settings),
        about=about.title if about else None,
        about_url=about.url if about else "",
        changed=[field_label(name) for name in FIELDS if name in changed],
        is_removed=is_removed,
        is_open=message.state == CorrectionState.OPEN,
        is_refused=message.state == CorrectionState.REFUSED,
        is_removal=message.topic == CorrectionTopic.REMOVAL,
        answer=message.answer,
    )


def topic_label(message: Message | CorrectionRequest) -> str:
    """What a message is about, in the reader's language."""
    return _((LISTING_TOPICS | CONTACT_TOPICS)[CorrectionTopic(message.topic)])


def _has(listing: Listing, name: str) -> bool:
    return bool(listing.texts.get(name) if name in TEXT_FIELDS else listing.get(name))
