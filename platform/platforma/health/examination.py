"""An examination of an installation: each part is looked at as the site and the worker use it, and nothing is changed."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select, text

from crawlers.values import towns
from platforma.catalogue.column_types import utc_now
from platforma.catalogue.database import Database, is_migrated
from platforma.catalogue.desk.backlog import backlog
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.models import Event
from platforma.health.finding import Finding, Health
from platforma.mail import smtp
from platforma.services import Services
from platforma.settings import Settings, unknown_settings
from platforma.worker.task_queue import QueueUnavailable, waiting_tasks
from search.analysis.latvian import dictionary_files
from search.port import SearchError
from vocabulary.languages import FALLBACK_LANGUAGE, LANGUAGES
from vocabulary.messages import N_

MIN_FREE_BYTES, MIN_FREE_SHARE = 1_000_000_000, 0.05
"""With less free space than either, a rebuild of the index or a backup may not fit."""
MIN_KEY_CHARACTERS = 32
MAX_CLOCK_DIFFERENCE = timedelta(seconds=30)
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0"})  # noqa: S104 - compared, nothing listens
FOLDERS = ("", "index", "mails", "pictures")
"""Folders in the data folder that are written to; those that are not there yet are made when they are needed."""


def examine(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What is found, part by part, those first that others need. `environment` is that of the process."""
    with closing(Services.open(settings)) as services:
        yield from examine_here(services, environment)
    yield _mail_finding(settings)
    yield _address_finding(settings)


def examine_here(services: Services, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What is found of the parts that answer at once; not of the mail server, nor of the name of the site."""
    settings = services.settings
    yield from _settings_findings(settings, environment)
    yield from _key_findings(settings)
    yield from _set_up_findings(settings)
    yield from _folder_findings(settings)
    yield _disk_finding(settings.data_dir)
    database = _database_finding(services.database, settings)
    yield database
    if database.health == Health.WELL:
        yield from _clock_findings(services.database)
        yield from _backlog_findings(services.database)
    yield _index_finding(services)
    yield _queue_finding(settings)


def _settings_findings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    doubts = list(_doubts_about(settings))
    for line in unknown_settings(environment):
        doubts.append(Finding("settings", Health.WEAK, "%(line)s", N_("correct its name, or take it away"), {"line": line}))
    yield from doubts or [Finding("settings", Health.WELL, N_("all are known, and fit each other"))]


def _doubts_about(settings: Settings) -> Iterator[Finding]:
    """Settings that are allowed, and hardly meant so on a site for others."""
    is_public = urlsplit(settings.base_url).hostname not in LOCAL_HOSTS
    if not settings.contact_email:
        advice = N_("set PLATFORMA_CONTACT_EMAIL; pages show it, and sites that are crawled get it")
        yield Finding("settings", Health.WEAK, N_("nobody can be written to"), advice)
    if is_public and settings.base_url.startswith("http:"):
        advice = N_("put a web server with a certificate in front, and set PLATFORMA_BASE_URL to https://…")
        yield Finding("settings", Health.WEAK, N_("the site is not served over HTTPS"), advice)
    if settings.base_url.startswith("https:") and not settings.trusted_proxies:
        advice = N_("set PLATFORMA_TRUSTED_PROXIES to the number of web servers in front of the site")
        yield Finding("settings", Health.WEAK, N_("all visitors count as one, since no proxy is trusted"), advice)
    if is_public and settings.crawl_private_hosts:
        advice = N_("set PLATFORMA_CRAWL_PRIVATE_HOSTS to 0, except where sites of your own network are to be crawled")
        yield Finding("settings", Health.WEAK, N_("anybody may have this network's own addresses crawled"), advice)


def _key_findings(settings: Settings) -> Iterator[Finding]:
    """The secret key; one that is not there yet is made at the first start."""
    if settings.secret_key is not None:
        is_short = len(settings.secret_key.get_secret_value()) < MIN_KEY_CHARACTERS
        advice = N_("take at least %(count)s random characters")
        if is_short:
            yield Finding("secret key", Health.WEAK, N_("it can be guessed"), advice, {"count": MIN_KEY_CHARACTERS})
        else:
            yield Finding("secret key", Health.WELL, N_("it is set"))
        return
    path = settings.data_dir / "secret.key"
    if not path.exists():
        yield Finding("secret key", Health.WELL, N_("it will be made at the first start"))
    elif path.stat().st_mode & 0o077:
        yield Finding("secret key", Health.ILL, N_("others can read it"), N_("chmod 600 %(path)s"), {"path": path})
    else:
        yield Finding("secret key", Health.WELL, N_("it is in the data folder, for the owner alone"))


def _set_up_findings(settings: Settings) -> Iterator[Finding]:
    """What set-up makes: the Latvian dictionary, the table of towns, the compiled translations."""
    missing = [] if dictionary_files() else [N_("the Latvian dictionary")]
    missing += [] if towns.TABLE.is_file() else [N_("the table of towns")]
    compiled = (
        settings.translations_dir / lang / "LC_MESSAGES" / "messages.mo" for lang in LANGUAGES if lang != FALLBACK_LANGUAGE
    )
    missing += [] if all(path.is_file() for path in compiled) else [N_("the translations")]
    if missing:
        values = {"names": ", ".join(missing)}
        yield Finding(
            "set-up", Health.ILL, N_("this is missing: %(names)s"), N_("run make setup, or build the image again"), values
        )
    else:
        yield Finding("set-up", Health.WELL, N_("dictionary, towns and translations are there"))


def _folder_findings(settings: Settings) -> Iterator[Finding]:
    folders = [settings.data_dir / name for name in FOLDERS]
    closed = {folder: code for folder in folders if folder.exists() and (code := _refusal(folder))}
    values: dict[str, object] = {"folder": ", ".join(map(str, closed)), "user": os.geteuid()}
    if errno.EROFS in closed.values():
        advice = N_("the disk may be failing: back up to another one, read the system's log (dmesg), mount it for writing")
        yield Finding("data folder", Health.ILL, N_("its file system is read-only: %(folder)s"), advice, values)
    elif closed:
        advice = N_("give it to the user with number %(user)s, who runs site and worker")
        yield Finding("data folder", Health.ILL, N_("it cannot be written to: %(folder)s"), advice, values)
    else:
        yield Finding("data folder", Health.WELL, N_("it can be written to"))


def _refusal(folder: Path) -> int | None:
    """The number of the error with which the folder takes no file; None where it takes one."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.errno


def _disk_finding(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    values = {"free": f"{usage.free / 1e9:.1f}", "total": f"{usage.total / 1e9:.1f}"}
    if usage.free < MIN_FREE_BYTES or usage.free < MIN_FREE_SHARE * usage.total:
        advice = N_("make room: old backups first; a rebuild of the index needs as much as the index again")
        return Finding("disk", Health.ILL, N_("%(free)s GB of %(total)s GB are free"), advice, values)
    return Finding("disk", Health.WELL, N_("%(free)s GB of %(total)s GB are free"), values=values)


def _database_finding(database: Database, settings: Settings) -> Finding:
    if settings.is_sqlite and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return Finding("database", Health.WEAK, N_("it is not there yet"), N_("platforma upgrade makes it"))
    try:
        is_current = is_migrated(database)
    except CatalogueError as error:
        advice = N_("does it run, and is PLATFORMA_DATABASE_URL right?")
        return Finding("database", Health.ILL, "%(error)s", advice, {"error": _one_line(error)})
    if not is_current:
        return Finding("database", Health.ILL, N_("it is of another version"), N_("run platforma upgrade"))
    return Finding("database", Health.WELL, N_("it answers and is of this version"))


def _clock_findings(database: Database) -> Iterator[Finding]:
    """The machine's clock beside that of PostgreSQL, and beside the newest event, which cannot lie in the future."""
    with database.reading() as session:
        newest = session.scalar(select(func.max(Event.at)))
        theirs = session.scalar(text("SELECT now()")) if database.engine.dialect.name == "postgresql" else None
    now = utc_now()
    difference = abs(now - theirs) if isinstance(theirs, datetime) else timedelta()
    is_behind = newest is not None and newest - now > MAX_CLOCK_DIFFERENCE
    if is_behind or difference > MAX_CLOCK_DIFFERENCE:
        values = {"now": f"{now:%Y-%m-%d %H:%M:%S}", "other": f"{newest if is_behind else theirs:%Y-%m-%d %H:%M:%S}"}
        seen = N_("it says %(now)s, but the database has %(other)s (UTC)")
        yield Finding("clock", Health.ILL, seen, N_("set the clock, by NTP; links and sessions end by it"), values)
    else:
        yield Finding("clock", Health.WELL, N_("it agrees with the database"))


def _backlog_findings(database: Database) -> Iterator[Finding]:
    names = {"index": N_("changes of the index"), "mails": N_("mails"), "crawls": N_("crawls")}
    now = utc_now()
    with database.reading() as session:
        late = [waiting for waiting in backlog(session, now) if waiting.is_late(now)]
    for waiting in late:
        minutes = round(waiting.age(now).total_seconds() / 60)
        values = {"count": waiting.count, "name": names[waiting.kind], "minutes": minutes}
        seen, advice = (
            N_("%(name)s wait: %(count)s, the oldest for %(minutes)s min"),
            N_("does platforma worker run? Read its log"),
        )
        yield Finding("worker", Health.ILL, seen, advice, values)
    if not late:
        yield Finding("worker", Health.WELL, N_("nothing waits for longer than it should"))


def _index_finding(services: Services) -> Finding:
    try:
        if services.engine.is_ready():
            values = {"count": services.engine.count()}
            return Finding("index", Health.WELL, N_("it is of this version; listings: %(count)s"), values=values)
    except SearchError as error:
        advice = N_("does the search engine run, and is PLATFORMA_SEARCH_URL right?")
        return Finding("index", Health.ILL, "%(error)s", advice, {"error": _one_line(error)})
    return Finding(
        "index", Health.WEAK, N_("there is none of this version"), N_("platforma reindex builds it; a worker does, too")
    )


def _queue_finding(settings: Settings) -> Finding:
    try:
        count = waiting_tasks(settings)
    except QueueUnavailable as error:
        advice = N_("does it run, and is PLATFORMA_QUEUE_URL right? Meanwhile workers look each minute")
        return Finding("queue", Health.WEAK, "%(error)s", advice, {"error": _one_line(error)})
    return Finding("queue", Health.WELL, N_("it answers; tasks that wait: %(count)s"), values={"count": count})


def _mail_finding(settings: Settings) -> Finding:
    """The mail server is connected to and logged in at; no mail is sent."""
    if not settings.mail_url:
        advice = N_("set PLATFORMA_MAIL_URL; until then mails are written to files, and nobody gets them")
        return Finding("mail", Health.WEAK, N_("no mail server is set"), advice)
    try:
        smtp.log_in_at(settings.mail_url)
    except smtp.MailError as error:
        advice = N_("does it run, and are host, port, user and password in PLATFORMA_MAIL_URL right?")
        return Finding("mail", Health.ILL, N_("the mail server does not take us in: %(error)s"), advice, {"error": str(error)})
    return Finding("mail", Health.WELL, N_("the mail server takes us in; platforma mail test ADDRESS sends one"))


def _address_finding(settings: Settings) -> Finding:
    """Whether the name in the site's own address is known; for a local one nothing is asked."""
    host = urlsplit(settings.base_url).hostname or ""
    values = {"host": host}
    if host in LOCAL_HOSTS:
        advice = N_("set PLATFORMA_BASE_URL to the address that visitors use; links in mails and feeds are made of it")
        return Finding("address", Health.WEAK, N_("%(host)s leads to this machine only"), advice, values)
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        advice = N_("is PLATFORMA_BASE_URL right, and does its domain have a DNS entry?")
        return Finding("address", Health.ILL, N_("%(host)s is no known name"), advice, values)
    return Finding("address", Health.WELL, N_("%(host)s is a known name"), values=values)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
