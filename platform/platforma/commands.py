"""What the commands do, apart from how they are called; each prints its result and tells its progress on stderr."""

from __future__ import annotations

import json
import re
import shlex
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crawlers.discover import Proposal
from crawlers.discover import discover as propose
from crawlers.files import Mapped, read_file
from crawlers.recipe import Recipe, load_recipe, seed_recipes
from crawlers.record import Problem
from platforma.catalogue import accounts, changes, exporting, imports, incoming, queries
from platforma.catalogue.database import prepare
from platforma.catalogue.database import upgrade as upgrade_database
from platforma.catalogue.models import PlatformState, Role
from platforma.concepts import LiveThesaurus
from platforma.crawling import polite_session
from platforma.indexing import ensure_index, rebuild_index
from platforma.jobs import Workplace, run_worker
from platforma.serving import Child, Site, end_with_parent
from platforma.settings import Settings
from search.opening import open_engine
from search.plan import explain
from search.port import Filter, Query

SHELL = "shell"
"""Who an event names when somebody worked from the command line."""


class CommandFailed(Exception):
    """The command could not do its work; the text is one line that says what to do."""


@contextmanager
def workplace(settings: Settings) -> Iterator[Workplace]:
    """Database and engine by the settings, given back at the end."""
    database = prepare(settings)
    engine = open_engine(settings.search_url, settings.data_dir)
    try:
        yield Workplace(settings, database, engine)
    finally:
        engine.close()
        database.dispose()


def serve(settings: Settings, *, host: str, port: int, processes: int, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; all that was started ends with it. Raises CommandFailed where it cannot listen there."""
    _refuse_place(host, port)
    with workplace(settings) as place:
        ensure_index(settings, place.database, place.engine)
    children = [Child(["worker"], settings)] if with_worker else []
    run_site(settings, f"{host}:{port}", processes, children)


def run_site(settings: Settings, bind: str, processes: int, children: list[Child]) -> None:
    """Gunicorn in this process, with these children beside it."""

    def make_app() -> Any:
        from platforma.app import create_app

        return create_app(settings)

    tell(f"Serving on http://{bind} (Ctrl+C ends it)")
    Site(make_app, bind, processes, children).run()


def _refuse_place(host: str, port: int) -> None:
    """Raise CommandFailed for a place that is taken or is not ours; gunicorn would try for a while, and fill the log."""
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise CommandFailed(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --host and --port") from error


def work(settings: Settings) -> None:
    """Run the worker in this process."""
    end_with_parent()
    with workplace(settings) as place:
        run_worker(place)


def discover(settings: Settings, url: str, *, as_json: bool) -> None:
    """Print what discovery proposes."""
    with polite_session(settings) as session:
        proposal = propose(url, session)
    if as_json:
        print_json(_proposal_json(proposal))
    else:
        click.echo(_readable(proposal))


def import_file(settings: Settings, file: Path, *, platform_id: str | None, recipe: Path | None) -> None:
    """Load a file; raises CommandFailed when no line came in."""
    mapping = load_recipe(recipe) if recipe else None
    mapped: dict[str, Mapped] = {}
    items = list(read_file(file, mapping, mapped) if mapping else incoming.read(file, platform_id))
    target = platform_id or (mapping.platform if mapping else None)
    with workplace(settings) as place:
        report = imports.import_records(
            place.database, target, items, actor=SHELL, settings=settings, recipe=mapping, mapped=mapped
        )
        ensure_index(settings, place.database, place.engine)
    for problem in report.problems:
        tell(problem_line(problem))
    came_in = report.new + report.changed + report.unchanged
    tell(f"{file.name}: new {report.new}, changed {report.changed}, unchanged {report.unchanged}, refused {report.refused}")
    if not came_in:
        raise CommandFailed(f"nothing of {file.name} came in; the lines above say why")


def export_file(settings: Settings, file: Path, *, include_all: bool) -> None:
    """Write the listings."""
    with workplace(settings) as place, place.database.reading() as session:
        total = exporting.export(session, file, include_all=include_all)
    tell(f"{total} listings written to {file}")


def list_platforms(settings: Settings) -> None:
    """One line a platform, by id."""
    with workplace(settings) as place, place.database.reading() as session:
        for card in queries.platforms_in(session, tuple(PlatformState)):
            click.echo(f"{card.id}\t{card.state}\t{card.initiatives}\t{card.url}")


def change_platform(settings: Settings, platform_id: str, action: str, **more: str) -> None:
    """Approve, pause or refuse a platform, or enter that it has left. A command that is given twice changes nothing more."""
    acts: dict[str, tuple[Callable[..., object], PlatformState]] = {
        "approve": (changes.approve_platform, PlatformState.TRUSTED),
        "pause": (changes.pause_platform, PlatformState.PAUSED),
        "refuse": (changes.refuse_platform, PlatformState.REFUSED),
        "leave": (changes.leave_platform, PlatformState.LEFT),
    }
    act, goal = acts[action]
    with workplace(settings) as place:
        with place.database.writing() as session:
            if changes.find_platform(session, platform_id).state == goal:
                tell(f"{platform_id} is {goal} already; nothing has been changed")
                return
            act(session, platform_id=platform_id, actor=SHELL, **more)
        ensure_index(settings, place.database, place.engine)
    tell(f"{platform_id}: {'left' if action == 'leave' else action.removesuffix('e') + 'ed'}")


def sync_platforms(settings: Settings) -> None:
    """Bring the seed recipes into the catalogue."""
    with workplace(settings) as place, place.database.writing() as session:
        report = changes.sync_seeds(session, seed_recipes(), actor=SHELL)
    for name, ids in asdict(report).items():
        tell(f"{name}: {', '.join(ids) or 'none'}")


def reindex(settings: Settings) -> None:
    """Rebuild the index."""
    with workplace(settings) as place:
        total = rebuild_index(settings, place.database, place.engine, lambda done: tell(f"{done} listings …"))
    tell(f"{total} listings indexed")


def explain_search(settings: Settings, text: str, lang: str) -> None:
    """Print what a question looks for by the thesaurus as curators have it, line by line, and why each boost is as it is."""
    with workplace(settings) as place:
        LiveThesaurus(place.database).refresh()
    for line in explain(Query(text=text, lang=lang)):
        click.echo(line)


def search(settings: Settings, text: str, *, lang: str, filters: dict[str, tuple[str, ...]], limit: int, as_json: bool) -> None:
    """Print the first results."""
    chosen = {name: _filter(values) for name, values in filters.items() if values}
    with workplace(settings) as place:
        ensure_index(settings, place.database, place.engine)
        LiveThesaurus(place.database).refresh()
        page = place.engine.search(Query(text=text, lang=lang, filters=chosen, per_page=limit, facets=()))
        with place.database.reading() as session:
            found = queries.listings(session, [hit.id for hit in page.hits])
            is_empty = not page.total and not queries.totals(session).initiatives
    lines = [{"id": one.public_id, "title": one.title(lang).text, "country": one.get("country")} for one in found]
    if as_json:
        print_json({"total": page.total, "items": lines})
    for line in lines if not as_json else ():
        click.echo(f"{line['id']}\t{line['country'] or '-'}\t{line['title']}")
    tell(f"{page.total} found")
    if is_empty:
        _tell_of_emptiness(settings)


def _tell_of_emptiness(settings: Settings) -> None:
    """Why nothing can be found, and what to do next."""
    demos = sorted((settings.data_dir / "demo").glob("*/platforma.sqlite"))
    where = f"nothing is listed yet in the directory of {settings.data_dir}"
    tell(f"{where}; crawl a platform, import a file, or name another folder with --data")
    for demo in demos:
        tell(f"a demonstration is there: --data {shlex.quote(str(demo.parent))}")


def upgrade(settings: Settings) -> None:
    """Migrate the database to head."""
    upgrade_database(settings)
    tell("the database is at this version")


def add_user(settings: Settings, email: str, role: str) -> str:
    """Make, find or open the account; a one-time sign-in link for it. What changes of a known account is told."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email.strip()):
        raise CommandFailed(f"{email!r} is no e-mail address, such as name@organisation.lv")
    with workplace(settings) as place, place.database.writing() as session:
        before = accounts.account_of(session, email)
        person = accounts.add_user(session, email=email, role=Role(role), actor=SHELL)
        token = accounts.issue_sign_in(session, user_id=person.id)
    if before is not None and before.closed_at is not None:
        tell(f"{person.email} was closed; it is open again, as {role}")
    elif before is not None and before.role != role:
        tell(f"{person.email} was {before.role}; it is {role} now")
    return accounts.sign_in_link(settings, token, person.lang)


def list_users(settings: Settings) -> None:
    """One line an account: address, role, since when it is open or closed."""
    with workplace(settings) as place, place.database.reading() as session:
        for account in accounts.all_accounts(session):
            state, at = ("closed", account.closed_at) if account.closed_at else ("open", account.created_at)
            click.echo(f"{account.email}\t{account.role}\t{state}\t{at:%Y-%m-%d}")


def close_user(settings: Settings, email: str) -> None:
    """Close an account, with its sessions and links; warn when nobody is left for the desk."""
    with workplace(settings) as place, place.database.writing() as session:
        account = accounts.account_of(session, email)
        if account is None:
            raise CommandFailed(f"there is no account {email.strip()}; see: platforma user list")
        accounts.close_account(session, user_id=account.id, actor=SHELL)
        is_last = account.is_staff and not accounts.staff_count(session)
    tell(f"{account.email}: closed")
    if is_last:
        tell("nobody can open the desk now; make an account with: platforma user add EMAIL --role admin")


def tell(line: str) -> None:
    """A line of progress or summary on stderr."""
    click.echo(line, err=True)


def print_json(data: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_progress(name: str) -> Callable[[int, int | None], None]:
    """Progress of a crawl: one line that is written over on a terminal, every 25 items elsewhere."""

    def progress(done: int, of: int | None) -> None:
        line = f"{name}: {done}" + (f" of {of}" if of else "")
        if sys.stderr.isatty():
            click.echo(f"\r{line}\x1b[K", err=True, nl=False)
        elif done % 25 == 0:
            tell(line)

    return progress


def _filter(values: tuple[str, ...]) -> Filter:
    return Filter(
        any_of=tuple(v for v in values if not v.startswith("-")),
        none_of=tuple(v[1:] for v in values if v.startswith("-")),
    )


def problem_line(problem: Problem) -> str:
    """A problem as one line: how bad it is, where it is, which field's value it is about, and the reason."""
    is_line = (problem.remote_id or "").startswith("line ")
    place = (None if is_line else problem.url) or problem.remote_id
    field = f"{problem.field}={problem.value!r}" if problem.value is not None else problem.field
    where = " ".join(filter(None, (place, field)))
    return ": ".join(filter(None, (problem.severity, where, problem.message())))


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    """The whole proposal; what was tried in the order of the scores."""
    candidates = [
        {"recipe": _recipe_json(one.recipe), "expected": one.expected, "score": one.score, "remark": one.remark}
        for one in proposal.candidates
    ]
    return {
        "recipe": _recipe_json(proposal.recipe),
        "samples": [record.to_json() for record in proposal.samples],
        "fields": [asdict(one) for one in proposal.fields],
        "values": [asdict(one) for one in proposal.values],
        "candidates": candidates,
        "tried": proposal.tried,
        "missing": proposal.missing,
    }


def _recipe_json(recipe: Recipe) -> dict[str, Any]:
    data: dict[str, Any] = recipe.model_dump(mode="json", exclude_defaults=True)
    return data


def _readable(proposal: Proposal) -> str:
    samples = [f"{next(iter(record.title.values()), record.remote_id)}  {record.url or ''}" for record in proposal.samples]
    fields = [
        f"{one.name}: {one.coverage:.0%}{_becomes(one.ours, one.suggestion)}; {' | '.join(one.samples)}"
        for one in proposal.fields
    ]
    values = [f"{one.dimension} {one.value!r} ×{one.count}{_becomes(one.id, one.suggestion)}" for one in proposal.values]
    parts = {
        f"Samples ({len(samples)})": samples,
        "The source's own fields, how many records have them, what they become": fields,
        "Values of closed lists": values,
        "Tried, best first": proposal.tried,
        "Not found": proposal.missing,
    }
    lines = ["# Proposed recipe", proposal.recipe.to_yaml()]
    for heading, found in parts.items():
        lines += [f"# {heading}", *(f"- {line}" for line in found)] if found else []
    return "\n".join(lines)


def _becomes(ours: str | None, suggestion: str | None) -> str:
    return f" -> {ours}" if ours else f" -> {suggestion}?" if suggestion else ""
