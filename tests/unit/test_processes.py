"""Processes beside a site: one that ends by itself is started again, but not again and again at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from platforma.processes import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Child
from platforma.settings import load_settings


class Ended:
    """A process that has ended as soon as it is started."""

    starts = 0

    def __init__(self, *_arguments: object, **_options: object) -> None:
        type(self).starts += 1

    def poll(self) -> int:
        return 1


class Running(Ended):
    def poll(self) -> None:  # type: ignore[override]  # it has not ended
        return None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("platforma.processes.time.monotonic", lambda: now[0])
    return now


def child(monkeypatch: pytest.MonkeyPatch, folder: Path, kind: type[Ended]) -> Child:
    monkeypatch.setattr(kind, "starts", 0)
    monkeypatch.setattr("platforma.processes.subprocess.Popen", kind)
    return Child(["worker"], load_settings(data_dir=folder))


def test_one_that_ends_again_and_again_is_started_after_growing_pauses(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = child(monkeypatch, tmp_path, Ended)
    starts = []
    for second in range(400):
        clock[0] = float(second)
        before = Ended.starts
        ended.start_again_if_ended()
        if Ended.starts > before:
            starts.append(second)
    assert starts[:5] == [2, 6, 14, 30, 62]
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert max(pauses) == LONGEST_PAUSE_SECONDS


def test_one_that_lived_long_is_started_at_once_and_soon_again(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = child(monkeypatch, tmp_path, Ended)
    for lived in (LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS):
        clock[0] += lived
        before = Ended.starts
        ended.start_again_if_ended()
        assert Ended.starts == before + 1


def test_one_that_runs_is_left_alone(clock: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    running = child(monkeypatch, tmp_path, Running)
    clock[0] = 1_000.0
    running.start_again_if_ended()
    assert Running.starts == 1
