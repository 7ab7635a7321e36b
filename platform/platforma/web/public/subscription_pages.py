"""View models of saved searches: the page that offers one, and the page of a subscriber's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.people import saved_queries
from platforma.catalogue.people.subscriptions import Saved, SearchRequest, Subscription
from platforma.i18n import current_language, fixed_url
from platforma.i18n import gettext as _
from platforma.search_words import words_of
from platforma.web.public.search_addresses import query_address
from platforma.web.public.subscription_forms import FREQUENCY_LABELS, SubscribeForm
from search.port import Query


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """The offer of digests: the search in words, how many listings it finds now, and the form. Addresses have no host."""

    words: str
    total: int
    search_url: str
    action: str
    form: SubscribeForm
    frequencies: Sequence[tuple[str, str]]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request that waits for its confirmation."""

    words: str
    email: str
    frequency: str


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A saved search on its subscriber's page; `id` names it in the form that ends it."""

    id: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class SubscriptionsPage:
    """A subscriber's searches. The e-mail address is shown masked, since a link may be passed on. `is_saved`: what was changed
    a moment ago was saved."""

    email: str
    frequency: str
    frequencies: Sequence[tuple[str, str]]
    searches: Sequence[SearchLine]
    is_suspended: bool
    is_saved: bool


def subscribe_page(query: Query, total: int, form: SubscribeForm, platforms: Mapping[str, str]) -> SubscribePage:
    """The view model of the offer for a query."""
    return SubscribePage(
        words=words_of(query, platforms),
        total=total,
        search_url=query_address(query),
        action=query_address(query, "subscriptions.subscribe"),
        form=form,
        frequencies=frequencies(),
        errors=form.error_texts,
    )


def request_page(request: SearchRequest, platforms: Mapping[str, str]) -> RequestPage:
    """The view model of a request."""
    frequency = _(FREQUENCY_LABELS[DigestFrequency(request.frequency)])
    return RequestPage(_words(request, platforms), request.email, frequency)


def subscriptions_page(subscription: Subscription, platforms: Mapping[str, str], *, is_saved: bool) -> SubscriptionsPage:
    """The view model of a subscriber's searches."""
    return SubscriptionsPage(
        email=masked(subscription.email),
        frequency=subscription.frequency,
        frequencies=frequencies(),
        searches=[_line(saved, platforms) for saved in subscription.searches],
        is_suspended=subscription.is_suspended,
        is_saved=is_saved,
    )


def frequencies() -> list[tuple[str, str]]:
    """What is offered, with labels in the reader's language; the first is the default."""
    return [(frequency.value, _(label)) for frequency, label in FREQUENCY_LABELS.items()]


def masked(email: str) -> str:
    """The address with only the first letter of its local part, such as a…@partneris.example."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _line(saved: Saved, platforms: Mapping[str, str]) -> SearchLine:
    address = f"{fixed_url('directory.search')}?{saved.parameters}".rstrip("?")
    return SearchLine(saved.id, _words(saved, platforms), address)


def _words(search: Saved | SearchRequest, platforms: Mapping[str, str]) -> str:
    question = {**search.question, "lang": current_language()}
    return words_of(saved_queries.to_query(question, date.min), platforms)
