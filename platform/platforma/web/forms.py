"""Forms: the fields that people fill in, the rules of each, and what is said where a rule is broken.

A form is made from `request.form`; its fields keep what was typed, so that a refused form is shown as it was sent. What is
said is a message id of our own catalogues (N_); WTForms' own messages are never shown. CSRFProtect checks the token of every
POST (see app.py), so that forms need none.
"""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Form as WtForm
from wtforms import IntegerField, StringField, ValidationError

from crawlers.values.email_addresses import is_email
from platforma.i18n import gettext as _
from vocabulary.messages import N_

NO_EMAIL_ADDRESS = N_("Enter an e-mail address, such as name@organisation.lv")


class TextField(StringField):
    """A text as it was typed; empty, never None, where there is none."""

    data: str

    def process_data(self, value: str | None) -> None:
        self.data = value or ""


class VersionField(IntegerField):
    """The version of a thing that the form was opened with; 0, which nothing has, where that is no number."""

    data: int

    def process_data(self, value: int | None) -> None:
        self.data = value or 0

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            self.data = int(valuelist[0])
        except (IndexError, ValueError):
            self.data = 0


class Form(WtForm):
    """A form whose rules speak the reader's language."""

    @property
    def error_texts(self) -> dict[str, str]:
        """What is wrong, by the field's name (`main` for the form as a whole); of each the first rule that is broken."""
        by_field = {field.name: _(field.errors[0]) for field in self if field.errors}
        return by_field | ({"main": _(self.form_errors[0])} if self.form_errors else {})

    def refuse(self, message: str, field_name: str | None = None) -> None:
        """Add the id of a message that no rule of one field gives: to a field of the validated form, or to the form itself."""
        if field_name is None:
            self.form_errors.append(message)
        else:
            self[field_name].errors = [*self[field_name].errors, message]


def address_text(text: str) -> str:
    """The filter of a field that takes one e-mail address: in small letters, without blanks around it."""
    return text.strip().lower()


def email_address(_form: WtForm, field: TextField) -> None:
    """The rule of a field that takes one e-mail address; it also bounds the length, by RFC 5321."""
    if not is_email(field.data):
        raise ValidationError(NO_EMAIL_ADDRESS)
