"""The addresses that are a site's own: its hosts and their aliases, and where a page of an initiative may have moved to."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawlers.errors import FetchError
from crawlers.fetch.probe import Fetcher, is_html
from crawlers.markup import Html
from crawlers.recipe import Recipe
from crawlers.values.addresses import canonical_address, host_of, same_site, site_of
from crawlers.values.labels import is_initiative_page
from vocabulary import fold
from vocabulary.messages import N_

MAX_HOSTS_ASKED = 3
"""The number of other hosts whose robots.txt is asked whether they agree that this site lists their pages."""
MOVED = N_("this page leads to %(address)s, which is no initiative's page; take it off the list, or bring it back")
ELSEWHERE = N_("this page leads to another site (%(host)s), so it was left out; the initiative can be listed by its own address")
OTHERS_PAGES = N_(
    "pages of another site (%(host)s) are listed here and were left out; if it belongs to the platform, a curator can"
    " enter its address in the recipe, too"
)
_ERROR_PAGE = re.compile(r"(^|[/_-])(404|410|50\d|error|not-?found|kluda|kludas|nav-?atrast[as]|maintenance)($|[/._-])")


@dataclass(slots=True)
class OwnSite:
    """The hosts of one platform: those of its recipe, and those that its front page names.

    The front page names a host by a redirect, or by a canonical link to a host above or below its own one (`en.kopa.lv`
    and `kopa.lv`). It is fetched only when another host is asked about. `knows_aliases` is False where it could not be had
    then, so that another host may yet be the site's own.
    """

    session: Fetcher
    recipe: Recipe
    knows_aliases: bool = True
    _hosts: set[str] = field(init=False)
    _has_aliases: bool = False
    _is_agreed: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hosts = {site_of(url) for url in (self.recipe.url, *self.recipe.addresses)}

    def has(self, url: str) -> bool:
        """Return whether an address is on one of the site's own hosts."""
        if site_of(url) not in self._hosts and not self._has_aliases:
            self._has_aliases = True
            self._hosts |= self._aliases()
        return site_of(url) in self._hosts

    def add(self, url: str) -> None:
        """Take the host of an address for one of the site's own."""
        self._hosts.add(site_of(url))

    def may_list(self, url: str, sitemap_urls: Collection[str]) -> bool:
        """Return whether sitemaps may list an address: one of the site's own, or of a host whose robots.txt names one of them.

        The latter is the rule of sitemaps.org for the sitemaps of several hosts; at most MAX_HOSTS_ASKED hosts are asked.
        """
        if self.has(url):
            return True
        host = site_of(url)
        if host not in self._is_agreed and len(self._is_agreed) < MAX_HOSTS_ASKED:
            self._is_agreed[host] = not {*sitemap_urls}.isdisjoint(self.session.sitemaps(url))
        return self._is_agreed.get(host, False)

    def _aliases(self) -> set[str]:
        try:
            front = self.session.get(self.recipe.url)
        except FetchError as error:
            self.knows_aliases = error.is_gone
            return set()
        hosts = {site_of(front.url)}
        canonical = Html(front.url, front.text()).canonical if is_html(front) else None
        if canonical and _is_above_or_below(host_of(canonical), host_of(front.url)):
            hosts.add(site_of(canonical))
        return hosts


def reason_it_is_gone(asked: str, arrived: str, own: OwnSite, lists: set[str]) -> tuple[str, dict[str, str]] | None:
    """Return why an initiative's page that redirects is gone, a message id and its values; None where it only moved.

    It moved where it arrives at another page of an initiative on the site's own hosts. `lists` are pages of the listing,
    by their canonical addresses.
    """
    if canonical_address(asked) == canonical_address(arrived):
        return None
    if not same_site(asked, arrived) and not own.has(arrived):
        return ELSEWHERE, {"host": host_of(arrived)}
    if _may_be_initiative(asked, arrived, own.recipe) and canonical_address(arrived) not in lists:
        return None
    return MOVED, {"address": arrived}


def _may_be_initiative(asked: str, arrived: str, recipe: Recipe) -> bool:
    """Whether the address at which one arrives from an initiative's page is an initiative's too: no front page, list or error."""
    path = urlsplit(arrived).path
    is_above = f"{canonical_address(asked)}/".startswith(f"{canonical_address(arrived.split('?')[0])}/")
    if _ERROR_PAGE.search(fold(path)) or (is_above and urlsplit(asked).path != path):
        return False
    return is_initiative_page(arrived, recipe.include, recipe.exclude)


def _is_above_or_below(host: str, other: str) -> bool:
    return host.endswith(f".{other}") or other.endswith(f".{host}")
