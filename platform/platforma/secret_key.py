"""The installation's secret key: from the settings, or made once and stored in the data folder, readable by us alone."""

from __future__ import annotations

import hmac
import os
import secrets

from platforma.settings import Settings

DERIVED_DIGITS = 32


def secret_key(settings: Settings) -> bytes:
    """The key for cookies, suppression hashes and secrets of links; the same in every process of the installation."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def derived_secret(key: bytes, name: str) -> str:
    """The secret that belongs to a public name: an HMAC-SHA-256, cut to DERIVED_DIGITS hexadecimal digits."""
    return hmac.new(key, name.encode(), "sha256").hexdigest()[:DERIVED_DIGITS]


def key_mark(key: bytes) -> str:
    """A mark by which two installations can tell that they have the same key; nothing of the key follows from it."""
    return derived_secret(key, "mark of the secret key")
