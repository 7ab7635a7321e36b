"""Writes that people make: keyword-only, audited by an event, refused by name. One module a noun; here all by one name."""

from __future__ import annotations

from platforma.catalogue.edits import keep_value, publish, refuse, release_value, set_value
from platforma.catalogue.held_crawls import approve_held_crawl, discard_held_crawl
from platforma.catalogue.platform_states import (
    SyncReport,
    approve_platform,
    crawl_soon,
    find_platform,
    leave_platform,
    pause_platform,
    propose_platform,
    refuse_platform,
    sync_seeds,
)
from platforma.catalogue.removal import suppress

__all__ = [
    "SyncReport",
    "approve_held_crawl",
    "approve_platform",
    "crawl_soon",
    "discard_held_crawl",
    "find_platform",
    "keep_value",
    "leave_platform",
    "pause_platform",
    "propose_platform",
    "publish",
    "refuse",
    "refuse_platform",
    "release_value",
    "set_value",
    "suppress",
    "sync_seeds",
]
