"""Walks: whatever sources, people and time do in any order, all rules of the catalogue hold after each step.

A find is printed as the shortest sequence of steps that leads to it. It becomes a test of its own, with a name that tells.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.walk import Walk

STEPS_A_WALK = 50
STEPS = int(os.environ.get("PLATFORMA_WALK_STEPS", "1500"))
"""So many steps are walked on each database."""


def test_all_rules_hold_after_each_step_of_any_walk(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    copy = another()

    class WalkHere(Walk):
        open = staticmethod(lambda: catalogue)
        elsewhere = staticmethod(lambda: copy)
        folder = tmp_path

    is_long = "PLATFORMA_WALK_STEPS" in os.environ
    chosen = settings(
        max_examples=max(1, STEPS // STEPS_A_WALK), stateful_step_count=STEPS_A_WALK, deadline=None, database=None,
        derandomize=not is_long, print_blob=True, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        phases=[Phase.generate] if os.environ.get("NOSHRINK") else list(Phase),
    )  # fmt: skip
    started = time.process_time()
    try:
        run_state_machine_as_test(WalkHere, settings=chosen)
    finally:
        if is_long:
            seconds = time.process_time() - started
            print(f"\n{Walk.steps + WalkHere.steps} steps, {seconds:.0f} s of CPU time")
