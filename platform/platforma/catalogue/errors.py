"""Errors of the catalogue; every text says what to do."""

from __future__ import annotations


class CatalogueError(Exception):
    """The base class of the catalogue's errors."""


class DatabaseUnavailable(CatalogueError):
    """The database does not answer, is busy, full or read-only; what was being written is not there. Later it may be well."""


class NotFound(CatalogueError):
    """The object does not exist, or is not public."""


class Suppressed(CatalogueError):
    """The listing was removed for good at somebody's request."""


class VersionConflict(CatalogueError):
    """The object was changed since its version was read; read it again and repeat the change."""


class BadState(CatalogueError):
    """The state of the object does not allow the action. `reason` is a message id, `values` fill its placeholders."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason % values if values else reason)
        self.reason, self.values = reason, values


class NotMigrated(CatalogueError):
    """The database is at another version than the code; run `platforma upgrade`."""


class BadToken(CatalogueError):
    """A one-time link was used, has expired, or does not exist."""


class BadValue(CatalogueError):
    """The field cannot take the value. `reason` is a message id, `values` fill its placeholders."""

    def __init__(self, field: str, reason: str, **values: object) -> None:
        super().__init__(f"{field}: {reason % values if values else reason}")
        self.field, self.reason, self.values = field, reason, values
