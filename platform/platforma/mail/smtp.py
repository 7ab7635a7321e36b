"""Handing one mail to an SMTP server, and what each way of failing means for it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
"""For each step of the conversation."""
FAREWELL_SECONDS = 2
MAX_ERROR_CHARACTERS = 300


class MailError(Exception):
    """A mail was not handed over; the text is what the server said."""


class MailRefused(MailError):
    """The server will never take this mail: its recipient or its content is refused."""


class MailDeferred(MailError):
    """The server does not take this mail now."""


class ServerAway(MailDeferred):
    """The server does not take any mail now, or does not let us in."""


class OutcomeUnknown(MailError):
    """The connection ended while the mail was handed over: it was taken or not."""


class _Announcing:
    """Calls `before_data` when the server has taken sender and recipient, just before it gets the mail itself."""

    before_data: Callable[[], None]
    is_begun = False

    def data(self, message: Any) -> Any:
        self.before_data()
        self.is_begun = True
        return super().data(message)  # type: ignore[misc] # smtplib.SMTP stands behind it


class _Plain(_Announcing, smtplib.SMTP):
    pass


class _Tls(_Announcing, smtplib.SMTP_SSL):
    pass


def send(url: str, message: EmailMessage, *, to: str, before_data: Callable[[], None]) -> None:
    """Hand a mail over. Raises one of the errors above, and what `before_data` raises; then nothing was handed over.

    `url` is smtp:// (with STARTTLS where the server offers it) or smtps://, with an optional user and password.
    """
    server = _connected(url)
    server.before_data = before_data
    try:
        server.send_message(message, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        raise _answered(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _answered(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise MailRefused(_short(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise (OutcomeUnknown if server.is_begun else ServerAway)(_short(error)) from error
    finally:
        _leave(server)


def _connected(url: str) -> _Plain | _Tls:
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            return _let_in(_Tls(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context), url)
        return _let_in(_Plain(host, parts.port or 25, timeout=TIMEOUT_SECONDS), url)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(_short(error)) from error


def _let_in(server: _Plain | _Tls, url: str) -> _Plain | _Tls:
    """The server, after encryption and log-in as the address asks; closed where that fails."""
    parts = urlsplit(url)
    try:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye: what became of the mail is known already, so that an answer matters no more."""
    try:
        if server.sock is not None:
            server.sock.settimeout(FAREWELL_SECONDS)
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _answered(code: int, answer: bytes | str) -> MailError:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (MailRefused if code >= 500 else MailDeferred)(_short(f"{code} {text}"))


def _short(error: object) -> str:
    return " ".join(str(error).replace("\0", "").split())[:MAX_ERROR_CHARACTERS] or type(error).__name__
