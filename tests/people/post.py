"""An outbox of mails over one database, delivered by hand."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from platforma.catalogue.database import Database, prepare, upgrade
from platforma.catalogue.models import Mail
from platforma.mail.delivery import deliver_due
from platforma.mail.mail_queue import queue_mail
from platforma.settings import load_settings

ANNA = "anna@partneris.example"
AWAY = "smtp://127.0.0.1:9"
"""A port at which nothing listens."""


class Post:
    """Settings and database, and the steps that tests take."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.settings = load_settings(data_dir=folder, database_url=database_url, mail_from="platforma@sic.example")
        upgrade(self.settings)
        self.database: Database = prepare(self.settings)

    def put(self, to: str = ANNA, subject: str = "Temats") -> None:
        with self.database.writing() as session:
            queue_mail(session, to=to, lang="lv", subject=subject, body="Labdien, šeit ir saite.")

    def deliver(self, url: str) -> int:
        """How many of what is due went to the server at this address."""
        return deliver_due(self.database, self.settings.model_copy(update={"mail_url": url}))

    def mails(self) -> list[Mail]:
        with self.database.reading() as session:
            return list(session.scalars(select(Mail).order_by(Mail.id)))

    def states(self) -> dict[str, str]:
        """The state of each mail, by its recipient."""
        return {mail.to: str(mail.state) for mail in self.mails()}
