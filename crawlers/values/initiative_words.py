"""Words that show that something is about initiatives, or that it is not: news, staff, pages about the site itself, frames.

All such words stand here, folded, grouped by what they mean.
"""

from __future__ import annotations

import re

from vocabulary import fold

_INITIATIVES = re.compile(
    r"project|projekt|iniciativ|initiativ|uznem|member|biedr|dalibniek|enterpris|organi[sz]a|ettevot|liikmed|imon|nariai|podmiot|czlonk"
    r"|virksomhed|medlem|foretag|jasen|directory|katalog|catalog|registr|register|saraks|case|stor(y|ies)|pieredz|praks|practice|database"
)
"""Beginnings of words."""
_NEWS = (
    r"news\w*|blog|press|zinas|jaunum\w*|aktual\w*|aktualitat\w*|uudis\w*|naujien\w*|wiadomosc\w*|nyhed\w*|nyhet\w*|aktuel\w*"
    r"|uutis\w*|ajankohtais\w*|nachricht\w*|neuigkeit\w*"
)
_STAFF = r"team|komand\w*|staff|people|darbinieki|valde|board|meeskond\w*|zespol|medarbejder\w*"
_VOICES = r"testimonials?|atsauksmes|sponsor\w*|logos?|faqs?|biezak uzdotie"
_TYPES = (
    r"posts?|articles?|announcements?|employees?|reviews?|products?|shop|produkt\w*|popups?|slides?|sliders?|banners?|forms?|templates?"
    r"|blocks?|layouts?|snippets?|menus?|header|footer|widgets?|jobs?|vacanc\w*|vakanc\w*|lesson|quiz|gallery|galerija|uncategorized"
    r"|partner\w*|documents?|dokument\w*|downloads?"
)
"""Words that count in names of types, categories and lists, but not in headings or in classes of elements."""
_FRAME = (
    r"menu|navi\w*|footer|sidebar|widget|comment\w*|related|share|social|cookie\w*|slider|breadcrumb\w*|pagination|pager"
    r"|accessibility|search|language|login"
)
"""Words that count in classes and ids, but not in headings, where "social" may belong to "social enterprises"."""
_PAGES = (
    r"about|about-us|contacts?|contact-us|privacy|privacy-policy|cookies?|terms|sitemap|search|login|wp-login|par-mums|par|kontakti"
    r"|privatums|privatuma-politika|sikdatnes|noteikumi|meklet|category|tag|author|page|feed|archive|kategorija|birka|meist|kontakt"
    r"|apie-mus|kontaktai|o-nas|om-os|om-oss|yhteystiedot|ueber-uns|impressum|news|blog|jaunumi|library|wp-content|wp-json|partners"
    r"|team|komanda|jobs|vakances|donate|ziedot|newsletter"
)
"""Words that count only as a whole part of an address."""
_TITLES = (
    r"home|about( us)?|contacts?( us)?|privacy( policy)?|cookies?|news|blog|search|login|menu|start|read more|next|previous|\d+"
    r"|sakums|par mums|kontakti|jaunumi|privatuma politika|sikdatnes|lasit vairak|avaleht|kontakt|uudised|meist|pradzia|apie mus"
    r"|naujienos|strona glowna|o nas|aktualnosci|forside|om os|om oss|nyheder|nyheter|etusivu|ueber uns|uber uns|startseite"
    r"|impressum|datenschutz|https?://.*"
)
_LIST = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_TYPES})($|[^a-z])")
_HEADING = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES})($|[^a-z])")
_ELEMENT = re.compile(rf"(^|[^a-z])({_NEWS}|{_STAFF}|{_VOICES}|{_FRAME})($|[^a-z])")
_PATH = re.compile(rf"(^|/)({_PAGES})(/|$|\.html?$|\.php$)", re.IGNORECASE)
_TITLE = re.compile(rf"^({_TITLES})$")


def is_about_initiatives(text: str) -> bool:
    """Whether an address, a title or classes of elements have a word for initiatives, their owners, or lists of them."""
    return bool(_INITIATIVES.search(fold(text)))


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
    return bool(_PATH.search(path))


def is_site_title(title: str) -> bool:
    """Whether a title is that of a page about the site itself ("About us", "Home")."""
    return bool(_TITLE.match(fold(title)))
