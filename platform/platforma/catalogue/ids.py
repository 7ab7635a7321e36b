"""Public ids of listings and platforms, and the slugs beside them in addresses."""

from __future__ import annotations

import re
import secrets

from vocabulary import fold

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
MAX_SLUG_CHARACTERS = 60
RESERVED_SLUGS = frozenset(("claim", "report"))
"""Last parts of addresses below a listing or a platform that are pages of their own."""


def new_public_id() -> str:
    """Ten random characters of base32 (RFC 4648, lower case): 50 bits, never reused."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def slugify(title: str) -> str:
    """The title in ASCII letters, digits and hyphens, at most MAX_SLUG_CHARACTERS long; `-` where nothing remains.

    A slug that would be the address of another page ends in `-1`.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(title))[:MAX_SLUG_CHARACTERS].strip("-") or "-"
    return f"{slug}-1" if slug in RESERVED_SLUGS else slug
