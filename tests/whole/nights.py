"""Nights of a directory: the demonstration sites as they are each night, a clock that is moved, and what people see and get."""

from __future__ import annotations

import email
import email.policy
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import time_machine
from sqlalchemy import func, select
from werkzeug.wrappers import Request, Response

from platforma.catalogue.column_types import utc_now
from platforma.catalogue.enums import PartnerMail
from platforma.catalogue.ingest import held_crawls
from platforma.catalogue.ingest.reports import CrawlReport
from platforma.catalogue.listings.documents import all_documents
from platforma.catalogue.models import Crawl, Initiative, Platform, Record, Role
from platforma.catalogue.people import accounts, partner_mails
from platforma.catalogue.platforms import platform_states
from platforma.demo.content import entries
from platforma.demo.sites import SITES, DemoSite
from platforma.mail.delivery import deliver_due
from platforma.secret_key import secret_key
from platforma.worker.crawl_job import crawl_platform, run_due_jobs
from platforma.worker.due import due_platforms
from platforma.worker.indexing import ensure_index
from platforma.worker.maintenance import run_maintenance
from search.port import Document
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import served

FIRST_NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
"""A night goes from noon to noon, so that the half hour sooner or later, and a retry after hours, fall into it."""
FIRST_CRAWL = FIRST_NOON + timedelta(hours=10)
CURATOR = "redaktore@platforma.example"
Entry = Any
"""An entry of a demonstration site, in the form of its file: a mapping or a row."""
Markup = Callable[[bytes], bytes]


def title_of(entry: Entry) -> str:
    """An entry's title, in its first language."""
    title = entry[1] if isinstance(entry, list) else entry.get("title", entry.get("name"))
    return str(next(iter(title.values())) if isinstance(title, dict) else title)


@dataclass
class VariedSite:
    """A demonstration site that answers as it is tonight.

    `published` are the entries that it publishes, in the order of its file. `is_down`: it answers 503. `markup` is what a
    change of its looks makes of its pages for people.
    """

    site: DemoSite
    is_down: bool = False
    markup: Markup = bytes
    published: list[Entry] = field(init=False)

    def __post_init__(self) -> None:
        self.published = list(entries(self.site.id))
        self.original = list(self.published)
        self.app = self.site.make_app()

    def publish(self, published: Iterable[Entry]) -> None:
        """From now on these entries; the demonstration reads them from its memory."""
        self.published = list(published)
        entries(self.site.id)[:] = self.published
        self.app = self.site.make_app()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.is_down:
            return Response("down", 503)(environ, start_response)
        answer = Response.from_app(self.app, environ)
        if answer.mimetype == "text/html" and Request(environ).method == "GET" and answer.status_code == 200:
            answer.set_data(self.markup(answer.get_data()))
        return answer(environ, start_response)


@dataclass(frozen=True)
class Snapshot:
    """What a quiet night must leave as it was: each record's listing, what each listing says, and the search's documents."""

    addresses: dict[tuple[str, str], str]
    listings: Mapping[str, tuple[str, Any]]
    documents: dict[str, Document]

    @property
    def archived(self) -> set[str]:
        """The public ids of the listings that are archived."""
        return {id for id, (state, _) in self.listings.items() if state == "archived"}


class World:
    """A directory with all demonstration sites, each with a partner, and a curator."""

    def __init__(self, catalogue: CatalogueFixture, clock: time_machine.Traveller) -> None:
        self._catalogue, self._clock = catalogue, clock
        self.settings, self.database = catalogue.settings, catalogue.database
        self.sites = {site.id: VariedSite(site) for site in SITES}
        self.services = catalogue.services
        self.engine = self.services.engine
        self._mails_seen: set[str] = set()

    def open(self, urls: dict[str, str]) -> None:
        """Approve all platforms, due at once."""
        with self.database.writing() as session:
            accounts.add_user(session, email=CURATOR, role=Role.CURATOR, actor="test")
            for id, url in urls.items():
                recipe = {"platform": id, "title": id, "url": url, "adapter": "auto"}
                contact = partner_of(id)
                platform_states.propose_platform(
                    session, platform_states.Proposal(url=url, title=id, recipe=recipe, contact_email=contact), actor="test"
                )
                platform_states.approve_platform(session, platform_id=id, actor="test")
                zone = self.settings.time_zone
                partner_mails.choose(session, email=contact, wish=PartnerMail.AT_ONCE, now=utc_now(), zone=zone)
        ensure_index(self.services)
        self.mails()

    def live_through(self, night: int) -> dict[str, list[CrawlReport]]:
        """Do whatever falls due until the night's noon, as a worker does; the reports of each platform's crawls.

        The clock then stands where the last of them ended.
        """
        end = FIRST_NOON + timedelta(days=night)
        reports: dict[str, list[CrawlReport]] = {id: [] for id in self.sites}
        while (turn := self._next_turn()) and turn < end:
            self._clock.move_to(max(turn, utc_now()))
            for id in due_platforms(self.database, self.settings.time_zone):
                report = run_due_jobs(self.services, id, clock=QuickClock())
                reports[id] += [report] if report else []
            self._run_tasks()
        return reports

    def wait_for_morning(self, night: int) -> None:
        """Move the clock to eight, and run the worker's short tasks."""
        self._clock.move_to(FIRST_NOON + timedelta(days=night, hours=-4))
        self._run_tasks()

    def crawl(self, platform_id: str) -> CrawlReport:
        """One more crawl now, as from the command line."""
        return crawl_platform(self.services, platform_id, clock=QuickClock())

    def approve_held(self, platform_id: str) -> None:
        """What a curator does at the desk an hour later with a crawl that is held."""
        self._clock.shift(timedelta(hours=1))
        with self.database.writing() as session:
            query = select(Crawl.id).where(Crawl.platform_id == platform_id, Crawl.state == "held")
            crawl_id = session.scalars(query).one()
            held_crawls.approve_held_crawl(session, crawl_id=crawl_id, actor=CURATOR, secret_key=secret_key(self.settings))

    def mails(self) -> list[tuple[str, str]]:
        """To whom mails went since the last call, and under which subjects, sorted."""
        new = [path for path in sorted((self.settings.data_dir / "mails").glob("*.eml")) if path.name not in self._mails_seen]
        self._mails_seen |= {path.name for path in new}
        read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in new]
        return sorted((str(mail["To"]), str(mail["Subject"])) for mail in read)

    def snapshot(self) -> Snapshot:
        """What people can find now, once the worker has run its short tasks."""
        self._run_tasks()
        with self.database.reading() as session:
            rows = session.execute(select(Record.platform_id, Record.remote_id, Initiative.public_id).join(Record.initiative))
            addresses = {(platform, remote): public for platform, remote, public in rows}
            listings = {row.public_id: (row.state, row.composed) for row in session.scalars(select(Initiative))}
            documents = {document.id: document for document in all_documents(session)}
        assert self.engine.count() == len(documents)
        return Snapshot(addresses, listings, documents)

    def _run_tasks(self) -> None:
        """The worker's short tasks."""
        run_maintenance(self.services)
        deliver_due(self.database, self.settings)

    def _next_turn(self) -> datetime | None:
        with self.database.reading() as session:
            return session.scalar(select(func.min(Platform.next_crawl_at)))


def partner_of(platform_id: str) -> str:
    """The mail address of a site's partner."""
    return f"partneris@{platform_id}.example"


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """All sites served on this machine, from the evening of the first night on; the catalogue on SQLite in the folder."""
    with ExitStack() as stack:
        clock = stack.enter_context(time_machine.travel(FIRST_CRAWL))
        catalogue = CatalogueFixture(f"sqlite:///{folder / 'catalogue.sqlite'}", folder)
        stack.callback(catalogue.database.dispose)
        catalogue.settings = catalogue.settings.model_copy(update={"crawl_private_hosts": True})
        stack.callback(entries.cache_clear)
        directory = World(catalogue, clock)
        stack.callback(directory.engine.close)
        directory.open({id: stack.enter_context(served(site)) for id, site in directory.sites.items()})
        yield directory


class SeededDice(random.Random):
    """The jitter of turns, the same in each run."""

    def __init__(self) -> None:
        super().__init__(13)
