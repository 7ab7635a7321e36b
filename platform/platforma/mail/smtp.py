"""Handing one mail to an SMTP server (RFC 5321), with an error for each kind of failure."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
"""For each step of the conversation."""
QUIT_TIMEOUT_SECONDS = 2
MAX_ERROR_CHARACTERS = 300


class MailError(Exception):
    """A mail was not handed over; the text is the server's answer."""


class MailRefused(MailError):
    """The server will never take this mail: its recipient or its content is refused."""


class MailDeferred(MailError):
    """The server does not take this mail now."""


class ServerUnavailable(MailDeferred):
    """The server takes no mail now, does not answer, or refuses our log-in."""


class OutcomeUnknown(MailError):
    """The connection ended during the hand-over: whether the server took the mail is not known."""


class _ReportsDataBegin:
    """Calls `before_data` once the server has accepted sender and recipient, just before the DATA command."""

    before_data: Callable[[], None]
    has_data_begun = False

    def data(self, message: object) -> tuple[int, bytes]:
        """Send the mail itself, after `before_data`."""
        self.before_data()
        self.has_data_begun = True
        return super().data(message)  # type: ignore[misc, no-any-return] # smtplib.SMTP stands behind it


class _Plain(_ReportsDataBegin, smtplib.SMTP):
    """A connection that begins without encryption."""


class _Tls(_ReportsDataBegin, smtplib.SMTP_SSL):
    """A connection that is encrypted from its beginning."""


def send(url: str, message: EmailMessage, *, to: str, before_data: Callable[[], None]) -> None:
    """Hand a mail over. Raises MailError, and what `before_data` raises, after which nothing is handed over.

    `url` is smtp:// (with STARTTLS where the server offers it) or smtps://, with an optional user and password.
    """
    server = _connect(url)
    server.before_data = before_data
    try:
        server.send_message(message, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        raise _error_of_reply(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _error_of_reply(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise MailRefused(_one_line(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise (OutcomeUnknown if server.has_data_begun else ServerUnavailable)(_one_line(error)) from error
    finally:
        _quit(server)


def log_in_at(url: str) -> None:
    """Connect to the server at an address as `send` does, log in, and end without a mail. Raises ServerUnavailable."""
    _quit(_connect(url))


def _connect(url: str) -> _Plain | _Tls:
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            return _log_in(_Tls(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context), url)
        return _log_in(_Plain(host, parts.port or 25, timeout=TIMEOUT_SECONDS), url)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerUnavailable(_one_line(error)) from error


def _log_in(server: _Plain | _Tls, url: str) -> _Plain | _Tls:
    """Encrypt and log in as the address asks, and return the server; close it where that fails."""
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


def _quit(server: smtplib.SMTP) -> None:
    """End the connection; an error no longer matters, since the outcome of the mail is known."""
    try:
        if server.sock is not None:
            server.sock.settimeout(QUIT_TIMEOUT_SECONDS)
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _error_of_reply(code: int, answer: bytes | str) -> MailError:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return (MailRefused if code >= 500 else MailDeferred)(_one_line(f"{code} {text}"))


def _one_line(error: object) -> str:
    return " ".join(str(error).replace("\0", "").split())[:MAX_ERROR_CHARACTERS] or type(error).__name__
