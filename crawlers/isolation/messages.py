"""What the host and a reader process say to each other, and the channel on which they do."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

from pydantic import BaseModel

from crawlers.errors import CrawlError, FetchError, SiteGivenUp, Stopped
from crawlers.owner_tables.questions import TableQuestion
from crawlers.recipe import Recipe
from vocabulary import TermChange, changes_in_use

MAX_MESSAGE_BYTES = 256 * 1024 * 1024
"""More than any page that a recipe may allow to be fetched."""


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """Crawl by a recipe. `lost` are the pages that must not be read, with the message id of the reason.

    `terms` is what people made of the vocabulary, by which the reader goes.
    """

    recipe: Recipe
    lost: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[TermChange, ...] = field(default_factory=changes_in_use)


@dataclass(frozen=True, slots=True)
class ProposalJob:
    """Propose a recipe for an address, starting from `base`. `lost` and `terms` as in CrawlJob."""

    url: str
    base: Recipe | None = None
    lost: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[TermChange, ...] = field(default_factory=changes_in_use)


@dataclass(frozen=True, slots=True)
class RecodeJob:
    """Decode an image, and encode it anew in our sizes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FileJob:
    """Read a file for import, as importing.reading.file_lines does. `terms` as in CrawlJob."""

    path: str
    recipe: Recipe | None
    columns: tuple[str, ...]
    terms: tuple[TermChange, ...] = field(default_factory=changes_in_use)


@dataclass(frozen=True, slots=True)
class TableJob:
    """Check a table that somebody sent, as owner_tables.checking.check_table does. `terms` as in CrawlJob."""

    body: bytes
    name: str
    question: TableQuestion
    terms: tuple[TermChange, ...] = field(default_factory=changes_in_use)


Job = CrawlJob | ProposalJob | RecodeJob | FileJob | TableJob


@dataclass(frozen=True, slots=True)
class Call:
    """A reader's call of one of the host's functions. Without `is_answered` it goes on at once."""

    name: str
    arguments: tuple[Any, ...]
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took: processor time, and the most memory (resident set)."""

    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call or a job gave. For a job, `usage` is what the reader took."""

    value: Any
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of ours that a call or a job ended with; its class by name, and its arguments where the class has them."""

    name: str
    text: str = ""
    url: str = ""
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_gone: bool = False

    @classmethod
    def of(cls, error: CrawlError | Stopped) -> Self:
        """Return the failure that stands for an error."""
        name = type(error).__name__
        if isinstance(error, FetchError):
            return cls(name, str(error), error.url, error.reason, error.values, error.is_gone)
        if isinstance(error, SiteGivenUp):
            return cls(name, str(error), error.url, error.reason, error.values)
        return cls(name, str(error))

    def error(self) -> CrawlError | Stopped:
        """Return the error, of its own class."""
        if self.name == Stopped.__name__:
            return Stopped()
        if self.name == SiteGivenUp.__name__:
            return SiteGivenUp(self.url, self.reason, self.values)
        if kind := _fetch_errors().get(self.name):
            return kind(self.url, self.reason, values=self.values, is_gone=self.is_gone)
        return CrawlError(self.text)


@dataclass(frozen=True, slots=True)
class Surprise:
    """An error that nobody thought of; `trace` is its traceback for a programmer."""

    trace: str


class ChannelClosed(Exception):
    """The other side is gone."""


class Channel:
    """Messages over one connection. Only data is taken from it: plain values and the records of this project."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, message: object) -> None:
        """Send a message. Raises ChannelClosed."""
        data = pickle.dumps(message, protocol=5)
        try:
            self._connection.send_bytes(data)
        except OSError as error:
            raise ChannelClosed from error

    def receive(self) -> Any:
        """Return the next message. Raises ChannelClosed."""
        try:
            data = self._connection.recv_bytes(MAX_MESSAGE_BYTES)
        except (EOFError, OSError) as error:
            raise ChannelClosed from error
        return _DataUnpickler(io.BytesIO(data)).load()

    def wait(self, seconds: float) -> bool:
        """Return whether a message, or the end of the other side, comes within this time."""
        return self._connection.poll(seconds)

    def close(self) -> None:
        """Tell the other side that this is the end."""
        self._connection.close()


class _DataUnpickler(pickle.Unpickler):
    """Unpickles no code: only dataclasses and models of the crawlers, and dates."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that a message may hold. Raises UnpicklingError for any other."""
        if (module, name) == ("datetime", "date"):
            return super().find_class(module, name)
        if module.startswith("crawlers."):
            kind = super().find_class(module, name)
            if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, BaseModel)):
                return kind
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


def _fetch_errors(kind: type[FetchError] = FetchError) -> dict[str, type[FetchError]]:
    """Return the classes of errors of fetching by their names."""
    kinds = {kind.__name__: kind}
    for each in kind.__subclasses__():
        kinds |= _fetch_errors(each)
    return kinds
