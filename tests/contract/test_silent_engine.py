"""Elasticsearch that takes connections and does not answer: nobody waits for it in vain, and it is found again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from search.breaker import MAX_FAILURES, PAUSE_SECONDS, Breaker
from search.engines.elastic import ElasticEngine, connection
from search.port import EngineUnavailable, Query


class Clock:
    """Monotonic seconds that go on when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(MAX_FAILURES):
        assert breaker.may_ask()
        breaker.failed()
    return breaker


def test_fewer_failures_than_that_in_a_row_change_nothing() -> None:
    breaker = Breaker(Clock())
    for _ in range(3):
        for _ in range(MAX_FAILURES - 1):
            breaker.failed()
        assert breaker.may_ask()
        breaker.answered()
    assert breaker.may_ask()


def test_after_a_pause_one_may_ask_and_the_others_wait_for_its_outcome() -> None:
    clock = Clock()
    breaker = opened(clock)
    assert not breaker.may_ask()
    clock.now += PAUSE_SECONDS - 0.01
    assert not breaker.may_ask()
    clock.now += 0.01
    assert [breaker.may_ask() for _ in range(3)] == [True, False, False]
    breaker.failed()
    assert not breaker.may_ask()
    clock.now += PAUSE_SECONDS
    assert breaker.may_ask()
    breaker.answered()
    assert [breaker.may_ask() for _ in range(3)] == [True, True, True]


@pytest.fixture
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """The address of a server that takes connections and says nothing, and the connections that it took."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    for one in taken:
        one.close()


def test_searches_of_an_engine_that_says_nothing_soon_fail_at_once(
    silent: tuple[str, list[socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SEARCH_TIMEOUT_SECONDS", 0.2)
    address, taken = silent
    engine = ElasticEngine(address)
    for _ in range(MAX_FAILURES + 20):
        with pytest.raises(EngineUnavailable, match="does not answer"):
            engine.search(Query(text="maize"))
    assert len(taken) < MAX_FAILURES + 20, "most were not even asked"
    engine.close()
