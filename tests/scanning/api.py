"""A scan of a running site's API by its own description: all that schemathesis makes of it, in all its phases."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.samples.hostile import HOSTILE
from tests.scanning.values import NEXT, NUMBERS, STATEMENTS, TEMPLATES

ROOT = Path(__file__).parents[2]
DESCRIPTION = "/api/v1/openapi.json"
LENIENT = "/{lang}/search.{format}"
"""Exports take the parameters of pages, which leave out what they do not know."""
REFUSED_TOGETHER = ["2xx", "3xx", 400, 404, 410, 414, 503]
"""Values that are right alone may not be so together (page and cursor), or name nothing (a town): no schema says that."""
REFUSED_AS_WRONG = [400, 404, 405, 406, 410, 414, 415, 503]
NO_FAULT = ["2xx", "3xx", "4xx", 503]
KNOWN_IDS = 20
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ApiScan:
    """How a scan ended: whether nothing was wrong, what was printed, how many cases and operations were tried, and how many
    operations are described."""

    is_clean: bool
    output: str
    cases: int
    operations: int
    described: int


def scan_api(base_url: str, folder: Path, *, seed: int, seconds: int | None = None, examples: int | None = None) -> ApiScan:
    """Scan for some seconds, or with so many examples of each operation; files of its own go to the folder."""
    config = folder / "schemathesis.toml"
    config.write_text(_toml(_config(base_url)), encoding="utf-8")
    limits = (
        ["--generation-database", "none", "--max-time", str(seconds)]
        if seconds
        else ["--max-examples", str(examples), "--generation-deterministic"]
    )
    words = [
        "--config-file",
        config,
        "run",
        base_url + DESCRIPTION,
        "--seed",
        seed,
        "--continue-on-failure",
        "--no-color",
        "--warnings",
        "off",
    ]
    command = [sys.executable, "-m", "schemathesis.cli", *map(str, words), *limits]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "platform"))), "COLUMNS": "160"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=(seconds or 300) + 300)
    output = done.stdout + done.stderr
    cases, tested = _number(r"([\d,]+) generated", output), _number(r"Tested: +(\d+)", output)
    return ApiScan(done.returncode == 0, output, cases, tested, _described(base_url))


def _config(base_url: str) -> dict[str, Any]:
    hostile = [text for text in (*HOSTILE, *NEXT, *STATEMENTS, *TEMPLATES, *NUMBERS) if text.isprintable() and len(text) < 1_000]
    return {
        "hooks": "tests.scanning.api_checks",
        "cache": {"enabled": False},
        "request-timeout": TIMEOUT_SECONDS,
        "dictionaries": {"hostile": {"values": hostile}, "ids": {"values": _known_ids(base_url)}},
        "parameters": {"path.public_id": {"dictionary": "ids", "probability": 0.8}},
        "generation": {"dictionaries": {"string": {"dictionary": "hostile", "probability": 0.3}}},
        "checks": {
            "not_a_server_error": {"expected-statuses": NO_FAULT},
            "positive_data_acceptance": {"expected-statuses": REFUSED_TOGETHER},
            "negative_data_rejection": {"expected-statuses": REFUSED_AS_WRONG},
        },
        "operations": [{"include-path": LENIENT, "checks": {"negative_data_rejection": {"enabled": False}}}],
    }


def _known_ids(base_url: str) -> list[str]:
    return [item["id"] for item in _json(f"{base_url}/api/v1/initiatives?per_page={KNOWN_IDS}")["items"]]


def _described(base_url: str) -> int:
    return sum(len(path) for path in _json(base_url + DESCRIPTION)["paths"].values())


def _json(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


def _toml(table: dict[str, Any], path: str = "") -> str:
    """A table as TOML, whose values are written as in JSON."""
    plain = {name: value for name, value in table.items() if not isinstance(value, dict) and not _are_tables(value)}
    text = "".join(f"{json.dumps(name)} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in plain.items())
    for name, value in table.items():
        inner = f"{path}.{json.dumps(name)}" if path else json.dumps(name)
        if isinstance(value, dict):
            text += f"[{inner}]\n{_toml(value, inner)}"
        elif _are_tables(value):
            text += "".join(f"[[{inner}]]\n{_toml(one, inner)}" for one in value)
    return text


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1].replace(",", "")) if found else 0
