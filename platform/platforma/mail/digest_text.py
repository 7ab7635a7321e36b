"""The text of a digest: subject and body, in the language in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforma.addresses import Addresses
from platforma.catalogue.listings.listing import Listing
from platforma.catalogue.people.subscriptions import Subscription
from platforma.i18n import current_language, instant
from platforma.i18n import gettext as _
from platforma.mail.mail_queue import PLACEHOLDER
from platforma.mail.mail_text import render_mail
from platforma.mail.search_news import SearchNews, date_of
from platforma.mail.signed_links import mailed_token
from platforma.settings import Settings
from vocabulary import load
from vocabulary.languages import best_language

MAX_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A listing in a digest: title, facts (may be empty) and absolute address."""

    title: str
    facts: str
    url: str


@dataclass(frozen=True, slots=True)
class DigestPart:
    """One search in a digest: what it is called, its address, what is new and comes near, how many more there are of each."""

    title: str
    url: str
    new: Sequence[DigestLine]
    new_count: int
    more_new: int
    near: Sequence[DigestLine]
    near_count: int
    more_near: int


def digest_text(settings: Settings, subscription: Subscription, told: Sequence[SearchNews]) -> tuple[str, str]:
    """Subject and body of the mail that tells this. The body holds PLACEHOLDER for the secret of the subscriber's links."""
    addresses, lang, token = Addresses(settings.base_url), current_language(), mailed_token(subscription.public_id)
    body = render_mail(
        settings.templates_dir,
        "digest.txt",
        parts=[_part(addresses, news) for news in told],
        frequency=subscription.frequency,
        manage_url=addresses.subscriptions(lang, token),
        end_url=addresses.end_subscriptions(lang, token),
    )
    return _subject(told), body


def _subject(told: Sequence[SearchNews]) -> str:
    new_count = sum(news.new_count for news in told)
    if new_count:
        return _("New in your searches: %(count)s", count=new_count)
    return _("Upcoming dates in your searches: %(count)s", count=sum(news.near_count for news in told))


def _part(addresses: Addresses, news: SearchNews) -> DigestPart:
    titles, lang = news.saved.titles, current_language()
    return DigestPart(
        title=_plain(titles[best_language(lang, titles)]),
        url=addresses.search(lang, news.saved.parameters),
        new=[_line(addresses, listing) for listing in news.new],
        new_count=news.new_count,
        more_new=news.more_new,
        near=[_line(addresses, listing) for listing in news.near],
        near_count=news.near_count,
        more_near=news.more_near,
    )


def _line(addresses: Addresses, listing: Listing) -> DigestLine:
    lang, label = current_language(), load().label
    kind, country = listing.get("kind"), listing.get("country")
    place = ", ".join(filter(None, (listing.get("place"), country and label("country", country, lang))))
    facts = _plain(" · ".join(filter(None, (kind and label("kind", kind, lang), place, _date(listing)))))
    title = _plain(listing.title(lang).text)[:MAX_TITLE_CHARACTERS]
    return DigestLine(title, facts[:1].upper() + facts[1:], addresses.listing(lang, listing.public_id, listing.slug))


def _date(listing: Listing) -> str:
    """The day of an event, or the deadline of a call; empty where there is none."""
    day = date_of(listing)
    if not day:
        return ""
    return _("deadline: %(day)s", day=instant(day)) if listing.get("kind") == "funding" else instant(day)


def _plain(text: str) -> str:
    """The text in one line; nothing in it is taken for the place of a secret."""
    return " ".join(text.replace(PLACEHOLDER, "").split())
