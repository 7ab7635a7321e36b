"""Each part of an installation is found ill when it is, and well when it is again; on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from platforma.catalogue.database import Database
from platforma.catalogue.desk.backlog import MAX_AGES, backlog
from platforma.catalogue.models import Event, Initiative, Mail, MailState, Outbox, Platform, PlatformState
from platforma.health import examination
from platforma.health.examination import examine
from platforma.health.finding import Finding, Health
from platforma.health.measures import numbers_of
from platforma.services import Services
from platforma.settings import Settings, load_settings
from platforma.worker.indexing import ensure_index
from tests.people.inbox import running_inbox

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PUBLIC = {"base_url": "https://platforma.example", "contact_email": "redakcija@platforma.example", "trusted_proxies": 1}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def findings(settings: Settings, part: str) -> list[Finding]:
    return [finding for finding in examine(settings, {}) if finding.part == part]


def healths(settings: Settings, part: str) -> list[Health]:
    return [finding.health for finding in findings(settings, part)]


def mail(**more: object) -> Mail:
    values = {
        "to": "a@a.example",
        "lang": "lv",
        "subject": "x",
        "body": "x",
        "due_at": NOW,
        "give_up_at": NOW + timedelta(days=3),
    }
    return Mail(**values | more)


def test_a_directory_without_faults_has_no_ill_part(settings: Settings) -> None:
    with_index(settings)
    assert [finding for finding in examine(settings, {}) if finding.health == Health.ILL] == []


def with_index(settings: Settings) -> None:
    services = Services.open(settings)
    ensure_index(services)
    services.close()


def test_the_age_of_what_is_due_tells_whether_a_worker_runs(database: Database) -> None:
    late = MAX_AGES["mails"] + timedelta(seconds=1)
    with database.writing() as session:
        session.add_all([mail(due_at=NOW - late), mail(due_at=NOW + late), mail(due_at=NOW - 2 * late, state=MailState.SENT)])
    with database.reading() as session:
        waiting = {one.kind: one for one in backlog(session, NOW)}
    assert (waiting["mails"].count, waiting["mails"].age(NOW)) == (1, late)
    assert waiting["mails"].is_late(NOW)
    assert not waiting["mails"].is_late(NOW - timedelta(seconds=1))
    assert not waiting["index"].is_late(NOW)


def test_only_changes_that_are_not_in_the_live_index_wait(database: Database) -> None:
    with database.writing() as session:
        listing = Initiative(public_id="abcdefghij", composed={})
        session.add(listing)
        session.flush()
        session.add(Outbox(initiative_id=listing.id, at=NOW, in_live_index=True))
    with database.reading() as session:
        assert [one.count for one in backlog(session, NOW) if one.kind == "index"] == [0]
    with database.writing() as session:
        session.add(Outbox(initiative_id=listing.id, at=NOW, in_live_index=False))
    with database.reading() as session:
        assert [one.count for one in backlog(session, NOW) if one.kind == "index"] == [1]


def test_platforms_that_are_not_crawled_are_never_late(database: Database) -> None:
    with database.writing() as session:
        for state in (PlatformState.PAUSED, PlatformState.TRUSTED):
            recipe = {"platform": state, "url": "https://a.example", "adapter": "html"}
            session.add(
                Platform(
                    id=str(state),
                    public_id=str(state)[:10],
                    title=str(state),
                    url="https://a.example",
                    state=state,
                    recipe=recipe,
                    next_crawl_at=NOW,
                )
            )
    with database.reading() as session:
        assert [one.count for one in backlog(session, NOW) if one.kind == "crawls"] == [1]


def test_an_old_mail_makes_the_worker_ill(settings: Settings, database: Database) -> None:
    assert healths(settings, "worker") == [Health.WELL]
    with database.writing() as session:
        session.add(mail())
    (finding,) = findings(settings, "worker")
    assert (finding.health, finding.values["count"], finding.values["name"]) == (Health.ILL, 1, "mails")


def test_a_clock_that_stands_before_what_was_written_is_ill(settings: Settings, database: Database) -> None:
    assert healths(settings, "clock") == [Health.WELL]
    with database.writing() as session:
        session.add(Event(actor="x", action="x", object_type="x", object_id="x", at=datetime.now(UTC) + timedelta(hours=1)))
    assert healths(settings, "clock") == [Health.ILL]


def test_a_database_of_another_version_is_ill_and_nothing_is_read_from_it(settings: Settings, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert healths(settings, "database") == [Health.ILL]
    assert healths(settings, "worker") == []


def test_an_index_that_is_not_there_is_weak_and_one_that_does_not_answer_ill(settings: Settings) -> None:
    assert healths(settings, "index") == [Health.WEAK]
    gone = settings.model_copy(update={"search_url": "http://127.0.0.1:9/platforma"})
    assert healths(gone, "index") == [Health.ILL]
    with_index(settings)
    assert healths(settings, "index") == [Health.WELL]


def test_a_queue_that_does_not_answer_is_weak_since_workers_look_each_minute(settings: Settings) -> None:
    assert healths(settings, "queue") == [Health.WELL]
    gone = settings.model_copy(update={"queue_url": "redis://user:secret@127.0.0.1:9/0"})
    (finding,) = findings(gone, "queue")
    assert finding.health == Health.WEAK
    assert "secret" not in finding.seen % finding.values


def test_the_mail_server_is_asked_without_a_mail(settings: Settings) -> None:
    assert healths(settings, "mail") == [Health.WEAK]
    with running_inbox() as inbox:
        assert healths(settings.model_copy(update={"mail_url": inbox.url}), "mail") == [Health.WELL]
        assert inbox.mails == []
    assert healths(settings.model_copy(update={"mail_url": inbox.url}), "mail") == [Health.ILL]


def test_a_folder_that_cannot_be_written_to_is_ill(settings: Settings) -> None:
    assert healths(settings, "data folder") == [Health.WELL]
    settings.data_dir.mkdir(exist_ok=True)
    (settings.data_dir / "mails").write_text("a file, so that nothing can be written in it")
    (finding,) = findings(settings, "data folder")
    assert finding.health == Health.ILL
    assert str(settings.data_dir / "mails") in finding.seen % finding.values


def test_little_free_space_is_ill(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert healths(settings, "disk") == [Health.WELL]
    monkeypatch.setattr(examination, "MIN_FREE_BYTES", 1 << 62)
    assert healths(settings, "disk") == [Health.ILL]


def test_a_key_that_others_can_read_is_ill(settings: Settings) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    key = settings.data_dir / "secret.key"
    key.write_bytes(b"0" * 64)
    key.chmod(0o640)
    assert healths(settings, "secret key") == [Health.ILL]
    key.chmod(0o600)
    assert healths(settings, "secret key") == [Health.WELL]


def test_a_key_that_can_be_guessed_is_weak(settings: Settings) -> None:
    for length, health in ((31, Health.WEAK), (32, Health.WELL)):
        assert healths(load_settings(data_dir=settings.data_dir, secret_key="k" * length), "secret key") == [health]


def test_what_is_missing_of_the_set_up_is_named(settings: Settings, tmp_path: Path) -> None:
    assert healths(settings, "set-up") == [Health.WELL]
    (finding,) = findings(settings.model_copy(update={"translations_dir": tmp_path}), "set-up")
    assert (finding.health, finding.values["names"]) == (Health.ILL, "the translations")


def test_a_public_site_is_asked_for_what_a_local_one_need_not_have(settings: Settings) -> None:
    public = settings.model_copy(update=PUBLIC)
    assert healths(public, "settings") == [Health.WELL]
    for name, value in (
        ("base_url", "http://platforma.example"),
        ("trusted_proxies", 0),
        ("crawl_private_hosts", True),
        ("contact_email", ""),
    ):
        assert healths(public.model_copy(update={name: value}), "settings") == [Health.WEAK], name


def test_an_unknown_setting_is_named(settings: Settings) -> None:
    public = settings.model_copy(update=PUBLIC)
    (finding,) = [one for one in examine(public, {"PLATFORMA_MAIL_ULR": "x"}) if one.part == "settings"]
    assert "PLATFORMA_MAIL_URL" in finding.seen % finding.values


def test_parts_that_do_not_answer_are_told_as_numbers_and_the_others_go_on(settings: Settings) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    gone = settings.model_copy(update={"search_url": "http://127.0.0.1:9/platforma", "queue_url": "redis://127.0.0.1:9/0"})
    services = Services.open(gone)
    up = {number.labels["part"]: number.value for number in numbers_of(services) if number.name == "up"}
    services.close()
    assert up == {"database": 1, "index": 0, "queue": 0}
    nowhere = Services.open(load_settings(data_dir=settings.data_dir, database_url="postgresql+psycopg://127.0.0.1:9/none"))
    numbers = list(numbers_of(nowhere))
    nowhere.close()
    assert [number.value for number in numbers if number.labels.get("part") == "database"] == [0]
    assert any(number.name == "disk_free_bytes" for number in numbers)
