"""The forms of saved searches: an address and how often digests come."""

from __future__ import annotations

from wtforms import StringField, ValidationError

from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.web.forms import Form, TextField, address_text, email_address
from vocabulary.messages import N_

FREQUENCY_LABELS = {
    DigestFrequency.WEEKLY: N_("Once a week, on Monday morning"),
    DigestFrequency.DAILY: N_("Every morning"),
}
TOO_MANY_MAILS = {
    ExceededLimit.RECIPIENT: N_("This address has been sent several links already. Open the newest, or try again in an hour."),
    ExceededLimit.SENDER: N_("Many e-mails were requested from your network just now. No e-mail was sent; try again in an hour."),
    ExceededLimit.ALL: N_("Too many e-mails are being requested just now. No e-mail was sent; try again in an hour."),
}


class FrequencyForm(Form):
    """How often digests come."""

    frequency = StringField(default=DigestFrequency.WEEKLY)

    def validate_frequency(self, field: StringField) -> None:
        """One of the two that are offered."""
        if field.data not in list(DigestFrequency):
            raise ValidationError(N_("Choose how often to get the e-mail"))


class SubscribeForm(FrequencyForm):
    """Where digests of a search are sent."""

    email = TextField(filters=[address_text], validators=[email_address])

    def refuse_mails(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit is reached, and whose."""
        self.refuse(TOO_MANY_MAILS[exceeded], "email" if exceeded is ExceededLimit.RECIPIENT else None)
