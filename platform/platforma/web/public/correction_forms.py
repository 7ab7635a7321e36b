"""The form in which visitors report a mistake, ask for a removal, or write to the editors."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import ValidationError

from platforma.catalogue.enums import CorrectionTopic
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.web.forms import Form, TextField, address_text, email_address
from vocabulary.characters import without_controls
from vocabulary.messages import N_

LISTING_TOPICS = {
    CorrectionTopic.MISTAKE: N_("A mistake in the information"),
    CorrectionTopic.OUTDATED: N_("It is out of date, or no longer active"),
    CorrectionTopic.DUPLICATE: N_("The same is listed twice"),
    CorrectionTopic.REMOVAL: N_("Please remove it: it is about me, or I represent the organisation"),
}
"""What can be said about a listing."""
PLATFORM_TOPICS: Mapping[CorrectionTopic, str] = {
    topic: label for topic, label in LISTING_TOPICS.items() if topic != CorrectionTopic.DUPLICATE
}
"""What can be said about a platform."""
CONTACT_TOPICS = {
    CorrectionTopic.MISSING: N_("Something is missing in the directory"),
    CorrectionTopic.QUESTION: N_("A question or a suggestion"),
}
"""What can be said about the directory."""
WITHOUT_TEXT = (CorrectionTopic.OUTDATED, CorrectionTopic.REMOVAL)
"""Topics that need no explanation."""
MAX_TEXT_CHARACTERS = 4000
TOO_MANY = {
    ExceededLimit.RECIPIENT: N_("Several messages were sent just now. This one was not sent; try again in an hour."),
    ExceededLimit.SENDER: N_("Many messages came from your network just now. This one was not sent; try again in an hour."),
    ExceededLimit.ALL: N_("Many messages are coming in just now. This one was not sent; try again in an hour."),
}


class ReportForm(Form):
    """A topic, a text, and for a listing the field that is wrong; the address is needed to ask for a removal."""

    topics: Mapping[CorrectionTopic, str] = LISTING_TOPICS
    topic = TextField()
    field = TextField()
    text = TextField(filters=[without_controls, str.strip])
    email = TextField(filters=[address_text])

    def validate_topic(self, field: TextField) -> None:
        """One of those that are offered."""
        if field.data not in list(self.topics):
            raise ValidationError(N_("Choose what you are writing about"))

    def validate_text(self, field: TextField) -> None:
        """Bounded; needed where the topic alone says too little."""
        if len(field.data) > MAX_TEXT_CHARACTERS:
            raise ValidationError(N_("The text is too long: at most 4000 characters"))
        if not field.data and self.topic.data not in WITHOUT_TEXT:
            raise ValidationError(N_("Describe it in a sentence or two"))

    def validate_email(self, field: TextField) -> None:
        """One address; needed for a removal."""
        if not field.data and self.topic.data == CorrectionTopic.REMOVAL:
            raise ValidationError(N_("To ask for a removal, enter your e-mail address: we answer to it"))
        if field.data:
            email_address(self, field)

    def refuse_messages(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit is reached."""
        self.refuse(TOO_MANY[exceeded])


class PlatformForm(ReportForm):
    """The same about a platform."""

    topics = PLATFORM_TOPICS


class ContactForm(ReportForm):
    """The same about the directory."""

    topics = CONTACT_TOPICS
