"""Forms of the desk: accounts, and the changes of one listing. Recipes have recipe_form.py."""

from __future__ import annotations

from wtforms import BooleanField, ValidationError
from wtforms.validators import AnyOf

from platforma.catalogue.enums import Role
from platforma.catalogue.listings.field_rules import MAX_TEXT_CHARACTERS, TOO_LONG
from platforma.web.forms import Form, TextField, VersionField, email_address
from vocabulary.characters import without_controls
from vocabulary.messages import N_


class AccountForm(Form):
    """The e-mail address and the role of an account that is added, opened again or changed."""

    email = TextField(filters=[str.strip], validators=[email_address])
    role = TextField(validators=[AnyOf(list(Role), message=N_("Choose a role"))])


class RoleForm(Form):
    """The role of an account that is there: another one, or the one with which it is opened again."""

    role = TextField(validators=[AnyOf(list(Role), message=N_("Choose a role"))])


class PasskeyForm(Form):
    """What a person calls a passkey, and what their browser answered when it was made."""

    name = TextField(filters=[without_controls, str.strip])
    answer = TextField()


class FieldForm(Form):
    """What a curator does with one field of a listing: sets a value, which the catalogue checks (see field_rules.checked),
    releases it, or takes or keeps it against what a platform says."""

    version = VersionField()
    field = TextField()
    lang = TextField()
    platform = TextField()
    value = TextField(filters=[without_controls])


class DecisionForm(Form):
    """The reason of a decision on a listing; only refusing needs one, which the catalogue sees to."""

    version = VersionField()
    reason = TextField(filters=[without_controls, str.strip])


class RemovalForm(Form):
    """Why a listing is removed for good. Nobody does so without a reason, or by a slip."""

    reason = TextField(filters=[str.strip])
    sure = BooleanField()

    def validate_sure(self, field: BooleanField) -> None:
        if not (field.data and self.reason.data):
            raise ValidationError(N_("To remove a listing permanently, give the reason and confirm."))


class LiftForm(Form):
    """Why a removal is lifted; the catalogue sees to it that there is a reason."""

    reason = TextField(filters=[without_controls, str.strip])


class AnswerForm(Form):
    """The answer to a visitor's message; a refusal needs one, and a removal the tick that it is meant."""

    answer = TextField(filters=[without_controls, str.strip])
    sure = BooleanField()

    def allows(self, decision: str) -> bool:
        """Whether the form says all that a decision needs: "done", "refuse" or "remove"."""
        if len(self.answer.data) > MAX_TEXT_CHARACTERS:
            self.refuse(TOO_LONG, "answer")
        elif decision == "refuse" and not self.answer.data:
            self.refuse(N_("Say why: the answer is mailed"), "answer")
        elif decision == "remove" and not self.sure.data:
            self.refuse(N_("Tick that the listing is to be removed for good"), "sure")
        return not self.error_texts
