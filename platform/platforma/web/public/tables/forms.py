"""The form by which somebody proposes the list in a table."""

from __future__ import annotations

from wtforms import ValidationError

from platforma.web.forms import TextField
from platforma.web.public.forms import ProposeForm, site_address, with_scheme
from vocabulary.messages import N_

NO_TITLE = N_("Write the name of your list or platform")
TOO_MANY_TABLES = N_("Many tables were sent just now. Try again in an hour.")


class TableForm(ProposeForm):
    """Who proposes a table, under which name, and the address of whoever keeps it; "" where there is none."""

    title = TextField(filters=[str.strip])
    url = TextField(filters=[str.strip, with_scheme])

    def validate_title(self, field: TextField) -> None:
        """Visitors read it."""
        if not field.data:
            raise ValidationError(NO_TITLE)

    def validate_url(self, field: TextField) -> None:
        """As the address of a site that is registered, but it may be empty."""
        if field.data:
            site_address(self, field)
