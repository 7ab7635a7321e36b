"""A site with its database, the mails that it sent, and people who sign in."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database
from platforma.catalogue.decisions.undoing import carry_out_due
from platforma.catalogue.listings import listing_queries
from platforma.catalogue.models import Decision, Mail, Role
from platforma.catalogue.people import accounts
from platforma.mail.delivery import deliver_due
from platforma.services import Services
from tests.people.inbox import text_of
from tests.web.site import make_site


class SiteFixture:
    """A site with its database and the mails that were sent."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.app: Flask = make_site(folder, **settings)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.services: Services = self.app.extensions["platforma"]
        self.database: Database = self.services.database
        self.folder = folder

    def end_of_undoing(self) -> None:
        """What happens once nobody may undo what was decided any more; the clock stays."""
        with self.database.writing() as session:
            waits = Decision.due_at > utc_now(), Decision.undone_at.is_(None)
            for decision in session.scalars(select(Decision).where(*waits)):
                decision.due_at = utc_now()
                session.execute(update(Mail).where(Mail.id.in_(decision.details.get("mails", []))).values(due_at=utc_now()))
        carry_out_due(self.database, self.services.secret_key)

    def last_mail(self) -> EmailMessage:
        self.end_of_undoing()
        deliver_due(self.database, self.services.settings)
        newest = max((self.folder / "mails").glob("*.eml"))
        return message_from_bytes(newest.read_bytes(), policy=default)

    def link(self) -> str:
        """The path of the link in the last mail."""
        match = re.search(r"http://127\.0\.0\.1:8000(/\S+)", text_of(self.last_mail()))
        assert match
        return match[1]

    def signed_in(self, role: Role = Role.CURATOR, client: FlaskClient | None = None) -> FlaskClient:
        """A browser, or this one, in which somebody of the role has signed in by a link."""
        with self.database.writing() as session:
            user = accounts.add_user(session, email=f"{role}@sic.example", role=role, actor="test")
            token = accounts.issue_sign_in(session, user_id=user.id)
        client = client or self.app.test_client()
        assert client.post(f"/lv/sign-in/{token}").status_code == 302
        return client


def public_id(site: SiteFixture, remote_id: str = "1") -> str:
    with site.database.reading() as session:
        return next(
            listing.public_id for listing in listing_queries.newest(session, 50) if listing.sources[0].remote_id == remote_id
        )
