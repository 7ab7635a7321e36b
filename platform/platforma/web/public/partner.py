"""Partners propose a platform: an address, what was found there, an e-mail, a link; nothing is fetched in a request."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from crawlers.values.addresses import site_of
from platforma.addresses import SITE
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.errors import BadState, BadToken
from platforma.catalogue.people import rate_limits, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.platforms import platform_queries, platform_states
from platforma.catalogue.states import PUBLIC_PLATFORMS
from platforma.catalogue.visitors import site_looks
from platforma.catalogue.visitors.site_looks import BadChoices
from platforma.i18n import current_language
from platforma.i18n import gettext as _
from platforma.mail.crawl_mails import tell_of_proposal
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.web.context import absolute, keep_private, link_attempt, pressed, services
from platforma.web.public.choice_fields import own_name
from platforma.web.public.forms import TOO_MANY_LOOKS, ProposeForm, RegisterForm
from platforma.web.public.look_page import look_page, steps
from platforma.worker.task_queue import wake

blueprint = Blueprint("partner", __name__, url_prefix=SITE)
blueprint.after_request(lambda answer: _private(answer))
SECONDS_BETWEEN_RELOADS = 3
"""How often the page of a reading is loaded again where no script does it."""


@blueprint.get("/register")
def register() -> str:
    """The form; `?url=` is an address that is known already."""
    return _form_page(RegisterForm(data={"url": request.args.get("url", "")}))


@blueprint.post("/register")
def look_at_site() -> str | BaseResponse | tuple[str, int]:
    """Have the site read by the worker, and lead to the page that shows how far it is; a platform that is listed has its page."""
    form = RegisterForm(request.form)
    if not form.validate():
        return _form_page(form), 400
    url = form.url.data
    with services().database.writing() as session:
        known = platform_states.known_at(session, url)
        if known is not None and known.state in PUBLIC_PLATFORMS:
            return render_template("pages/partner/known.html", url=url, title=known.title, public_id=known.public_id)
        begun = site_looks.begin(session, url, link_attempt(rate_limits.LOOK, site_of(url)))
    if isinstance(begun, ExceededLimit):
        form.refuse_looks(begun)
        return _form_page(form), 429
    wake(services().settings)
    return redirect(url_for("partner.look", token=begun), 303)


@blueprint.get("/register/looks/<token>")
def look(token: str) -> str | tuple[str, int]:
    """How far the reading has come, then what it found."""
    try:
        return _look_page(token, ProposeForm())
    except BadToken:
        return _bad_link()


@blueprint.post("/register/looks/<token>")
def choose(token: str) -> str | BaseResponse | tuple[str, int]:
    """Store what was chosen; then show it, or mail the link that confirms the proposal."""
    form, button = ProposeForm(request.form), pressed("do", "show", "send")
    try:
        with services().database.writing() as session:
            has_entries = site_looks.choose(session, token, request.form)
        if button == "show" or not has_entries:
            return redirect(url_for("partner.look", token=token, _anchor="found"), 303)
        if not form.validate():
            return _look_page(token, form), 400
        exceeded = _mail_confirmation(token, form.email.data)
    except BadToken:
        return _bad_link()
    except BadChoices as error:
        return _look_page(token, form, error), 400
    if exceeded is not None:
        form.refuse_links(exceeded)
        return _look_page(token, form), 429
    return render_template("pages/partner/sent.html", email=form.email.data)


@blueprint.post("/register/looks/<token>/again")
def read_again(token: str) -> BaseResponse | tuple[str, int]:
    """Have the site read again, after its owner changed something."""
    try:
        with services().database.writing() as session:
            url = site_looks.look(session, token).url
            exceeded = site_looks.read_again(session, token, link_attempt(rate_limits.LOOK, site_of(url)))
    except BadToken:
        return _bad_link()
    except BadState as error:
        return _look_page(token, ProposeForm(), error), 429
    if exceeded is not None:
        return _look_page(token, ProposeForm(), BadState(TOO_MANY_LOOKS[exceeded])), 429
    wake(services().settings)
    return redirect(url_for("partner.look", token=token), 303)


@blueprint.get("/register/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    try:
        with services().database.reading() as session:
            payload = tokens.read_token(session, token, tokens.CONFIRM_PLATFORM).payload
            recipe = site_looks.recipe_of(session, payload)
    except BadToken:
        return _bad_link()
    return render_template("pages/partner/confirm.html", token=token, url=recipe.url, title=recipe.title)


@blueprint.post("/register/<token>")
def confirmed(token: str) -> str | tuple[str, int]:
    """Propose the platform; the staff is told of one that newly waits for a decision."""
    try:
        with services().database.writing() as session:
            platform, is_new = site_looks.propose(session, token, lang=current_language())
            card = platform_queries.platform_by_id(session, platform.id)
            if is_new:
                tell_of_proposal(services().settings, session, card)
    except BadToken:
        return _bad_link()
    wake(services().settings)
    if card.state in PUBLIC_PLATFORMS:
        return render_template("pages/partner/known.html", url=card.url, title=card.title, public_id=card.public_id)
    decided_by = utc_now() + platform_states.DECIDED_WITHIN
    return render_template("pages/partner/done.html", url=card.url, title=card.title, decided_by=decided_by)


def _form_page(form: RegisterForm) -> str:
    return render_template("pages/partner/register.html", form=form, errors=form.error_texts)


def _look_page(token: str, form: ProposeForm, refused: BadChoices | BadState | None = None) -> str:
    """The page of a look as it stands, with what was refused just now. Raises BadToken."""
    with services().database.reading() as session:
        found = site_looks.look(session, token)
        known = platform_states.known_at(session, found.url) if found.is_ended else None
    if not found.is_ended:
        return render_template("pages/partner/reading.html", url=found.url, steps=steps(found), seconds=SECONDS_BETWEEN_RELOADS)
    page = look_page(found, refused.choices if isinstance(refused, BadChoices) else None)
    told = _(refused.reason, **_named(refused)) if refused else ""
    if page.reason is not None:
        return render_template("pages/partner/nothing.html", page=page, token=token, told=told)
    errors = form.error_texts | ({"fields": told} if isinstance(refused, BadChoices) else {})
    return render_template(
        "pages/partner/look.html", page=page, token=token, form=form, errors=errors,
        told="" if errors else told, was_refused=known is not None and known.state == "refused",
    )  # fmt: skip


def _named(refused: BadChoices | BadState) -> dict[str, object]:
    """The values of a refusal, in which fields of the source are called as their owner knows them."""
    return {name: own_name(value) if isinstance(value, str) else value for name, value in refused.values.items()}


def _mail_confirmation(token: str, email: str) -> ExceededLimit | None:
    """Mail the link that confirms a proposal; or return the rate limit that is exceeded. Raises BadToken."""
    key = services().secret_key
    with services().database.writing() as session:
        payload = site_looks.mail_payload(session, token, email)
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_PLATFORM, email))
        if exceeded is not None:
            return exceeded
        name = tokens.issue_mailed_token(session, purpose=tokens.CONFIRM_PLATFORM, key=key, payload=payload)
        link = absolute(url_for("partner.confirm", token=PLACEHOLDER))
        body = render_template("mail/confirm_platform.txt", link=link, url=payload["url"])
        subject = _("Confirm your platform")
        queue_mail(session, to=email, lang=current_language(), subject=subject, body=body, secret_name=name)
    wake(services().settings)
    return None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/account/bad_link.html", is_of_platform=True), 410


def _private(answer: Response) -> Response:
    """Nothing that a secret address opens is stored, indexed or told to other sites."""
    if request.endpoint != "partner.register":
        keep_private(answer)
    return answer
