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

from platforma.catalogue.models import Platform, Role
from platforma.catalogue.people import accounts
from platforma.catalogue.platforms import platform_states
from platforma.catalogue.totals import totals
from platforma.cli import output, serving
from platforma.cli.output import CommandFailed, tell
from platforma.demo.serve import DemoPortInUse, start_sites
from platforma.demo.sites import SITES
from platforma.processes import Child, end_all, end_with_parent
from platforma.services import Services, open_services
from platforma.settings import Settings, folder_settings
from platforma.worker.crawl_job import crawl_platform
from platforma.worker.indexing import ensure_index

HOST = "127.0.0.1"
CURATOR = "redaktors@platforma.example"


def run_demo(settings: Settings, *, port: int, data: Path | None) -> None:
    """Start the sites, crawl those that are not yet in the catalogue, serve the directory until SIGTERM or SIGINT."""
    _refuse_taken_port(port)
    place_settings = demo_settings(settings, port=port, data=data)
    sites = Child(["demo-sites", "--port", str(port + 1)], place_settings)
    try:
        _wait_for_sites(port + 1)
        with open_services(place_settings) as place:
            _crawl_missing(place, port + 1)
            ensure_index(place_settings, place.database, place.engine)
            _tell_what_is_there(place)
        serving.run_site(place_settings, f"{HOST}:{port}", 1, [sites, Child(["worker"], place_settings)])
    finally:
        end_all([sites])


def demo_settings(settings: Settings, *, port: int, data: Path | None) -> Settings:
    """The settings with a data folder, database and index of the demonstration's own: one for each port."""
    folder = data or settings.data_dir / "demo" / str(port)
    return folder_settings(folder, base_url=f"http://{HOST}:{port}", crawl_private_hosts=True)


def search_line(folder: Path) -> str:
    """A command to copy, which searches a demonstration from the folder that this process runs in."""
    program = Path(sys.executable).with_name("platforma")
    here = Path.cwd()
    shown = program.relative_to(here) if program.is_relative_to(here) else program
    return shlex.join((str(shown), "search", "aprites ekonomika", "--lang", "lv", "--data", str(folder)))


def serve_sites(first_port: int) -> None:
    """Serve the demonstration sites until SIGTERM."""
    end_with_parent()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    try:
        with start_sites(first_port, host=HOST):
            ended.wait()
    except DemoPortInUse as error:
        raise CommandFailed(f"{error}; choose another with --port") from error


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandFailed(f"port {port} is in use; choose another with --port") from error


def _wait_for_sites(first_port: int) -> None:
    deadline = time.monotonic() + 20
    waiting = {first_port + number for number in range(len(SITES))}
    while waiting:
        waiting = {port for port in waiting if not _listens(port)}
        if waiting and time.monotonic() > deadline:
            raise CommandFailed(f"the demonstration sites did not start on port {min(waiting)}; choose another with --port")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _crawl_missing(place: Services, first_port: int) -> None:
    """Crawl each site for the first time; later runs leave that to the worker, in the background.

    Raises CommandFailed for data of another port: all its addresses would lead nowhere.
    """
    for number, site in enumerate(SITES):
        url = f"http://{HOST}:{first_port + number}/"
        with place.database.writing() as session:
            known = session.get(Platform, site.id)
            is_new = known is None
            if known is None:
                _register(session, site.id, site.title, url)
            elif known.url != url:
                made_with = (urlsplit(known.url).port or 0) - number - 1
                raise CommandFailed(
                    f"this demonstration was made with --port {made_with}; give that, or another folder with --data"
                )
        if is_new:
            report = crawl_platform(place.settings, place.database, site.id, output.show_progress(site.id))
            tell(f"{site.id}: {report.state}: " + ", ".join(f"{name} {count}" for name, count in report.counts.items()))


def _register(session: Session, platform_id: str, title: str, url: str) -> None:
    recipe = {"platform": platform_id, "title": title, "url": url, "adapter": "auto"}
    platform_states.propose_platform(session, platform_states.Proposal(url=url, title=title, recipe=recipe), actor="demo")
    platform_states.approve_platform(session, platform_id=platform_id, actor="demo")


def _tell_what_is_there(place: Services) -> None:
    with place.database.writing() as session:
        curator = accounts.add_user(session, email=CURATOR, role=Role.CURATOR, actor="demo")
        token = accounts.issue_sign_in(session, user_id=curator.id)
        sums = totals(session)
    tell(f"{sums.initiatives} initiatives of {sums.platforms} platforms in {sums.countries} countries")
    tell(f"The directory:   {place.settings.base_url}/")
    tell(f"From the shell:  {search_line(place.settings.data_dir)}")
    tell(f"As a curator:    {accounts.sign_in_link(place.settings, token, 'lv')}  (once, within 30 minutes)")
