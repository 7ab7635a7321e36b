"""RSS and Atom feeds, which hold only the newest entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawlers.adapters.base import Adapter, Gathering, Item, Reading, follow, read_each
from crawlers.adapters.identities import is_identity, told_apart
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.fetch.charsets import codec_of_markup
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.record import RawRecord
from crawlers.state import PageLinks
from crawlers.texts.foreign import fit_markup_bytes
from crawlers.values.addresses import absolute_address, same_site
from crawlers.values.labels import map_fields
from vocabulary.messages import N_

_ODD_LABEL = re.compile(rb"^((?:\xef\xbb\xbf)?<\?.*encoding=['\"])(?=[^'\"]*[\x80-\xff])[^'\"]*")
"""In the XML declaration, the name of an encoding that is no name, since it is not in ASCII."""

EVENT_ELEMENTS = {
    "ev_startdate": "start_date", "ev_enddate": "end_date", "ev_location": "address", "ev_organizer": "organisation",
    "xcal_dtstart": "start_date", "xcal_dtend": "end_date", "xcal_location": "address",
}  # fmt: skip
"""Elements of the RSS modules for events, as feedparser names them, by our field."""


def gather(listing: Gathering) -> Iterator[Item]:
    """The entries of each feed, and of its further pages on the same site (paged feeds, RFC 5005)."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield from follow(listing, url, lambda page: _read_page(page, listing.recipe))


def _read_page(page: Page, recipe: Recipe) -> Reading:
    """The raw records of a page of a feed, and the address of its next page."""
    parsed = _parse(page)
    next_url = _next_page(parsed, page.url)
    return _raw_records(parsed, page, recipe), PageLinks(further=(next_url,) if next_url else ())


def _next_page(parsed: Any, feed_url: str) -> str | None:
    """The address of the feed's next page on the same site; None on the last page."""
    links = parsed.get("feed", {}).get("links", [])
    urls = (absolute_address(feed_url, link.get("href", "")) for link in links if link.get("rel") == "next")
    return next((url for url in urls if same_site(url, feed_url)), None)


def _parse(page: Page) -> Any:
    """The feed as feedparser (untyped) reads it."""
    body = _ODD_LABEL.sub(rb"\1utf-8", fit_markup_bytes(page.body, codec_of_markup(page.body)))
    return feedparser.parse(BytesIO(body), response_headers={"content-type": page.headers.get("content-type", "")})


def extract(page: Page, recipe: Recipe) -> Iterable[RawRecord]:
    """A raw record for each entry. Raises BadContent for a page that is no feed."""
    return _raw_records(_parse(page), page, recipe)


def _raw_records(parsed: Any, page: Page, recipe: Recipe) -> list[RawRecord]:
    """A raw record for each entry of a parsed feed. Raises BadContent where feedparser recognised none."""
    if not parsed.get("version"):
        raise BadContent(page.url, N_("this is no RSS or Atom feed; give the address of the feed itself"))
    lang = parsed.feed.get("language")
    base = absolute_address(page.url, parsed.feed.get("link") or "") or page.url
    return told_apart(read_each(parsed.entries, lambda entry: _raw_record(entry, base, recipe, lang), page.url))


def _raw_record(entry: Any, base: str, recipe: Recipe, feed_lang: str | None) -> RawRecord:
    """The raw record of an entry, with the labelled facts in its text; its remote id is the entry's id, else its address.

    Relative links belong to their xml:base (feedparser resolves these), else to `base`, the site of the feed.
    """
    content = max((part.get("value", "") for part in entry.get("content", [])), key=len, default="")
    description = content or entry.get("summary", "")
    facts: dict[str, Any] = dict(Html(base, f"<div>{description}</div>").facts)
    facts = {**_values_by_scheme(entry), **facts}
    tags = [tag.get("term") for tag in entry.get("tags", []) if tag.get("term")]
    fields = map_fields(facts, recipe.fields) | {
        "title": entry.get("title", ""),
        "description": description,
        "tags": tags,
    }
    fields = {ours: entry[theirs] for theirs, ours in EVENT_ELEMENTS.items() if entry.get(theirs)} | fields
    link = entry.get("link")
    changed = entry.get("updated" if "updated" in entry else "published")
    source = {"title": entry.get("title"), "tags": tags, "facts": facts, "published": entry.get("published")}
    return RawRecord(
        next(filter(is_identity, map(str, (entry.get("id") or "", link or ""))), str(fields["title"])),
        absolute_address(base, link) if link else None,
        fields,
        entry.get("language") or feed_lang,
        changed_at=changed,
        source=source,
    )


def _values_by_scheme(entry: Any) -> dict[str, Any]:
    """Categories by the last part of their scheme, such as `https://x.lv/country` (RFC 4287, 4.2.2.2)."""
    pairs = ((str(tag.get("scheme") or "").rstrip("/#"), tag.get("term")) for tag in entry.get("tags", []))
    return {re.split(r"[/#:]", scheme)[-1]: term for scheme, term in pairs if scheme and term}


def look(site: SiteProbe) -> Iterator[Recipe]:
    """A recipe for each feed that the front page declares, else for each that is at a usual address."""
    usual = [urljoin(site.front.url, name) for name in ("feed", "rss.xml", "feed.xml", "atom.xml")]
    for address in [site.front.url] if not is_html(site.front) else site.html.feeds or usual:
        if site.get(address):
            yield site.recipe.model_copy(update={"adapter": "feed", "addresses": (address,)})


ADAPTER = Adapter(
    is_complete=False,
    gather=gather,
    extract=extract,
    look=look,
    missing=N_("no RSS or Atom feed; the owner could name one in the head of the page"),
)
