"""Partners propose a platform: an address and an e-mail, confirmed by a link; nothing is fetched in the request."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, render_template, request

from crawlers.errors import CrawlError
from crawlers.fetch.guard import check_address
from crawlers.recipe import Recipe
from platforma.catalogue import accounts, changes
from platforma.catalogue.errors import BadToken, TooMany
from platforma.catalogue.mails import queue_mail
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.jobs import wake
from platforma.web.context import services

LONGEST_ADDRESS = 500
blueprint = Blueprint("partner", __name__, url_prefix="/<any(lv, en):lang>")


@blueprint.get("/register")
def register() -> str:
    return render_template("pages/partner/register.html", url="", email="", errors={})


@blueprint.post("/register")
def propose() -> str | tuple[str, int]:
    url, email = _whole_address(request.form.get("url", "")), request.form.get("email", "").strip()
    errors = _errors(url, email)
    if not errors:
        try:
            _mail_confirmation(url, email)
            return render_template("pages/partner/sent.html", email=email, url=url)
        except TooMany:
            errors = {"email": _("This address has been sent several links already. Try again in an hour.")}
    return render_template("pages/partner/register.html", url=url, email=email, errors=errors), 400


@blueprint.get("/register/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            url = accounts.read_token(session, token, accounts.CONFIRM_PLATFORM).payload["url"]
    except BadToken:
        return render_template("pages/account/bad_link.html", is_of_platform=True), 410
    return render_template("pages/partner/confirm.html", token=token, url=url)


@blueprint.post("/register/<token>")
def confirmed(token: str) -> str | tuple[str, int]:
    try:
        with services().database.writing() as session:
            said = accounts.use_token(session, token, accounts.CONFIRM_PLATFORM).payload
            recipe = Recipe.for_address(said["url"])
            data = recipe.model_dump(mode="json", exclude_defaults=True)
            platform = changes.propose_platform(
                session, url=recipe.url, title=recipe.title, recipe=data,
                contact_email=said["email"], contact_lang=current_language(), actor=said["email"],
            )  # fmt: skip
            public_id = platform.public_id if platform.state in PUBLIC_PLATFORMS else None
    except BadToken:
        return render_template("pages/account/bad_link.html", is_of_platform=True), 410
    wake(services().settings)
    return render_template("pages/partner/done.html", url=recipe.url, public_id=public_id)


def _whole_address(text: str) -> str:
    """What people type for an address, with its scheme."""
    stripped = text.strip()
    return stripped if "://" in stripped or not stripped else f"https://{stripped}"


def _errors(url: str, email: str) -> dict[str, str]:
    errors = {}
    try:
        if len(url) > LONGEST_ADDRESS:
            raise ValueError(url)
        Recipe.for_address(check_address(url, allow_private=services().settings.crawl_private_hosts))
    except (CrawlError, ValueError):
        errors["url"] = _("Enter the address of your site, such as https://organisation.lv")
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        errors["email"] = _("Enter an e-mail address, such as name@organisation.lv")
    return errors


def _mail_confirmation(url: str, email: str) -> None:
    payload = {"url": url, "email": email.lower()}
    with services().database.writing() as session:
        token = accounts.issue_token(
            session, purpose=accounts.CONFIRM_PLATFORM, valid_for=accounts.CONFIRM_VALID, payload=payload
        )
        link = f"{services().settings.base_url}/{current_language()}/register/{token}"
        body = render_template("mail/confirm_platform.txt", link=link, url=url)
        queue_mail(session, to=email, lang=current_language(), subject=_("Confirm your platform"), body=body)
    wake(services().settings)
