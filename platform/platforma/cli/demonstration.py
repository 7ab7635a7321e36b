"""The demonstration: sites on this machine, crawled into a catalogue of their own, served with a sign-in link."""

from __future__ import annotations

import shlex
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from platforma.addresses import Addresses
from platforma.catalogue.models import Platform, Role
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.totals import totals
from platforma.cli import maintenance, output, serving
from platforma.cli.output import CommandFailed, tell
from platforma.demo.serve import DemoPortInUse, start_sites
from platforma.demo.sites import SITES, DemoSite
from platforma.processes import Child, end_all, end_with_parent
from platforma.services import Services, open_services
from platforma.settings import Settings, folder_settings
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.indexing import ensure_index
from vocabulary.languages import DEFAULT_LANGUAGE

HOST = "127.0.0.1"
CURATOR = "redaktors@platforma.example"
START_SECONDS = 60


def run_demo(settings: Settings, *, port: int, data: Path | None) -> None:
    """Start the sites, crawl those that are not in the catalogue yet, and serve the directory until SIGTERM or SIGINT.

    `data` is the folder to keep it in, None for one in the data folder. Raises CommandFailed when a port is taken.
    """
    if serving.bind_error(HOST, port):
        raise CommandFailed(f"port {port} is in use; choose another with --port")
    settings = demo_settings(settings, port=port, data=data)
    _set_up()
    sites = Child(["demo-sites", "--port", str(port + 1)], settings)
    try:
        _wait_for_sites(port + 1)
        with open_services(settings) as services:
            crawl_missing(services, port + 1)
            ensure_index(services)
            _print_addresses(services)
        serving.run_site(settings, f"{HOST}:{port}", 1, [sites, Child(["worker"], settings)])
    finally:
        end_all([sites])


def _set_up() -> None:
    """Fetch what set-up fetches, where that was not done; without it, as without network, the demonstration finds less."""
    try:
        maintenance.fetch_all()
    except CommandFailed as error:
        tell(f"{error}; the demonstration goes on without it, platforma setup tries again")


def demo_settings(settings: Settings, *, port: int, data: Path | None) -> Settings:
    """The settings of a demonstration, which has a folder, database and index of its own for each port."""
    folder = data or settings.data_dir / "demo" / str(port)
    return folder_settings(folder, base_url=f"http://{HOST}:{port}", crawl_private_hosts=True, mail_url="")


def search_line(folder: Path) -> str:
    """A shell command that searches the demonstration of a folder, as it is called from the current folder."""
    program = Path(sys.executable).with_name("platforma")
    current = Path.cwd()
    path = program.relative_to(current) if program.is_relative_to(current) else program
    return shlex.join((str(path), "search", "aprites ekonomika", "--lang", "lv", "--data", str(folder)))


def serve_sites(first_port: int) -> None:
    """Serve the demonstration sites until SIGTERM or SIGINT. Raises CommandFailed when a port is taken."""
    end_with_parent()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    try:
        with start_sites(first_port, host=HOST):
            ended.wait()
    except DemoPortInUse as error:
        raise CommandFailed(f"{error}; choose another with --port") from error


def _wait_for_sites(first_port: int) -> None:
    """Wait until every site listens. Raises CommandFailed after START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    waiting = {first_port + number for number in range(len(SITES))}
    while waiting:
        waiting = {port for port in waiting if not _listens(port)}
        if waiting and time.monotonic() > deadline:
            raise CommandFailed(f"the demonstration sites did not start on port {min(waiting)}; choose another with --port")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def crawl_missing(services: Services, first_port: int) -> None:
    """Crawl the sites that are not in the catalogue yet; later crawls are the worker's.

    Raises CommandFailed when the data was made with another port, since its addresses would lead nowhere.
    """
    for number, site in enumerate(SITES):
        url = f"http://{HOST}:{first_port + number}/"
        with services.database.writing() as session:
            platform = session.get(Platform, site.id)
            is_new = platform is None
            if platform is None:
                _register(session, site, url)
            elif platform.url != url:
                former_port = (urlsplit(platform.url).port or 0) - number - 1
                raise CommandFailed(
                    f"this demonstration was made with --port {former_port}; give that, or another folder with --data"
                )
        if is_new:
            report = crawl_platform(services, site.id, output.show_progress(site.id))
            tell(f"{site.id}: {report.state}: " + ", ".join(f"{name} {count}" for name, count in report.counts.items()))


def _register(session: Session, site: DemoSite, url: str) -> None:
    defaults = {"kind": site.kind} if site.kind else {}
    recipe = {"platform": site.id, "title": site.title, "url": url, "adapter": "auto", "defaults": defaults}
    platform_states.propose_platform(session, platform_states.Proposal(url=url, title=site.title, recipe=recipe), actor="demo")
    platform_states.approve_platform(session, platform_id=site.id, actor="demo")


def _print_addresses(services: Services) -> None:
    """Print what the directory holds, its address, a command that searches it, and a sign-in link for the desk."""
    with services.database.writing() as session:
        curator = accounts.add_user(session, email=CURATOR, role=Role.CURATOR, actor="demo")
        token = accounts.issue_sign_in(session, user_id=curator.id)
        counts = totals(session)
    tell(f"{counts.initiatives} initiatives of {counts.platforms} platforms in {counts.countries} countries")
    tell(f"The directory:   {services.settings.base_url}/")
    tell(f"From the shell:  {search_line(services.settings.data_dir)}")
    sign_in_link = Addresses(services.settings.base_url).sign_in_link(DEFAULT_LANGUAGE, token)
    tell(f"As a curator:    {sign_in_link}  (once, within 30 minutes)")
