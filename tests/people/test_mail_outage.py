"""The mail server is away for a day, in several ways: every mail comes once, in its order, and it is seen that they wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from platforma.catalogue.column_types import utc_now
from platforma.health.examination import examine_here
from platforma.health.finding import Health
from platforma.health.measures import numbers_of
from platforma.mail import smtp
from platforma.mail.delivery import MAX_BACKOFF
from platforma.services import Services
from tests.people.inbox import GREETING, Inbox, scripted
from tests.people.post import AWAY, Post

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
READERS = ("anna@partneris.example", "berta@partneris.example")
HOURS = range(0, 24, 3)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@contextmanager
def refusing(_inbox: Inbox) -> Iterator[str]:
    yield AWAY


@contextmanager
def silent(_inbox: Inbox) -> Iterator[str]:
    with scripted(GREETING) as server:
        yield server.url


@contextmanager
def greylisting(inbox: Inbox) -> Iterator[str]:
    inbox.answers |= dict.fromkeys(READERS, "451 come later")
    yield inbox.url
    inbox.answers.clear()


@pytest.mark.parametrize("outage", [refusing, silent, greylisting])
def test_all_mails_of_a_day_without_a_mail_server_come_once_and_in_order(
    post: Post, inbox: Inbox, outage: Callable[[Inbox], Iterator[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.01)
    expected = {to: [f"{hour}. vēstule" for hour in HOURS if READERS[hour % 2] == to] for to in READERS}
    with time_machine.travel(START, tick=False) as clock:
        with outage(inbox) as url:  # type: ignore[attr-defined] # a context manager by its decorator
            for hour in HOURS:
                post.put(READERS[hour % 2], f"{hour}. vēstule")
                for _ in range(3):
                    assert post.deliver(url) == 0
                    clock.shift(timedelta(hours=1))
        assert is_seen_to_wait(post) == (True, len(HOURS))
        monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 20)
        for _ in range(6):
            post.deliver(inbox.url)
            clock.shift(MAX_BACKOFF / 4)
    assert {to: [str(mail["Subject"]) for (one,), mail in inbox.mails if one == to] for to in READERS} == expected
    assert len({str(mail["Message-ID"]) for _to, mail in inbox.mails}) == len(HOURS)
    assert {str(mail.state) for mail in post.mails()} == {"sent"}


def is_seen_to_wait(post: Post) -> tuple[bool, float]:
    """Whether the doctor names the mails that wait, and how many numbers for Prometheus tell of, once they all are due."""
    services = Services.open(post.settings, post.database)
    with time_machine.travel(utc_now() + 2 * MAX_BACKOFF, tick=False):
        ill = [finding for finding in examine_here(services, {}) if finding.part == "worker" and finding.health == Health.ILL]
        numbers = {one.labels.get("kind"): one.value for one in numbers_of(services) if one.name == "backlog"}
    services.engine.close()
    return any("mails" in str(finding.values) for finding in ill), numbers["mails"]


def test_a_mail_that_the_server_will_not_take_yet_holds_up_no_later_one_of_its_recipient(post: Post, inbox: Inbox) -> None:
    with time_machine.travel(START, tick=False) as clock:
        inbox.answers_to_content[READERS[0]] = "451 not this one"
        post.put(READERS[0], "pirmā")
        assert post.deliver(inbox.url) == 0
        inbox.answers_to_content.clear()
        post.put(READERS[0], "otrā")
        assert post.deliver(inbox.url) == 2, "the one that waits is tried with the new one"
        assert [str(mail["Subject"]) for _to, mail in inbox.mails] == ["pirmā", "otrā"]
        clock.shift(timedelta(days=4))
        assert post.deliver(inbox.url) == 0
