"""The backup and restore commands."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from platforma.catalogue.backup import archive, restoring, writing
from platforma.catalogue.backup.contents import LEFT_OUT, Manifest
from platforma.catalogue.database import prepare
from platforma.cli.output import CommandFailed, tell
from platforma.secret_key import key_mark, secret_key
from platforma.services import open_services
from platforma.settings import Settings, open_settings
from platforma.worker.indexing import rebuild_index

OTHER_KEY = (
    "this installation has another secret key than the one that was backed up: put its secret.key into {folder}, or its key into"
    " PLATFORMA_SECRET_KEY. With --new-key all is restored, but what was removed for good is not recognised any more when a"
    " platform brings it again, and links in mails that were sent do not work"
)


def backup(settings: Settings, file: Path) -> None:
    """Write everything to a file. Raises OSError where it cannot be written; a file of that name then stays as it was."""
    here = writing.Installation(version("platforma"), key_mark(secret_key(settings)), open_settings(settings))
    database = prepare(settings)
    with database.snapshot() as session:
        manifest = writing.write_backup(session, file, here, _tell_table)
    database.dispose()
    with archive.reading(file) as written:
        written.check()
    megabytes = file.stat().st_size / 1_000_000
    tell(f"{file}: {_sum(manifest):,} rows, {megabytes:.1f} MB, read back and whole")
    tell("keep it where only staff can read it; the secret key (secret.key, or PLATFORMA_SECRET_KEY) is not in it: keep it apart")


def check(file: Path) -> None:
    """Read a backup as a whole. Raises BadBackup."""
    with archive.reading(file) as read:
        read.check()
        tell(f"{file}: {_description(read.manifest)}, whole")


def restore(settings: Settings, file: Path, *, with_new_key: bool) -> None:
    """Restore a backup into the settings' empty directory, and build its index. Raises BadBackup, NotEmpty and CommandFailed."""
    with archive.reading(file) as read:
        read.check()
        manifest = read.manifest
        if manifest.key_mark != key_mark(secret_key(settings)) and not with_new_key:
            raise CommandFailed(OTHER_KEY.format(folder=settings.data_dir))
        restoring.restore(settings, read, _tell_table)
    with open_services(settings) as services:
        total = rebuild_index(services, lambda done: tell(f"{done} listings indexed …"))
    tell(f"{_description(manifest)}: restored; {total} listings indexed")
    for line in _other_settings(manifest.settings, open_settings(settings)):
        tell(line)
    tell(f"not in a backup: {'; '.join(f'{name} ({reason})' for name, reason in LEFT_OUT.items())}")


def _tell_table(name: str, rows: int) -> None:
    if rows:
        tell(f"{name}: {rows:,}")


def _sum(manifest: Manifest) -> int:
    return sum(table.rows for table in manifest.tables)


def _description(manifest: Manifest) -> str:
    return f"backup of {manifest.made_at} by version {manifest.version}, {_sum(manifest):,} rows"


def _other_settings(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """A line for each setting that was another one where the backup was made."""
    differing = [name for name in there if there[name] != here.get(name, "")]
    return [f"setting {name} was {there[name]!r} there, and is {here.get(name, '')!r} here" for name in differing]
