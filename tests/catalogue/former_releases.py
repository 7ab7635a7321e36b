"""What former releases left behind: databases that people filled through their pages, and what they saw there."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from platforma.settings import Settings, load_settings

FOLDER = Path(__file__).parents[1] / "samples" / "releases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
"""A release and a kind of database, as `0.1.0-sqlite`."""


def seen(name: str) -> dict[str, Any]:
    """What people saw of a sample: `pages` by address, with `status`, `heading` and the `address` that it led to; the `key`."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def take(name: str, folder: Path, url: str) -> Settings:
    """Put a directory as the release left it into a folder, and into an empty database; `url` is of PostgreSQL, or empty."""
    dump = gzip.decompress((FOLDER / f"{name}.sql.gz").read_bytes()).decode()
    if url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
            server.execute("\n".join(line for line in dump.splitlines() if not line.startswith("\\")).encode())
    else:
        with closing(sqlite3.connect(folder / "platforma.sqlite")) as file:
            file.executescript(dump)
    (folder / "secret.key").write_text(seen(name)["key"], encoding="utf-8")
    return load_settings(data_dir=folder, database_url=url)
