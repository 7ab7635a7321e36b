"""Waking workers: what is asked for by one process is what another one runs."""

from __future__ import annotations

from pathlib import Path

from platforma.settings import folder_settings
from platforma.worker.task_queue import TASKS, open_queue, register_task, wake


def test_a_worker_runs_what_it_is_woken_for(tmp_path: Path) -> None:
    settings = folder_settings(tmp_path)
    wake(settings)
    worker, runs = open_queue(settings), list[str]()
    for name in TASKS:
        register_task(worker, name, lambda name=name: runs.append(name))  # type: ignore[misc] # mypy infers no type for it
    while task := worker.dequeue():
        worker.execute(task)
    assert runs == list(TASKS)
