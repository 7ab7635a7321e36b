"""Running what may take the machine: in a process of its own, with limits of address space and processor time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_FRAME = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({bytes}, {bytes}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from {module} import {function}
for line in sys.stdin:
    print(json.dumps({function}(json.loads(line))), flush=True)
"""


def in_limits(function: Any, inputs: list[Any], *, megabytes: int = 1_500, seconds: int = 60) -> list[Any]:
    """What a function of a module gives for each of the inputs; fewer results where the process died of one.

    Inputs and results are JSON. The limits hold for all inputs together, the modules included.
    """
    code = _FRAME.format(bytes=megabytes * 1_000_000, seconds=seconds, module=function.__module__, function=function.__name__)
    lines = "\n".join(map(json.dumps, inputs))
    path = {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, env=path, cwd=ROOT)
    return [json.loads(line) for line in done.stdout.splitlines()]
