"""What a site says of itself on its front page: its name, and the words from which more may be concluded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawlers.markup import Html
from crawlers.reading.schema_org import owner_of
from crawlers.texts.clean import name_line, shorten
from crawlers.values.initiative_words import is_site_title
from crawlers.values.labels import is_initiative_page
from vocabulary import fold

MAX_CHARACTERS = 200
_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+|\s*[|»]\s*")
_LOGO = re.compile(r"\blogo(tips?|tipas|type|typ)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The words of a front page as plain text; "" for each that it lacks. `lang` is the language tag that it declares.

    `owner` is the name of who runs the site, where the page gives it for programs or for shared links; `logo` is the
    alternative text of its logo, `url` the page's address.
    """

    owner: str = ""
    title: str = ""
    heading: str = ""
    description: str = ""
    lang: str = ""
    logo: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """The name of the site; "" where it gives none.

        Of a title in parts ("Projects | Network") it is the part that the logo or a heading confirms, else the first one on a
        front page, and the last one on any other.
        """
        is_front = not is_initiative_page(self.url)
        parts = [part for part in _SEPARATOR.split(self.title) if part and not is_site_title(part)]
        said = fold(f"{self.logo} {self.heading}" if is_front else self.logo)
        confirmed = next((part for part in parts if fold(part) in said), "")
        return self.owner or confirmed or (parts and parts[0 if is_front else -1]) or self.logo or self.heading or self.title


def site_words(page: Html) -> SiteWords:
    """The words of a front page."""
    return SiteWords(
        owner=_line(owner_of(page)),
        title=_line(next((node.text for node in page.root.iter("title")), None)),
        heading=_line(next((node.text_content() for node in page.root.iter("h1")), None)),
        description=_line(page.meta("description", "og:description")),
        lang=(page.lang or "")[:20],
        logo=_line(_logo(page)),
        url=page.url,
    )


def _logo(page: Html) -> str:
    """The alternative text of the first picture that is called a logo, without that word; "" without one."""
    for image in page.root.iter("img"):
        names = " ".join(image.get(name, "") for name in ("class", "id", "src", "alt"))[:MAX_CHARACTERS]
        if "logo" in names.lower():
            return _LOGO.sub("", image.get("alt", "")).strip(" -–—|:")
    return ""


def _line(text: str | None) -> str:
    return shorten(name_line(text or ""), MAX_CHARACTERS)
