"""What can go wrong in a crawl; each text is one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class CrawlError(Exception):
    """Any failure of crawling."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one key of a recipe; `key` is its dotted path, empty for the whole.

    `reason` is a message id (English, with named placeholders) that `values` fill.
    """

    key: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The fault in English."""
        said = self.reason % dict(self.values) if self.values else self.reason
        return f"{self.key}: {said}" if self.key else said


class RecipeError(CrawlError):
    """A recipe is not understood; `faults` name the keys. The text names them in English, behind the recipe's `name`."""

    def __init__(self, *faults: Fault, name: str = "") -> None:
        self.faults = faults
        super().__init__((f"{name}: " if name else "") + "; ".join(fault.text for fault in faults))


class Stopped(Exception):
    """Somebody asked the crawl to stop; what was staged stays, and a later crawl goes on from there.

    No CrawlError, so that nobody who goes on after a failure goes on after this.
    """


class FetchError(CrawlError):
    """An address gave nothing usable. `url` is the address; `is_gone` for 404 and 410.

    `reason` is a message id (English, with named placeholders) and `values` fill it, so that it can be shown in any
    interface language, as in Problem; `text` is the filled English.
    """

    def __init__(self, url: str, reason: str, *, values: Mapping[str, str] | None = None, is_gone: bool = False) -> None:
        self.url, self.reason, self.values, self.is_gone = url, reason, dict(values or {}), is_gone
        super().__init__(f"{url}: {self.text}")

    @property
    def text(self) -> str:
        """The reason in English with its placeholders filled."""
        return self.reason % self.values if self.values else self.reason


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


class SiteGivenUp(CrawlError):
    """The site keeps failing, or asks to be left alone for long: the crawl ends here and is tried again another time.

    Not a FetchError, so that no page of the rest is asked for. `url`, `reason`, `values` and `text` as in FetchError.
    """

    def __init__(self, url: str, reason: str, values: Mapping[str, str]) -> None:
        self.url, self.reason, self.values = url, reason, dict(values)
        self.text = reason % self.values
        super().__init__(f"{url}: {self.text}")
