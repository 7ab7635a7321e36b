"""Turns for large files: only so many are sent at once, so that pages always find a free thread, and none for ever."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock

from flask import current_app, request

from platforma.catalogue.people.rate_limits import network

MAX_AT_ONCE = 4
"""How many large files a process sends at once: half of its threads."""
MAX_OF_ONE_NETWORK = 2
MIN_LISTINGS = 500
"""A file of more listings is large."""
MAX_SECONDS = 1800
"""A file that was not read to its end by then is broken off."""
RETRY_AFTER_SECONDS = 60


class NoTurn(Exception):
    """A large file cannot be sent now. `is_own`: because the asker is being sent others."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("too many large files at once" + (" to one network" if is_own else ""))
        self.is_own = is_own


class ReadTooSlowly(Exception):
    """The reader of a file took longer than MAX_SECONDS."""


@dataclass(slots=True)
class Turn:
    """The sending of one large file to a network."""

    turns: Turns
    network: str
    ends_at: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    is_over: bool = False

    def close(self) -> None:
        """Give the turn back; more than once does nothing."""
        self.turns.give_back(self)

    def sending(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces; the turn ends with the last one. Raises ReadTooSlowly."""
        try:
            for piece in pieces:
                if time.monotonic() > self.ends_at:
                    raise ReadTooSlowly
                yield piece
        finally:
            self.close()


@dataclass(slots=True)
class Turns:
    """The turns of a process by network."""

    taken: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def take(self, asker: str) -> Turn:
        """A turn for a network. Raises NoTurn."""
        with self.lock:
            if self.taken[asker] >= MAX_OF_ONE_NETWORK:
                raise NoTurn(is_own=True)
            if self.taken.total() >= MAX_AT_ONCE:
                raise NoTurn(is_own=False)
            self.taken[asker] += 1
        return Turn(self, asker)

    def give_back(self, turn: Turn) -> None:
        """End a turn, once."""
        with self.lock:
            if not turn.is_over:
                turn.is_over = True
                self.taken[turn.network] -= 1
                self.taken += Counter()


def turns() -> Turns:
    """The turns of this application."""
    return current_app.extensions.setdefault("turns", Turns())  # type: ignore[no-any-return] # Flask types what it carries as Any


def take_turn() -> Turn:
    """A turn for whoever sends this request. Raises NoTurn."""
    return turns().take(network(request.remote_addr or ""))
