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
from tests.catalogue.partner_walk import PartnerWalk

STEPS_A_WALK = 50
STEPS = int(os.environ.get("WALK_STEPS", "600"))
"""So many steps on each database."""
IS_ANEW = "WALK_ANEW" in os.environ
"""Whether the steps are others each time."""


def test_all_rules_hold_after_each_step_of_any_walk(
    catalogue: CatalogueFixture, another: Callable[[], CatalogueFixture], tmp_path: Path
) -> None:
    copy = another()

    class WalkHere(PartnerWalk):
        open = staticmethod(lambda: catalogue)
        elsewhere = staticmethod(lambda: copy)
        folder = tmp_path

    chosen = settings(
        max_examples=max(1, STEPS // STEPS_A_WALK), stateful_step_count=STEPS_A_WALK, deadline=None, database=None,
        derandomize=not IS_ANEW, print_blob=True, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    started = time.process_time()
    try:
        run_state_machine_as_test(WalkHere, settings=chosen)
    finally:
        if IS_ANEW:
            print(f"\n{WalkHere.steps} steps did something, {time.process_time() - started:.0f} s of CPU time in this process")
