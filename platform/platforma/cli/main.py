"""The command line: one function a command; progress and messages on stderr, results on stdout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from crawlers.errors import CrawlError
from platforma import logs
from platforma.catalogue.enums import JudgementVerdict
from platforma.catalogue.errors import CatalogueError
from platforma.catalogue.platforms.leases import PlatformBusy
from platforma.cli import (
    backups,
    discovery,
    duplicates,
    files,
    health,
    maintenance,
    platform_admin,
    removal_admin,
    searching,
    serving,
    user_admin,
)
from platforma.cli.output import CommandFailed, tell
from platforma.locks import LockHeld
from platforma.settings import PARENT_PID, Settings, SettingsError, folder_settings, load_settings, unknown_settings
from platforma.worker.task_queue import QueueUnavailable
from search.port import SearchError
from vocabulary.languages import DEFAULT_LANGUAGE, FALLBACK_LANGUAGE, LANGUAGES

EXPECTED = (CommandFailed, CatalogueError, CrawlError, QueueUnavailable, SearchError, SettingsError, OSError)
"""Errors whose text is meant for the person at the shell; any other is a fault of ours and keeps its traceback."""

DATA = "platforma.data"
"""The key under which a command's context holds the folder that --data names."""
WITHOUT_DATA = ("setup", "demo", "demo-sites", "discover", "analyze", "match")
"""Commands that use no directory, or make one of their own."""


def _platform_id(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Check that the value has the form of a platform's id."""
    from crawlers.record_checks import PLATFORM_ID

    if value is not None and not PLATFORM_ID.fullmatch(value):
        raise click.BadParameter("at most 60 small letters, digits and hyphens")
    return value


class OneLineErrors(click.Group):
    """Turns an expected error into one line on stderr and exit code 1; wrong usage stays click's, with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LockHeld, PlatformBusy) as error:
            raise click.ClickException(f"another process is busy with {error}; try again when it is done") from error
        except EXPECTED as error:
            raise click.ClickException(" ".join(str(error).split())) from error


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="platforma")
def main() -> None:
    """Platforma platformām / Platform of Platforms: one directory of the social-innovation ecosystem.

    Start with `platforma demo`: it crawls demonstration sites on this machine and serves the directory. Settings come
    from the environment (PLATFORMA_…, described in docs/settings.md).
    """
    logs.set_up()
    if PARENT_PID not in os.environ:  # the process that started this one has told already
        for line in unknown_settings(os.environ):
            tell(line)


@main.command()
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65_500),
    help="The directory's port; the demonstration sites take the next ones.",
)
@click.option("--data", type=click.Path(path_type=Path), help="Keep the demonstration here instead of in the data folder.")
def demo(port: int, data: Path | None) -> None:
    """Crawl demonstration sites and serve the directory made of them.

    Prints the directory's address and a sign-in link for a demonstration curator. Ctrl+C ends it all.
    """
    from platforma.cli.demonstration import run_demo

    run_demo(_settings(), port=port, data=data)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes, each with threads of its own."
)
@click.option("--worker/--no-worker", default=True, help="Whether to run the background worker beside the site.")
def serve(host: str, port: int, processes: int, worker: bool) -> None:
    """Serve the directory from the configured data."""
    serving.serve(_settings(), host=host, port=port, processes=processes, with_worker=worker)


@main.command()
@click.argument("platforms", nargs=-1)
@click.option("--url", help="Crawl this address; a recipe is discovered. Creates a proposed platform, nothing public.")
@click.option("--recipe", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Crawl by this recipe file.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--jsonl", help="Only write the records to this file (- for standard output); touches no catalogue.")
def crawl(platforms: tuple[str, ...], url: str | None, recipe: Path | None, dry_run: bool, jsonl: str | None) -> None:
    """Crawl platforms: those named, or without names every approved one that is not paused.

    Ends with 1 if a platform failed or its crawl was held; a single bad page is reported and changes nothing else.
    """
    if platforms and (url or recipe):
        raise click.UsageError("name platforms, or give --url or --recipe, not both")
    if jsonl and dry_run:
        raise click.UsageError("--jsonl touches no catalogue, so --dry-run has nothing to compare with")
    from platforma.cli import crawling

    crawling.crawl(_settings(), platforms=platforms, url=url, recipe_file=recipe, dry_run=dry_run, jsonl=jsonl)


@main.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="The proposal as JSON.")
def discover(url: str, as_json: bool) -> None:
    """Propose a recipe for an address, with sample records."""
    discovery.discover(_settings(), url, as_json=as_json)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--platform",
    "platform_id",
    callback=_platform_id,
    help="The approved platform to load all under, made when missing. [a-z0-9-]+  Without it each record names its own.",
)
@click.option("--recipe", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="How the file's fields map to ours.")
def import_(file: Path, platform_id: str | None, recipe: Path | None) -> None:
    """Load records from a file, published, in one transaction.

    FILE is .jsonl or .csv in the record format or as export writes it (docs/files.md), or any .jsonl, .json, .geojson, .csv
    or .xlsx that a recipe maps. Refused lines are named with number, field and reason; the rest comes in.
    """
    files.import_file(_settings(), file, platform_id=platform_id, recipe_file=recipe)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "include_all", is_flag=True, help="Also listings that are not published; suppressed ones never.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE, help="Language of headings and labels.")
def export(file: Path, include_all: bool, lang: str) -> None:
    """Write the published listings to FILE, by its suffix.

    import takes .jsonl and .csv back (docs/files.md); .xlsx, .geojson and .jsonld are as the site gives them (docs/exports.md).
    """
    files.export_file(_settings(), file, lang, include_all=include_all)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def thesaurus(file: Path) -> None:
    """Write the thesaurus as curators have it to FILE (.jsonld), in the terms of SKOS (docs/thesaurus.md)."""
    files.export_thesaurus(_settings(), file)


@main.group()
def platforms() -> None:
    """Platforms from the shell."""


@platforms.command("list")
def platforms_list() -> None:
    """List every platform: id, state, number of listings, address."""
    platform_admin.list_platforms(_settings())


@platforms.command("approve")
@click.argument("platform_id", metavar="ID")
def platforms_approve(platform_id: str) -> None:
    """Approve and trust a platform, or resume a paused one; its listings become public."""
    platform_admin.change_platform(_settings(), platform_id, "approve")


@platforms.command("pause")
@click.argument("platform_id", metavar="ID")
def platforms_pause(platform_id: str) -> None:
    """Stop crawling a platform; its listings stay."""
    platform_admin.change_platform(_settings(), platform_id, "pause")


@platforms.command("refuse")
@click.argument("platform_id", metavar="ID")
@click.option("--reason", required=True, help="Why, in a sentence; kept in the history.")
def platforms_refuse(platform_id: str, reason: str) -> None:
    """Refuse a platform: it is not crawled, and nothing of it is public."""
    platform_admin.change_platform(_settings(), platform_id, "refuse", reason=reason)


@platforms.command("leave")
@click.argument("platform_id", metavar="ID")
def platforms_leave(platform_id: str) -> None:
    """Enter that a platform wishes to be listed no more; it may be proposed again."""
    platform_admin.change_platform(_settings(), platform_id, "leave")


@platforms.command("sync")
def platforms_sync() -> None:
    """Make missing platforms of the seed recipes, update those whose recipe nobody changed, report the others."""
    platform_admin.sync_platforms(_settings())


@main.group()
def removals() -> None:
    """The register of what was removed for good."""


@removals.command("list")
def removals_list() -> None:
    """List every removal, the newest first: id, day, by whom, public id, state, kinds of marks, reason."""
    removal_admin.list_removals(_settings())


@removals.command("lift")
@click.argument("removal_id", metavar="ID", type=click.IntRange(1, 2_147_483_647))
@click.option("--reason", required=True, help="Why, in a sentence; kept in the register.")
def removals_lift(removal_id: int, reason: str) -> None:
    """Lift a removal: the next crawl or import that has it brings it in again, as a new listing."""
    removal_admin.lift_removal(_settings(), removal_id, reason)


@main.command()
def reindex() -> None:
    """Rebuild the search index from the database beside the live one, then swap."""
    maintenance.reindex(_settings())


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole directory to FILE (a .zip): listings, what people said and decided, platforms, recipes, accounts, images.

    The site may go on meanwhile. The secret key is not in it. A file of that name is replaced once the new one is whole.
    """
    backups.backup(_settings(), file)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only read the backup and tell whether it is whole.")
@click.option("--new-key", is_flag=True, help="Restore although the secret key is another one.")
def restore(file: Path, check: bool, new_key: bool) -> None:
    """Restore a backup into an empty directory: SQLite or PostgreSQL, whichever the settings name, and build the index.

    All comes in or nothing; a directory that is in use is never overwritten.
    """
    if check:
        backups.check(file)
    else:
        backups.restore(_settings(), file, with_new_key=new_key)


@main.command()
@click.argument("query")
@click.option(
    "--lang", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE, show_default=True, help="The reader's language."
)
@click.option("--country", multiple=True, help="ISO 3166-1 alpha-2; may repeat; a leading - excludes.")
@click.option("--sector", multiple=True)
@click.option("--theme", multiple=True)
@click.option("--kind", multiple=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True)
@click.option("--explain", is_flag=True, help="Only tell what would be looked for, where, and how much each counts.")
def search(query: str, lang: str, limit: int, as_json: bool, explain: bool, **filters: tuple[str, ...]) -> None:
    """Search the directory; QUERY as in the search field, "" for everything."""
    if explain:
        searching.explain_search(_settings(), query, lang)
        return
    searching.search(_settings(), query, lang=lang, filters=filters, limit=limit, as_json=as_json)


@main.command()
@click.option("--lang", required=True, help="The language of the lines, as a BCP 47 tag.")
def analyze(lang: str) -> None:
    """For every line on standard input, print the tokens that decide whether two words match."""
    from search.analysis import key_tokens

    for line in sys.stdin:
        click.echo(" ".join(key_tokens(line, lang)))


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--lang", type=click.Choice(list(LANGUAGES)), default=FALLBACK_LANGUAGE, show_default=True, help="Language of the reasons."
)
def match(file: Path, lang: str) -> None:
    """Compare pairs of records: a line of JSON in, a line out, in order.

    Each line of FILE (- for standard input) is {"left": record, "right": record}, the records as in docs/files.md; the answer
    is {"score": 0 to 1, "verdict": "same", "unsure" or "different", "reasons": [...]}. Where lines have a "label", same or
    different, precision, recall and F1 are printed on stderr: of "same" alone, and of "same" with "unsure", about which a
    person would be asked. Nothing is stored (docs/matching.md).
    """
    from platforma.cli import matching

    matching.match(_settings(), file, lang)


@main.command()
def worker() -> None:
    """Run background work and schedules, until SIGTERM."""
    serving.run_worker_process(_settings())


@main.command()
def upgrade() -> None:
    """Bring the database to this version."""
    maintenance.upgrade(_settings())


@main.command("setup")
def setup() -> None:
    """Fetch what the program needs beside itself: the Latvian dictionary and a table of towns, once for an environment.

    They come by pip, checked against the hash that this version names. Without them Latvian words are found by their stems
    only, and no town is known.
    """
    maintenance.fetch_all()


@main.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="A JSON list: part, health (well, weak or ill), seen, advice.")
def doctor(as_json: bool) -> None:
    """Look at every part of the installation, and say what to do where one is not well.

    Settings, secret key, set-up, data folder, disk, database, clock, background work, index, queue, mail server and the site's
    own address. Nothing is changed, and no mail is sent. Ends with 1 if a part does not work.
    """
    health.doctor(_settings(), as_json=as_json)


@main.group()
def mail() -> None:
    """E-mail."""


@mail.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send a short mail to ADDRESS at once, and say what the mail server answers."""
    health.test_mail(_settings(), address)


@main.group("duplicates", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line: left, right, score, reasons.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="en", help="The language of the reasons.")
@click.pass_context
def duplicates_(ctx: click.Context, lang: str, as_json: bool) -> None:
    """Listings that may be the same: what waits for a person, the likeliest first, and what they say of it.

    Without a command: a line for each pair, with the addresses of the two, the score from 0 to 1, and the reasons. Every
    decision can be taken back by another one, and stands in the history of both listings.
    """
    if ctx.invoked_subcommand is None:
        duplicates.list_duplicates(_settings(), lang, as_json=as_json)


@duplicates_.command("join")
@click.argument("left")
@click.argument("right")
@click.option("--translation", is_flag=True, help="They are one thing in two languages, as two sites tell of it.")
def duplicates_join(left: str, right: str, translation: bool) -> None:
    """Join two listings: one stands, and the address of the other leads to it.

    LEFT and RIGHT are public ids, as in the address of a listing. A published listing stands before one that waits, then the
    older one.
    """
    verdict = JudgementVerdict.TRANSLATION if translation else JudgementVerdict.SAME
    duplicates.judge(_settings(), left, right, verdict)


@duplicates_.command("part")
@click.argument("left")
@click.argument("right")
def duplicates_part(left: str, right: str) -> None:
    """Part two joined listings: each is again what it was before, and no rule joins them again."""
    duplicates.part(_settings(), left, right)


@duplicates_.command("differ")
@click.argument("left")
@click.argument("right")
@click.option("--part-of", is_flag=True, help="LEFT is part of RIGHT: a branch of a network, a project of an organisation.")
def duplicates_differ(left: str, right: str, part_of: bool) -> None:
    """Say that two listings are not the same: nobody is asked again until one of them changes."""
    verdict = JudgementVerdict.PART_OF if part_of else JudgementVerdict.DIFFERENT
    duplicates.judge(_settings(), left, right, verdict)


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(["curator", "admin", "partner", "reader"]), required=True)
def user_add(email: str, role: str) -> None:
    """Make an account, or give a known one this role, and print a one-time sign-in link.

    A closed account is opened again. What changed of a known account is told on stderr.
    """
    click.echo(user_admin.add_user(_settings(), email, role))


@user.command("list")
def user_list() -> None:
    """List every account: address, role, open or closed, since when."""
    user_admin.list_users(_settings())


@user.command("close")
@click.argument("email")
def user_close(email: str) -> None:
    """Close an account; its sessions and links end at once. `user add` opens it again."""
    user_admin.close_user(_settings(), email)


@main.command("demo-sites", hidden=True)
@click.option("--port", required=True, type=int)
def demo_sites(port: int) -> None:
    """Serve the demonstration sites from this port on; `demo` runs it beside itself."""
    from platforma.cli.demonstration import serve_sites

    serve_sites(port)


def _keep_data(ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    if folder is not None:  # a command may have it from its group
        ctx.meta[DATA] = folder


def _add_data_option(group: click.Group) -> None:
    """Give every command that works on a directory the option --data, which goes before the settings."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            _add_data_option(command)
        if name not in WITHOUT_DATA and (not isinstance(command, click.Group) or command.invoke_without_command):
            kind = click.Path(path_type=Path, file_okay=False)
            text = "The folder of the directory to work on, with its database and index, in place of the settings'."
            command.params.append(click.Option(["--data"], type=kind, help=text, expose_value=False, callback=_keep_data))


def _settings() -> Settings:
    """The settings of the environment, or of the folder that --data names."""
    folder: Path | None = click.get_current_context().meta.get(DATA)
    return folder_settings(folder) if folder else load_settings()


_add_data_option(main)
