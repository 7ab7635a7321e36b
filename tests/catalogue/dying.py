"""Processes that kill themselves at a chosen point of what they do: before a statement, or before or after a commit."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from platforma.catalogue.database import Database
from tests.catalogue.catalogue_fixture import CatalogueFixture

Act = Callable[[CatalogueFixture], object]


def is_killed_at(point: int, act: Act, catalogue: CatalogueFixture, *, only_commits: bool = False) -> bool:
    """Whether a process that did this was killed at its so-many-th point (from 1 on); it ended well where it has fewer.

    With `only_commits` its points are those just after a commit: between two of them nothing that lasts is written.
    """
    catalogue.database.dispose()  # two processes must not share a connection
    pid = os.fork()
    if pid == 0:
        _act_and_end(point, act, catalogue, only_commits)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL), f"it ended by itself with {code}"
    return code != 0


def _act_and_end(point: int, act: Act, catalogue: CatalogueFixture, only_commits: bool) -> None:
    """Do it in this process, which then ends in any case."""
    try:
        _kill_at(point, only_commits)
        catalogue.database = Database(catalogue.settings.database_url)
        act(catalogue)
    except BaseException:  # noqa: BLE001 - told, and the process ends
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _kill_at(point: int, only_commits: bool) -> None:
    passed = 0

    def pass_point(*_arguments: Any, **_named: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "after_commit", pass_point)
    if not only_commits:
        event.listen(Engine, "before_cursor_execute", pass_point)
        event.listen(Engine, "commit", pass_point)
