"""Words that show that something is about initiatives, or that it is not: news, staff, pages about the site itself, frames.

Those for initiatives stand in initiative_words.yaml, those for pages about the site itself in site_pages.yaml, all others here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawlers.texts.wordlists import data_beside
from crawlers.values.site_pages import is_own_page, legal_part
from vocabulary import fold

MIN_INSIDE = 6
"""A beginning of so many letters counts inside a word, too."""

_NEWS = (
    r"news\w*|blog|press|zinas|jaunum\w*|aktual\w*|aktualitat\w*|uudis\w*|naujien\w*|wiadomosc\w*|nyhed\w*|nyhet\w*|aktuel\w*"
    r"|uutis\w*|ajankohtais\w*|nachricht\w*|neuigkeit\w*"
)
_STAFF = r"team|komand\w*|staff|people|darbinieki|valde|board|meeskond\w*|zespol|medarbejder\w*"
_VOICES = r"testimonials?|atsauksmes|sponsor\w*|logos?|faqs?|biezak uzdotie"
_TYPES = (
    r"posts?|articles?|artik\w+|artyku\w+|straipsn\w+|raksti|announcements?|employees?|reviews?|products?|shop|produkt\w*|popups?|slides?|sliders?|banners?|forms?|templates?"
    r"|blocks?|layouts?|snippets?|menus?|header|footer|widgets?|jobs?|vacanc\w*|vakanc\w*|lesson|quiz|gallery|galerija|uncategorized"
    r"|partner\w*|documents?|dokument\w*|downloads?"
)
"""Words that count in names of types, categories and lists, but not in headings or in classes of elements."""
_FRAME = (
    r"menu|navi\w*|footer|sidebar|(?<!elementor-)widget|comment\w*|related|share|social|cookie\w*|slider|breadcrumb\w*|pagination|pager"
    r"|accessibility|search|language|login"
)
"""Words that count in classes and ids, but not in headings, where "social" may belong to "social enterprises"."""
_PAGES = (
    r"about|about-us|contacts?|contact-us|privacy|privacy-policy|cookies?|terms|sitemap|search|login|wp-login|par-mums|par|kontakti"
    r"|privatums|privatuma-politika|sikdatnes|noteikumi|meklet|category|tag|author|page|feed|archive|kategorija|birka|meist|kontakt"
    r"|apie-mus|kontaktai|o-nas|om-os|om-oss|yhteystiedot|ueber-uns|impressum|news|blog|jaunumi|library|wp-content|wp-json|partners"
    r"|team|komanda|jobs|vakances|donate|ziedot|newsletter|credits|image-credits|attributions?|join|join-us|get-involved|pievienojies|iesaisties"
    r"|liitu|prisijunk|mitmachen|bli-medlem|liity|dolacz"
)
"""Words that count only as a whole part of an address."""
_TITLES = r"\d+|https?://.*"
_LIST = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_TYPES})($|[^a-z])")
_HEADING = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES})($|[^a-z])")
_ELEMENT = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_FRAME})($|[^a-z])")
_PATH = re.compile(rf"(^|/)({_PAGES})(/|$|\.html?$|\.php$)", re.IGNORECASE)
_TITLE = re.compile(rf"^({_TITLES})$")


def is_about_initiatives(text: str) -> bool:
    """Whether an address, a title or classes of elements have a word for initiatives, their owners, or lists of them."""
    return _is_about(text[:2000])


@lru_cache(maxsize=20_000)
def _is_about(text: str) -> bool:
    return bool(_initiatives().search(fold(text)))


@cache
def _initiatives() -> re.Pattern[str]:
    """The words of initiative_words.yaml."""
    data: dict[str, list[str]] = data_beside(__file__)
    words = sorted({fold(word) for words in data.values() for word in words})
    inside, at_beginning = (
        [re.escape(word) for word in words if (len(word) >= MIN_INSIDE) == is_long] for is_long in (True, False)
    )
    return re.compile(rf"{'|'.join(inside)}|(?<![^\W\d_])(?:{'|'.join(at_beginning)})")


def is_excluded_list(name: str) -> bool:
    """Whether the name or address of a type, category or list shows that it holds news, staff, products and the like."""
    return bool(_LIST.search(fold(name).replace("_", " ").replace("-", " ")))


def is_excluded_heading(text: str) -> bool:
    """Whether a heading, a page's title or an address shows that it is about news, staff or testimonials."""
    return bool(_HEADING.search(fold(text)))


def is_excluded_element(names: str) -> bool:
    """Whether classes and ids, or a selector made of them, belong to news, staff, testimonials or a page's frame."""
    return bool(_ELEMENT.search(fold(names)))


def is_site_page(path: str) -> bool:
    """Whether a path is that of a page about the site itself ("about", "contact"), or of an archive."""
    return bool(_PATH.search(path) or legal_part(path))


def is_site_title(title: str) -> bool:
    """Whether a title is that of a page about the site itself ("About us", "Home"), or none at all."""
    return bool(_TITLE.match(fold(title))) or is_own_page(title)
