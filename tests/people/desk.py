"""The desk over one approved platform whose crawls are made inline, and the forms that curators send."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from crawlers.record import Problem, RawRecord, Record
from crawlers.state import CrawlResult
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.ingest.crawl_end import finish_crawl
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.ingest.staging import start_crawl
from platforma.catalogue.models import Mail, Notice, Role
from platforma.catalogue.people import accounts, partner_mails
from platforma.catalogue.platforms import coverage_changes, platform_states
from platforma.mail.crawl_mails import tell_of_crawl
from platforma.mail.mail_queue import body_with_secret
from platforma.secret_key import secret_key
from tests.people.site_fixture import SiteFixture

CONTACT = "info@v.example"
GIVEN = {"lv": "cepējs\nmaizes meistars", "en": "sun", "source": "use"}


NO_TITLE = Problem("refused", "the item has no title; give it one at the source", "https://v.example/x", "x", "title", "=1+1")


RAWS = [RawRecord(f"r{n:02}", None, {"title": f"Ieraksts {n}", "themes": theme}, "lv", source={"nosaukums": "x", "piezīme": f"P{n}"})
        for n, theme in enumerate(["Kokapstrāde", "Kokapstrāde", "izglītiba"])]  # fmt: skip


def records(count: int, **more: Any) -> list[Record]:
    return [Record(f"r{n:02}", url=f"https://v.example/{n}", title={"lv": f"Ieraksts {n}"}, **more) for n in range(count)]


class Desk(SiteFixture):
    """A site with one approved platform, whose crawls are made inline."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder, **settings)
        self.settings = self.services.settings
        recipe = {"platform": "v", "title": "Vietne", "url": "https://v.example/", "adapter": "table"}
        with self.database.writing() as session:
            accounts.add_user(session, email="curator@sic.example", role=Role.CURATOR, actor="test")
            platform_states.propose_platform(session, platform_states.Proposal(url="https://v.example/", title="Vietne", recipe=recipe, contact_email=CONTACT, contact_lang="en"), actor="t")  # fmt: skip
            platform_states.approve_platform(session, platform_id="v", actor="t")
        self.wish(PartnerMail.AT_ONCE)

    def wish(self, wish: PartnerMail, email: str = CONTACT) -> None:
        """Let somebody wish to be mailed so; the contact of this platform wishes it at once until they wish otherwise."""
        with self.database.writing() as session:
            partner_mails.choose(session, email=email, wish=wish, now=utc_now(), zone=self.settings.time_zone)

    def crawl(self, found: list[Record], *problems: Problem, raws: list[RawRecord] | None = None, **result: Any) -> CrawlReport:
        """One crawl, ended and told of as a worker does it."""
        stored = start_crawl(self.database, "v")
        for problem in problems:
            stored.problem(problem)
        for number, one in enumerate(found):
            stored.stage(one, None, raws[number] if raws else None)
        outcome = {"complete": True, "found": len(found), "refused": 0, "pages_fetched": 3, "bytes_fetched": 4000} | result
        report = finish_crawl(self.database, stored, CrawlResult(**outcome), secret_key=secret_key(self.settings))
        if report.state == "done":
            with self.database.writing() as session:
                coverage_changes.update_coverage(session, "v")
        tell_of_crawl(self.settings, self.database, report, is_slowed=False)
        return report

    def mails(self) -> list[tuple[str, str, str]]:
        """(to, subject, body) of all that were queued since the last look."""
        with self.database.writing() as session:
            found = [
                (mail.to, mail.subject, body_with_secret(mail, secret_key(self.settings)))
                for mail in session.scalars(select(Mail).order_by(Mail.id))
            ]
            session.query(Mail).delete()
        return found

    def later(self, by: timedelta) -> None:
        """Let what was told lie further back."""
        with self.database.writing() as session:
            for row in session.scalars(select(Notice)):
                row.last_at -= by

    def text(self, client: FlaskClient, path: str, status: int = 200) -> str:
        answer = client.get(path)
        assert answer.status_code == status, path
        return answer.get_data(as_text=True)


def unmapped_crawl(desk: Desk) -> None:
    problems = [
        Problem("warning", "not in our list; map it", None, one.remote_id, "themes", one.fields["themes"]) for one in RAWS
    ]
    found = [Record(one.remote_id, title={"lv": one.fields["title"], "en": "Entry"}, raw=one.source) for one in RAWS]
    desk.crawl(found, *problems, raws=RAWS)


def recipe_form(desk: Desk, curator: FlaskClient, **changed: str) -> dict[str, str]:
    page = desk.text(curator, "/en/desk/sources/v/recipe")
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]  # type: ignore[index]
    return {"title": "Vietne", "url": "https://v.example/", "adapter": "table", "interval": "daily", "seen": seen} | changed
