"""Serving the demonstration sites on this machine, each on a port and in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from platforma.demo.sites import SITES


class DemoPortInUse(Exception):
    """A port that a site needs is in use; the text names it."""


@dataclass(frozen=True, slots=True)
class RunningSites:
    """The sites that are served; `urls` maps the id of a site to its address, which ends with a slash."""

    urls: dict[str, str]


@contextmanager
def start_sites(first_port: int | None = None, host: str = "127.0.0.1") -> Iterator[RunningSites]:
    """Serve all sites, on consecutive ports or, for None, on free ones, until the context ends. Raises DemoPortInUse."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with ExitStack() as stack:
        urls = {}
        for number, site in enumerate(SITES):
            server = _serve(host, first_port + number if first_port else 0, site.make_app)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            urls[site.id] = f"http://{host}:{server.server_port}/"
        yield RunningSites(urls)


def _serve(host: str, port: int, make_app: Callable[[], Flask]) -> BaseWSGIServer:
    try:
        server = make_server(host, port, make_app(), threaded=True)
    except (OSError, SystemExit) as error:
        raise DemoPortInUse(f"port {port} is in use") from error
    threading.Thread(target=server.serve_forever, daemon=True, name=f"demo-{port}").start()
    return server
