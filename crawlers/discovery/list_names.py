"""What a site calls a list: the title and headings of its page."""

from __future__ import annotations

from bs4 import Tag

from crawlers.discovery.site_words import site_words
from crawlers.fetch.probe import SiteProbe, is_html
from crawlers.markup import Html
from crawlers.markup.css_selectors import Part
from crawlers.recipe import Recipe
from crawlers.texts.clean import one_line
from crawlers.values.labels import is_initiative_page
from crawlers.values.site_pages import is_list_title

MAX_PAGES = 3
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def names_of_list(site: SiteProbe, recipe: Recipe) -> tuple[str, ...]:
    """The titles and headings by which a site calls the list of a recipe; empty where it says none.

    A front page's title and h1 speak of the site as a whole, so there only a lower heading right before the list counts, or
    an h1 that says nothing but "Projects".
    """
    names: list[str] = []
    for url in recipe.addresses[:MAX_PAGES]:
        page = site.get(url)
        if page is not None and is_html(page):
            names += _names_on(Html(page.url, page.text()), recipe)
    return tuple(name for name in names if name)


def titles_around(site: SiteProbe, recipe: Recipe) -> tuple[str, ...]:
    """What may say of all entries what they are: title and heading of the front page, and the names of the list."""
    front = site_words(site.html)
    return tuple(text for text in dict.fromkeys((front.title, front.heading, *names_of_list(site, recipe))) if text)


def _names_on(page: Html, recipe: Recipe) -> list[str]:
    css = recipe.html.lists or recipe.html.entries or recipe.html.blocks or recipe.html.lines
    level, near = _nearest_heading(page, css) if css else ("", "")
    if is_initiative_page(page.url):
        heading = next((one_line(heading.text_content()) for heading in page.root.iter("h1")), "")
        return [page.title, heading, near]
    return [near] if level != "h1" or is_list_title(near) else []


def _nearest_heading(page: Html, css: str) -> tuple[str, str]:
    """Tag and text of the last heading before the first part that a selector finds, outside of it; "" without one."""
    first = Part.of_page(page.url, page.text).tag.select_one(css)
    if first is None:
        return "", ""
    around = {id(parent) for parent in first.parents}
    for heading in first.find_all_previous(_HEADINGS, limit=len(_HEADINGS)):
        if isinstance(heading, Tag) and id(heading) not in around:
            return heading.name, Part(page.url, heading).line
    return "", ""
