"""Partners propose a platform: an address and an e-mail, confirmed by a link; nothing is fetched in the request."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, render_template, request, url_for

from crawlers.errors import CrawlError
from crawlers.fetch.guard import check_address
from crawlers.recipe import Recipe
from platforma.catalogue import audit
from platforma.catalogue.database import Session
from platforma.catalogue.errors import BadToken
from platforma.catalogue.models import Platform
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.crawl_mails import tell_of_proposal
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.secret_key import secret_key
from platforma.web.context import absolute, link_attempt, services
from platforma.worker.task_queue import wake

MAX_ADDRESS_CHARACTERS = 500
blueprint = Blueprint("partner", __name__, url_prefix="/<any(lv, en):lang>")


@blueprint.get("/register")
def register() -> str:
    return render_template("pages/partner/register.html", url="", email="", errors={})


@blueprint.post("/register")
def propose() -> str | tuple[str, int]:
    url, email = _whole_address(request.form.get("url", "")), request.form.get("email", "").strip()
    errors, status = _errors(url, email), 400
    if not errors:
        exceeded = _mail_confirmation(url, email)
        if exceeded is None:
            return render_template("pages/partner/sent.html", email=email, url=url)
        errors, status = _too_many(exceeded), 429
    return render_template("pages/partner/register.html", url=url, email=email, errors=errors), status


@blueprint.get("/register/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            url = tokens.read_token(session, token, tokens.CONFIRM_PLATFORM).payload["url"]
    except BadToken:
        return render_template("pages/account/bad_link.html", is_of_platform=True), 410
    return render_template("pages/partner/confirm.html", token=token, url=url)


@blueprint.post("/register/<token>")
def confirmed(token: str) -> str | tuple[str, int]:
    try:
        with services().database.writing() as session:
            payload = tokens.use_token(session, token, tokens.CONFIRM_PLATFORM).payload
            recipe = Recipe.for_address(payload["url"])
            platform = _propose(session, recipe, payload["email"])
            public_id = platform.public_id if platform.state in PUBLIC_PLATFORMS else None
    except BadToken:
        return render_template("pages/account/bad_link.html", is_of_platform=True), 410
    wake(services().settings)
    return render_template("pages/partner/done.html", url=recipe.url, public_id=public_id)


def _propose(session: Session, recipe: Recipe, email: str) -> Platform:
    """The platform, proposed; the staff is told of one that newly waits for a decision."""
    before = audit.newest_id(session)
    proposal = platform_states.Proposal.by_recipe(recipe, contact_email=email, contact_lang=current_language())
    platform = platform_states.propose_platform(session, proposal, actor=email)
    if audit.is_noted_since(session, before, action="propose", object_type="platform", object_id=platform.id):
        tell_of_proposal(services().settings, session, platform)
    return platform


def _whole_address(text: str) -> str:
    """What people type for an address, with its scheme."""
    stripped = text.strip()
    return stripped if "://" in stripped or not stripped else f"https://{stripped}"


def _errors(url: str, email: str) -> dict[str, str]:
    errors = {}
    try:
        if len(url) > MAX_ADDRESS_CHARACTERS:
            raise ValueError(url)
        Recipe.for_address(check_address(url, allow_private=services().settings.crawl_private_hosts))
    except (CrawlError, ValueError):
        errors["url"] = _("Enter the address of your site, such as https://organisation.lv")
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        errors["email"] = _("Enter an e-mail address, such as name@organisation.lv")
    return errors


def _mail_confirmation(url: str, email: str) -> ExceededLimit | None:
    """Mail the link that confirms a proposal; or return the rate limit that is exceeded."""
    key, payload = secret_key(services().settings), {"url": url, "email": email.lower()}
    with services().database.writing() as session:
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_PLATFORM, email))
        if exceeded is not None:
            return exceeded
        name = tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_PLATFORM, key=key, payload=payload)
        link = absolute(url_for("partner.confirm", token=PLACEHOLDER))
        body = render_template("mail/confirm_platform.txt", link=link, url=url)
        subject = _("Confirm your platform")
        queue_mail(session, to=email, lang=current_language(), subject=subject, body=body, secret_name=name)
    wake(services().settings)
    return None


def _too_many(exceeded: ExceededLimit) -> dict[str, str]:
    """What to do when a rate limit is exceeded, by the id of what it is about."""
    if exceeded is ExceededLimit.RECIPIENT:
        return {"email": _("This address has been sent several links already. Open the newest, or try again in an hour.")}
    if exceeded is ExceededLimit.SENDER:
        return {"main": _("Many platforms were registered from your network just now. No mail was sent; try again in an hour.")}
    return {"main": _("Too many platforms are being registered just now. No mail was sent; try again in an hour.")}
