"""What can go wrong in the catalogue; every text says what to do."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message for the catalogue of translations; whoever shows it translates it."""
    return message


class CatalogueError(Exception):
    """Any refusal of the catalogue."""


class NotFound(CatalogueError):
    """There is no such thing, or it is not public."""


class Suppressed(CatalogueError):
    """It was removed for good at somebody's request."""


class VersionConflict(CatalogueError):
    """Somebody else changed it since it was read; read again and decide anew."""


class BadState(CatalogueError):
    """The step does not fit the state that the thing is in. `reason` is a message id, `values` fill its placeholders."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason % values if values else reason)
        self.reason, self.values = reason, values


class NotMigrated(CatalogueError):
    """The database is of another version; run platforma upgrade."""


class BadToken(CatalogueError):
    """A link was used up, is too old, or was never sent."""


class BadValue(CatalogueError):
    """A value that the field cannot take. `reason` is a message id for the reader's language, `values` fill its placeholders."""

    def __init__(self, field: str, reason: str, **values: object) -> None:
        super().__init__(f"{field}: {reason % values if values else reason}")
        self.field, self.reason, self.values = field, reason, values
