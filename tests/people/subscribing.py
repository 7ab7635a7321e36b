"""A site with subscribers: they subscribe over its pages, listings come, and digests go to a mail server on this machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import inspect, text, update

from crawlers.record import Record
from platforma.catalogue.database import Database
from platforma.catalogue.files.imports import import_records
from platforma.catalogue.models import Initiative
from platforma.mail.delivery import deliver_due
from platforma.mail.digests import queue_due_digests
from platforma.worker.indexing import ensure_index
from tests.people.inbox import Inbox, text_of
from tests.people.site_fixture import SiteFixture

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
"""A Monday at eight o'clock in Riga, when digests are due."""
WEEK, DAY = timedelta(days=7), timedelta(days=1)
START = MONDAY - timedelta(days=3)
ANNA = "anna@partneris.example"


class Subscribing(SiteFixture):
    """The site with its listings of a week ago, its inbox, and the steps that tests take, each at an instant that is given."""

    def __init__(self, folder: Path, inbox: Inbox, **settings: Any) -> None:
        super().__init__(folder, **settings)
        self.inbox = inbox
        with self.database.writing() as session:
            session.execute(update(Initiative).values(published_at=START - WEEK))

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def ask(
        self, parameters: str = "", *, lang: str = "lv", email: str = ANNA, frequency: str = "weekly", status: int = 200
    ) -> str:
        """Send the form of a search; return the page that answers."""
        answer = self.client.post(f"/{lang}/subscribe?{parameters}", data={"email": email, "frequency": frequency})
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    def subscribe(self, parameters: str = "", at: datetime = START, **more: Any) -> str:
        """Ask for a search and confirm it; return the path of the subscriber's own page."""
        with time_machine.travel(at, tick=False):
            self.ask(parameters, **more)
            page = self.client.post(path_in(self.delivered()[-1], "subscribe")).get_data(as_text=True)
        self.digests(at)
        found = re.search(r'href="(/\w\w/subscriptions/[^"]+)"', page)
        assert found, page
        return found[1]

    def publish(self, records: Sequence[Record], at: datetime = START + DAY) -> None:
        """Let the source publish these, and index them."""
        with time_machine.travel(at, tick=False):
            import_records(self.database, "avots", records, actor="test", secret_key=self.services.secret_key)
            ensure_index(self.services)

    def digests(self, at: datetime) -> list[EmailMessage]:
        """What a worker mails at an instant."""
        with time_machine.travel(at, tick=False):
            queue_due_digests(self.services.settings, self.database, self.services.engine, at)
            return self.delivered()

    def delivered(self) -> list[EmailMessage]:
        """The mails that the server gets now."""
        self.end_of_undoing()
        before = len(self.inbox.mails)
        deliver_due(self.database, self.services.settings.model_copy(update={"mail_url": self.inbox.url}))
        return [mail for _to, mail in self.inbox.mails[before:]]


def event(id: str, title: str = "", **more: Any) -> Record:
    return Record(id, kind="event", title={"lv": title or f"Pasākums {id}"}, country="LV", **more)


def path_in(mail: EmailMessage, page: str) -> str:
    """The path of the link to a page in a mail."""
    found = re.search(rf"http://127\.0\.0\.1:8000(/\w\w/{page}/\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


def whole_database(database: Database) -> str:
    """Every column of every row of every table."""
    with database.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return repr([tuple(row) for name in names for row in connection.execute(text(f'select * from "{name}"'))])
