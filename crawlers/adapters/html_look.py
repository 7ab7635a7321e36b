"""Discovery for HTML pages: recipes for the lists of links and the blocks that a site's pages seem to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from crawlers.adapters.list_pages import list_pages
from crawlers.adapters.sibling_lists import links_to_siblings
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.reading.blocks import find_blocks
from crawlers.reading.links import find_entries, find_menu_entries, find_next
from crawlers.reading.name_lines import find_name_lines
from crawlers.reading.selected_links import selected_addresses
from crawlers.recipe import HtmlRecipe, Recipe
from crawlers.values.addresses import same_site
from crawlers.values.labels import is_initiative_page
from crawlers.values.site_pages import names_list

MAX_PROPOSALS = 3
"""How many recipes discovery tries for lists with a page for each entry, and how many for lists without."""
REQUESTS_TO_TRY = 12
"""Of the requests that discovery has left, so many are kept to read entries of what is proposed."""
MAX_LISTS_OF_LISTS = 3
"""So many of the likeliest lists are looked at for whether they lead to lists themselves."""
MIN_PAGES_WITH_MENU = 2
MIN_SHARE_OF_MENU = 0.9
"""So many of the pages to which a menu links have it, too, or such a share of it."""
MAX_BLOCKS_OVER_PAGES = 2
"""For so many of the likeliest blocks it is tried whether others stand on further pages of the same folder."""
MIN_PAGE_CHARACTERS = 100
"""A page with a shorter main text is not taken for an initiative."""
MIN_PARTS_OF_LIST = 3
MAX_OTHER_LANGUAGES = 3
"""In so many other languages discovery looks for the same list."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A way in which a page may be read: the score, the keys of its HtmlRecipe, how many elements its selector finds.

    `names` is the heading of the column of names, where the heading alone does not say so.
    """

    page: Html
    score: float
    keys: dict[str, str]
    count: int
    names: str = ""

    @property
    def has_pages(self) -> bool:
        """Whether each entry has a page of its own."""
        return bool(self.keys.get("entries"))


def look(site: SiteProbe) -> Iterator[Recipe]:
    """Recipes for the blocks and lists of links on the pages that may hold lists, the likeliest first."""
    requests = site.budget.requests
    with site.budget.at_most(max(requests - REQUESTS_TO_TRY, requests // 2)):
        ways = _ways_of_site(site)
    for has_pages in (True, False):  # a list may say little about what its links lead to, or lead nowhere
        for way in [way for way in ways if way.has_pages == has_pages][:MAX_PROPOSALS]:
            yield _recipe_for(site, way)
    if is_html(site.front):
        yield from _last_resorts(site)


def _ways_of_site(site: SiteProbe) -> list[_Way]:
    """The ways to read the pages that may hold lists, and lists of lists, the likeliest first; menus in plain elements only where
    no page is called a list, as some sites name all that they list in their menu."""
    pages = list(list_pages(site))
    ways = [way for page in pages for way in _ways_to_read(page)]
    others = [way for way in ways if not _is_menu(way, pages)]
    ways = others if any(names_list(way.page.title) for way in others) else ways
    ways = sorted(_each_once(ways), key=lambda way: -way.score)
    blocks, linked = ([way for way in ways if way.keys.get(name)] for name in ("blocks", "entries"))
    above = [over for way in blocks[:MAX_BLOCKS_OVER_PAGES] for over in _over_pages(site, pages, way)]
    above += [lower for way in linked[:MAX_LISTS_OF_LISTS] for lower in _lists_below(site, way)]
    return sorted([*above, *ways], key=lambda way: -way.score)


def _ways_to_read(page: Html) -> Iterator[_Way]:
    """The ways to read the best blocks and lists of links of a page."""
    next_css = find_next(page)
    for selection in find_blocks(page)[:2]:
        yield _Way(page, selection.score, {"blocks": selection.css, "next": next_css}, selection.count, selection.names)
    for selection in find_name_lines(page)[:1]:
        yield _Way(page, selection.score / 100, {"lines": selection.css, "next": next_css}, selection.count)
    for selection in find_entries(page)[:2]:
        yield _Way(page, selection.score, {"entries": selection.css, "next": next_css}, selection.count)


def _is_menu(way: _Way, pages: list[Html]) -> bool:
    """Whether a list of links is the site's menu in plain elements: of the pages to which it links, several link to the same."""
    if not way.has_pages or "[href" in way.keys["entries"]:
        return False
    urls = set(selected_addresses(way.page, way.keys["entries"]))
    linked = (set(page.links) for page in pages if page.url in urls and page.url != way.page.url)
    return sum(len(urls & links) >= MIN_SHARE_OF_MENU * len(urls) for links in linked) >= MIN_PAGES_WITH_MENU


def _each_once(ways: list[_Way]) -> list[_Way]:
    """The best of the ways that find as many parts of the same page, since these are mostly the same parts."""
    best: dict[tuple[str, bool, int], _Way] = {}
    for way in ways:
        key = (way.page.url, way.has_pages, way.count)
        if key not in best or way.score > best[key].score:
            best[key] = way
    return list(best.values())


def _last_resorts(site: SiteProbe) -> Iterator[Recipe]:
    """Recipes for a site without lists: the entries in its menu, and the page at the address as one initiative."""
    for selection in find_menu_entries(site.html)[:1]:
        yield _recipe_for(site, _Way(site.html, 0, {"entries": selection.css}, selection.count))
    if is_initiative_page(site.front.url) and len(site.html.main_text) >= MIN_PAGE_CHARACTERS:
        yield _recipe_for(site, _Way(site.html, 0, {}, 1))


def _recipe_for(site: SiteProbe, way: _Way) -> Recipe:
    addresses, keys = _in_all_languages(site, way.page, way.keys)
    changes = {"adapter": "html", "addresses": addresses, "html": HtmlRecipe.model_validate(keys)}
    fields = {"fields": {"title": way.names} | site.recipe.fields} if way.names else {}
    return site.recipe.model_copy(update=changes | fields)


def _in_all_languages(site: SiteProbe, page: Html, way: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The address of a list and of the same list in the languages that its page declares, and the keys to read all of them.

    Only lists that link to pages are joined, since those declare which of them say the same in two languages.
    """
    addresses, selectors = [page.url], [way["entries"]] if "entries" in way and "lists" not in way else []
    declared = [url for url in dict.fromkeys(page.alternates.values()) if same_site(url, page.url) and url != page.url]
    for other in site.pages(declared[:MAX_OTHER_LANGUAGES] if selectors else ()):
        is_alike = any(selected_addresses(other, css) for css in selectors)
        found = [] if is_alike else [selection.css for selection in find_entries(other)[:1]]
        if (is_alike or found) and other.url not in addresses:
            addresses, selectors = [*addresses, other.url], [*selectors, *found]
    return tuple(addresses), {**way, "entries": ", ".join(selectors)} if selectors else way


def _lists_below(site: SiteProbe, way: _Way) -> Iterator[_Way]:
    """The ways to read a list of lists, such as one for each country, letter or year: its first links lead to lists.

    One list below is enough where its entries lie in its own folder; else two lists must be built alike, hold different
    entries, and hold none that the page above links to, as a menu would.
    """
    lower_pages = list(site.pages(selected_addresses(way.page, way.keys["entries"])[:2]))
    css = _path_in_own_folder(lower_pages[0]) if lower_pages else ""
    css = css or _common_path(way.page, lower_pages)
    if css:
        keys = {"lists": way.keys["entries"], "entries": css, "next": find_next(lower_pages[0])}
        yield _Way(way.page, way.score + 1, keys, way.count)


def _over_pages(site: SiteProbe, pages: list[Html], way: _Way) -> Iterator[_Way]:
    """The way to read blocks that stand on several pages to which one page links, if this way finds only those of one of them."""
    if linked := links_to_siblings(site, pages, way.page, way.keys["blocks"]):
        upper, css = linked
        yield _Way(upper, way.score + 1, {"lists": css, "blocks": way.keys["blocks"]}, way.count)


def _path_in_own_folder(page: Html) -> str:
    """The path of links on a page to addresses that all lie in the page's own folder; "" without such."""
    folder = page.url.rstrip("/") + "/"
    for selection in find_entries(page, min_links=1):
        urls = selected_addresses(page, selection.css)
        if urls and all(url.startswith(folder) for url in urls):
            return selection.path
    return ""


def _common_path(above: Html, pages: list[Html]) -> str:
    """The path of links that two pages have in the same place, to different addresses; "" without such."""
    known = {*above.links, above.url}
    found = [{s.path: set(selected_addresses(page, s.css)) for s in find_entries(page, min_links=1)} for page in pages]
    for first, second in combinations(found, 2):
        for path in first.keys() & second.keys():
            entries = first[path] | second[path]
            is_new = entries.isdisjoint(known) and first[path].isdisjoint(second[path])
            if is_new and len(entries) >= MIN_PARTS_OF_LIST:
                return path
    return ""
