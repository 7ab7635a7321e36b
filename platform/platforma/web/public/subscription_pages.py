"""View models of saved searches: the page that offers one, and the page of a subscriber's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from platforma.catalogue.enums import DigestFrequency
from platforma.catalogue.people.subscriptions import Saved, SearchRequest, Subscription
from platforma.i18n import current_language, fixed_url
from platforma.i18n import gettext as _
from platforma.web.public.browse import BrowseLink, browse_links
from platforma.web.public.overview import everything_counted
from platforma.web.public.search_addresses import query_address, query_string
from platforma.web.public.search_titles import search_title
from platforma.web.public.subscription_forms import FREQUENCY_LABELS, SubscribeForm
from search.port import Query
from vocabulary.languages import best_language


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """The offer of digests: what the search is called, how many listings it finds now, and the form. Addresses have no host.

    `themes` lead to the offer for one theme, where the present one is for everything.
    """

    title: str
    total: int
    search_url: str
    action: str
    form: SubscribeForm
    frequencies: Sequence[tuple[str, str]]
    errors: Mapping[str, str]
    themes: Sequence[BrowseLink]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request that waits for its confirmation."""

    title: str
    email: str
    frequency: str


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A saved search on its subscriber's page; `id` names it in the form that ends it."""

    id: int
    title: str
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


def subscribe_page(query: Query, total: int, form: SubscribeForm, platforms: dict[str, str]) -> SubscribePage:
    """The view model of the offer for a query."""
    return SubscribePage(
        title=search_title(query, platforms),
        total=total,
        search_url=query_address(query),
        action=query_address(query, "subscriptions.subscribe"),
        form=form,
        frequencies=frequencies(),
        errors=form.error_texts,
        themes=[] if query_string(query) else _themes(query.lang),
    )


def _themes(lang: str) -> list[BrowseLink]:
    """The offers for one theme each, that with the most listings first."""
    found = everything_counted()
    if found is None:
        return []
    path = fixed_url("subscriptions.subscribe")
    return [replace(link, url=f"{path}?{link.url.partition('?')[2]}") for link in browse_links("theme", found, lang)]


def request_page(request: SearchRequest) -> RequestPage:
    """The view model of a request."""
    frequency = _(FREQUENCY_LABELS[DigestFrequency(request.frequency)])
    return RequestPage(_title(request), request.email, frequency)


def subscriptions_page(subscription: Subscription, *, is_saved: bool) -> SubscriptionsPage:
    """The view model of a subscriber's searches."""
    return SubscriptionsPage(
        email=masked(subscription.email),
        frequency=subscription.frequency,
        frequencies=frequencies(),
        searches=[_line(saved) for saved in subscription.searches],
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


def _line(saved: Saved) -> SearchLine:
    address = f"{fixed_url('directory.search')}?{saved.parameters}".rstrip("?")
    return SearchLine(saved.id, _title(saved), address)


def _title(search: Saved | SearchRequest) -> str:
    """What the search is called in the reader's language."""
    return search.titles[best_language(current_language(), search.titles)]
