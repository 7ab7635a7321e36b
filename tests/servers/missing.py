"""What to do about a server that this machine lacks."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(why: str) -> NoReturn:
    """Skip, or fail where everything is required."""
    if os.environ.get("CI") or os.environ.get("REQUIRE_ALL"):
        pytest.fail(why)
    pytest.skip(why)
