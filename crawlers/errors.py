"""The errors of crawling. Each text is one sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class CrawlError(Exception):
    """The base of all errors of crawling."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in one key of a recipe. `key` is its dotted path, empty if the whole recipe is meant.

    `reason` is a message id (English, with named placeholders) that `values` fill.
    """

    key: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The fault in English."""
        message = self.reason % dict(self.values) if self.values else self.reason
        return f"{self.key}: {message}" if self.key else message


class RecipeError(CrawlError):
    """A recipe is invalid. `faults` are its errors; the text is the recipe's `name` and the faults in English."""

    def __init__(self, *faults: Fault, name: str = "") -> None:
        self.faults = faults
        super().__init__((f"{name}: " if name else "") + "; ".join(fault.text for fault in faults))


class Stopped(Exception):
    """The crawl was asked to stop. What was staged stays, and a later crawl continues from there.

    It is no CrawlError, so that code that handles failures does not catch it.
    """


class FetchError(CrawlError):
    """A page could not be fetched or used. `url` is its address; `is_gone` is True for 404 and 410.

    `reason` is a message id (English, with named placeholders) that `values` fill, as in Problem.
    """

    def __init__(self, url: str, reason: str, *, values: Mapping[str, str] | None = None, is_gone: bool = False) -> None:
        self.url, self.reason, self.values, self.is_gone = url, reason, dict(values or {}), is_gone
        super().__init__(f"{url}: {self.text}")

    @property
    def text(self) -> str:
        """The reason in English with its placeholders filled."""
        return self.reason % self.values if self.values else self.reason


class AddressRefused(FetchError):
    """A crawler must not request the address, for example because it leads into a private network."""


class RobotsForbid(FetchError):
    """The site's robots.txt forbids the address."""


class Unreachable(FetchError):
    """There is no connection, or no response in time."""


class NoSuchHost(Unreachable):
    """The name of the host leads to no address, so nothing can be there."""


class Incomplete(Unreachable):
    """The response ends in the middle, or is compressed wrongly. Another try may bring it whole."""


class BadCertificate(Unreachable):
    """The site's certificate is not valid; another try does not help."""


class BadStatus(FetchError):
    """The response has a status that is no success."""


class Walled(FetchError):
    """A protection against programs, or a form for logging in, answered in place of the page."""


class TooLarge(FetchError):
    """The response is larger than the recipe's limit."""


class BadContent(FetchError):
    """The content is not what it should be, for example malformed JSON."""


class HostBusy(FetchError):
    """The host is read for another platform now, or was for several others today. It is nobody's fault, and soon over."""


class SiteGivenUp(CrawlError):
    """The site fails repeatedly, or asks for a long pause. The crawl ends, and is tried again another time.

    It is no FetchError, so that no further page is requested. `url`, `reason`, `values` and `text` as in FetchError.
    """

    def __init__(self, url: str, reason: str, values: Mapping[str, str]) -> None:
        self.url, self.reason, self.values = url, reason, dict(values)
        self.text = reason % self.values
        super().__init__(f"{url}: {self.text}")
