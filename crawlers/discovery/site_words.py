"""What a site says of itself on its front page: its name, and the words from which more may be concluded."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.markup import Html
from crawlers.reading.schema_org import owner_of
from crawlers.texts.clean import name_line, shorten

MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The words of a front page as plain text; "" for each that it lacks. `lang` is the language tag that it declares.

    `owner` is the name of who runs the site, where the page gives it for programs or for shared links.
    """

    owner: str = ""
    title: str = ""
    heading: str = ""
    description: str = ""
    lang: str = ""

    @property
    def name(self) -> str:
        """The name of the site; "" where it gives none."""
        return self.owner or self.title or self.heading


def site_words(page: Html) -> SiteWords:
    """The words of a front page."""
    return SiteWords(
        owner=_line(owner_of(page)),
        title=_line(next((node.text for node in page.root.iter("title")), None)),
        heading=_line(next((node.text_content() for node in page.root.iter("h1")), None)),
        description=_line(page.meta("description", "og:description")),
        lang=(page.lang or "")[:20],
    )


def _line(text: str | None) -> str:
    return shorten(name_line(text or ""), MAX_CHARACTERS)
