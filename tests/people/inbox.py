"""Mail servers for tests: one that takes mails and keeps them, and one that follows a script and falls silent in it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import process

GREETING, END = "greeting", "end of the mail"
PATIENCE_SECONDS = 60


class Inbox:
    """Keeps what it is handed, as aiosmtpd calls it. `answers` are given to recipients by their address, instead of taking it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.answers_to_content: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        refusal = self.answers_to_content.get(envelope.rcpt_tos[0])
        if refusal:
            return refusal
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"

    @property
    def recipients(self) -> list[str]:
        """To whom mails came, in their order."""
        return [address for to, _mail in self.mails for address in to]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def running_inbox() -> Iterator[Inbox]:
    """A server on this machine that takes everything."""
    port = process.free_port()
    inbox = Inbox(f"smtp://127.0.0.1:{port}")
    controller = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    yield inbox
    controller.stop()


class Scripted:
    """A server that says what a server says until it comes to `silent_at`; there it waits until it is let go on, or hangs up."""

    ANSWERS: Mapping[str, bytes] = {
        GREETING: b"220 here\r\n", "EHLO": b"250 here\r\n", "MAIL": b"250 ok\r\n", "RCPT": b"250 ok\r\n",
        "DATA": b"354 go on\r\n", END: b"250 taken\r\n", "QUIT": b"221 bye\r\n",
    }  # fmt: skip

    def __init__(self, silent_at: str) -> None:
        self.silent_at = silent_at
        self.reached, self.released = threading.Event(), threading.Event()
        self.hangs_up = False
        self.steps: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def wait_until_silent(self) -> None:
        assert self.reached.wait(PATIENCE_SECONDS), f"nobody came as far as {self.silent_at}: {self.steps}"

    def go_on(self) -> None:
        self.released.set()

    def hang_up(self) -> None:
        self.hangs_up = True
        self.released.set()

    def close(self) -> None:
        self.hang_up()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self._listener.close()
        self._thread.join(PATIENCE_SECONDS)

    def _serve(self) -> None:
        try:
            while True:
                connection, _address = self._listener.accept()
                with connection, connection.makefile("rb") as lines:
                    self._talk(connection, lines)
        except OSError:
            return

    def _talk(self, connection: socket.socket, lines: Any) -> None:
        step = GREETING
        while self._answer(connection, step):
            if step == "DATA":
                while lines.readline() not in (b".\r\n", b""):
                    pass
                step = END
                continue
            step = lines.readline().decode().strip()[:4].upper()
            if not step:
                return

    def _answer(self, connection: socket.socket, step: str) -> bool:
        self.steps.append(step)
        if step == self.silent_at and not self.released.is_set():
            self.reached.set()
            assert self.released.wait(10 * PATIENCE_SECONDS)
            if self.hangs_up:
                return False
        connection.sendall(self.ANSWERS[step])
        return step != "QUIT"


@contextmanager
def scripted(silent_at: str) -> Iterator[Scripted]:
    """Such a server, running."""
    server = Scripted(silent_at)
    try:
        yield server
    finally:
        server.close()
