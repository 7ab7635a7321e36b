"""What is no initiative, by its name alone: news, staff, a site's own pages, the frame of a page, titles that name nothing.

The one home of such words, all folded: to add one, put it into the group of what it tells of.
"""

from __future__ import annotations

import re

from vocabulary import fold

_NEWS = (
    r"news\w*|blog|press|zinas|jaunum\w*|aktual\w*|aktualitat\w*|uudis\w*|naujien\w*|wiadomosc\w*|nyhed\w*|nyhet\w*|aktuel\w*"
    r"|uutis\w*|ajankohtais\w*|nachricht\w*|neuigkeit\w*"
)
_STAFF = r"team|komand\w*|staff|people|darbinieki|valde|board|meeskond\w*|zespol|medarbejder\w*"
_VOICES = r"testimonials?|atsauksmes|sponsor\w*|logos?|faqs?|biezak uzdotie"
_KINDS = (
    r"posts?|articles?|announcements?|employees?|reviews?|products?|shop|produkt\w*|popups?|slides?|sliders?|banners?|forms?|templates?"
    r"|blocks?|layouts?|snippets?|menus?|header|footer|widgets?|jobs?|vacanc\w*|vakanc\w*|lesson|quiz|gallery|galerija|uncategorized"
    r"|partner\w*|documents?|dokument\w*|downloads?"
)
"""Of types, categories and lists only: as classes of elements, or in headings, they tell nothing."""
_FRAME = (
    r"menu|navi\w*|footer|sidebar|widget|comment\w*|related|share|social|cookie\w*|slider|breadcrumb\w*|pagination|pager"
    r"|accessibility|search|language|login"
)
"""Of classes and ids only: a heading "Social enterprises" tells of no bar for sharing."""
_PAGES = (
    r"about|about-us|contacts?|contact-us|privacy|privacy-policy|cookies?|terms|sitemap|search|login|wp-login|par-mums|par|kontakti"
    r"|privatums|privatuma-politika|sikdatnes|noteikumi|meklet|category|tag|author|page|feed|archive|kategorija|birka|meist|kontakt"
    r"|apie-mus|kontaktai|o-nas|om-os|om-oss|yhteystiedot|ueber-uns|impressum|news|blog|jaunumi|library|wp-content|wp-json|partners"
    r"|team|komanda|jobs|vakances|donate|ziedot|newsletter"
)
"""Whole parts of an address."""
_TITLES = (
    r"home|about( us)?|contacts?( us)?|privacy( policy)?|cookies?|news|blog|search|login|menu|start|read more|next|previous|\d+"
    r"|sakums|par mums|kontakti|jaunumi|privatuma politika|sikdatnes|lasit vairak|avaleht|kontakt|uudised|meist|pradzia|apie mus"
    r"|naujienos|strona glowna|o nas|aktualnosci|forside|om os|om oss|nyheder|nyheter|etusivu|ueber uns|uber uns|startseite"
    r"|impressum|datenschutz|https?://.*"
)
_LIST = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_KINDS})($|[^a-z])")
_HEADING = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES})($|[^a-z])")
_ELEMENT = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_FRAME})($|[^a-z])")
_PATH = re.compile(rf"(^|/)({_PAGES})(/|$|\.html?$|\.php$)", re.IGNORECASE)
_TITLE = re.compile(rf"^({_TITLES})$")


def is_other(name: str) -> bool:
    """Whether the name of a type, category, list or its address tells of news, staff, products and the like."""
    return bool(_LIST.search(fold(name).replace("_", " ").replace("-", " ")))


def is_other_heading(text: str) -> bool:
    """Whether a heading, a page's title or an address tells of news, staff or voices."""
    return bool(_HEADING.search(fold(text)))


def is_other_element(names: str) -> bool:
    """Whether classes and ids, or a selector of them, tell of news, staff, voices or of a page's frame."""
    return bool(_ELEMENT.search(fold(names)))


def is_own_page(path: str) -> bool:
    """Whether the path of an address is that of a page about the site itself, or of an archive."""
    return bool(_PATH.search(path))


def is_no_name(title: str) -> bool:
    """Whether a title is that of a page about the site itself, and names no initiative."""
    return bool(_TITLE.match(fold(title)))
