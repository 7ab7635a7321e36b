"""Forms of pages that need no account: registering a platform, asking for a sign-in link."""

from __future__ import annotations

from wtforms import StringField, ValidationError

from crawlers.errors import CrawlError
from crawlers.fetch.guard import check_address
from crawlers.recipe import Recipe
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.web.context import services
from platforma.web.forms import Form, TextField, email_address
from platforma.web.public.own_pages import own_page
from vocabulary.messages import N_

MAX_ADDRESS_CHARACTERS = 500
TOO_MANY_LINKS = {
    ExceededLimit.RECIPIENT: N_("This address has been sent several links already. Open the newest, or try again in an hour."),
    ExceededLimit.SENDER: N_(
        "Many platforms were registered from your network just now. No mail was sent; try again in an hour."
    ),
    ExceededLimit.ALL: N_("Too many platforms are being registered just now. No mail was sent; try again in an hour."),
}


def with_scheme(text: str) -> str:
    """What people type for an address, with https:// where they left the scheme out."""
    return text if "://" in text or not text else f"https://{text}"


class RegisterForm(Form):
    """The address of a platform and of the person who proposes it."""

    url = TextField(filters=[str.strip, with_scheme])
    email = TextField(filters=[str.strip], validators=[email_address])

    def validate_url(self, field: TextField) -> None:
        """Only an address that a crawl may begin with; nothing is fetched here."""
        try:
            if len(field.data) > MAX_ADDRESS_CHARACTERS:
                raise ValueError(field.data)
            Recipe.for_address(check_address(field.data, allow_private=services().settings.crawl_private_hosts))
        except (CrawlError, ValueError):
            raise ValidationError(N_("Enter the address of your site, such as https://organisation.lv")) from None

    def refuse_links(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit of links is reached, and whose."""
        self.refuse(TOO_MANY_LINKS[exceeded], "email" if exceeded is ExceededLimit.RECIPIENT else None)


class SignInForm(Form):
    """Where to send a sign-in link; `next` is the page of this site that asked for signing in, or None."""

    email = TextField(filters=[str.strip], validators=[email_address])
    next = StringField(filters=[own_page])
