"""Partners propose a platform: an address and an e-mail, confirmed by a link; nothing is fetched in the request."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from crawlers.recipe import Recipe
from platforma.addresses import SITE
from platforma.catalogue import audit
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.crawl_mails import tell_of_proposal
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.web.context import absolute, link_attempt, services
from platforma.web.public.forms import RegisterForm
from platforma.worker.task_queue import wake

blueprint = Blueprint("partner", __name__, url_prefix=SITE)


@blueprint.get("/register")
def register() -> str:
    return _form_page(RegisterForm())


@blueprint.post("/register")
def propose() -> str | tuple[str, int]:
    """Mail the link that confirms a proposal."""
    form = RegisterForm(request.form)
    if not form.validate():
        return _form_page(form), 400
    exceeded = _mail_confirmation(form.url.data, form.email.data)
    if exceeded is not None:
        form.refuse_links(exceeded)
        return _form_page(form), 429
    return render_template("pages/partner/sent.html", email=form.email.data, url=form.url.data)


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
    """Propose the platform; the staff is told of one that newly waits for a decision."""
    try:
        with services().database.writing() as session:
            payload = tokens.use_token(session, token, tokens.CONFIRM_PLATFORM).payload
            recipe = Recipe.for_address(payload["url"])
            before = audit.newest_id(session)
            email = payload["email"]
            proposal = platform_states.Proposal.by_recipe(recipe, contact_email=email, contact_lang=current_language())
            platform_id = platform_states.propose_platform(session, proposal, actor=email).id
            card = platform_queries.platform_by_id(session, platform_id)
            if audit.is_noted_since(session, before, action="propose", object_type="platform", object_id=card.id):
                tell_of_proposal(services().settings, session, card)
    except BadToken:
        return render_template("pages/account/bad_link.html", is_of_platform=True), 410
    wake(services().settings)
    public_id = card.public_id if card.state in PUBLIC_PLATFORMS else None
    return render_template("pages/partner/done.html", url=recipe.url, public_id=public_id)


def _form_page(form: RegisterForm) -> str:
    return render_template("pages/partner/register.html", form=form, errors=form.error_texts)


def _mail_confirmation(url: str, email: str) -> ExceededLimit | None:
    """Mail the link that confirms a proposal; or return the rate limit that is exceeded."""
    key, payload = services().secret_key, {"url": url, "email": email.lower()}
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
