"""What can go wrong in a crawl; each text is one sentence that says what to do."""

from __future__ import annotations


class CrawlError(Exception):
    """Any failure of crawling."""


class RecipeError(CrawlError):
    """A recipe is not understood; the text names the key."""


class Stopped(CrawlError):
    """Somebody asked the crawl to stop; what was staged stays, and a later crawl goes on from there."""


class FetchError(CrawlError):
    """An address gave nothing usable. `url` is the address; `is_gone` for 404 and 410."""

    def __init__(self, url: str, text: str, *, is_gone: bool = False) -> None:
        super().__init__(f"{url}: {text}")
        self.url, self.text, self.is_gone = url, text, is_gone


class AddressRefused(FetchError):
    """The address leads where a crawler must not go, such as into a private network."""


class RobotsForbid(FetchError):
    """The site's robots.txt forbids the address."""


class Unreachable(FetchError):
    """No connection, or no answer in time."""


class BadStatus(FetchError):
    """The server answered with an error."""


class TooLarge(FetchError):
    """The answer is larger than the recipe's limit."""


class BadContent(FetchError):
    """The answer is not what it should be, such as broken JSON."""
