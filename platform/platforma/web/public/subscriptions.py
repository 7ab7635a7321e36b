"""Saved searches by mail, without an account: asked for, confirmed by a link, changed and ended by the links of each mail."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from platforma.addresses import END_SUBSCRIPTIONS, SITE, SUBSCRIBE, SUBSCRIPTIONS
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.errors import BadToken
from platforma.catalogue.people import rate_limits, saved_queries, subscriptions, tokens
from platforma.catalogue.people.rate_limits import ExceededLimit
from platforma.catalogue.people.subscriptions import SearchRequest
from platforma.catalogue.platforms import platform_queries
from platforma.i18n import current_language, force_locale
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import PLACEHOLDER, queue_mail
from platforma.mail.signed_links import linked, signed_token
from platforma.web.context import absolute, keep_private, link_attempt, pressed, services
from platforma.web.public.filters import query_of
from platforma.web.public.search_addresses import query_string
from platforma.web.public.search_titles import search_title
from platforma.web.public.subscription_forms import FrequencyForm, SubscribeForm
from platforma.web.public.subscription_pages import masked, request_page, subscribe_page, subscriptions_page
from platforma.worker.task_queue import wake
from search.port import Filter, Query
from vocabulary.languages import LANGUAGES

blueprint = Blueprint("subscriptions", __name__, url_prefix=SITE)
blueprint.after_request(lambda answer: _private(answer))


@blueprint.get(SUBSCRIBE)
def subscribe() -> str:
    """The offer of digests of the search that the address names; of everything new where it names none."""
    return _offer(SubscribeForm())


@blueprint.post(SUBSCRIBE)
def ask() -> str | tuple[str, int]:
    """Mail the link that confirms; the answer is the same whether the address has digests already or not."""
    form = SubscribeForm(request.form)
    if not form.validate():
        return _offer(form), 400
    exceeded = _mail_link(form)
    if exceeded is not None:
        form.refuse_mails(exceeded)
        return _offer(form), 429
    return render_template("pages/subscriptions/sent.html", email=form.email.data)


@blueprint.get(f"{SUBSCRIBE}/<token>")
def confirm(token: str) -> str | tuple[str, int]:
    """A page with a button: programs that look into mails follow links, people press buttons."""
    try:
        with services().database.reading() as session:
            asked = subscriptions.read_request(session, token)
    except BadToken:
        return _bad_link()
    return render_template("pages/subscriptions/confirm.html", page=request_page(asked), token=token)


@blueprint.post(f"{SUBSCRIBE}/<token>")
def confirmed(token: str) -> str | tuple[str, int]:
    try:
        with services().database.writing() as session:
            zone = services().settings.time_zone
            found = subscriptions.confirm(session, token, lang=current_language(), now=utc_now(), zone=zone)
    except BadToken:
        return _bad_link()
    except subscriptions.TooManySearches:
        return render_template("pages/subscriptions/too_many.html", most=subscriptions.MAX_SEARCHES), 409
    wake(services().settings)
    own_token = signed_token(services().secret_key, found.public_id, found.secret_name)
    return render_template("pages/subscriptions/confirmed.html", email=masked(found.email), token=own_token)


@blueprint.get(SUBSCRIPTIONS)
def mine(token: str) -> str | tuple[str, int]:
    """The searches of a subscriber, by the link of their mails."""
    try:
        with services().database.reading() as session:
            found = linked(services().secret_key, token, partial(subscriptions.subscription_of, session))
    except BadToken:
        return _bad_link()
    model = subscriptions_page(found, is_saved=request.args.get("saved") == "1")
    return render_template("pages/subscriptions/mine.html", page=model, token=token)


@blueprint.post(SUBSCRIPTIONS)
def change(token: str) -> BaseResponse | str | tuple[str, int]:
    """Change how often digests come, end one search, or end all."""
    button = pressed("do", "frequency", "end", "end_all")
    try:
        is_subscribed = _change(token, button)
    except BadToken:
        return _bad_link()
    if not is_subscribed:
        return render_template("pages/subscriptions/ended.html")
    return redirect(url_for("subscriptions.mine", token=token, saved=1))


@blueprint.get(END_SUBSCRIPTIONS)
def end(token: str) -> str | tuple[str, int]:
    """A page with the button that ends all digests."""
    try:
        with services().database.reading() as session:
            found = linked(services().secret_key, token, partial(subscriptions.subscription_of, session))
    except BadToken:
        return _bad_link()
    return render_template("pages/subscriptions/end.html", email=masked(found.email), token=token)


@blueprint.post(END_SUBSCRIPTIONS)
def end_by_header(token: str) -> str:
    """End all digests at once, as mail programs ask by RFC 8058; done again, or for somebody who has ended them, it is fine."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with suppress(BadToken):
        _change(token, "end_all")
    return render_template("pages/subscriptions/ended.html")


def _offer(form: SubscribeForm) -> str:
    query = _asked_query()
    with services().database.reading() as session:
        platforms = platform_queries.platform_titles(session)
    total = services().engine.search(replace(query, facets=(), per_page=1, relax=False)).total
    return render_template("pages/subscriptions/subscribe.html", page=subscribe_page(query, total, form, platforms))


def _asked_query() -> Query:
    """The search that the address names, in one form however it was written, without page and order. Raises BadRequest."""
    query = query_of(request.args, current_language())
    filters = {name: Filter(tuple(sorted(one.any_of)), tuple(sorted(one.none_of))) for name, one in query.filters.items()}
    return replace(query, text=" ".join(query.text.split()), filters=filters, page=1, sort="relevance")


def _mail_link(form: SubscribeForm) -> ExceededLimit | None:
    """Mail the link that confirms a search; or return the rate limit that is exceeded. What was searched for is not in the
    mail, so that nobody can have words of their own sent to others."""
    asked, lang, email = _request(form), current_language(), form.email.data
    with services().database.writing() as session:
        exceeded = rate_limits.count_attempt(session, link_attempt(tokens.CONFIRM_SEARCH, email))
        if exceeded is not None:
            return exceeded
        name = subscriptions.issue_request(session, asked, key=services().secret_key)
        body = render_template("mail/confirm_search.txt", link=absolute(url_for("subscriptions.confirm", token=PLACEHOLDER)))
        queue_mail(session, to=email, lang=lang, subject=_("Confirm your saved search"), body=body, secret_name=name)
    wake(services().settings)
    return None


def _request(form: SubscribeForm) -> SearchRequest:
    query = _asked_query()
    return SearchRequest(
        email=form.email.data,
        lang=current_language(),
        frequency=str(form.frequency.data),
        parameters=query_string(query),
        question=saved_queries.to_question(query),
        titles=_titles(query),
    )


def _titles(query: Query) -> dict[str, str]:
    """What a search is called in each interface language."""
    with services().database.reading() as session:
        platforms = platform_queries.platform_titles(session)
    titles = {}
    for lang in LANGUAGES:
        with force_locale(lang):
            titles[lang] = search_title(replace(query, lang=lang), platforms)
    return titles


def _change(token: str, button: str) -> bool:
    """Do what a button says; return whether the subscriber still has searches. Raises BadToken."""
    with services().database.writing() as session:
        public_id = linked(services().secret_key, token, partial(subscriptions.subscription_of, session)).public_id
        if button == "frequency":
            form = FrequencyForm(request.form)
            if not form.validate():
                abort(400)
            frequency, zone = DigestFrequency(str(form.frequency.data)), services().settings.time_zone
            subscriptions.change_frequency(session, public_id, frequency, now=utc_now(), zone=zone)
        elif button == "end":
            subscriptions.end_search(session, public_id, request.form.get("search", 0, int))
        else:
            subscriptions.end_all(session, public_id)
        return subscriptions.subscription_of(session, public_id) is not None


def _bad_link() -> tuple[str, int]:
    return render_template("pages/subscriptions/bad_link.html"), 410


def _private(answer: Response) -> Response:
    """Nothing that a personal link opens is stored, indexed or told to other sites."""
    if request.endpoint != "subscriptions.subscribe":
        keep_private(answer)
    return answer
