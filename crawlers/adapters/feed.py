"""RSS and Atom feeds: a window of the newest, never the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawlers.adapters.base import Adapter, Item, Listing
from crawlers.errors import BadContent
from crawlers.fetch import Page
from crawlers.html import Html
from crawlers.labels import map_fields
from crawlers.messages import N_
from crawlers.raw import Raw
from crawlers.recipe import Recipe
from crawlers.site import Site, is_html


def gather(listing: Listing) -> Iterator[Item]:
    """The feeds themselves: their entries are the records."""
    for url in listing.recipe.addresses or (listing.recipe.url,):
        yield Item(url)


def extract(page: Page, recipe: Recipe) -> Iterable[Raw]:
    """Every entry of a feed. Raises BadContent for what is no feed."""
    parsed = feedparser.parse(BytesIO(page.body), response_headers={"content-type": page.headers.get("content-type", "")})
    if not parsed.version:
        raise BadContent(page.url, "this is no RSS or Atom feed")
    lang = parsed.feed.get("language")
    return [_raw(entry, page, recipe, lang) for entry in parsed.entries]


def _raw(entry: Any, page: Page, recipe: Recipe, feed_lang: str | None) -> Raw:
    content = max((c.get("value", "") for c in entry.get("content", [])), key=len, default="")
    description = content or entry.get("summary", "")
    facts: dict[str, Any] = dict(Html(page.url, f"<div>{description}</div>").facts)
    tags = [tag.get("term") for tag in entry.get("tags", []) if tag.get("term")]
    fields = map_fields(facts, recipe.fields) | {
        "title": entry.get("title", ""),
        "description": description,
        "tags": tags,
    }
    url = entry.get("link")
    changed = entry.get("updated") or entry.get("published")
    source = {"title": entry.get("title"), "tags": tags, "facts": facts, "published": entry.get("published")}
    return Raw(
        str(entry.get("id") or url or fields["title"]),
        url,
        fields,
        entry.get("language") or feed_lang,
        (),
        {},
        changed,
        source,
    )


def look(site: Site) -> Iterator[Recipe]:
    """The feeds that the front page names, else those at the usual addresses."""
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
