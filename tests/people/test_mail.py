"""Mail over a real SMTP server: it arrives once, whole, and waits while nobody takes it."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from platforma.catalogue.database import Database, prepare
from platforma.catalogue.mails import deliver_due, queue_mail
from platforma.settings import Settings, load_settings
from tests.servers import process


class Inbox:
    """Keeps what it is handed, as aiosmtpd calls it."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """A server on this machine and its address."""
    inbox = Inbox()
    port = process.free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, f"smtp://127.0.0.1:{port}"
    controller.stop()


def made(folder: Path, mail_url: str) -> tuple[Settings, Database]:
    settings = load_settings(data_dir=folder, mail_url=mail_url, mail_from="platforma@sic.example")
    return settings, prepare(settings)


def put(database: Database, subject: str = "Jūsu ienākšanas saite", to: str = "info@partneris.example") -> None:
    with database.writing() as session:
        queue_mail(session, to=to, lang="lv", subject=subject, body="Labdien, šeit ir saite.")


def test_a_mail_arrives_once_with_its_latvian_letters(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    settings, database = made(tmp_path, url)
    put(database)
    assert (deliver_due(database, settings), deliver_due(database, settings)) == (1, 0)
    ((recipients, mail),) = box.mails
    assert recipients == ["info@partneris.example"]
    assert str(make_header(decode_header(mail["Subject"]))) == "Jūsu ienākšanas saite"
    assert mail["From"] == "platforma@sic.example"
    assert "šeit ir saite" in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_no_header_can_be_added_by_subject_or_address(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    settings, database = made(tmp_path, url)
    put(database, subject="Saite\r\nBcc: cits@partneris.example")
    assert deliver_due(database, settings) == 1
    ((recipients, mail),) = box.mails
    assert recipients == ["info@partneris.example"]
    assert mail["Bcc"] is None


def test_a_server_that_is_away_loses_nothing(inbox: tuple[Inbox, str], tmp_path: Path) -> None:
    box, url = inbox
    away, database = made(tmp_path, "smtp://127.0.0.1:9")
    put(database)
    assert deliver_due(database, away) == 0
    assert deliver_due(database, away.model_copy(update={"mail_url": url})) == 1
    assert len(box.mails) == 1
