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


TOO_MANY_LOOKS = {
    ExceededLimit.RECIPIENT: N_("This site was read many times just now. Try again later, or write to us."),
    ExceededLimit.SENDER: N_("Many sites were read for your network just now. Try again in an hour."),
    ExceededLimit.ALL: N_("Too many sites are being read just now. Try again in an hour."),
}


def with_scheme(text: str) -> str:
    """What people type for an address, with https:// where they left the scheme out."""
    return text if "://" in text or not text else f"https://{text}"


def site_address(_form: Form, field: TextField) -> None:
    """The rule of a field that takes an address that a crawl may begin with."""
    try:
        if len(field.data) > MAX_ADDRESS_CHARACTERS:
            raise ValueError(field.data)
        Recipe.for_address(check_address(field.data, allow_private=services().settings.crawl_private_hosts))
    except (CrawlError, ValueError):
        raise ValidationError(N_("Enter the address of your site, such as https://organisation.lv")) from None


class RegisterForm(Form):
    """The address of a platform."""

    url = TextField(filters=[str.strip, with_scheme])

    def validate_url(self, field: TextField) -> None:
        """Only an address that a crawl may begin with; nothing is fetched here."""
        site_address(self, field)

    def refuse_looks(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit of readings is reached, and whose."""
        self.refuse(TOO_MANY_LOOKS[exceeded], "url" if exceeded is ExceededLimit.RECIPIENT else None)


class ProposeForm(Form):
    """Who proposes a platform; what is chosen for it is site_looks.Choices."""

    email = TextField(filters=[str.strip], validators=[email_address])

    def refuse_links(self, exceeded: ExceededLimit) -> None:
        """Say that a rate limit of links is reached, and whose."""
        self.refuse(TOO_MANY_LINKS[exceeded], "email" if exceeded is ExceededLimit.RECIPIENT else None)


class SignInForm(Form):
    """Where to send a sign-in link; `next` is the page of this site that asked for signing in, or None."""

    email = TextField(filters=[str.strip], validators=[email_address])
    next = StringField(filters=[own_page])
