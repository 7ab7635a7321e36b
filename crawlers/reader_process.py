"""The reader process: it crawls, proposes a recipe, decodes an image, reads a file or checks a table; its host serves it."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crawlers.adapters import ADAPTERS
from crawlers.crawl_run import run_crawl
from crawlers.discovery.discover import discover
from crawlers.errors import BadContent, CrawlError, Stopped
from crawlers.fetch import Page
from crawlers.images.recoding import ImageRefused, recode
from crawlers.importing.reading import file_lines
from crawlers.isolation.limits import allow_time, limit_process, usage
from crawlers.isolation.messages import (
    Answer,
    Call,
    Channel,
    ChannelClosed,
    CrawlJob,
    Failure,
    FileJob,
    Job,
    ProposalJob,
    RecodeJob,
    Surprise,
    TableJob,
)
from crawlers.isolation.readers import FORK, OUT_OF_MEMORY, STATUS_BYTES
from crawlers.normalise import Normaliser
from crawlers.owner_tables.checking import check_table
from crawlers.recipe import Recipe
from crawlers.record import Problem, RawRecord, Record
from crawlers.state import PageValidators
from vocabulary import use_changes

HOST_GONE = 78
"""The exit status of a reader whose host has gone."""
LINES_AT_ONCE = 100
"""So many lines of a file are handed over in one message."""
ANY_PAGE = """<html lang="lv"><title>Biedrība</title><script type="application/ld+json">{"@type": "NGO", "name": "Biedrība",
"address": {"addressLocality": "Cēsis", "addressCountry": "LV"}, "telephone": "+371 67000000"}</script>
<main><h1>Biedrība</h1><dl><dt>Valsts<dd>Latvija<dt>Vieta<dd>Cēsis<dt>Sākums<dd>2026. gada 1. maijs</dl><p>Kopā ar kaimiņiem
atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā.</main></html>"""


def main() -> None:
    """Load what reading needs, then start a reader for each connection that comes over the socket of the file descriptor."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _load_all()
    gc.freeze()
    while True:
        message, connections, _, _ = socket.recv_fds(control, STATUS_BYTES, 1)
        if not message:
            return
        if message == FORK:
            control.send(str(_start_reader(connections[0], control)).encode())
        else:
            control.send(str(os.waitpid(int(message), 0)[1]).encode())


def _load_all() -> None:
    """Read a page as a crawl does, so that models, data and patterns are loaded before the first fork, and shared.

    The model of languages is unpacked into a file, which a reader could not write.
    """
    page = Page("https://name.example/", 200, {"content-type": "text/html"}, ANY_PAGE.encode())
    for adapter in ("structured", "sitemap", "html"):
        recipe = Recipe(platform="any", url=page.url, adapter=adapter)
        normaliser = Normaliser(recipe)
        for raw in ADAPTERS[adapter].extract(page, recipe):
            normaliser.record(raw)


def _start_reader(connection: int, control: socket.socket) -> int:
    """Fork; return the id of the new process, which does the job that comes over the connection and ends."""
    if pid := os.fork():
        os.close(connection)
        return pid
    control.close()
    _read(HostCalls(Channel(Connection(connection))))
    os._exit(0)


def _read(calls: HostCalls) -> None:
    """Do one job within its limits, and wait for the host to end this process."""
    logging.getLogger().addHandler(HostLog(calls))
    with suppress(ChannelClosed):
        job: Job = calls.channel.receive()
        size = _file_size(job)
        limit_process(size)
        allow_time(size / 1e6)
        if not isinstance(job, RecodeJob):
            use_changes(job.terms)
        calls.channel.send(_outcome(job, calls))
        calls.channel.receive()


def _file_size(job: Job) -> int:
    """Return the bytes of the file that a job reads; 0 where it reads none."""
    if isinstance(job, TableJob):
        return len(job.body)
    return Path(job.path).stat().st_size if isinstance(job, FileJob) else 0


def _outcome(job: Job, calls: HostCalls) -> Answer | Failure | Surprise:
    """Do a job. Without memory this process ends, so that another one can go on without the page."""
    try:
        return Answer(_value(job, calls), usage())
    except (CrawlError, Stopped) as error:
        return Failure.of(error)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception:  # noqa: BLE001 - the host raises it, with this traceback
        return Surprise(traceback.format_exc())


def _value(job: Job, calls: HostCalls) -> Any:
    """Return what a job gives: for an image that is refused, the fault's value; nothing for a file, of which the host is told."""
    if isinstance(job, CrawlJob):
        return run_crawl(job.recipe, HostSession(calls, job.lost), HostState(calls), job.lost)
    if isinstance(job, ProposalJob):
        return discover(job.url, HostSession(calls, job.lost), job.base, lambda found: calls.tell("found", found))
    if isinstance(job, FileJob):
        return _tell_lines(job, calls)
    if isinstance(job, TableJob):
        return check_table(job.body, job.name, job.question)
    try:
        return recode(job.data)
    except ImageRefused as refusal:
        return refusal.fault.value


def _tell_lines(job: FileJob, calls: HostCalls) -> None:
    """Hand the lines of a file to the host, some at a time. Raises BadContent."""
    lines = file_lines(Path(job.path), job.recipe, frozenset(job.columns))
    while batch := list(islice(lines, LINES_AT_ONCE)):
        calls.tell("lines", batch)


@dataclass(frozen=True, slots=True)
class HostCalls:
    """Calls to the host. Each gives this process the time of one more page."""

    channel: Channel

    def ask(self, name: str, *arguments: Any) -> Any:
        """Return the host's answer. Raises its errors."""
        self._send(Call(name, arguments, is_answered=True))
        try:
            answer = self.channel.receive()
        except ChannelClosed:
            os._exit(HOST_GONE)
        allow_time()
        if isinstance(answer, Failure):
            raise answer.error()
        return answer.value

    def tell(self, name: str, *arguments: Any) -> None:
        """Call the host without waiting for it."""
        self._send(Call(name, arguments, is_answered=False))
        allow_time()

    def _send(self, call: Call) -> None:
        try:
            self.channel.send(call)
        except ChannelClosed:  # nobody is left to read for, and no error handling of a page must take this for its own
            os._exit(HOST_GONE)


@dataclass(frozen=True, slots=True)
class HostSession:
    """The host's session; the pages that are lost are not asked for (crawlers.fetch.probe.Fetcher)."""

    calls: HostCalls
    lost: Mapping[str, str]

    def get(self, url: str, validators: PageValidators | None = None, accept: str | None = None) -> Page:
        if url in self.lost:
            raise BadContent(url, self.lost[url])
        page: Page = self.calls.ask("get", url, validators, accept)
        allow_time(len(page.body) / 1e6)
        return page

    def sitemaps(self, url: str) -> list[str]:
        return list(self.calls.ask("sitemaps", url))

    def back_at(self, url: str) -> None:
        self.calls.tell("back_at", url)


@dataclass(frozen=True, slots=True)
class HostState:
    """The host's state of the crawl (crawlers.state.CrawlState). What needs no answer is not waited for."""

    calls: HostCalls

    def validators_of(self, url: str) -> PageValidators | None:
        validators: PageValidators | None = self.calls.ask("validators_of", url)
        return validators

    def record_ids_of(self, url: str) -> frozenset[str]:
        return frozenset(self.calls.ask("record_ids_of", url))

    def staged(self, url: str) -> frozenset[str] | None:
        remote_ids: frozenset[str] | None = self.calls.ask("staged", url)
        return remote_ids

    def staged_validators(self, url: str) -> PageValidators | None:
        validators: PageValidators | None = self.calls.ask("staged_validators", url)
        return validators

    def stage(self, record: Record, url: str | None, raw: RawRecord | None = None) -> None:
        self.calls.tell("stage", record, url, raw)

    def unchanged(self, remote_id: str, url: str) -> None:
        self.calls.tell("unchanged", remote_id, url)

    def remember(self, url: str, validators: PageValidators | None, remote_ids: frozenset[str]) -> None:
        self.calls.tell("remember", url, validators, remote_ids)

    def problem(self, problem: Problem) -> None:
        self.calls.tell("problem", problem)

    def progress(self, done: int, of: int | None) -> None:
        self.calls.tell("progress", done, of)


class HostLog(logging.Handler):
    """Hands what is logged here to the host's log."""

    def __init__(self, calls: HostCalls) -> None:
        super().__init__()
        self._calls = calls

    def emit(self, record: logging.LogRecord) -> None:
        """Send the record, with its traceback where it has one."""
        self._calls.tell("log", record.name, record.levelno, self.format(record))


if __name__ == "__main__":
    main()
