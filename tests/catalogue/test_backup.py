"""What backup writes, restore takes: the same directory, from either database to either; all of it, or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import JSON, Boolean, Column, Double, Integer, LargeBinary, Table, func, insert, select
from sqlalchemy.orm import Session

from crawlers.record import Record
from platforma.catalogue.backup import archive, contents, restoring, writing
from platforma.catalogue.backup.archive import BadBackup
from platforma.catalogue.backup.contents import Manifest, StoredTable
from platforma.catalogue.column_types import UtcDateTime
from platforma.catalogue.database import Database, prepare
from platforma.catalogue.enums import CorrectionTopic
from platforma.catalogue.models import Base, Role, User
from platforma.catalogue.people import accounts
from platforma.catalogue.terms import closed_lists, thesaurus
from platforma.catalogue.visitors import corrections
from platforma.cli.main import main
from platforma.secret_key import key_mark, secret_key
from platforma.services import Services
from platforma.settings import Settings, load_settings, open_settings
from platforma.web.app import create_app
from platforma.web.context import COOKIE
from platforma.worker.indexing import rebuild_index
from tests.catalogue.catalogue_fixture import CatalogueFixture
from tests.catalogue.directory import picture, settle
from vocabulary import Words, use_changes

NewTarget = Callable[[], Settings]
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
PAGES = (
    "/lv/", "/en/", "/lv/search", "/en/search?q=nosaukums", "/lv/search?country=LV", "/lv/search?kind=project&theme=culture", "/lv/table",
    "/lv/platforms/", "/lv/map.json", "/lv/browse", "/sitemap.xml", "/api/v1/initiatives?per_page=100", "/api/v1/platforms",
)  # fmt: skip
DESK_PAGES = (
    "/lv/desk/",
    "/lv/desk/duplicates",
    "/lv/desk/reports",
    "/lv/desk/concepts/",
    "/lv/desk/removals/",
    "/lv/desk/accounts/",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_target(request: pytest.FixtureRequest, tmp_path: Path) -> NewTarget:
    """Makes settings of a directory of each kind that is not there yet."""

    numbers = count(1)

    def make() -> Settings:
        folder = tmp_path / f"target-{next(numbers)}"
        url = "" if request.param == "sqlite" else request.getfixturevalue("new_postgres")()
        return load_settings(data_dir=folder, database_url=url)

    return make


@pytest.fixture(autouse=True)
def shipped_vocabulary() -> Iterator[None]:
    yield
    use_changes(())


def fill_empty_tables(session: Session) -> None:
    """Put a row into each table that has none, whatever it is for."""
    for table in Base.metadata.sorted_tables:
        if not session.scalar(select(func.count()).select_from(table)):
            session.execute(insert(table), [{column.name: some_value(session, table, column) for column in table.columns}])


def some_value(session: Session, table: Table, column: Column[Any]) -> object:
    for key in column.foreign_keys:
        return session.scalar(select(key.column).limit(1)) if key.column.table is not table else None
    kinds: tuple[tuple[type, object], ...] = (
        (UtcDateTime, NOON), (Boolean, True), (JSON, {"ā": [1, None, "ž"]}), (LargeBinary, b"\x00\xff\n"), (Double, 0.1), (Integer, 7),
    )  # fmt: skip
    text = f"{table.name} {column.name}"[: getattr(column.type, "length", None) or 40]
    return next((value for kind, value in kinds if isinstance(column.type, kind)), text)


def fill(catalogue: CatalogueFixture) -> None:
    settle(catalogue, 25)
    catalogue.crawl([Record("h1", title={"lv": "Pirms"}), Record("h2", title={"lv": "Otrais"})], "pieteikts")
    with catalogue.database.writing() as session:
        accounts.add_user(session, email="admin@sic.example", role=Role.ADMIN, actor="test")
        names = {"lv": ("kaimiņu kase",), "en": ("street fund",)}
        thesaurus.save(session, concept_id=None, draft=thesaurus.Draft(names, "test"), actor="test")
        corrections.enter(
            session, corrections.CorrectionRequest("", CorrectionTopic.QUESTION, "", "Sveiki", "kas@kaut.example", "lv")
        )
        words: Words = {
            "labels": {"lv": "vīna darīšana", "en": "wine making"},
            "plurals": {},
            "descriptions": {},
            "also": ["vīnkopība"],
        }
        closed_lists.add(session, dimension="theme", words=words, actor="test")
        fill_empty_tables(session)
    rebuild_index(catalogue.services)


def back_up(settings: Settings, database: Database, path: Path) -> Manifest:
    installation = writing.Installation("9.9", key_mark(secret_key(settings)), open_settings(settings))
    with database.snapshot() as session:
        return writing.write_backup(session, path, installation, lambda _name, _rows: None)


def bring_back(settings: Settings, path: Path) -> None:
    with archive.reading(path) as read:
        read.check()
        restoring.restore(settings, read, lambda _name, _rows: None)


def rows_of(path: Path) -> dict[str, list[list[Any]]]:
    """The rows of each table; PostgreSQL orders the keys of JSON by itself, which is no difference."""
    with archive.reading(path) as read:
        return {table.name: list(read.rows(table)) for table in read.manifest.tables}


def answers(client: FlaskClient) -> dict[str, tuple[int, str | None, bytes]]:
    """What visitors get, and what an admin sees at the desk: status, where to, and the bytes."""
    paths = [*PAGES, *DESK_PAGES]
    for item in json.loads(client.get("/api/v1/initiatives?per_page=100").data)["items"]:
        paths += [f"/lv/initiatives/{item['id']}/", f"/en/initiatives/{item['id']}/{item['slug']}" if "slug" in item else "/en/"]
    found: dict[str, tuple[int, str | None, bytes]] = {}
    for path in paths:
        answer = client.get(path)
        found[path] = (answer.status_code, answer.location, without_token(answer.data))
    return found


def without_token(page: bytes) -> bytes:
    """The page without what differs at each request."""
    return b"\n".join(line for line in page.splitlines() if b"csrf_token" not in line)


def admin_client(catalogue_settings: Settings, database: Database) -> FlaskClient:
    services = Services.open(catalogue_settings, database)
    rebuild_index(services)
    with database.writing() as session:
        (admin_id,) = session.scalars(select(User.id).where(User.email == "admin@sic.example"))
        secret = accounts.open_session(session, admin_id)
    client = create_app(services).test_client()
    client.set_cookie(COOKIE, secret)
    return client


def test_a_restored_backup_is_the_same_directory(catalogue: CatalogueFixture, new_target: NewTarget, tmp_path: Path) -> None:
    fill(catalogue)
    first = back_up(catalogue.settings, catalogue.database, tmp_path / "a.zip")
    assert all(table.rows for table in first.tables), "each table has something to lose"
    target = new_target()
    target.data_dir.mkdir()
    (target.data_dir / "secret.key").write_bytes(secret_key(catalogue.settings))
    bring_back(target, tmp_path / "a.zip")
    database = prepare(target)
    back_up(target, database, tmp_path / "b.zip")
    before_rows, after_rows = rows_of(tmp_path / "a.zip"), rows_of(tmp_path / "b.zip")
    for name in before_rows:
        assert after_rows[name] == before_rows[name], name
    before, after = (answers(admin_client(*pair)) for pair in ((catalogue.settings, catalogue.database), (target, database)))
    assert {path for path, (status, _, _) in before.items() if status >= 400} == set()
    for path in before:
        assert after[path] == before[path], path
    restored = CatalogueFixture(target.database_url, target.data_dir)
    assert picture(restored) == picture(catalogue)
    goes_on(restored)
    restored.database.dispose()
    database.dispose()


def goes_on(restored: CatalogueFixture) -> None:
    """The next crawl, account and removal find free numbers."""
    with restored.database.writing() as session:
        accounts.add_user(session, email="jauns@sic.example", role=Role.CURATOR, actor="test")
    restored.crawl([Record("new", title={"lv": "Pavisam jauns"})], "avots", complete=False)
    assert "Pavisam jauns" in restored.shown()


def test_a_backup_is_of_one_moment(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    settle(catalogue, 12)
    back_up(catalogue.settings, catalogue.database, tmp_path / "before.zip")
    has_written: list[str] = []

    def write_meanwhile(name: str, _rows: int) -> None:
        if not has_written:
            catalogue.crawl([Record("late", title={"lv": "Vēlais"})], "avots", complete=False)
            has_written.append(name)

    installation = writing.Installation("9.9", "", {})
    with catalogue.database.snapshot() as session:
        writing.write_backup(session, tmp_path / "a.zip", installation, write_meanwhile)
    assert has_written and "Vēlais" in catalogue.shown()
    assert rows_of(tmp_path / "a.zip") == rows_of(tmp_path / "before.zip")


def test_no_secret_is_in_a_backup(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    fill(catalogue)
    settings = load_settings(
        data_dir=catalogue.settings.data_dir, database_url="postgresql+psycopg://u:passw0rd@127.0.0.1/x",
        mail_url="smtp://me:passw0rd@mail.example", secret_key="k3y" * 20,
    )  # fmt: skip
    installation = writing.Installation("9.9", key_mark(secret_key(settings)), open_settings(settings))
    with catalogue.database.writing() as session:
        (admin_id,) = session.scalars(select(User.id).where(User.email == "admin@sic.example"))
        secret = accounts.open_session(session, admin_id)
    with catalogue.database.snapshot() as session:
        writing.write_backup(session, tmp_path / "a.zip", installation, lambda _name, _rows: None)
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    assert b"mail.example" in everything
    for word in ("passw0rd", "k3yk3y", secret, str(tmp_path)):
        assert word.encode() not in everything, word
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0, "others on the machine cannot read it"


def test_what_is_left_out_is_a_table(catalogue: CatalogueFixture) -> None:
    assert contents.LEFT_OUT.keys() <= Base.metadata.tables.keys()
    names = [table.name for table in contents.kept_tables(Base.metadata)]
    assert {*names, *contents.LEFT_OUT} == set(Base.metadata.tables)


# A bad archive


def changed(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of an archive with one member changed, as whoever repairs or forges a backup would write it."""
    copy = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(copy, "w") as target:
        for name in file.namelist():
            target.writestr(name, change(file.read(name)) if name == member else file.read(name))
    return copy


def with_manifest(path: Path, **values: Any) -> Path:
    return changed(path, archive.MANIFEST, lambda text: json.dumps(json.loads(text) | values).encode())


def is_empty(settings: Settings) -> bool:
    database = prepare(settings)
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables]
    database.dispose()
    return not any(counts)


@pytest.fixture
def backed_up(catalogue: CatalogueFixture, tmp_path: Path) -> Iterator[Path]:
    settle(catalogue, 12)
    back_up(catalogue.settings, catalogue.database, tmp_path / "a.zip")
    yield tmp_path / "a.zip"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("new_target", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.with_name("cut.zip"), "no backup, or was cut off"),
        (lambda path: changed(path, "tables/records.jsonl", lambda text: text[:-20]), "holds a line that is no row"),
        (lambda path: changed(path, "tables/records.jsonl", lambda text: text.split(b"\n", 1)[1]), "not as it was written"),
        (lambda path: changed(path, "tables/users.jsonl", lambda _text: b'["a"]\n'), "holds a line that is no row"),
        (lambda path: changed(path, "tables/events.jsonl", lambda text: text.replace(b"avots", b"svots")), "not as it was written"),
        (lambda path: with_manifest(path, format=99), "format 99"),
        (lambda path: with_manifest(path, tables=[{"name": "x; drop"}]), "no backup that"),
        (lambda path: changed(path, archive.MANIFEST, lambda _text: b"{"), "no backup that"),
        (lambda path: with_manifest(path, migration="9999"), "newer version"),
    ],
)  # fmt: skip
def test_a_bad_archive_is_named_and_changes_nothing(
    backed_up: Path, new_target: NewTarget, harm: Callable[[Path], Path], words: str
) -> None:
    backed_up.with_name("cut.zip").write_bytes(backed_up.read_bytes()[:-4000])
    target = empty(new_target())
    with pytest.raises(BadBackup, match=words):
        bring_back(target, harm(backed_up))
    assert is_empty(target)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_that_the_database_does_not_take_leave_nothing_behind(backed_up: Path, new_target: NewTarget) -> None:
    """A whole archive, with right sums, whose last table comes twice, so that keys repeat when all else is in."""

    def twice(manifest: bytes) -> bytes:
        values = json.loads(manifest)
        values["tables"].append(next(table for table in values["tables"] if table["name"] == "records"))
        return json.dumps(values).encode()

    target = new_target()
    with pytest.raises(BadBackup, match="does not take this backup"):
        bring_back(target, changed(backed_up, archive.MANIFEST, twice))
    assert is_empty(target)
    bring_back(target, backed_up)
    assert not is_empty(target)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_directory_in_use_is_never_overwritten(backed_up: Path, new_target: NewTarget) -> None:
    target = new_target()
    in_use = CatalogueFixture(target.database_url, target.data_dir)
    in_use.load([Record("1", title={"lv": "Mūsu"})])
    with pytest.raises(restoring.NotEmpty, match="platforms, initiatives"):
        bring_back(target, backed_up)
    assert list(in_use.shown()) == ["Mūsu"]
    in_use.database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_an_earlier_version_comes_up_to_this_one(
    catalogue: CatalogueFixture, new_target: NewTarget, tmp_path: Path
) -> None:
    """Of before values remembered what each source said (0019): an account and a person's value."""
    old = {"migration": "0018"}
    user = {"id": "integer", "email": "text", "role": "text", "lang": "text", "created_at": "instant", "closed_at": "instant"}
    stored = StoredTable(name="users", columns=user, key=("id",), later=(), rows=1, sha256="")
    with archive.writing(tmp_path / "old.zip") as target, target.table("users") as member:
        member.add([3, "agrak@sic.example", "curator", "lv", NOON.isoformat(), None])
    text = Manifest(
        format=1, version="0.2", made_at="", key_mark="", settings={}, tables=(stored.model_copy(update={"sha256": member.sha256}),), **old
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "old.zip", "a") as file:
        file.writestr(archive.MANIFEST, text.model_dump_json())
    for settings in (new_target(), empty(new_target())):
        bring_back(settings, tmp_path / "old.zip")
        database = prepare(settings)
        with database.reading() as session:
            assert accounts.find_user(session, "agrak@sic.example")
        database.dispose()


def empty(settings: Settings) -> Settings:
    """A directory at this version that nobody has used."""
    CatalogueFixture(settings.database_url, settings.data_dir).database.dispose()
    return settings


# The commands


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(main, list(arguments))
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_commands_say_what_they_did_and_what_to_do(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    there, here, file = tmp_path / "there", tmp_path / "here", tmp_path / "naktī.zip"
    there.mkdir()
    settle(catalogue, 12)
    catalogue.database.dispose()
    shutil.copy(catalogue.settings.database_url.removeprefix("sqlite:///"), there / "platforma.sqlite")
    code, said = run("backup", str(file), "--data", str(there))
    assert code == 0 and "read back and whole" in said and "keep it apart" in said
    code, said = run("restore", str(file), "--check")
    assert code == 0 and said.rstrip().endswith("whole")
    code, said = run("restore", str(file), "--data", str(here))
    assert code == 1 and "another secret key" in said and "PLATFORMA_SECRET_KEY" in said
    shutil.copy(there / "secret.key", here / "secret.key")
    code, said = run("restore", str(file), "--data", str(here))
    assert code == 0 and "restored" in said and "people sign in again" in said
    code, said = run("search", "", "--data", str(here), "--limit", "1")
    assert code == 0 and "12 found" in said
    code, said = run("restore", str(file), "--data", str(here))
    assert code == 1 and "already" in said
    code, said = run("restore", str(file), "--data", str(tmp_path / "elsewhere"), "--new-key")
    assert code == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_that_fails_leaves_the_former_one(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"former")
    with pytest.raises(OSError, match="disk"), archive.writing(tmp_path / "a.zip") as target, target.table("users") as member:
        member.add([1])
        raise OSError("no space left on the disk")
    assert (tmp_path / "a.zip").read_bytes() == b"former"
    assert [path.name for path in tmp_path.glob("a.zip*")] == ["a.zip"]


HALF_WRITTEN = """
import sys
from pathlib import Path
from platforma.catalogue.backup import archive
with archive.writing(Path(sys.argv[1])) as writer, writer.table("users") as table:
    print("begun", flush=True)
    sys.stdin.read()
"""


def test_a_killed_backup_leaves_the_former_one_and_is_not_in_the_way(catalogue: CatalogueFixture, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    env = {"PLATFORMA_DATA_DIR": str(tmp_path), "PLATFORMA_DATABASE_URL": catalogue.settings.database_url}
    assert CliRunner(env=env).invoke(main, ("backup", str(file))).exit_code == 0
    former = file.read_bytes()
    words = [sys.executable, "-c", HALF_WRITTEN, str(file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "begun\n"
        process.kill()
    assert file.read_bytes() == former
    assert CliRunner(env=env).invoke(main, ("restore", "--check", str(file))).exit_code == 0
    assert CliRunner(env=env).invoke(main, ("backup", str(file))).exit_code == 0
    assert [path.name for path in tmp_path.glob("all.zip*")] == ["all.zip"], "what was left half-written is gone"
