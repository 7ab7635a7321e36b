"""The form in which somebody adds one listing by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from wtforms import BooleanField, SelectMultipleField, ValidationError

from crawlers.record import Record
from crawlers.values.registers import register_number
from platforma.catalogue.errors import BadValue
from platforma.catalogue.listings.field_rules import NOT_LISTED, checked
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.web.forms import Form, TextField, address_text, email_address
from platforma.web.public.correction_forms import TOO_MANY
from platforma.web.public.forms import with_scheme
from vocabulary import FIELD_DIMENSIONS, load
from vocabulary.characters import single_line, without_controls
from vocabulary.languages import LANGUAGES
from vocabulary.messages import N_

MAX_TITLE, MAX_SUMMARY, MAX_DESCRIPTION = 200, 400, 8000
DATED = ("event", "funding")
"""Kinds that have dates."""
REQUIRED = {
    "title": N_("Enter the name"),
    "kind": N_("Choose what it is"),
    "summary": N_("Say in one sentence what it does"),
    "country": N_("Choose the country"),
}
TOO_LONG = N_("This is too long")


def _rule(field: str) -> Callable[[Form, TextField], None]:
    """The catalogue's own check of a field, where something is typed."""

    def check(_form: Form, typed: TextField) -> None:
        try:
            if typed.data:
                checked(field, "", typed.data)
        except BadValue as error:
            raise ValidationError(error.reason) from None

    return check


class AddForm(Form):
    """One listing, and who adds it. `another` is ticked where none of the shown listings is the same."""

    title = TextField(filters=[single_line])
    other_title = TextField(filters=[single_line])
    kind = TextField(validators=[_rule("kind")])
    summary = TextField(filters=[single_line])
    description = TextField(filters=[without_controls, str.strip])
    country = TextField(validators=[_rule("country")])
    place = TextField(filters=[single_line])
    website = TextField(filters=[str.strip, with_scheme], validators=[_rule("website")])
    public_email = TextField(filters=[str.strip], validators=[_rule("email")])
    sectors = SelectMultipleField(validate_choice=False)
    themes = SelectMultipleField(validate_choice=False)
    legal_form = TextField()
    number = TextField(filters=[single_line])
    start_date = TextField(filters=[str.strip], validators=[_rule("start_date")])
    end_date = TextField(filters=[str.strip], validators=[_rule("end_date")])
    email = TextField(filters=[address_text], validators=[email_address])
    consent = BooleanField()
    another = BooleanField()

    def validate_legal_form(self, field: TextField) -> None:
        """One of those that are offered, or none."""
        if field.data and field.data not in {term.id for term in load().terms("legal_form")}:
            raise ValidationError(NOT_LISTED)

    def check(self) -> bool:
        """Whether everything is as it has to be; what is not is said at its field."""
        self.validate()
        for name, message in REQUIRED.items():
            if not self[name].data:
                self.refuse(message, name)
        for name, most in {"title": MAX_TITLE, "other_title": MAX_TITLE, "summary": MAX_SUMMARY, "description": MAX_DESCRIPTION,
                           "place": MAX_TITLE, "number": 40}.items():  # fmt: skip
            if len(self[name].data) > most:
                self.refuse(TOO_LONG, name)
        start, end = self.start_date.data, self.end_date.data
        if start and end and end[: len(start)] < start[: len(end)]:  # each may be a year or month alone
            self.refuse(N_("The end is before the beginning"), "end_date")
        if self.number.data and not register_number(self.number.data, self.country.data):
            self.refuse(N_("This is not a number of the register of the country that you chose"), "number")
        if not self.consent.data:
            self.refuse(N_("Confirm that you may give us these texts"), "consent")
        return not self.error_texts

    def record(self, lang: str) -> Record:
        """What is added, as a record; the texts are in the reader's language, the other name in the other one."""
        other = next(code for code in LANGUAGES if code != lang)
        title = {lang: self.title.data} | ({other: self.other_title.data} if self.other_title.data else {})
        is_dated = self.kind.data in DATED
        return Record(
            "new",
            kind=self.kind.data or None,
            title=title,
            summary=_texts(lang, self.summary),
            description=_texts(lang, self.description),
            country=self.country.data or None,
            countries=(self.country.data,) if self.country.data else (),
            place=self.place.data or None,
            website=_checked("website", self.website.data),
            email=self.public_email.data or None,
            sectors=_known("sectors", self.sectors),
            themes=_known("themes", self.themes),
            legal_form=self.legal_form.data or None,
            identifiers=register_number(self.number.data, self.country.data),
            start_date=_checked("start_date", self.start_date.data) if is_dated else None,
            end_date=_checked("end_date", self.end_date.data) if is_dated else None,
        )

    def refuse_additions(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit is reached."""
        self.refuse(TOO_MANY[exceeded])


def _texts(lang: str, field: TextField) -> dict[str, str]:
    return {lang: field.data} if field.data else {}


def _checked(name: str, text: str) -> str | None:
    """The value in its stored form; None where nothing, or nothing that is valid, was typed."""
    with suppress(BadValue):
        return str(checked(name, "", text)) if text else None
    return None


def _known(name: str, field: SelectMultipleField) -> tuple[str, ...]:
    return tuple(id for id in dict.fromkeys(field.data or ()) if id in load().ids(FIELD_DIMENSIONS[name]))
