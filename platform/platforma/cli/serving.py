"""The serve and worker commands."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from platforma.catalogue.database import Database
from platforma.cli.output import CommandFailed, tell
from platforma.locks import LockHeld
from platforma.processes import Child, end_with_parent
from platforma.services import Services, open_services
from platforma.settings import Settings
from platforma.web.server import NUMBERS_FOLDER, Site
from platforma.worker.indexing import ensure_index
from platforma.worker.tasks import run_worker

PATIENCE_SECONDS = 8
"""A database that is silent for so long within a statement of a page is given up; pages make do with far shorter ones."""


def serve(settings: Settings, *, host: str, port: int, processes: int, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; the worker ends with it. Raises CommandFailed where nothing can listen."""
    if error := bind_error(host, port):
        raise CommandFailed(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --host and --port")
    with open_services(settings) as services:
        try:
            ensure_index(services)
        except LockHeld:
            tell("another process builds the search index; pages are served, and searches answer when it is done")
    children = [Child(["worker"], settings)] if with_worker else []
    run_site(settings, f"{host}:{port}", processes, children)


def run_site(settings: Settings, bind: str, processes: int, children: list[Child]) -> None:
    """Run gunicorn in this process, with these child processes beside it."""

    def make_app() -> Any:
        from platforma.web.app import create_app
        from platforma.web.observing import note_refusals
        from platforma.web.overload import Overload
        from platforma.web.warming import warm_soon

        services = Services.open(settings, Database(settings.database_url, PATIENCE_SECONDS))
        services.searches.write_regularly()
        services.failed_searches.write_regularly()
        services.visits.write_regularly()
        app = create_app(services)
        warm_soon(app)
        return Overload(app, settings.translations_dir, refused=note_refusals(app))

    tell(f"Serving on http://{bind} (Ctrl+C ends it)")
    with numbers_of_processes(settings):
        Site(make_app, bind, processes, children).run()


@contextmanager
def numbers_of_processes(settings: Settings) -> Iterator[None]:
    """Within it, the web processes keep their numbers for /metrics in a folder of their own, where the settings ask for them."""
    if settings.metrics_token is None:
        yield
        return
    with TemporaryDirectory(prefix="platforma-metrics-") as folder:
        os.environ[NUMBERS_FOLDER] = folder
        yield


def bind_error(host: str, port: int) -> OSError | None:
    """Why nothing can listen there; None where it is free. Gunicorn would retry for a while, and fill the log."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def run_worker_process(settings: Settings) -> None:
    """Run the worker in this process until SIGTERM."""
    end_with_parent()
    with open_services(settings) as services:
        run_worker(services)
