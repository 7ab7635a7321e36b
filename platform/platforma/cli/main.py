"""The command line: one function a command; progress and messages on stderr, results on stdout.

Each command imports what it needs when it is called, so that help and small commands start quickly.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click

from platforma import logs
from platforma.cli import groups
from platforma.cli.directory_option import add_data_option, chosen_settings
from platforma.cli.output import CommandFailed, tell
from platforma.settings import PARENT_PID, SettingsError, unknown_settings
from vocabulary.languages import DEFAULT_LANGUAGE, FALLBACK_LANGUAGE, LANGUAGES


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
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if message := _message(error):
                raise click.ClickException(message) from error
            raise


def _message(error: Exception) -> str:
    """The line for the person at the shell; empty for an error that is a fault of ours, which keeps its traceback."""
    from crawlers.errors import CrawlError
    from platforma.catalogue.errors import CatalogueError
    from platforma.catalogue.platforms.leases import PlatformBusy
    from platforma.locks import LockHeld
    from platforma.worker.task_queue import QueueUnavailable
    from search.port import SearchError

    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return f"{error.filename} cannot be written: its file system is read-only"
    if isinstance(error, LockHeld | PlatformBusy):
        return f"another process is busy with {error}; try again when it is done"
    expected = CommandFailed | CatalogueError | CrawlError | QueueUnavailable | SearchError | SettingsError | OSError
    return " ".join(str(error).split()) if isinstance(error, expected) else ""


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

    run_demo(chosen_settings(), port=port, data=data)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes, each with threads of its own."
)
@click.option("--worker/--no-worker", default=True, help="Whether to run the background worker beside the site.")
def serve(host: str, port: int, processes: int, worker: bool) -> None:
    """Serve the directory from the configured data."""
    from platforma.cli import serving

    serving.serve(chosen_settings(), host=host, port=port, processes=processes, with_worker=worker)


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

    crawling.crawl(chosen_settings(), platforms=platforms, url=url, recipe_file=recipe, dry_run=dry_run, jsonl=jsonl)


@main.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="The proposal as JSON.")
def discover(url: str, as_json: bool) -> None:
    """Propose a recipe for an address, with sample records."""
    from platforma.cli import discovery

    discovery.discover(chosen_settings(), url, as_json=as_json)


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
    from platforma.cli import files

    files.import_file(chosen_settings(), file, platform_id=platform_id, recipe_file=recipe)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "include_all", is_flag=True, help="Also listings that are not published; suppressed ones never.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default=DEFAULT_LANGUAGE, help="Language of headings and labels.")
def export(file: Path, include_all: bool, lang: str) -> None:
    """Write the published listings to FILE, by its suffix.

    import takes .jsonl and .csv back (docs/files.md); .xlsx, .geojson and .jsonld are as the site gives them (docs/exports.md).
    """
    from platforma.cli import files

    files.export_file(chosen_settings(), file, lang, include_all=include_all)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def thesaurus(file: Path) -> None:
    """Write the thesaurus as curators have it to FILE (.jsonld), in the terms of SKOS (docs/thesaurus.md)."""
    from platforma.cli import files

    files.export_thesaurus(chosen_settings(), file)


@main.command()
def reindex() -> None:
    """Rebuild the search index from the database beside the live one, then swap."""
    from platforma.cli import maintenance

    maintenance.reindex(chosen_settings())


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write the whole directory to FILE (a .zip): listings, what people said and decided, platforms, recipes, accounts, images.

    The site may go on meanwhile. The secret key is not in it. A file of that name is replaced once the new one is whole.
    """
    from platforma.cli import backups

    backups.backup(chosen_settings(), file)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only read the backup and tell whether it is whole.")
@click.option("--new-key", is_flag=True, help="Restore although the secret key is another one.")
def restore(file: Path, check: bool, new_key: bool) -> None:
    """Restore a backup into an empty directory: SQLite or PostgreSQL, whichever the settings name, and build the index.

    All comes in or nothing; a directory that is in use is never overwritten.
    """
    from platforma.cli import backups

    if check:
        backups.check(file)
    else:
        backups.restore(chosen_settings(), file, with_new_key=new_key)


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
    from platforma.cli import searching

    if explain:
        searching.explain_search(chosen_settings(), query, lang)
        return
    searching.search(chosen_settings(), query, lang=lang, filters=filters, limit=limit, as_json=as_json)


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

    matching.match(chosen_settings(), file, lang)


@main.command()
def worker() -> None:
    """Run background work and schedules, until SIGTERM."""
    from platforma.cli import serving

    serving.run_worker_process(chosen_settings())


@main.command()
def upgrade() -> None:
    """Bring the database to this version."""
    from platforma.cli import maintenance

    maintenance.upgrade(chosen_settings())


@main.command("setup")
def setup() -> None:
    """Fetch what the program needs beside itself: the Latvian dictionary and a table of towns, once for an environment.

    They come by pip, checked against the hash that this version names. Without them Latvian words are found by their stems
    only, and no town is known.
    """
    from platforma.cli import maintenance

    maintenance.fetch_all()


@main.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="A JSON list: part, health (well, weak or ill), seen, advice.")
def doctor(as_json: bool) -> None:
    """Look at every part of the installation, and say what to do where one is not well.

    Settings, secret key, set-up, data folder, disk, database, clock, background work, index, queue, mail server and the site's
    own address. Nothing is changed, and no mail is sent. Ends with 1 if a part does not work.
    """
    from platforma.cli import health

    health.doctor(chosen_settings(), as_json=as_json)


@main.command("demo-sites", hidden=True)
@click.option("--port", required=True, type=int)
def demo_sites(port: int) -> None:
    """Serve the demonstration sites from this port on; `demo` runs it beside itself."""
    from platforma.cli.demonstration import serve_sites

    serve_sites(port)


for group in (groups.platforms, groups.removals, groups.mail, groups.duplicate_pairs, groups.user):
    main.add_command(group)
add_data_option(main)
